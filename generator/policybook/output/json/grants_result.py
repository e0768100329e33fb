"""The result of `policybook grants`: who grants an action."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from policybook.analysis.action_grants import ActionGrants, GrantingPolicy
from policybook.analysis.effective_actions import Answer, Strength, strengths
from policybook.iam.denies import Certainty
from policybook.output.json.results import Condition, condition_block


class GrantingResult(Struct, frozen=True):
    """A grant of an action; of `pattern` and `not_action`, as of the resources, one is null."""

    name: str
    version: str
    since: str
    since_day: date | None
    statement: int
    pattern: str | None
    not_action: tuple[str, ...] | None
    resource: str | None
    not_resource: tuple[str, ...] | None
    condition: Condition
    strength: tuple[Strength, ...]
    certainty: Certainty
    denied_by: tuple[int, ...]


class UnsureResult(Struct, frozen=True):
    """A policy of which it is not sure what was in force."""

    name: str
    why: str


class FoundResult(Struct, frozen=True):
    """The answer of `policybook grants`: a line for each pattern on each resource."""

    action: str
    at: date | None
    policies: tuple[GrantingResult, ...]
    unsure: tuple[UnsureResult, ...]


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
