"""The results for grants: those of a document, and those that a change gained and lost."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from policybook.analysis.since import Start
from policybook.model.changes import Evidence
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


class StandingGrantResult(GrantResult, frozen=True, kw_only=True):
    """A grant of a policy.

    `in_form_since` is the key of the oldest start, of those in `starts`, since which the policy has
    had the grant with this action pattern, resource and condition; null for a version that is not
    part of the version sequence.
    """

    in_form_since: str | None


class EvidenceResult(GrantResult, frozen=True, kw_only=True):
    """A gained or lost grant; `kind` is the part that differs, or `deny` for a denial."""

    kind: str


def standing_result(grant: Grant, start: Start | None) -> StandingGrantResult:
    """Return the result for a grant and since when it stands in its form."""
    return StandingGrantResult(in_form_since=start.key if start else None, **_parts(grant))


def evidence_results(found: Iterable[Evidence]) -> tuple[EvidenceResult, ...]:
    """Return the results for gained or lost grants."""
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
