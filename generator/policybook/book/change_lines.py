"""Lines for lists of events, grouped by month, with versions without effect listed separately."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Literal

from msgspec import Struct

from policybook.book.addresses import Target
from policybook.model.changes import WITHOUT_EFFECT, Verdict
from policybook.wording import words

Kind = Literal[
    "version", "recreated", "first", "dated", "guide", "rollback", "deprecated", "tracking"
]

NOTES: Mapping[str, str] = {
    "version": "",
    "recreated": "re-created",
    "first": "first known document",
    "dated": "only the date is known",
    "guide": "from a guide",
    "rollback": "rollback",
    "deprecated": "deprecated",
    "tracking": "change tracking started",
}


class Touched(Struct, frozen=True, array_like=True):
    """The service prefixes and access levels that a change affects, both in order.

    They are taken from the gained and lost grants, or from all grants of a first document. Services
    of undetermined grants are included. Levels are those of the catalogue's actions that match.
    """

    services: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()


class ChangeLine(Struct, frozen=True):
    """An event in a list.

    `against` is the version that it was compared with. If there is no verdict, `kind` says why.
    `headline` says what the version changed, with backticks around names.
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
    headline: str = ""

    @property
    def without_effect(self) -> bool:
        """Whether the event is a version reissued without effect."""
        return self.verdict in WITHOUT_EFFECT and self.kind == "version"

    @property
    def note(self) -> str:
        """The kind of event in words; empty for a version with a verdict."""
        return NOTES[self.kind]


class Month(Struct, frozen=True):
    """The lines of a month, newest first; versions without effect are listed separately."""

    first: date
    lines: tuple[ChangeLine, ...]
    without_effect: tuple[ChangeLine, ...]

    @property
    def anchor(self) -> str:
        """The anchor of the month on its page."""
        return f"m{self.first:%Y-%m}"

    @property
    def title(self) -> str:
        """The month and year, such as `May 2024`."""
        return f"{self.first:%B %Y}"

    @property
    def elements(self) -> int:
        """The number of elements that the month has on a page, roughly."""
        return 10 + 11 * len(self.lines) + 6 * len(self.without_effect)

    @property
    def without_effect_title(self) -> str:
        """The number and days of the versions without effect, in words."""
        what = words(len(self.without_effect), "version")
        return f"{what} reissued without change, {days(line.day for line in self.without_effect)}"


def months(lines: Iterable[ChangeLine]) -> tuple[Month, ...]:
    """Group the lines, which are ordered newest first, by month."""
    return tuple(
        Month(
            first,
            tuple(x for x in found if not x.without_effect),
            tuple(x for x in found if x.without_effect),
        )
        for first, group in groupby(lines, lambda line: line.day.replace(day=1))
        for found in [tuple(group)]
    )


def days(found: Iterable[date]) -> str:
    """Days in words: one day, two days, or the first to the last of several.

    Raises:
        IndexError: There are no days.

    """
    ordered = sorted(set(found))
    first, last = ordered[0], ordered[-1]
    if first == last:
        return str(last)
    return f"{first} {'and' if len(ordered) == 2 else 'to'} {last}"
