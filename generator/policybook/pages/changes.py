"""The pages of changes: all of history by year and month, and each year on its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from msgspec import Struct

from policybook.book.change_lines import NOTES, ChangeLine, Month, months
from policybook.book.context import BookContext
from policybook.catalogue.services import LEVELS
from policybook.pages.month_plot import MonthPlot, month_plot
from policybook.pages.page import TocItem

# The filters of the list: verdicts, then kinds of events without a verdict.
OUTCOMES = ("widened", "narrowed", "mixed", "undetermined", "equivalent", "identical")
OTHERS = ("first", "dated", "guide", "rollback", "deprecated", "tracking")


class Year(Struct, frozen=True):
    """The events of a year by month; `counts` are in the order of `OUTCOMES`."""

    year: int
    total: int
    counts: tuple[int, ...]
    months: tuple[Month, ...]


class ChangesView(Struct, frozen=True):
    """All events by year and month; `outcomes`, `services` and `levels` are the filters."""

    toc: tuple[TocItem, ...]
    years: tuple[Year, ...]
    total: int
    without_effect: int
    outcomes: tuple[str, ...]
    services: tuple[str, ...]
    levels: tuple[str, ...]
    plot: MonthPlot | None

    @property
    def verdicts(self) -> tuple[str, ...]:
        """The outcomes that `Year.counts` counts, in its order."""
        return OUTCOMES

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """The outcomes that occur, each with its label."""
        return tuple((o, NOTES.get(o) or o) for o in self.outcomes)


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
    found = {outcome(line) for line in lines}
    services = {service for line in lines for service in line.touched.services}
    years = tuple(_years(lines))
    return ChangesView(
        toc=tuple(TocItem(f"y{year.year}", str(year.year)) for year in years),
        years=years,
        total=len(lines),
        without_effect=sum(line.without_effect for line in lines),
        outcomes=tuple(o for o in (*OUTCOMES, *OTHERS) if o in found),
        services=tuple(sorted(services)),
        levels=LEVELS,
        plot=month_plot(lines),
    )


def outcome(line: ChangeLine) -> str:
    """Return the verdict of an event, or its kind if it has none or is a rollback."""
    return line.verdict if line.verdict and line.kind != "rollback" else line.kind


def _years(lines: Iterable[ChangeLine]) -> Iterator[Year]:
    for year, group in groupby(lines, lambda line: line.day.year):
        found = tuple(group)
        counts = Counter(map(outcome, found))
        yield Year(year, len(found), tuple(counts[o] for o in OUTCOMES), months(found))


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
