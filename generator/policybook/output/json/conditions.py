"""Condition blocks as results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from policybook.model.documents import Clause

Condition = Mapping[str, Mapping[str, tuple[str, ...]]]


def condition_block(clauses: Iterable[Clause]) -> Condition:
    """Return the clauses as a condition block of IAM, values always as lists."""
    block: dict[str, dict[str, tuple[str, ...]]] = {}
    for clause in clauses:
        block.setdefault(clause.operator, {})[clause.key] = clause.values
    return block
