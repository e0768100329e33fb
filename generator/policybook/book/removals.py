"""The page of removals: everything that was ever taken away, each with the two documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby

from msgspec import Struct

from policybook.analysis.charts import Column, Plot, bars
from policybook.analysis.evidence import EvidenceRow, evidence_rows
from policybook.analysis.removals import WAYS, Enumeration, Removal, Way, removals
from policybook.analysis.timeline import Transition
from policybook.book.change_lines import ChangeLine
from policybook.book.context import BookContext, TocItem
from policybook.book.events import change_line
from policybook.model.changes import Verdict

TITLES: Mapping[Way, str] = {
    "removed": "removed",
    "retired": "service retired",
    "enumerated": "wildcard replaced by a list",
    "resource": "fewer resources",
    "condition": "stricter condition",
    "denied": "Deny added",
}


class Part(Struct, frozen=True):
    """What was taken away of one service in one way; `returned` is "" while some of it is gone."""

    way: Way
    title: str
    prefix: str
    rows: tuple[EvidenceRow, ...]
    enumerations: tuple[Enumeration, ...]
    returned: str
    returned_title: str


class Entry(Struct, frozen=True):
    """Everything that one transition took away, and the versions with the two documents."""

    policy: str
    key: str
    before: str
    version: str
    day: date | None
    text: str
    verdict: Verdict
    parts: tuple[Part, ...]

    @property
    def anchor(self) -> str:
        """The entry's place on the page."""
        return f"{self.policy}-{self.key}"

    @property
    def title(self) -> str:
        """What took it away."""
        back = "" if self.key == self.version else "back to "
        return f"{self.policy} {back}{self.version}"

    @property
    def ways(self) -> tuple[Way, ...]:
        """In which ways, in their order."""
        return tuple(dict.fromkeys(part.way for part in self.parts))

    @property
    def services(self) -> tuple[str, ...]:
        """Of which services, in order."""
        return tuple(sorted({part.prefix for part in self.parts}))

    @property
    def titles(self) -> tuple[str, ...]:
        """The same in words."""
        return tuple(TITLES[way] for way in self.ways)


class YearOfRemovals(Struct, frozen=True):
    """A year's entries, None for those without a day, and its figures.

    `compared` counts the transitions with a verdict, and `ways` the parts by way.
    """

    year: int | None
    compared: int
    ways: tuple[int, ...]
    entries: tuple[Entry, ...]

    @property
    def anchor(self) -> str:
        """The year's place on the page."""
        return f"y{self.year}" if self.year else "undated"

    @property
    def title(self) -> str:
        """The year in words."""
        return str(self.year) if self.year else "Date unknown"


class Claim(Struct, frozen=True):
    """AWS's own policies: how many changes are compared, took away, and are not decided."""

    compared: int
    took: int
    undecided: int

    @property
    def share(self) -> int:
        """How many in a hundred took something away."""
        return round(100 * self.took / self.compared)


class RemovalsView(Struct, frozen=True):
    """The ledger of all removals, newest first."""

    toc: tuple[TocItem, ...]
    years: tuple[YearOfRemovals, ...]
    titles: tuple[str, ...]
    ways: tuple[int, ...]
    entries: int
    compared: int
    returned: int
    parts: int
    services: tuple[str, ...]
    undecided: tuple[ChangeLine, ...]
    claim: Claim | None
    plot: Plot | None

    @property
    def ways_short(self) -> tuple[str, ...]:
        """The kinds as column titles."""
        return ("Removed", "Retired", "Replaced", "Resources", "Condition", "Deny")

    @property
    def choices(self) -> tuple[tuple[Way, str], ...]:
        """The ways with their words."""
        return tuple(TITLES.items())


def removals_of(context: BookContext, name: str) -> tuple[Removal, ...]:
    """The removals of a policy, newest first, remembered."""
    if name not in context.removals:
        told = context.index.stories[name]
        context.removals[name] = tuple(removals(told, context.catalogue))
    return context.removals[name]


def entries_of(context: BookContext, name: str) -> Iterator[Entry]:
    """The entries of a policy, newest first."""
    told = {transition.key: transition for transition in context.index.stories[name]}
    for key, group in groupby(removals_of(context, name), lambda removal: removal.key):
        found = tuple(group)
        change = told[key].change
        if change:
            first = found[0]
            yield Entry(
                first.policy,
                key,
                first.before,
                first.version,
                first.day,
                "" if told[key].returned else told[key].version.facts.change or "",
                change.verdict,
                tuple(_part(removal, told) for removal in found),
            )


def _part(removal: Removal, told: Mapping[str, Transition]) -> Part:
    back = told.get(removal.returned)
    return Part(
        removal.way,
        TITLES[removal.way],
        removal.prefix,
        evidence_rows(removal.evidence),
        removal.enumerations,
        removal.returned,
        _named(back) if back else "",
    )


def _named(transition: Transition) -> str:
    version = transition.version.key
    return f"the rollback to {version}" if transition.returned else version


def ledger(context: BookContext, names: Iterable[str] | None = None) -> tuple[Entry, ...]:
    """The entries of these policies or of all, newest first, and of one day, by name."""
    chosen = context.book.policies if names is None else names
    found = [entry for name in chosen for entry in entries_of(context, name)]
    return tuple(sorted(found, key=lambda e: e.day or date.min, reverse=True))


def removals_view(context: BookContext) -> RemovalsView:
    """The view of the whole ledger."""
    entries = ledger(context)
    stories = context.index.stories
    judged = [t for told in stories.values() for t in told if t.change]
    compared = Counter(t.day.year if t.day else None for t in judged)
    years = tuple(_years(entries, compared))
    parts = [part for entry in entries for part in entry.parts]
    undecided = [
        change_line(context, t, t.day)
        for t in judged
        if t.day and t.change and t.change.verdict == "undetermined" and not t.change.lost
    ]
    return RemovalsView(
        toc=(
            TocItem("figures", "Figures"),
            *(TocItem(year.anchor, year.title) for year in years if year.entries),
            *([TocItem("undecided", "Undetermined")] if undecided else []),
        ),
        years=years,
        titles=tuple(TITLES.values()),
        ways=_ways(entries),
        entries=len(entries),
        compared=len(judged),
        returned=sum(bool(part.returned) for part in parts),
        parts=len(parts),
        services=tuple(sorted({part.prefix for part in parts})),
        undecided=tuple(sorted(undecided, key=lambda line: line.day, reverse=True)),
        claim=_claim(context, entries, judged),
        plot=_plot(years),
    )


def _claim(
    context: BookContext, entries: Iterable[Entry], judged: Iterable[Transition]
) -> Claim | None:
    """The figures beside AWS's claim, None where no policy of AWS's own has changes."""
    policies = context.book.policies
    own = {name for name, policy in policies.items() if "::aws:" in (policy.facts.arn or "")}
    changes = [t.change for t in judged if t.policy in own and t.change]
    if not changes:
        return None
    doubtful = sum(c.verdict == "undetermined" and not c.lost for c in changes)
    return Claim(len(changes), sum(entry.policy in own for entry in entries), doubtful)


def _years(entries: Iterable[Entry], compared: Counter[int | None]) -> Iterator[YearOfRemovals]:
    found: dict[int | None, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.day.year if entry.day else None, []).append(entry)
    for year in sorted(compared, key=lambda year: year or 0, reverse=True):
        own = tuple(found.get(year, ()))
        yield YearOfRemovals(year, compared[year], _ways(own), own)


def _ways(entries: Iterable[Entry]) -> tuple[int, ...]:
    counts = Counter(part.way for entry in entries for part in entry.parts)
    return tuple(counts[way] for way in WAYS)


def _plot(years: Iterable[YearOfRemovals]) -> Plot | None:
    columns = [_column(year) for year in reversed(tuple(years)) if year.year]
    if not columns:
        return None
    names = {f"way-{way}": title for way, title in TITLES.items()}
    return bars(columns, "Removals by year and kind", names)


def _column(year: YearOfRemovals) -> Column:
    counts = [(way, count) for way, count in zip(WAYS, year.ways, strict=True) if count]
    words = ", ".join(f"{count:,} {TITLES[way]}" for way, count in counts) or "none"
    values = tuple((f"way-{way}", count) for way, count in counts)
    return Column(str(year.year), f"{year.year}: {words}", values)
