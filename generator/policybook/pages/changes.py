"""The pages of changes: all of history by year and month, and each year on pages of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby

from msgspec import Struct

from policybook.book import addresses
from policybook.book.change_lines import ChangeLine, Month
from policybook.book.context import BookContext
from policybook.book.dependencies import of_year
from policybook.book.limits import SHORT_YEAR
from policybook.lists.changes import VERDICTS, changes_list
from policybook.lists.table import ListTable
from policybook.pages.month_plot import MonthPlot, month_plot
from policybook.pages.page import Page, TocItem
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


class YearMonth(Struct, frozen=True):
    """A month of a year: the page of the year that lists its events, and whether it is open."""

    month: Month
    page: int
    opened: bool


class YearView(Struct, frozen=True):
    """A page of one year: its events by month, and where those of the other months are.

    `number` is the page, counted from 1, of `pages`; `years` are all years with how many events
    each had.
    """

    toc: tuple[TocItem, ...]
    year: int
    number: int
    pages: int
    months: tuple[YearMonth, ...]
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
        plot=month_plot(lines, context.events.month),
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


def year_pages(context: BookContext) -> Iterator[Page]:
    """Yield the pages of each year, newest first; most have one, others more."""
    for year in context.events.years():
        for number in range(1, len(context.events.year_pages(year)) + 1):
            yield Page(
                addresses.part(addresses.year(year), number).url,
                f"Changes in {year}" + (f", page {number}" if number > 1 else ""),
                f"Changes of managed policies in {year}.",
                "year",
                addresses.CHANGES.url,
                partial(year_view, context, year, number),
                crumbs=(("Changes", addresses.CHANGES.url),),
                depends=of_year(context, year),
            )


def year_view(context: BookContext, year: int, number: int) -> YearView:
    """Create the view of a page of one year, counted from 1."""
    lines = context.events.lines()
    shown = [line for line in lines if line.day.year == year]
    pages = context.events.year_pages(year)
    every = tuple(month for page in pages for month in page)
    return YearView(
        toc=tuple(TocItem(month.anchor, month.title) for month in every),
        year=year,
        number=number,
        pages=len(pages),
        months=tuple(
            YearMonth(month, place, opened=month is page[0] or len(shown) <= SHORT_YEAR)
            for place, page in enumerate(pages, 1)
            for month in page
        ),
        years=tuple(sorted(Counter(line.day.year for line in lines).items(), reverse=True)),
        total=len(shown),
        without_effect=sum(line.without_effect for line in shown),
        plot=month_plot(shown, context.events.month, year),
    )
