"""The pages of changes: all of history by year and month, and each year on its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from msgspec import Struct

from policybook.book.change_lines import ChangeLine, Month, months
from policybook.book.context import BookContext
from policybook.lists.changes import VERDICTS, changes_list
from policybook.lists.table import ListTable
from policybook.pages.month_plot import MonthPlot, month_plot
from policybook.pages.page import TocItem
from policybook.wording import all_of, words

OUTCOMES = VERDICTS


class Year(Struct, frozen=True):
    """The number of events of a year; `counts` are in the order of `OUTCOMES`."""

    year: int
    total: int
    counts: tuple[int, ...]


class ChangesView(Struct, frozen=True):
    """All events: the list, and the numbers of each year."""

    toc: tuple[TocItem, ...]
    table: ListTable
    years: tuple[Year, ...]
    total: int
    without_effect: int
    plot: MonthPlot | None
    kinds: str
    undated: int

    @property
    def verdicts(self) -> tuple[str, ...]:
        """The outcomes that `Year.counts` counts, in its order."""
        return OUTCOMES


class YearView(Struct, frozen=True):
    """The events of one year by month; `years` are all years with how many events each had."""

    toc: tuple[TocItem, ...]
    year: int
    months: tuple[Month, ...]
    years: tuple[tuple[int, int], ...]
    total: int
    without_effect: int
    plot: MonthPlot | None


def changes_view(context: BookContext) -> ChangesView:
    """Create the view of all events."""
    lines = context.events.lines()
    return ChangesView(
        toc=(),
        table=changes_list(context),
        years=tuple(_years(lines)),
        total=len(lines),
        without_effect=sum(line.without_effect for line in lines),
        plot=month_plot(lines),
        kinds=all_of(tuple(_kinds(lines))),
        undated=_undated(context, lines),
    )


# What kinds of events are called: one, and several.
_VERSIONS = ("version", "versions")
_KINDS = {
    "version": _VERSIONS,
    "first": _VERSIONS,
    "dated": _VERSIONS,
    "recreated": _VERSIONS,
    "guide": ("document of a guide", "documents of guides"),
    "rollback": ("rollback", "rollbacks"),
    "deprecated": ("deprecation", "deprecations"),
    "tracking": ("start of AWS's change log", "starts of AWS's change logs"),
}


def _kinds(lines: Iterable[ChangeLine]) -> Iterator[str]:
    counts = Counter(_KINDS[line.kind] for line in lines)
    for names in dict.fromkeys(_KINDS.values()):
        if counts[names]:
            yield words(counts[names], *names)


def _undated(context: BookContext, lines: Iterable[ChangeLine]) -> int:
    """The number of versions that are no events, since their day is unknown."""
    dated = sum(line.kind not in ("deprecated", "tracking") for line in lines)
    return sum(map(len, context.index.histories.values())) - dated


def outcome(line: ChangeLine) -> str:
    """Return the verdict of an event, or its kind if it has none or is a rollback."""
    return line.verdict if line.verdict and line.kind != "rollback" else line.kind


def _years(lines: Iterable[ChangeLine]) -> Iterator[Year]:
    for year, group in groupby(lines, lambda line: line.day.year):
        found = tuple(group)
        counts = Counter(map(outcome, found))
        yield Year(year, len(found), tuple(counts[o] for o in OUTCOMES))


def year_view(context: BookContext, year: int) -> YearView:
    """Create the view of one year."""
    lines = context.events.lines()
    shown = [line for line in lines if line.day.year == year]
    by_month = months(shown)
    return YearView(
        toc=tuple(TocItem(month.anchor, month.title) for month in by_month),
        year=year,
        months=by_month,
        years=tuple(sorted(Counter(line.day.year for line in lines).items(), reverse=True)),
        total=len(shown),
        without_effect=sum(line.without_effect for line in shown),
        plot=month_plot(shown, year),
    )
