"""Which policies contain others, equal them or nearly do: by effective actions, and by grants.

By effective actions is an upper bound: it leaves resources and conditions out of account. A name
that the catalogue lacks is held by another policy where a pattern of that covers it. By grants is
what `changes.compare` says: nothing is lost from the one document to the other. Two policies are
nearly the same where neither contains the other and the actions that both have are at least four
fifths of those that either has (the Jaccard index).

A policy without effective actions lies in every other, and one that grants every action of the
catalogue contains every other: the first is compared with none, the second only with its like.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from policybook.model.book import Book
from policybook.model.documents import Document

Decided = Literal["yes", "no", "undetermined"]
Kind = Literal["some", "none", "everything"]
NEAR = 4, 5  # of the actions that either has, so many of so many are in both


class Pair(Struct, frozen=True, array_like=True):
    """Two policies of which one contains the other, or nearly does.

    `more` actions has only `other`, `less` only `one`. `covered` says whether `other` covers the
    grants of `one`, `covers` whether `one` covers those of `other`.
    """

    one: str
    other: str
    more: int
    less: int
    covered: Decided
    covers: Decided


class Granted(Struct, frozen=True, array_like=True):
    """What a policy grants: the catalogue's actions as the bits of a number, and other names.

    `digest` is that of what the policy was read from, `services` are those of the catalogue's
    actions. `denies` and `odd` are what `_needs_grants` asks for.
    """

    digest: bytes
    kind: Kind
    known: bytes
    unknown: tuple[str, ...]
    services: tuple[str, ...]
    denies: bool
    odd: bool


class Related(Struct, frozen=True, array_like=True):
    """All pairs of policies that overlap, and what the next run can take over.

    The action at place n of `actions` is the bit n in what each policy grants.
    """

    actions: tuple[str, ...] = ()
    granted: dict[str, Granted] = {}
    pairs: tuple[Pair, ...] = ()


class Line(Struct, frozen=True):
    """Another policy beside the one in question.

    `more` actions has only the other, `less` only this one. `covers` says whether the other covers
    the grants of this one, `covered` whether this one covers those of the other.
    """

    name: str
    more: int
    less: int
    covers: Decided
    covered: Decided


class Overlap(Struct, frozen=True):
    """The policies that overlap with one, each in one list: the fewest different actions first."""

    kind: Kind
    contained_in: tuple[Line, ...] = ()
    contains: tuple[Line, ...] = ()
    equal: tuple[Line, ...] = ()
    near: tuple[Line, ...] = ()


def overlaps(related: Related) -> dict[str, Overlap]:
    """Of each policy with a document, its overlap with the others."""
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
    """The current document of each policy that has one, by name."""
    return {
        name: policy.current.document
        for name, policy in book.policies.items()
        if policy.current and policy.current.document
    }
