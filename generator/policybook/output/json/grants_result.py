"""The result of `policybook grants`: the policies that grant an action."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from policybook.analysis.action_grants import ActionGrants, GrantingPolicy
from policybook.analysis.effective_actions import Answer, Strength, strengths
from policybook.analysis.operations import Operation
from policybook.iam.denies import Certainty
from policybook.output.json.conditions import Condition, condition_block
from policybook.output.json.history_results import StartResult, start_result
from policybook.output.json.operation_results import OperationResult, operation_result


class GrantingResult(Struct, frozen=True):
    """A grant of an action: one pattern of a statement on one resource.

    Attributes:
        name: The policy.
        version: The key of its version.
        since: The key of the oldest version or rollback since which it has granted the action.
        since_day: The date on which that version became the default, or null.
        granted_since: That version or rollback, and whether the grant may be older.
        in_form_since: The same for the grant with this pattern, resource and condition.
        statement: The number of the statement, from 1.
        pattern: The action pattern; null if the statement has NotAction.
        not_action: The patterns of NotAction, or null.
        resource: The resource pattern; null if the statement has NotResource.
        not_resource: The patterns of NotResource, or null.
        condition: The condition block, values always as lists.
        strength: The kinds of condition.
        certainty: `yes`, `conditional`, `unsupported` if AWS's action list has no resource of the
            action that the statement names, or `no` if a Deny of the policy removes the grant.
        denied_by: The numbers of the Deny statements that limit the grant.
    """

    name: str
    version: str
    since: str
    since_day: date | None
    granted_since: StartResult
    in_form_since: StartResult
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
    """A policy whose default version on the day is uncertain; `why` says why."""

    name: str
    why: str


class FoundResult(Struct, frozen=True):
    """The output of `policybook grants`.

    Attributes:
        action: The full name of the action.
        at: The day of `--at`, or null.
        policies: The grants, one for each pattern on each resource.
        unsure: The policies whose default version on that day is uncertain.
    """

    action: str
    at: date | None
    policies: tuple[GrantingResult, ...]
    unsure: tuple[UnsureResult, ...]


class OperationGrants(Struct, frozen=True):
    """The output of `policybook grants` for an API operation that has no action of its name.

    Attributes:
        operation: The operation, the actions that it needs, and the source that says so.
        actions: The policies that grant each of the actions, those needed only sometimes last.
    """

    operation: OperationResult
    actions: tuple[FoundResult, ...]


def operation_grants(operation: Operation, found: Iterable[ActionGrants]) -> OperationGrants:
    """Return the result for the grants of an operation's actions, in the order of its actions."""
    return OperationGrants(operation_result(operation), tuple(map(found_result, found)))


def found_result(found: ActionGrants) -> FoundResult:
    """Return the result for the grants of an action."""
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
        granted_since=start_result(granting.since),
        in_form_since=start_result(granting.in_form_since(answer, pattern)),
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
