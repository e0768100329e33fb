"""The result of `policybook covers`: what policies grant of some actions, and what they lack."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from policybook.analysis.asked_actions import AskedActions
from policybook.analysis.covers import Attached, Cover, Held
from policybook.data.asked_text import NotUnderstood
from policybook.iam.denies import Certainty
from policybook.output.json.conditions import Condition, condition_block
from policybook.output.json.history_results import StartResult, start_result
from policybook.output.json.operation_results import OperationResult, operation_result


class AttachedResult(Struct, frozen=True):
    """A document: the policy and the key of its version, or the path of a file and null."""

    name: str
    version: str | None


class DenyingResult(Struct, frozen=True):
    """A Deny of another document: its policy or file, and the number of the statement, from 1."""

    name: str
    statement: int


class HeldResult(Struct, frozen=True):
    """A statement that matches an action, on one of its resources.

    Attributes:
        name: The policy, or the path of the file.
        version: The key of its version; null for a file.
        statement: The number of the statement, from 1.
        patterns: The action patterns that match; empty if the statement has NotAction.
        not_action: The patterns of NotAction, or null.
        resource: The resource pattern; null if the statement has NotResource.
        not_resource: The patterns of NotResource, or null.
        condition: The condition block, values always as lists.
        certainty: `yes`, `conditional`, `unsupported` or `no`, after the Denies of all documents.
        denied_by: The numbers of the document's own Deny statements that limit the grant.
        denied_by_others: The Deny statements of other documents that do.
        granted_since: Since when the policy has granted the action by itself; null for a file.
        in_form_since: The same for the grant with these patterns, resource and condition.
    """

    name: str
    version: str | None
    statement: int
    patterns: tuple[str, ...]
    not_action: tuple[str, ...] | None
    resource: str | None
    not_resource: tuple[str, ...] | None
    condition: Condition
    certainty: Certainty
    denied_by: tuple[int, ...]
    denied_by_others: tuple[DenyingResult, ...]
    granted_since: StartResult | None
    in_form_since: StartResult | None


class CoverResult(Struct, frozen=True):
    """An action that was asked about.

    Attributes:
        action: Its full name.
        level: Its access level; `Uncatalogued` if it is not in AWS's action list.
        asked: The actions, patterns and operations that named it, as written.
        statements: The statements that match it, also those that a Deny overrides.
    """

    action: str
    level: str
    asked: tuple[str, ...]
    statements: tuple[HeldResult, ...]


class UnknownResult(Struct, frozen=True):
    """What was not understood, and why."""

    text: str
    why: str


class CoversResult(Struct, frozen=True):
    """The output of `policybook covers`.

    Attributes:
        policies: The documents that are attached together.
        has: The actions that one statement grants on every resource without a condition, and that
            no Deny is about.
        conditional: The actions that are granted under a condition, on some resources, or limited
            by a Deny.
        lacks: The actions that are not granted.
        operations: The API operations that were asked about and have no action of their name; the
            actions that they always need are among the others.
        unknown: What is no action.
    """

    policies: tuple[AttachedResult, ...]
    has: tuple[CoverResult, ...]
    conditional: tuple[CoverResult, ...]
    lacks: tuple[CoverResult, ...]
    operations: tuple[OperationResult, ...]
    unknown: tuple[UnknownResult, ...]


def covers_result(
    attached: Iterable[Attached], asked: AskedActions, covers: Sequence[Cover]
) -> CoversResult:
    """Return the result for actions that are asked about."""

    def of(state: str) -> tuple[CoverResult, ...]:
        return tuple(_cover(cover) for cover in covers if cover.state == state)

    return CoversResult(
        tuple(
            AttachedResult(one.label, one.version.key if one.version else None) for one in attached
        ),
        of("has"),
        of("conditional"),
        of("lacks"),
        tuple(map(operation_result, asked.operations)),
        unknown_results(asked.unknown),
    )


def unknown_results(unknown: Iterable[NotUnderstood]) -> tuple[UnknownResult, ...]:
    """Return the results for what is no action."""
    return tuple(UnknownResult(part.text, part.why) for part in unknown)


def _cover(cover: Cover) -> CoverResult:
    action = cover.action
    return CoverResult(action.spelled, action.level, action.asked, tuple(map(_held, cover.grants)))


def _held(held: Held) -> HeldResult:
    answer, attached, granting = held.answer, held.attached, held.granting
    actions, resource = answer.statement.actions, answer.resource
    return HeldResult(
        name=attached.label,
        version=attached.version.key if attached.version else None,
        statement=answer.statement.number,
        patterns=answer.patterns,
        not_action=actions.patterns if actions.negated else None,
        resource=None if resource.negated else resource.patterns[0],
        not_resource=resource.patterns if resource.negated else None,
        condition=condition_block(answer.condition),
        certainty=answer.certainty,
        denied_by=answer.denials,
        denied_by_others=tuple(DenyingResult(*deny) for deny in held.denied_by),
        granted_since=start_result(granting.since) if granting else None,
        in_form_since=start_result(granting.in_form_since(answer)) if granting else None,
    )
