"""The results for the services and their actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import UNSET, Struct, UnsetType

from policybook.analysis.effective_actions import Strength, strengths
from policybook.analysis.index import Use
from policybook.book import addresses
from policybook.book.context import BookContext
from policybook.book.facts.actions import GrantRow
from policybook.iam.denies import Certainty
from policybook.iam.grants import EVERYTHING
from policybook.model.fields import Effect
from policybook.output.json.conditions import Condition, condition_block
from policybook.output.json.evidence_results import GrantsResult
from policybook.output.json.history_results import StartResult, start_result
from policybook.output.json.policy_results import level_counts


class StatementPart(GrantsResult, frozen=True, kw_only=True):
    """The part of a statement that is about one service.

    Attributes:
        effect: `Allow` or `Deny`.
        statement: The number of the statement, from 1.
    """

    effect: Effect
    statement: int


class ServicePolicy(Struct, frozen=True):
    """The grants of one policy for a service, with the number of effective actions by level."""

    name: str
    levels: Mapping[str, int]
    statements: tuple[StatementPart, ...]


class ServiceResult(Struct, frozen=True):
    """A service prefix with the policies that name it.

    `name` is the service's name in the catalogue, or null; `url` is the address of its page.
    """

    prefix: str
    name: str | None
    policies: tuple[ServicePolicy, ...]
    url: str


class GrantingStatement(Struct, frozen=True, omit_defaults=True):
    """A statement that grants actions of a service.

    Attributes:
        policy: The policy.
        version: The key of its current version.
        statement: The number of the statement, from 1.
        resources: The resource patterns.
        strength: The kinds of condition.
        not_resources: Whether it is about all resources except `resources`; left out if not.
        condition: The condition block, values always as lists; left out without a condition.
    """

    policy: str
    version: str
    statement: int
    resources: tuple[str, ...]
    strength: tuple[Strength, ...]
    not_resources: bool = False
    condition: Condition = {}


class ActionGrant(Struct, frozen=True):
    """A grant that one or more actions have in common.

    Attributes:
        statement: The position of the statement in `ActionsResult.statements`, from 0.
        patterns: The patterns of the statement that match the action; empty for NotAction.
        certainty: `yes`, `conditional`, `unsupported` if AWS's action list has no resource of the
            action that the statement names, or `no` if a Deny of the policy removes the grant.
        since: The key of the oldest version or rollback since which the policy has granted the
            action; null if a Deny removes the grant.
        in_form_since: The same for the action through these patterns, on all resources of the
            statement and under its condition; left out if it is the same.
    """

    statement: int
    patterns: tuple[str, ...]
    certainty: Certainty
    since: str | None
    in_form_since: str | UnsetType | None = UNSET


class ActionResult(Struct, frozen=True):
    """An action of a service.

    Attributes:
        level: Its primary access level.
        levels: The access levels that AWS lists for it.
        resource_types: The resource types that it supports.
        granted: The positions of its grants in `ActionsResult.grants`, from 0.
    """

    level: str
    levels: tuple[str, ...]
    resource_types: tuple[str, ...]
    granted: tuple[int, ...]


class ActionsResult(Struct, frozen=True):
    """The actions of a service with the statements that grant them.

    Attributes:
        prefix: The service prefix.
        statements: The Allow statements that name the service, each once.
        grants: The grants, each once, even if several actions share it.
        starts: The versions and rollbacks that `since` and `in_form_since` name, by policy and key.
        actions: The actions by name.
        everything: The policies that cover all services; their statements are not listed here.
    """

    prefix: str
    statements: tuple[GrantingStatement, ...]
    grants: tuple[ActionGrant, ...]
    starts: Mapping[str, Mapping[str, StartResult]]
    actions: Mapping[str, ActionResult]
    everything: tuple[str, ...]


def service_result(context: BookContext, prefix: str) -> ServiceResult:
    """Return the result for one service prefix."""
    found: dict[str, list[Use]] = {}
    for use in context.index.services.get(prefix, ()):
        found.setdefault(use.policy, []).append(use)
    return ServiceResult(
        prefix=prefix,
        name=context.catalogue.name(prefix),
        policies=tuple(
            ServicePolicy(
                name,
                level_counts(context.levels.of_part(name, uses)),
                tuple(_statement(use) for use in uses),
            )
            for name, uses in found.items()
        ),
        url=addresses.service(prefix).url,
    )


def actions_result(context: BookContext, prefix: str) -> ActionsResult:
    """Return the actions of one service prefix."""
    allowing = [u for u in context.index.services.get(prefix, ()) if u.effect == "Allow"]
    places = {(use.policy, use.statement): place for place, use in enumerate(allowing)}
    found = context.actions.granted(prefix)
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
                *_since(grant.row),
            )
            for grant in unique
        ),
        _starts(grant.row for grant in unique),
        {
            line.name: ActionResult(
                line.level,
                line.levels,
                line.resource_types,
                tuple(place_of[grant] for grant in found.get(line.full.lower(), ())),
            )
            for line in context.services.action_lines(prefix)
        },
        tuple(dict.fromkeys(use.policy for use in context.index.services.get(EVERYTHING, ()))),
    )


def _since(row: GrantRow) -> tuple[str | None, str | UnsetType | None]:
    """The keys of the starts of a grant, and of the same in its form if that is another one."""
    since = row.since.key if row.since else None
    in_form = row.in_form_since.key if row.in_form_since else None
    return since, UNSET if in_form == since else in_form


def _starts(rows: Iterable[GrantRow]) -> Mapping[str, Mapping[str, StartResult]]:
    found: dict[str, dict[str, StartResult]] = {}
    for row in rows:
        for start in (row.since, row.in_form_since):
            own = found.setdefault(row.use.policy, {})
            if start and start.key not in own:
                own[start.key] = start_result(start)
    return found


def _granting_statement(context: BookContext, use: Use) -> GrantingStatement:
    current = context.book.policies[use.policy].current
    return GrantingStatement(
        use.policy,
        current.key if current else "",
        use.statement,
        use.resources.patterns,
        strengths(use.condition),
        use.resources.negated,
        condition_block(use.condition),
    )


def _statement(use: Use) -> StatementPart:
    return StatementPart(
        effect=use.effect,
        actions=use.actions.patterns,
        not_actions=use.actions.negated,
        resources=use.resources.patterns,
        not_resources=use.resources.negated,
        condition=condition_block(use.condition),
        statement=use.statement,
    )
