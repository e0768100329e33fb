"""The book as JSON, in one envelope: the same facts that the pages show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

import msgspec

from generator import __version__, changed, routes
from generator.deprecated import deprecated_result
from generator.effective import Answer, GrantedBy, effective_names, strengths
from generator.endpoints import ENDPOINTS, ROOT, WIDENING
from generator.grants import EVERYTHING, grants
from generator.index import Use
from generator.model import (
    Change,
    Document,
    Evidence,
    Grant,
    Policy,
    Version,
)
from generator.nearest import Nearest, nearest_versions
from generator.pages.deprecated import (
    succession_of,
    successor_part,
)
from generator.pages.granting import granted
from generator.pages.lookup import action_lines
from generator.pages.origins import (
    WHOLE,
    Origin,
    Output,
    of_deprecated,
    of_passrole,
    of_policy_file,
    of_service,
)
from generator.pages.overlap import overlap_of
from generator.pages.risks import history, met
from generator.pages.timeline import detached, document_file
from generator.pages.views import (
    Level,
    Sources,
    part_levels,
    policy_line,
    version_levels,
)
from generator.results import (
    ActionGrant,
    ActionResult,
    ActionsResult,
    BesideResult,
    ChangeResult,
    Envelope,
    EvidenceResult,
    ExpandedResult,
    FlagResult,
    FoundResult,
    GrantingResult,
    GrantingStatement,
    GrantResult,
    IndexResult,
    NearestResult,
    PassingResult,
    PolicyLineResult,
    PolicyResult,
    RisksResult,
    RuleResult,
    ServicePolicy,
    ServiceResult,
    ShownResult,
    StatementPart,
    StepGrantResult,
    StepResult,
    SuccessionResult,
    UnsureResult,
    VersionResult,
    condition_block,
)
from generator.risk import Flag, StepGrant
from generator.rules import Rule
from generator.who import Found, Granting
from generator.widening import Widening

SCHEMA_VERSION = "1.0"


def files(sources: Sources) -> Iterator[Output]:
    """Every file of the interface."""

    def output(name: str, origin: Origin, result: Callable[..., object], *of: object) -> Output:
        return Output(f"{ROOT}{name}.json", partial(_file, sources, result, *of), origin)

    yield output("index", WHOLE, _index)
    yield output("policies", WHOLE, _lines)
    yield output("passrole", of_passrole(sources), passrole_result)
    yield output("risks", WHOLE, _risks)
    for name, origin, result in changed.files(sources):
        yield output(name, origin, result)
    yield output("deprecated", of_deprecated(sources), deprecated_result)
    if sources.before:
        yield output("widening", WHOLE, _widening)
    for name, policy in sources.book.policies.items():
        yield output(f"policies/{name}", of_policy_file(sources, name), policy_result, policy)
    for prefix in sources.index.services:
        if prefix != "*":
            yield output(f"services/{prefix}", of_service(sources, prefix), service_result, prefix)
            yield output(f"actions/{prefix}", of_service(sources, prefix), actions_result, prefix)


def _file(sources: Sources, result: Callable[..., object], *of: object) -> bytes:
    generator = f"policybook {__version__}"
    whole = Envelope(SCHEMA_VERSION, generator, sources.catalogue.date, result(sources, *of))
    return msgspec.json.encode(whole) + b"\n"


def _index(sources: Sources) -> IndexResult:
    return IndexResult(
        title=sources.book.facts.title,
        policies=len(sources.book.policies),
        versions=sum(len(p.versions) for p in sources.book.policies.values()),
        services=len([prefix for prefix in sources.index.services if prefix != "*"]),
        endpoints=(*ENDPOINTS, *(WIDENING if sources.before else ())),
    )


def _widening(sources: Sources) -> Widening | None:
    return sources.widening


def _lines(sources: Sources) -> tuple[PolicyLineResult, ...]:
    return tuple(_line(sources, name) for name in sources.book.policies)


def _line(sources: Sources, name: str) -> PolicyLineResult:
    policy = sources.book.policies[name]
    line = policy_line(sources, name)
    return PolicyLineResult(
        name=name,
        arn=policy.facts.arn,
        type=policy.facts.type,
        current=policy.current.key if policy.current else None,
        updated=line.updated,
        services=line.services,
        levels=_levels(line.levels),
        verdict=line.verdict,
        deprecated=line.deprecated,
        url=routes.policy(name).url,
        api=f"{ROOT}policies/{name}.json",
    )


def policy_result(sources: Sources, policy: Policy, version: Version | None = None) -> PolicyResult:
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
        successor=_succession(sources, facts.name),
        succeeds=sources.succeeds.get(facts.name, ()),
        default=facts.default,
        current=current.key if current else None,
        updated=policy.updated,
        permissions=facts.permissions,
        grants=tuple(GrantResult(**_parts(grant)) for grant in grants(document))
        if document
        else (),
        levels=_levels(version_levels(sources, policy, shown) if shown else ()),
        effective=_effective(sources, document) if document else {},
        groups=sources.index.groups_of.get(facts.name, ()),
        roles=sources.index.roles_of.get(facts.name, ()),
        links=facts.links,
        overlap=overlap_of(sources, facts.name),
        risks=_flags(sources, facts.name, shown) if shown else (),
        versions=tuple(_versions(sources, facts.name)),
        url=routes.policy(facts.name).url,
    )


def shown_result(
    sources: Sources,
    policy: Policy,
    version: Version | None,
    expanded: Mapping[str, tuple[GrantedBy, ...]] | None,
    day: date | None,
    unsure: str,
) -> PolicyResult | ExpandedResult | ShownResult:
    """The result for a policy, with its expanded actions or with the day that was asked about."""
    result = policy_result(sources, policy, version)
    if day and version:
        return ShownResult(day, version.key, unsure, result, dict(sorted((expanded or {}).items())))
    return result if expanded is None else ExpandedResult(result, dict(sorted(expanded.items())))


def _effective(sources: Sources, document: Document) -> Mapping[str, tuple[str, ...]]:
    """The names of a document's effective actions by prefix, both in order."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in sorted(effective_names(document, sources.catalogue)):
        prefix, _, rest = name.partition(":")
        found[prefix].append(rest)
    services = {prefix: sources.catalogue.service(prefix) for prefix in found}
    known = {prefix: service.actions if service else {} for prefix, service in services.items()}
    return {
        prefix: tuple(known[prefix][rest].name if rest in known[prefix] else rest for rest in names)
        for prefix, names in found.items()
    }


def _versions(sources: Sources, name: str) -> Iterator[VersionResult]:
    risks = history(sources, name) if sources.book.rules else {}
    policy = sources.book.policies[name]
    elsewhere = {version.key for version in detached(policy)}
    nearest = {found.key: _nearest(found) for found in nearest_versions(policy)}
    for transition in sources.index.transitions[name]:
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


def _flags(sources: Sources, name: str, version: Version) -> tuple[FlagResult, ...]:
    if not version.document or not sources.book.rules:
        return ()
    found = history(sources, name)[version.key].flags
    return tuple(_flag(sources.book.rules[flag.rule], flag) for flag in found)


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


def _risks(sources: Sources) -> RisksResult:
    found = {name: met(sources, name) for name in sources.book.policies}
    return RisksResult(
        tuple(
            RuleResult(
                rule,
                routes.risk(rule.id).place,
                {name: of[rule.id] for name, of in found.items() if rule.id in of},
            )
            for rule in sources.book.rules.values()
        )
    )


def service_result(sources: Sources, prefix: str) -> ServiceResult:
    """The result for one service prefix."""
    found: dict[str, list[Use]] = {}
    for use in sources.index.services[prefix]:
        found.setdefault(use.policy, []).append(use)
    return ServiceResult(
        prefix=prefix,
        name=sources.catalogue.name(prefix),
        policies=tuple(
            ServicePolicy(
                name,
                _levels(part_levels(sources, name, uses)),
                tuple(_statement(use) for use in uses),
            )
            for name, uses in found.items()
        ),
        url=routes.service(prefix).url,
    )


def actions_result(sources: Sources, prefix: str) -> ActionsResult:
    """The result for the actions of one service prefix."""
    allowing = [use for use in sources.index.services[prefix] if use.effect == "Allow"]
    places = {(use.policy, use.statement): place for place, use in enumerate(allowing)}
    found = granted(sources, prefix)
    unique = list(dict.fromkeys(grant for grants in found.values() for grant in grants))
    place_of = {grant: place for place, grant in enumerate(unique)}
    return ActionsResult(
        prefix,
        tuple(_granting_statement(sources, use) for use in allowing),
        tuple(
            ActionGrant(
                places[grant.row.use.policy, grant.row.use.statement],
                grant.patterns,
                grant.row.certainty,
                grant.row.since.key if grant.row.since else None,
            )
            for grant in unique
        ),
        {
            line.name: ActionResult(
                line.level,
                line.levels,
                line.resource_types,
                tuple(place_of[grant] for grant in found.get(line.full.lower(), ())),
            )
            for line in action_lines(sources, prefix)
        },
        tuple(dict.fromkeys(use.policy for use in sources.index.services.get(EVERYTHING, ()))),
    )


def _granting_statement(sources: Sources, use: Use) -> GrantingStatement:
    current = sources.book.policies[use.policy].current
    return GrantingStatement(
        use.policy,
        current.key if current else "",
        use.statement,
        use.resources.patterns,
        use.resources.negated,
        condition_block(use.condition),
        strengths(use.condition),
    )


def _statement(use: Use) -> StatementPart:
    return StatementPart(
        use.effect,
        use.actions.patterns,
        use.actions.negated,
        use.resources.patterns,
        use.resources.negated,
        condition_block(use.condition),
        use.statement,
    )


def passrole_result(sources: Sources) -> tuple[PassingResult, ...]:
    """The result for passed roles, by policy, then statement."""
    return tuple(
        PassingResult(
            policy=found.policy,
            version=found.version,
            statement=found.statement,
            patterns=found.patterns,
            not_action=found.not_action,
            roles=tuple(pattern for role in found.roles for pattern in role.patterns),
            not_roles=any(role.negated for role in found.roles),
            to=found.services.to,
            services=found.services.names if found.services.to == "listed" else None,
            condition=condition_block(found.condition),
            certainty=found.certainty,
            denied_by=found.denials,
        )
        for found in sources.passings
    )


def _succession(sources: Sources, name: str) -> SuccessionResult | None:
    part, found = successor_part(sources, name), succession_of(sources, name)
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


def found_result(found: Found) -> FoundResult:
    """The result for who grants an action."""
    return FoundResult(
        found.action,
        found.at,
        tuple(
            _granting(granting, answer, pattern)
            for granting in found.granting
            for answer in granting.answers
            for pattern in answer.patterns or (None,)
        ),
        tuple(UnsureResult(unsure.policy, unsure.why) for unsure in found.unsure),
    )


def _granting(granting: Granting, answer: Answer, pattern: str | None) -> GrantingResult:
    actions, resource = answer.statement.actions, answer.resource
    return GrantingResult(
        name=granting.policy,
        version=granting.version.key,
        since=granting.since.key,
        since_day=granting.since.day,
        statement=answer.statement.number,
        pattern=pattern,
        not_action=actions.patterns if actions.negated else None,
        resource=None if resource.negated else resource.patterns[0],
        not_resource=resource.patterns if resource.negated else None,
        condition=condition_block(answer.condition),
        strength=strengths(answer.condition),
        certainty=answer.certainty,
        denied_by=answer.denials,
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


def _levels(levels: Iterable[Level]) -> Mapping[str, int]:
    return {level.name: level.count for level in levels}
