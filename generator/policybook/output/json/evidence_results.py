"""The results for grants: those of a document, and those that a change gained and lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Literal

from msgspec import Struct

from policybook.analysis.evidence import EvidenceRow, GroupedGrants, evidence_rows, grouped
from policybook.analysis.since import Start
from policybook.model.changes import Evidence, EvidenceKind, in_newer
from policybook.model.documents import Grant
from policybook.model.fields import Effect
from policybook.output.json.conditions import Condition, condition_block


class GrantResult(Struct, frozen=True, kw_only=True):
    """A grant: one action pattern on one resource pattern.

    Attributes:
        effect: `Allow` or `Deny`.
        action: The action pattern; null if the statement has NotAction.
        not_action: The patterns of NotAction, or null.
        resource: The resource pattern; null if the statement has NotResource.
        not_resource: The patterns of NotResource, or null.
        condition: The condition block, values always as lists.
        statement: The number of the statement, from 1.
    """

    effect: Effect
    action: str | None
    not_action: tuple[str, ...] | None
    resource: str | None
    not_resource: tuple[str, ...] | None
    condition: Condition
    statement: int


class GroupedGrantsResult(Struct, frozen=True):
    """Grants with the same resources and condition.

    Attributes:
        actions: The action patterns.
        not_actions: Whether the grants are about all actions except `actions`.
        resources: The resource patterns.
        not_resources: Whether the grants are about all resources except `resources`.
        condition: The condition block, values always as lists.
    """

    actions: tuple[str, ...]
    not_actions: bool
    resources: tuple[str, ...]
    not_resources: bool
    condition: Condition


class GrantsResult(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Grants with the same resources and condition, in a file: what says nothing is left out.

    Attributes:
        actions: The action patterns.
        not_actions: Whether the grants are about all actions except `actions`; left out if not.
        resources: The resource patterns.
        not_resources: Whether they are about all resources except `resources`; left out if not.
        condition: The condition block, values always as lists; left out without a condition.
    """

    actions: tuple[str, ...]
    not_actions: bool = False
    resources: tuple[str, ...]
    not_resources: bool = False
    condition: Condition = {}


class StandingGrantsResult(GrantsResult, frozen=True, kw_only=True):
    """Grants of a policy: those of one statement with the same resources and start.

    Attributes:
        effect: `Allow` or `Deny`.
        statement: The number of the statement, from 1.
        in_form_since: The key of the oldest start, of those in `starts`, since which the policy has
            had each of these actions on these resources under this condition; null for a version
            that is not part of the version sequence.
    """

    effect: Effect
    statement: int
    in_form_since: str | None


class EvidenceResult(GrantResult, frozen=True, kw_only=True):
    """A gained or lost grant.

    Attributes:
        kind: The part that differs, or `deny` for a denial.
        was: What the older document grants of it: the grant itself, or grants that overlap with it.
        now: The same of the newer document.
        kept: What both documents grant of it.
    """

    kind: str
    was: tuple[GroupedGrantsResult, ...]
    now: tuple[GroupedGrantsResult, ...]
    kept: tuple[GroupedGrantsResult, ...]


class RowResult(GrantsResult, frozen=True, kw_only=True):
    """Gained or lost grants with the same kind, effect, resources and condition.

    Attributes:
        kind: The part of the grants that differs: `action`, `resource`, `condition` or `deny`.
        effect: `Allow` or `Deny`.
        was: What the older document grants of it; left out if these are the grants themselves.
        now: The same of the newer document.
        kept: What both documents grant of it; left out if that is nothing.
    """

    kind: EvidenceKind
    effect: Effect
    was: tuple[GrantsResult, ...] | None = None
    now: tuple[GrantsResult, ...] | None = None
    kept: tuple[GrantsResult, ...] = ()


class StatementRowResult(RowResult, frozen=True, kw_only=True):
    """Gained or lost grants of one statement with the same kind, effect, resources and condition.

    Attributes:
        statement: The number of the statement that has the grants, from 1.
    """

    statement: int


def standing_results(
    found: Iterable[tuple[Grant, Start | None]],
) -> tuple[StandingGrantsResult, ...]:
    """Return the results for grants and since when each stands in its form, by statement."""
    by_start: dict[tuple[int, str | None], list[Grant]] = defaultdict(list)
    for grant, start in found:
        by_start[grant.statement, start.key if start else None].append(grant)
    return tuple(
        StandingGrantsResult(
            **_group(group),
            effect=grants[0].effect,
            statement=statement,
            in_form_since=since,
        )
        for (statement, since), grants in by_start.items()
        for group in grouped(grants)
    )


def row_results(
    rows: Iterable[EvidenceRow], sign: Literal["gained", "lost"]
) -> tuple[RowResult, ...]:
    """Return the results for rows of gained or lost grants."""
    return tuple(RowResult(**_row(row, sign)) for row in rows)


def statement_rows(
    found: Iterable[Evidence], sign: Literal["gained", "lost"]
) -> tuple[StatementRowResult, ...]:
    """Return the results for gained or lost grants, those of each statement in rows."""
    by_statement: dict[int, list[Evidence]] = defaultdict(list)
    for evidence in found:
        by_statement[evidence.grant.statement].append(evidence)
    return tuple(
        StatementRowResult(**_row(row, sign), statement=statement)
        for statement, own in by_statement.items()
        for row in evidence_rows(own)
    )


def _row(row: EvidenceRow, sign: Literal["gained", "lost"]) -> dict[str, Any]:
    """The values of a `RowResult` by name."""
    own = GroupedGrants(row.negated, row.actions, row.resources, row.condition)
    other = "was" if in_newer(row.kind, gained=sign == "gained") else "now"
    return {
        **_group(own),
        "kind": row.kind,
        "effect": row.effect,
        other: _written(row.other),
        "kept": _written(row.kept),
    }


def _written(groups: Iterable[GroupedGrants]) -> tuple[GrantsResult, ...]:
    return tuple(GrantsResult(**_group(group)) for group in groups)


def evidence_results(
    found: Iterable[Evidence], sign: Literal["gained", "lost"]
) -> tuple[EvidenceResult, ...]:
    """Return the results for gained or lost grants."""
    return tuple(_evidence_result(evidence, sign) for evidence in found)


def _evidence_result(evidence: Evidence, sign: Literal["gained", "lost"]) -> EvidenceResult:
    own, other = grouped((evidence.grant,)), grouped(evidence.beside)
    was, now = was_and_now(evidence.kind, sign, own, other)
    return EvidenceResult(
        kind=evidence.kind,
        was=was,
        now=now,
        kept=group_results(grouped(evidence.kept)),
        **_parts(evidence.grant),
    )


def was_and_now(
    kind: EvidenceKind,
    sign: Literal["gained", "lost"],
    own: Iterable[GroupedGrants],
    other: Iterable[GroupedGrants],
) -> tuple[tuple[GroupedGrantsResult, ...], tuple[GroupedGrantsResult, ...]]:
    """Return the results for what the older and what the newer document grants.

    Args:
        kind: The kind of the evidence.
        sign: Whether its grants were gained or lost.
        own: These grants.
        other: The grants of the other document on the same.
    """
    found = group_results(own), group_results(other)
    return found[::-1] if in_newer(kind, gained=sign == "gained") else found


def group_results(groups: Iterable[GroupedGrants]) -> tuple[GroupedGrantsResult, ...]:
    """Return the results for grants in groups."""
    return tuple(GroupedGrantsResult(**_group(group)) for group in groups)


def _group(group: GroupedGrants) -> dict[str, Any]:
    """The values of a `GroupedGrantsResult` by name."""
    return {
        "actions": group.actions,
        "not_actions": group.negated,
        "resources": group.resources.patterns,
        "not_resources": group.resources.negated,
        "condition": condition_block(group.condition),
    }


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
