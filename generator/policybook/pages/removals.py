"""The page of removals: every permission that a version removed, with the versions compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial

from msgspec import Struct

from policybook.analysis.removals import WAYS
from policybook.analysis.timeline import Transition
from policybook.book import addresses
from policybook.book.addresses import Target
from policybook.book.change_lines import ChangeLine
from policybook.book.context import BookContext
from policybook.book.facts.removals import WAY_TITLES, RemovalEntry
from policybook.book.limits import OPEN_ELEMENTS
from policybook.lists.changes import removals_list
from policybook.lists.table import ListTable
from policybook.pages.page import Page, TocItem
from policybook.pages.removals_plot import Column, Plot, bars


class YearOfRemovals(Struct, frozen=True):
    """The removals of a year.

    `year` is None for entries without a date. `compared` is the number of changes with a verdict,
    `counts` that of removals by kind, in the order of `WAYS`.
    """

    year: int | None
    compared: int
    counts: tuple[int, ...]
    entries: tuple[RemovalEntry, ...]

    @property
    def anchor(self) -> str:
        """The year's place on the page."""
        return f"y{self.year}" if self.year else "undated"

    @property
    def title(self) -> str:
        """The year in words."""
        return str(self.year) if self.year else "Date unknown"


class ClaimFigures(Struct, frozen=True):
    """The number of changes of AWS managed policies: compared, with removals, and undetermined."""

    compared: int
    with_removals: int
    undecided: int

    @property
    def share(self) -> int:
        """The percentage of changes with removals."""
        return round(100 * self.with_removals / self.compared)


class RemovalsView(Struct, frozen=True):
    """All removals, newest first.

    `entries` is the number of changes with removals, `compared` that of changes with a verdict,
    `parts` that of removals (one service and one kind of a change), `returned` that of removals
    that were restored later. `counts` has the removals by kind, in the order of `WAYS`.
    """

    toc: tuple[TocItem, ...]
    jump: tuple[TocItem, ...]
    years: tuple[YearOfRemovals, ...]
    titles: tuple[str, ...]
    counts: tuple[int, ...]
    entries: int
    compared: int
    returned: int
    parts: int
    table: ListTable
    undecided: tuple[ChangeLine, ...]
    claim: ClaimFigures | None
    plot: Plot | None

    @property
    def short_titles(self) -> tuple[str, ...]:
        """The kinds as column titles, in the order of `WAYS`."""
        return ("Removed", "Retired", "Replaced", "Resources", "Condition", "Deny")


def removal_pages(context: BookContext) -> Iterator[Page]:
    """Yield the page of all removals, and those of each month: mostly one."""
    above = ("Changes", addresses.CHANGES.url)
    yield Page(
        addresses.REMOVALS.url,
        "Removals",
        "Every permission that a new version of a managed policy removed.",
        "removals",
        addresses.REMOVALS.url,
        partial(removals_view, context),
        crumbs=(above,),
        feed=addresses.REMOVALS.url + "feed.xml",
    )
    for month, pages in context.removals.month_pages().items():
        for number in range(1, len(pages) + 1):
            yield Page(
                addresses.removals_of(month, number=number).url,
                _title(month) + (f", page {number}" if number > 1 else ""),
                f"{_title(month)}: every permission that a new version removed.",
                "removals_month",
                addresses.CHANGES.url,
                partial(removals_of_month, context, month, number),
                crumbs=(above, ("Removals", addresses.REMOVALS.url)),
            )


def _title(month: str) -> str:
    if month == "undated":
        return "Removals without a date"
    return f"Removals in {date.fromisoformat(f'{month}-01'):%B %Y}"


def removals_view(context: BookContext) -> RemovalsView:
    """Create the view of all removals."""
    entries = context.removals.all_entries()
    histories = context.index.histories
    judged = [t for history in histories.values() for t in history if t.change]
    compared = Counter(t.day.year if t.day else None for t in judged)
    years = tuple(_years(entries, compared))
    parts = [part for entry in entries for part in entry.parts]
    undecided = [
        context.events.line(t, t.day)
        for t in judged
        if t.day and t.change and t.change.verdict == "undetermined" and not t.change.lost
    ]
    return RemovalsView(
        toc=(),
        jump=(
            TocItem("figures", "Figures"),
            *([TocItem("ledger", "Removals")] if entries else []),
            *([TocItem("undecided", "Undetermined")] if undecided else []),
        ),
        years=years,
        titles=tuple(WAY_TITLES.values()),
        counts=_counts(entries),
        entries=len(entries),
        compared=len(judged),
        returned=sum(bool(part.returned) for part in parts),
        parts=len(parts),
        table=removals_list(context),
        undecided=tuple(sorted(undecided, key=lambda line: line.day, reverse=True)),
        claim=_claim(context, entries, judged),
        plot=_plot(years),
    )


class ShownRemoval(Struct, frozen=True):
    """An entry of a month: its place, whether that is on this page, and whether it is open."""

    entry: RemovalEntry
    place: Target
    here: bool
    opened: bool


class RemovalsOfMonth(Struct, frozen=True):
    """A page of the entries of one month, newest first; those of other pages are links.

    `number` is the page, counted from 1, of `pages`; `first` is the address of the first one.
    """

    toc: tuple[TocItem, ...]
    title: str
    first: Target
    number: int
    pages: int
    entries: tuple[ShownRemoval, ...]


def removals_of_month(context: BookContext, month: str, number: int) -> RemovalsOfMonth:
    """Create the view of a page of the removals of a month, or of those without a date."""
    pages = context.removals.month_pages()[month]
    first = addresses.removals_of(month)
    return RemovalsOfMonth(
        (), _title(month), first, number, len(pages), tuple(_shown(context, pages, number))
    )


def _shown(
    context: BookContext, pages: Sequence[Sequence[RemovalEntry]], number: int
) -> Iterator[ShownRemoval]:
    """The first entry of the page is open, and those after it as far as they fit."""
    for place, page in enumerate(pages, 1):
        left = OPEN_ELEMENTS
        for entry in page:
            left -= entry.elements
            opened = left >= 0 or entry is page[0]
            yield ShownRemoval(entry, context.removals.place(entry), place == number, opened)


def _claim(
    context: BookContext, entries: Iterable[RemovalEntry], judged: Iterable[Transition]
) -> ClaimFigures | None:
    """Count the changes of AWS managed policies; None if there are none."""
    policies = context.book.policies
    own = {name for name, policy in policies.items() if "::aws:" in (policy.facts.arn or "")}
    changes = [t.change for t in judged if t.policy in own and t.change]
    if not changes:
        return None
    doubtful = sum(c.verdict == "undetermined" and not c.lost for c in changes)
    return ClaimFigures(len(changes), sum(entry.policy in own for entry in entries), doubtful)


def _years(
    entries: Iterable[RemovalEntry], compared: Counter[int | None]
) -> Iterator[YearOfRemovals]:
    found: dict[int | None, list[RemovalEntry]] = {}
    for entry in entries:
        found.setdefault(entry.day.year if entry.day else None, []).append(entry)
    for year in sorted(compared, key=lambda year: year or 0, reverse=True):
        own = tuple(found.get(year, ()))
        yield YearOfRemovals(year, compared[year], _counts(own), own)


def _counts(entries: Iterable[RemovalEntry]) -> tuple[int, ...]:
    counts = Counter(part.way for entry in entries for part in entry.parts)
    return tuple(counts[way] for way in WAYS)


def _plot(years: Iterable[YearOfRemovals]) -> Plot | None:
    columns = [_column(year) for year in reversed(tuple(years)) if year.year]
    if not any(column.values for column in columns):
        return None  # years in which nothing was removed are in the table
    names = {f"way-{way}": title for way, title in WAY_TITLES.items()}
    return bars(columns, "Removals by year and kind", names)


def _column(year: YearOfRemovals) -> Column:
    counts = [(way, count) for way, count in zip(WAYS, year.counts, strict=True) if count]
    words = ", ".join(f"{count:,} {WAY_TITLES[way]}" for way, count in counts) or "none"
    values = tuple((f"way-{way}", count) for way, count in counts)
    return Column(str(year.year), f"{year.year}: {words}", values)
