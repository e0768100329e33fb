"""Lines of lists of what happened, by month, with versions without effect folded away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Literal

from msgspec import Struct

from policybook.book.addresses import Target
from policybook.model.changes import Verdict
from policybook.wording import words

Kind = Literal["version", "first", "dated", "guide", "rollback", "deprecated", "tracking"]

QUIET = ("identical", "equivalent")
NOTES: Mapping[str, str] = {
    "version": "",
    "first": "first known document",
    "dated": "only the date is known",
    "guide": "from a guide",
    "rollback": "rollback",
    "deprecated": "deprecated",
    "tracking": "change tracking started",
}


class Touched(Struct, frozen=True, array_like=True):
    """The service prefixes and access levels that a change is about, both in order.

    Those of gained and lost grants, and of a first document, of all its grants; services also those
    of grants of which it is not decided. Levels are those of what patterns name in the catalogue.
    """

    services: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()


class ChangeLine(Struct, frozen=True):
    """An event in a list.

    `against` is the version compared with. Where there is no verdict, the kind says why.
    """

    day: date
    kind: Kind
    title: str
    target: Target
    policy: str = ""
    key: str = ""
    against: str = ""
    verdict: Verdict | None = None
    text: str = ""
    gained: int = 0
    lost: int = 0
    touched: Touched = Touched()
    group: str = ""

    @property
    def quiet(self) -> bool:
        """Whether it is a version without effect."""
        return self.verdict in QUIET and self.kind == "version"

    @property
    def note(self) -> str:
        """What it is, where it is not a version with a verdict."""
        return NOTES[self.kind]


class Month(Struct, frozen=True):
    """The lines of a month, newest first, and apart from them those of versions without effect."""

    first: date
    lines: tuple[ChangeLine, ...]
    quiet: tuple[ChangeLine, ...]

    @property
    def anchor(self) -> str:
        """The month's place on its page."""
        return f"m{self.first:%Y-%m}"

    @property
    def title(self) -> str:
        """The month in words."""
        return f"{self.first:%B %Y}"

    @property
    def folded(self) -> str:
        """What is left out, in words."""
        what = words(len(self.quiet), "version")
        return f"{what} reissued without change, {days(line.day for line in self.quiet)}"


def months(lines: Iterable[ChangeLine]) -> tuple[Month, ...]:
    """The lines, newest first, by month."""
    return tuple(
        Month(first, tuple(x for x in found if not x.quiet), tuple(x for x in found if x.quiet))
        for first, group in groupby(lines, lambda line: line.day.replace(day=1))
        for found in [tuple(group)]
    )


def days(found: Iterable[date]) -> str:
    """Days in words: one, two, or the first and the last of them."""
    ordered = sorted(set(found))
    first, last = ordered[0], ordered[-1]
    if first == last:
        return f"{last:%B} {last.day}, {last.year}"
    start = f"{first:%B} {first.day}" + (f", {first.year}" if first.year != last.year else "")
    end = f"{last.day}" if (first.year, first.month) == (last.year, last.month) else ""
    joint = "and" if len(ordered) == 2 else "to"
    return f"{start} {joint} {end or f'{last:%B} {last.day}'}, {last.year}"
