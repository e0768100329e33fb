"""What a policy's page shows of its overlap with others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from policybook.analysis.overlap import Kind, Line, Overlap
from policybook.book.context import BookContext
from policybook.book.limits import OVERLAP_LINES

How = Literal["grants", "actions", "undetermined", "wider", "narrower"]
Relation = Literal["contained in", "contains", "equal", "near"]


class OverlapRow(Struct, frozen=True):
    """Another policy: how many actions only it has, how many only this one, and what is sure.

    `how` is `grants` where one covers the other, in `equal` both each other; `wider` and `narrower`
    where only the other one covers this one or is covered by it; `actions` where none does.
    """

    name: str
    more: int
    less: int
    how: How


class OverlapPart(Struct, frozen=True):
    """The policies that stand in one relation to this one: the first of so many."""

    relation: Relation
    rows: tuple[OverlapRow, ...]
    total: int


class OverlapView(Struct, frozen=True):
    """The lists that are not empty, and whether the policy is one that is compared with others."""

    kind: Kind
    parts: tuple[OverlapPart, ...]

    @property
    def cut(self) -> bool:
        """Whether a list is longer than what is shown of it."""
        return any(part.total > len(part.rows) for part in self.parts)


def overlap_view(context: BookContext, name: str) -> OverlapView | None:
    """What the page shows; None where there is no document."""
    found = context.overlap.of(name)
    return OverlapView(found.kind, tuple(_parts(found))) if found else None


def _parts(found: Overlap) -> Iterator[OverlapPart]:
    lists: tuple[tuple[Relation, tuple[Line, ...]], ...] = (
        ("contained in", found.contained_in),
        ("contains", found.contains),
        ("equal", found.equal),
        ("near", found.near),
    )
    for relation, lines in lists:
        if lines:
            rows = tuple(
                OverlapRow(line.name, line.more, line.less, _how(relation, line))
                for line in lines[:OVERLAP_LINES]
            )
            yield OverlapPart(relation, rows, len(lines))


def _how(relation: Relation, line: Line) -> How:
    asked = {
        "contained in": (line.covers,),
        "contains": (line.covered,),
        "equal": (line.covers, line.covered),
        "near": (),
    }[relation]
    if "undetermined" in asked:
        return "undetermined"
    if "yes" not in asked:
        return "actions"
    if "no" in asked:
        return "wider" if line.covers == "yes" else "narrower"
    return "grants"
