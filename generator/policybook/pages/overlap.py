"""The overlap of a policy with others, for the page of the policy."""

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
    """Another policy compared with this one.

    `more` is the number of actions that only the other policy grants, `less` that of actions that
    only this one grants. `how` is what the relation was proved for:

    - `grants`: also for resources and conditions;
    - `wider`, `narrower`: equal actions, but the other policy covers this one, or the reverse;
    - `actions`: for actions only;
    - `undetermined`: the grants could not be compared.
    """

    name: str
    more: int
    less: int
    how: How


class OverlapPart(Struct, frozen=True):
    """The first policies that have one relation to this one; `total` is the number of all."""

    relation: Relation
    rows: tuple[OverlapRow, ...]
    total: int


class OverlapView(Struct, frozen=True):
    """The lists that are not empty, and the kind of comparison that the policy takes part in."""

    kind: Kind
    parts: tuple[OverlapPart, ...]

    @property
    def cut(self) -> bool:
        """Whether a list has more policies than are shown."""
        return any(part.total > len(part.rows) for part in self.parts)


def overlap_view(context: BookContext, name: str) -> OverlapView | None:
    """Create the view; None if the policy has no known document."""
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
    answers = {
        "contained in": (line.covers,),
        "contains": (line.covered,),
        "equal": (line.covers, line.covered),
        "near": (),
    }[relation]
    if "undetermined" in answers:
        return "undetermined"
    if "yes" not in answers:
        return "actions"
    if "no" in answers:
        return "wider" if line.covers == "yes" else "narrower"
    return "grants"
