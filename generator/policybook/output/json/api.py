"""The book as JSON, in one envelope: the same facts that the pages show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import msgspec

from policybook import __version__
from policybook.analysis.action_grants import ActionGrants, GrantingPolicy
from policybook.analysis.catalogue_growth import Widening
from policybook.analysis.effective_actions import Answer, strengths
from policybook.analysis.index import Use
from policybook.book import addresses
from policybook.book.context import BookContext, part_levels, policy_line
from policybook.book.dependencies import (
    WHOLE,
    Origin,
    Output,
    of_deprecated,
    of_passrole,
    of_policy_file,
    of_service,
)
from policybook.book.granting import every_service, granted
from policybook.book.risks import met
from policybook.iam.grants import EVERYTHING
from policybook.output.json import change_results
from policybook.output.json.deprecated_results import deprecated_result
from policybook.output.json.endpoints import ENDPOINTS, ROOT, WIDENING
from policybook.output.json.policy_results import level_counts, policy_result
from policybook.output.json.results import (
    ActionGrant,
    ActionResult,
    ActionsResult,
    Envelope,
    FoundResult,
    GrantingResult,
    GrantingStatement,
    IndexResult,
    PassingResult,
    PolicyLineResult,
    RisksResult,
    RuleResult,
    ServicePolicy,
    ServiceResult,
    StatementPart,
    UnsureResult,
    condition_block,
)
from policybook.pages.services import action_lines

SCHEMA_VERSION = "1.0"


def files(context: BookContext) -> Iterator[Output]:
    """Every file of the interface."""

    def output(name: str, origin: Origin, result: Callable[..., object], *of: object) -> Output:
        return Output(f"{ROOT}{name}.json", partial(_file, context, result, *of), origin)

    yield output("index", WHOLE, _index)
    yield output("policies", WHOLE, _lines)
    yield output("passrole", of_passrole(context), passrole_result)
    yield output("risks", WHOLE, _risks)
    for name, origin, result in change_results.files(context):
        yield output(name, origin, result)
    yield output("deprecated", of_deprecated(context), deprecated_result)
    if context.before:
        yield output("widening", WHOLE, _widening)
    for name, policy in context.book.policies.items():
        yield output(f"policies/{name}", of_policy_file(context, name), policy_result, policy)
    for prefix in every_service(context):
        yield output(f"services/{prefix}", of_service(context, prefix), service_result, prefix)
        yield output(f"actions/{prefix}", of_service(context, prefix), actions_result, prefix)


def _file(context: BookContext, result: Callable[..., object], *of: object) -> bytes:
    generator = f"policybook {__version__}"
    whole = Envelope(SCHEMA_VERSION, generator, context.catalogue.date, result(context, *of))
    return msgspec.json.encode(whole) + b"\n"


def _index(context: BookContext) -> IndexResult:
    return IndexResult(
        title=context.book.facts.title,
        policies=len(context.book.policies),
        versions=sum(len(p.versions) for p in context.book.policies.values()),
        services=len(every_service(context)),
        endpoints=(*ENDPOINTS, *(WIDENING if context.before else ())),
    )


def _widening(context: BookContext) -> Widening | None:
    return context.widening


def _lines(context: BookContext) -> tuple[PolicyLineResult, ...]:
    return tuple(_line(context, name) for name in context.book.policies)


def _line(context: BookContext, name: str) -> PolicyLineResult:
    policy = context.book.policies[name]
    line = policy_line(context, name)
    return PolicyLineResult(
        name=name,
        arn=policy.facts.arn,
        type=policy.facts.type,
        current=policy.current.key if policy.current else None,
        updated=line.updated,
        services=line.services,
        levels=level_counts(line.levels),
        verdict=line.verdict,
        deprecated=line.deprecated,
        url=addresses.policy(name).url,
        api=f"{ROOT}policies/{name}.json",
    )


def _risks(context: BookContext) -> RisksResult:
    found = {name: met(context, name) for name in context.book.policies}
    return RisksResult(
        tuple(
            RuleResult(
                rule,
                addresses.risk(rule.id).place,
                {name: of[rule.id] for name, of in found.items() if rule.id in of},
            )
            for rule in context.book.rules.values()
        )
    )


def service_result(context: BookContext, prefix: str) -> ServiceResult:
    """The result for one service prefix."""
    found: dict[str, list[Use]] = {}
    for use in context.index.services.get(prefix, ()):
        found.setdefault(use.policy, []).append(use)
    return ServiceResult(
        prefix=prefix,
        name=context.catalogue.name(prefix),
        policies=tuple(
            ServicePolicy(
                name,
                level_counts(part_levels(context, name, uses)),
                tuple(_statement(use) for use in uses),
            )
            for name, uses in found.items()
        ),
        url=addresses.service(prefix).url,
    )


def actions_result(context: BookContext, prefix: str) -> ActionsResult:
    """The result for the actions of one service prefix."""
    allowing = [u for u in context.index.services.get(prefix, ()) if u.effect == "Allow"]
    places = {(use.policy, use.statement): place for place, use in enumerate(allowing)}
    found = granted(context, prefix)
    unique = list(dict.fromkeys(grant for grants in found.values() for grant in grants))
    place_of = {grant: place for place, grant in enumerate(unique)}
    return ActionsResult(
        prefix,
        tuple(_granting_statement(context, use) for use in allowing),
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
            for line in action_lines(context, prefix)
        },
        tuple(dict.fromkeys(use.policy for use in context.index.services.get(EVERYTHING, ()))),
    )


def _granting_statement(context: BookContext, use: Use) -> GrantingStatement:
    current = context.book.policies[use.policy].current
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


def passrole_result(context: BookContext) -> tuple[PassingResult, ...]:
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
        for found in context.passings
    )


def found_result(found: ActionGrants) -> FoundResult:
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


def _granting(granting: GrantingPolicy, answer: Answer, pattern: str | None) -> GrantingResult:
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
