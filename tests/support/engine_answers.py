"""What the program answers to the questions of `engine_process`, in the form of the engine's answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from policybook.analysis.change_rows import ChangeRow, Exceptions, change_rows
from policybook.analysis.compare import compare
from policybook.analysis.effective_actions import effective_levels, expansion, spelled, strengths
from policybook.analysis.risks import Flag, Rulebook, StepGrant
from policybook.catalogue.catalogue import UNCATALOGUED, Catalogue
from policybook.catalogue.services import LEVELS
from policybook.data.file_reader import document_in
from policybook.iam.aws_reference import AwsReference
from policybook.model.documents import Document
from policybook.output.json.conditions import condition_block
from policybook.output.json.evidence_results import group_results
from policybook.output.json.policy_results import change_result

Json = Any


def document(source: Mapping[str, Any]) -> Document:
    """The document of a source without errors."""
    found, errors = document_in(msgspec.json.encode(source))
    assert found, errors
    return found


def plain(value: object) -> Json:
    """The value as JSON has it."""
    return msgspec.json.decode(msgspec.json.encode(value))


def comparison(old: Document, new: Document, reference: AwsReference) -> Json:
    """The answer to `compare`."""
    change = compare(old, new, reference)
    rows = change_rows(change.gained, change.lost)
    return {**plain(change_result(change)), "rows": [_row(row) for row in rows]}


def _row(row: ChangeRow) -> Json:
    groups = {name: group_results(getattr(row, name)) for name in ("was", "now", "kept", "partly")}
    return {
        "effect": row.effect,
        "outcome": row.outcome,
        "actions": list(row.actions),
        **plain(groups),
        "exceptions": [_exceptions(one) for one in row.exceptions],
    }


def _exceptions(one: Exceptions) -> Json:
    return {
        "added": list(one.added),
        "dropped": list(one.dropped),
        "kept": one.kept,
        "resources": list(one.resources.patterns) if one.resources else None,
        "not_resources": bool(one.resources and one.resources.negated),
        "condition": plain(condition_block(one.condition)),
    }


def effective(found: Document, catalogue: Catalogue) -> Json:
    """The answer to `effective`."""
    levels = effective_levels(found, catalogue)
    expanded = expansion(found, catalogue)
    assert expanded.keys() == levels.keys()
    services: dict[str, dict[str, list[Json]]] = {}
    for name in sorted(levels):
        [(shown, by)] = spelled({name: expanded[name]}, catalogue).items()
        service = services.setdefault(name.partition(":")[0], {})
        service.setdefault(levels[name], []).append({"name": shown, "by": plain(by)})
    return [
        {
            "prefix": prefix,
            "name": catalogue.name(prefix) or "",
            "levels": [
                {"level": level, "actions": own[level]}
                for level in (*LEVELS, UNCATALOGUED)
                if level in own
            ],
        }
        for prefix, own in services.items()
    ]


def flags(found: Document, rulebook: Rulebook) -> Json:
    """The answer to `risks`."""
    return [_flag(flag, rulebook) for flag in rulebook.flags(found)]


def _flag(flag: Flag, rulebook: Rulebook) -> Json:
    rule = rulebook.rules[flag.rule]
    steps = zip(rule.steps, flag.steps, flag.grants, strict=True)
    return {
        "rule": rule.id,
        "title": rule.title,
        "kind": rule.kind,
        "mitigation": flag.mitigation,
        "steps": [
            {"does": step.does, "mitigation": mitigation, "grants": _step_grants(grants)}
            for step, mitigation, grants in steps
        ],
    }


def _step_grants(grants: Iterable[StepGrant]) -> Json:
    return [
        plain(
            {
                "statement": grant.statement,
                "patterns": grant.patterns,
                "actions": grant.actions,
                "resources": grant.resources.patterns,
                "not_resources": grant.resources.negated,
                "condition": condition_block(grant.condition),
                "strength": strengths(grant.condition),
                "mitigation": grant.mitigation,
                "denied_by": grant.denials,
                "scopable": grant.scopable,
                "limiting": grant.limiting,
            }
        )
        for grant in grants
    ]
