"""The results for a policy whole, and for changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from policybook.analysis.effective_actions import GrantedBy, effective_names, strengths
from policybook.analysis.nearest_version import Nearest, nearest_versions
from policybook.analysis.risks import Flag, StepGrant
from policybook.book import addresses
from policybook.book.context import BookContext
from policybook.book.documents import detached, document_file
from policybook.book.facts.levels import Level
from policybook.iam.grants import grants
from policybook.model.changes import Change, Evidence
from policybook.model.documents import Document, Grant
from policybook.model.policies import Policy, Version
from policybook.model.risk_rules import Rule
from policybook.output.json.results import (
    BesideResult,
    ChangeResult,
    EvidenceResult,
    ExpandedResult,
    FlagResult,
    GrantResult,
    NearestResult,
    PolicyResult,
    ShownResult,
    StepGrantResult,
    StepResult,
    SuccessionResult,
    VersionResult,
    condition_block,
)


def policy_result(
    context: BookContext, policy: Policy, version: Version | None = None
) -> PolicyResult:
    """The result for one policy; `grants` and `levels` are of the version, else the current."""
    facts, current = policy.facts, policy.current
    shown = version or current
    document = shown.document if shown else None
    return PolicyResult(
        name=facts.name,
        arn=facts.arn,
        path=policy.path,
        type=facts.type,
        summary=facts.summary,
        created=facts.created,
        attachable=facts.attachable,
        deprecated=facts.deprecated,
        successor=_succession(context, facts.name),
        succeeds=context.successors.succeeds().get(facts.name, ()),
        default=facts.default,
        current=current.key if current else None,
        updated=policy.updated,
        permissions=facts.permissions,
        grants=tuple(GrantResult(**_parts(grant)) for grant in grants(document))
        if document
        else (),
        levels=level_counts(context.levels.of_version(policy, shown) if shown else ()),
        effective=_effective(context, document) if document else {},
        groups=context.index.groups_of.get(facts.name, ()),
        roles=context.index.roles_of.get(facts.name, ()),
        links=facts.links,
        overlap=context.overlap.of(facts.name),
        risks=_flags(context, facts.name, shown) if shown else (),
        versions=tuple(_versions(context, facts.name)),
        url=addresses.policy(facts.name).url,
    )


def shown_result(
    context: BookContext,
    policy: Policy,
    version: Version | None,
    expanded: Mapping[str, tuple[GrantedBy, ...]] | None,
    day: date | None,
    unsure: str,
) -> PolicyResult | ExpandedResult | ShownResult:
    """The result for a policy, with its expanded actions or with the day that was asked about."""
    result = policy_result(context, policy, version)
    if day and version:
        return ShownResult(day, version.key, unsure, result, dict(sorted((expanded or {}).items())))
    return result if expanded is None else ExpandedResult(result, dict(sorted(expanded.items())))


def _effective(context: BookContext, document: Document) -> Mapping[str, tuple[str, ...]]:
    """The names of a document's effective actions by prefix, both in order."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in sorted(effective_names(document, context.catalogue)):
        prefix, _, rest = name.partition(":")
        found[prefix].append(rest)
    services = {prefix: context.catalogue.service(prefix) for prefix in found}
    known = {prefix: service.actions if service else {} for prefix, service in services.items()}
    return {
        prefix: tuple(known[prefix][rest].name if rest in known[prefix] else rest for rest in names)
        for prefix, names in found.items()
    }


def _versions(context: BookContext, name: str) -> Iterator[VersionResult]:
    risks = context.risks.history(name)
    policy = context.book.policies[name]
    elsewhere = {version.key for version in detached(policy)}
    nearest = {found.key: _nearest(found) for found in nearest_versions(policy)}
    for transition in context.index.transitions[name]:
        version = transition.version
        apart = version.key in elsewhere
        change = change_result(transition.change) if transition.change else None
        yield VersionResult(
            id=version.facts.id,
            key=version.key,
            published=version.facts.published,
            observed=version.facts.observed,
            change=version.facts.change,
            source=version.facts.source,
            verdict=change.verdict if change else None,
            against=transition.before.key if transition.before else None,
            gained=change.gained if change else (),
            lost=change.lost if change else (),
            undecided=change.undecided if change else (),
            nearest=nearest.get(version.key),
            missing=transition.missing,
            risks=risks[version.key].changes if version.key in risks else (),
            document=version.document.source if version.document and not apart else None,
            document_file=document_file(policy, version) if apart else None,
        )


def _flags(context: BookContext, name: str, version: Version) -> tuple[FlagResult, ...]:
    if not version.document or not context.book.rules:
        return ()
    told = context.risks.history(name).get(version.key)  # nothing of a document that stands aside
    found = told.flags if told else context.risks.rulebook().flags(version.document)
    return tuple(_flag(context.book.rules[flag.rule], flag) for flag in found)


def _flag(rule: Rule, flag: Flag) -> FlagResult:
    steps = zip(rule.steps, flag.steps, flag.grants, strict=True)
    return FlagResult(
        rule.id,
        rule.title,
        rule.kind,
        flag.mitigation,
        tuple(
            StepResult(step.does, mitigation, tuple(map(_step_grant, grants)))
            for step, mitigation, grants in steps
        ),
    )


def _step_grant(grant: StepGrant) -> StepGrantResult:
    return StepGrantResult(
        grant.statement,
        grant.patterns,
        grant.actions,
        grant.resources.patterns,
        grant.resources.negated,
        condition_block(grant.condition),
        strengths(grant.condition),
        grant.mitigation,
        grant.denials,
        grant.scopable,
        grant.limiting,
    )


def _succession(context: BookContext, name: str) -> SuccessionResult | None:
    part, found = context.successors.part(name), context.successors.succession(name)
    if not part:
        return None
    change = change_result(found.change) if found else None
    return SuccessionResult(
        name=part.name,
        how=part.how,
        deprecated=part.retired,
        verdict=part.verdict,
        undecided=part.undecided,
        lost=change.lost if change else (),
        gained=change.gained if change else (),
        lacks=found.lacks if found else (),
        adds=found.adds if found else (),
    )


def _nearest(found: Nearest) -> NearestResult:
    return NearestResult(
        found.nearest.key,
        tuple(beside.key for beside in found.ties),
        tuple(
            BesideResult(
                version=beside.key,
                verdict=beside.change.verdict,
                reverse=beside.reverse,
                gained=_evidence(beside.change.gained),
                lost=_evidence(beside.change.lost),
                undecided=beside.change.undecided,
            )
            for beside in found.shown
        ),
    )


def change_result(change: Change) -> ChangeResult:
    """The result for a change."""
    return ChangeResult(
        change.verdict, _evidence(change.gained), _evidence(change.lost), change.undecided
    )


def _evidence(found: Iterable[Evidence]) -> tuple[EvidenceResult, ...]:
    return tuple(EvidenceResult(kind=e.kind, **_parts(e.grant)) for e in found)


def _parts(grant: Grant) -> dict[str, Any]:
    action, resource = grant.action, grant.resource
    return {
        "effect": grant.effect,
        "action": None if action.negated else action.patterns[0],
        "not_action": action.patterns if action.negated else None,
        "resource": None if resource.negated else resource.patterns[0],
        "not_resource": resource.patterns if resource.negated else None,
        "condition": condition_block(grant.condition),
        "statement": grant.statement,
    }


def level_counts(levels: Iterable[Level]) -> Mapping[str, int]:
    """How many actions of each level, by its name."""
    return {level.name: level.count for level in levels}
