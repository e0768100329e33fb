"""The evidence of a change, grouped in rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from msgspec import Struct, structs

from policybook.analysis.index import term_order
from policybook.iam.grants import EVERYTHING, with_prefix
from policybook.model.changes import Evidence, EvidenceKind
from policybook.model.documents import Clause, Term
from policybook.model.fields import Effect


class EvidenceRow(Struct, frozen=True):
    """Gained or lost grants of one kind with equal effect, resources and condition."""

    kind: EvidenceKind
    effect: Effect
    negated: bool
    actions: tuple[str, ...]
    resources: Term
    condition: tuple[Clause, ...]


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
    resources: dict[
        tuple[EvidenceKind, Effect, Term, tuple[Clause, ...], Term | None], list[Term]
    ] = defaultdict(list)
    for item in found:
        grant = item.grant
        alone = grant.resource if grant.resource.negated else None
        key = (item.kind, grant.effect, grant.action, grant.condition, alone)
        resources[key].append(grant.resource)
    actions: dict[tuple[EvidenceKind, Effect, bool, Term, tuple[Clause, ...]], list[str]] = (
        defaultdict(list)
    )
    for (kind, effect, action, condition, alone), terms in resources.items():
        patterns = (p for term in sorted(terms, key=term_order) for p in term.patterns)
        joined = alone or Term(tuple(dict.fromkeys(patterns)))
        if action.negated:
            actions[kind, effect, True, joined, condition] = list(action.patterns)
        else:
            actions[kind, effect, False, joined, condition] += action.patterns
    return tuple(
        EvidenceRow(kind, effect, negated, tuple(dict.fromkeys(patterns)), term, condition)
        for (kind, effect, negated, term, condition), patterns in actions.items()
    )
