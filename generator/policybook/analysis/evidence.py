"""The evidence of a change, grouped in rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeVar

from msgspec import Struct, structs

from policybook.analysis.index import term_order
from policybook.iam.grants import EVERYTHING, with_prefix
from policybook.model.changes import Evidence, EvidenceKind
from policybook.model.documents import Clause, Grant, Term
from policybook.model.fields import Effect


class GroupedGrants(Struct, frozen=True):
    """Grants with equal resources and condition; `negated` is about NotAction."""

    negated: bool
    actions: tuple[str, ...]
    resources: Term
    condition: tuple[Clause, ...]


class EvidenceRow(Struct, frozen=True):
    """Gained or lost grants of one kind with equal effect, resources and condition.

    `other` has the grants of the other document on the same, and `kept` what both documents grant
    of it; see `Evidence`.
    """

    kind: EvidenceKind
    effect: Effect
    negated: bool
    actions: tuple[str, ...]
    resources: Term
    condition: tuple[Clause, ...]
    other: tuple[GroupedGrants, ...] = ()
    kept: tuple[GroupedGrants, ...] = ()


def rows_about(rows: Iterable[EvidenceRow], prefix: str) -> tuple[EvidenceRow, ...]:
    """The parts of the rows about one service.

    Args:
        rows: The rows of a change.
        prefix: The service prefix; `*` for grants on every service.
    """
    return tuple(found for row in rows if (found := _about(row, prefix)))


def _about(row: EvidenceRow, prefix: str) -> EvidenceRow | None:
    if row.negated:
        return row if prefix == EVERYTHING else None
    own = with_prefix(row.actions, prefix)
    return structs.replace(row, actions=own) if own else None


def evidence_rows(found: Iterable[Evidence]) -> tuple[EvidenceRow, ...]:
    """Groups evidence: first resources of equal actions, then actions of equal resources."""
    by_kind: dict[tuple[EvidenceKind, Effect], list[tuple[Grant, Evidence]]] = defaultdict(list)
    for item in found:
        by_kind[item.kind, item.grant.effect].append((item.grant, item))
    return tuple(
        EvidenceRow(
            kind,
            effect,
            group.negated,
            group.actions,
            group.resources,
            group.condition,
            grouped(grant for item in items for grant in item.beside),
            grouped(grant for item in items for grant in item.kept),
        )
        for (kind, effect), same in by_kind.items()
        for group, items in _groups(same)
    )


def grouped(grants: Iterable[Grant]) -> tuple[GroupedGrants, ...]:
    """Groups grants of one effect like evidence."""
    return tuple(group for group, _ in _groups((grant, None) for grant in grants))


_Item = TypeVar("_Item")


def _groups(found: Iterable[tuple[Grant, _Item]]) -> Iterator[tuple[GroupedGrants, list[_Item]]]:
    """Groups of grants of one effect, each with what came with its grants."""
    terms: dict[tuple[Term, tuple[Clause, ...], Term | None], list[Term]] = defaultdict(list)
    items: dict[tuple[Term, tuple[Clause, ...], Term | None], list[_Item]] = defaultdict(list)
    for grant, item in found:
        alone = grant.resource if grant.resource.negated else None
        terms[grant.action, grant.condition, alone].append(grant.resource)
        items[grant.action, grant.condition, alone].append(item)
    actions: dict[tuple[Term | None, Term, tuple[Clause, ...]], list[str]] = defaultdict(list)
    every: dict[tuple[Term | None, Term, tuple[Clause, ...]], list[_Item]] = defaultdict(list)
    for (action, condition, alone), resources in terms.items():
        patterns = (p for term in sorted(resources, key=term_order) for p in term.patterns)
        joined = alone or Term(tuple(dict.fromkeys(patterns)))
        key = action if action.negated else None, joined, condition
        actions[key] += action.patterns
        every[key] += items[action, condition, alone]
    for (negated, joined, condition), names in actions.items():
        group = GroupedGrants(bool(negated), tuple(dict.fromkeys(names)), joined, condition)
        yield group, every[negated, joined, condition]
