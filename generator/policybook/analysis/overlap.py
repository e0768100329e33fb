"""Which policies contain, equal or nearly equal others: by effective actions and by grants.

Comparing effective actions gives an upper bound, as it ignores resources and conditions. A name
that the catalogue lacks counts as granted by another policy if one of its patterns covers it.
Comparing grants is what `compare` does: nothing is lost from one document to the other. Two
policies are nearly equal if neither contains the other and the actions of both are at least four
fifths of the actions of either (the Jaccard index).

A policy without effective actions lies in every other one, and a policy that grants every action of
the catalogue contains every other one. The first is not compared at all, the second only with
others that grant every action.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from policybook.model.book import Book
from policybook.model.documents import Document

Decided = Literal["yes", "no", "undetermined"]
Kind = Literal["some", "none", "everything"]
NEAR = 4, 5  # at least this fraction of the actions of either policy are actions of both


class Pair(Struct, frozen=True, array_like=True):
    """Two policies of which one contains the other, or which are nearly equal.

    `more` is the number of actions that only `other` has, `less` of those that only `one` has.
    `covered` says whether `other` covers the grants of `one`, `covers` whether `one` covers those
    of `other`.
    """

    one: str
    other: str
    more: int
    less: int
    covered: Decided
    covers: Decided


class PolicyActions(Struct, frozen=True, array_like=True):
    """The effective actions of a policy.

    `known` has the catalogued actions as the bits of an integer, the lowest byte first; `unknown`
    are the other names. `digest` is that of the files of the policy, `services` are those of the
    catalogued actions. `denies`, `irregular` and `firm`, the catalogued actions that no Deny with a
    condition names, are needed by `_needs_grants`.
    """

    digest: bytes
    kind: Kind
    known: bytes
    unknown: tuple[str, ...]
    services: tuple[str, ...]
    denies: bool
    irregular: bool
    firm: bytes


class Related(Struct, frozen=True, array_like=True):
    """All pairs of policies that overlap, and what the next build can reuse.

    The action at position n of `actions` is bit n of the actions of each policy.
    """

    actions: tuple[str, ...] = ()
    granted: dict[str, PolicyActions] = {}
    pairs: tuple[Pair, ...] = ()


class Line(Struct, frozen=True):
    """Another policy that overlaps with a given one.

    `more` is the number of actions that only the other policy has, `less` of those that only the
    given one has. `covers` says whether the other policy covers the grants of the given one,
    `covered` whether the given one covers those of the other.
    """

    name: str
    more: int
    less: int
    covers: Decided
    covered: Decided


class Overlap(Struct, frozen=True):
    """The policies that overlap with one, each in one list, fewest different actions first."""

    kind: Kind
    contained_in: tuple[Line, ...] = ()
    contains: tuple[Line, ...] = ()
    equal: tuple[Line, ...] = ()
    near: tuple[Line, ...] = ()


def overlaps(related: Related) -> dict[str, Overlap]:
    """For each policy with a document, its overlap with the others."""
    lines: dict[str, dict[str, list[Line]]] = {name: {} for name in related.granted}
    for pair in related.pairs:
        inside = pair.less == 0 or pair.covered != "no"
        around = pair.more == 0 or pair.covers != "no"
        here, there = _LISTS[inside, around]
        line = Line(pair.other, pair.more, pair.less, pair.covered, pair.covers)
        back = Line(pair.one, pair.less, pair.more, pair.covers, pair.covered)
        lines[pair.one].setdefault(here, []).append(line)
        lines[pair.other].setdefault(there, []).append(back)
    return {
        name: Overlap(
            related.granted[name].kind,
            **{to: tuple(sorted(listed, key=_tightest)) for to, listed in found.items()},
        )
        for name, found in lines.items()
    }


_LISTS = {
    (True, True): ("equal", "equal"),
    (True, False): ("contained_in", "contains"),
    (False, True): ("contains", "contained_in"),
    (False, False): ("near", "near"),
}


def _tightest(line: Line) -> tuple[int, str]:
    return line.more + line.less, line.name


def current_documents(book: Book) -> dict[str, Document]:
    """The current document of each policy that grants something and has one, by its name."""
    return {
        name: policy.current.document
        for name, policy in book.granting.items()
        if policy.current and policy.current.document
    }
