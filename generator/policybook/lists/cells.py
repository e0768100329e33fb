"""Cells that several lists have."""

from __future__ import annotations

from collections.abc import Sequence

from policybook.book import addresses
from policybook.book.context import BookContext
from policybook.book.limits import ROW_ITEMS
from policybook.lists.table import LinkCell
from policybook.model.documents import Clause
from policybook.wording import label, number


def policy_cell(context: BookContext, name: str, anchor: str = "") -> LinkCell:
    """A policy's name, linked, with its state unless that is current."""
    state = context.book.policies[name].deprecation.state
    flag = "" if state == "current" else label(state, "state")
    return LinkCell(name, addresses.policy(name, anchor), flag)


def some(items: Sequence[LinkCell | str]) -> tuple[LinkCell | str, ...]:
    """The first of several items, and how many more there are."""
    more = len(items) - ROW_ITEMS
    return (*items[:ROW_ITEMS], *([f"+{number(more)}"] if more > 0 else []))


def clauses(condition: Sequence[Clause]) -> tuple[LinkCell | str, ...]:
    """The condition keys of a condition with their operators, without the values."""
    return some([f"{clause.key} {clause.operator}" for clause in condition])


def share(conditional: int, statements: int) -> str:
    """How many of some statements have a condition, as a key of `CONDITION_LABELS`."""
    if not conditional:
        return "none"
    return "all" if conditional == statements else "some"
