"""What a list is: its columns, its facets, and rows with a value for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, reduce
from itertools import chain
from operator import or_
from typing import Any, Literal

import msgspec
from msgspec import Struct

from policybook.book.addresses import Target
from policybook.book.facts.levels import Level
from policybook.book.limits import FIRST_ROWS
from policybook.catalogue.catalogue import UNCATALOGUED
from policybook.catalogue.services import LEVELS
from policybook.iam.grants import EVERYTHING
from policybook.lists.marks import Marks
from policybook.wording import label, words

ColumnKind = Literal["link", "verdict", "codes", "name", "text", "number", "day", "levels", "marks"]
FacetKind = Literal["choice", "services", "level", "highest", "only", "since"]

ALL_LEVELS = (*LEVELS, UNCATALOGUED)
"""The access levels in the order of their bits in a set of levels; see `levels_bits`."""

DAYS = ("7d", "30d", "90d", "365d")
"""The choices of a facet of the last days."""


class ListColumn(Struct, frozen=True):
    """A column; `key` is its name in the address of a page that is sorted by it.

    `place` is the address of most of its links, with `{}` for their text; it makes files smaller.
    A column of marks has `marks`.
    """

    key: str
    title: str
    kind: ColumnKind = "text"
    place: str = ""
    about: str = ""
    marks: Marks | None = None


class Facet(Struct, frozen=True):
    """A property by which a reader filters; `key` is its name in the address of a page.

    - `choice`: rows have any number of values of `labels`;
    - `services`: rows have service prefixes, each with a set of access levels;
    - `level`, `highest`, `only`: what the chosen services, or else all, have; without own values;
    - `since`: rows have a day.

    Attributes:
        labels: The values in the order of the choices, with their labels. Default: those that
            occur, in order, without labels.
        default: The choice that is on if the address has none; "any" there turns it off.
        hidden: Whether readers cannot choose, since all rows have the same service.
    """

    key: str
    title: str
    kind: FacetKind = "choice"
    labels: Mapping[Any, str] = {}
    default: str = ""
    hidden: bool = False

    @property
    def counted(self) -> bool:
        """Whether the page counts rows by choice; what depends on the reader is counted later."""
        return self.kind not in ("only", "since")

    @property
    def stored(self) -> bool:
        """Whether rows have values of the facet."""
        return self.kind in ("choice", "services", "since")


class LinkCell(Struct, frozen=True):
    """A text, linked if it has a target. `flag` is a short remark, or the verdict of a change."""

    text: str
    target: Target | None = None
    flag: str = ""


Cell = LinkCell | str | int | date | None | tuple["LinkCell | str", ...] | tuple[int, ...]
FacetValue = tuple[str, ...] | tuple[tuple[str, int], ...] | date | None


class ListRow(Struct, frozen=True):
    """A row: a cell for each column, a value for each stored facet, and the anchors that lead here.

    The cell of a column of levels has the number of actions for each of `LEVELS`.
    """

    cells: tuple[Cell, ...]
    facets: tuple[FacetValue, ...]
    anchors: tuple[str, ...] = ()


class Option(Struct, frozen=True):
    """A choice of a facet, with the number of rows that have it."""

    value: str
    label: str
    count: int


class ListTable(Struct, frozen=True, dict=True):
    """A list.

    Attributes:
        name: The name of its files in `lists/`, which is unique.
        title: Its accessible name.
        noun: What a row is, in the singular; `several` is the plural if that is not regular.
        columns: The columns; the first one names the row.
        facets: The facets, in the order of the page.
        rows: All rows, in the order of the page.
        table: The path of a file with all of it as comma-separated values, or "".
        key: What comes before the names of its parameters if the page has another list.
        plain: The pages that list everything without a script. Default: a file of links.
        shared: Whether other lists have some of the rows too, so that the cells of a row are
            rendered once for all.
    """

    name: str
    title: str
    noun: str
    columns: tuple[ListColumn, ...]
    facets: tuple[Facet, ...]
    rows: tuple[ListRow, ...]
    table: str = ""
    key: str = ""
    plain: tuple[LinkCell, ...] = ()
    several: str = ""
    shared: bool = False

    @cached_property
    def default_rows(self) -> tuple[ListRow, ...]:
        """The rows that the default choices of the facets leave."""
        defaults = [(n, facet.default) for n, facet in enumerate(self.stored) if facet.default]
        if not defaults:
            return self.rows
        return tuple(
            row for row in self.rows if all(one in _values(row.facets[n]) for n, one in defaults)
        )

    @property
    def first(self) -> tuple[ListRow, ...]:
        """The rows on the page; the others are in the file only."""
        return self.default_rows[:FIRST_ROWS] if self.has_file else self.rows

    @property
    def rest(self) -> int:
        """The number of rows that are not on the page."""
        return len(self.default_rows) - len(self.first) if self.has_file else 0

    @property
    def has_file(self) -> bool:
        """Whether the page has not all rows, so that the list has files."""
        return len(self.rows) > FIRST_ROWS

    def is_default(self, row: ListRow) -> bool:
        """Whether the default choices of the facets leave a row."""
        return self.default_rows is self.rows or row in self.default_rows

    @property
    def counted(self) -> str:
        """The number of rows, in words."""
        some = "" if len(self.default_rows) == len(self.rows) else f"{len(self.default_rows):,} of "
        return some + words(len(self.rows), self.noun, self.several)

    @cached_property
    def shown_facets(self) -> tuple[tuple[Facet, tuple[Option, ...]], ...]:
        """The facets that distinguish rows, with their options."""
        return tuple(
            (facet, options)
            for facet in self.facets
            for options in [self.options(facet)]
            if not facet.hidden and (len(options) > 1 or facet.default or not facet.counted)
        )

    def having(self, key: str, value: str) -> int:
        """The number of rows with a value of a stored facet, given by its key."""
        keys = [facet.key for facet in self.stored]
        return sum(value in _values(row.facets[keys.index(key)]) for row in self.rows)

    @property
    def kinds(self) -> str:
        """The key, kind and default of each facet as JSON, for the script."""
        found = [[facet.key, facet.kind, facet.default] for facet in self.facets]
        return msgspec.json.encode(found).decode()

    @property
    def targets(self) -> Iterator[Target]:
        """What all rows link to."""
        for row in self.rows:
            for cell in row.cells:
                for item in cell if isinstance(cell, tuple) else (cell,):
                    if isinstance(item, LinkCell) and item.target:
                        yield item.target

    @cached_property
    def anchors(self) -> tuple[str, ...]:
        """Every anchor once, in the order of the rows; a script shows the rows that it leads to."""
        return tuple(dict.fromkeys(anchor for row in self.rows for anchor in row.anchors))

    def options(self, facet: Facet) -> tuple[Option, ...]:
        """The choices of a facet that at least one row has."""
        return self._options[facet.key]

    @cached_property
    def _options(self) -> Mapping[str, tuple[Option, ...]]:
        return {facet.key: self._options_of(facet) for facet in self.facets}

    def _options_of(self, facet: Facet) -> tuple[Option, ...]:
        if facet.kind == "since":
            return tuple(Option(days, f"last {days[:-1]} days", 0) for days in DAYS)
        there = self._counts(facet, self.rows)
        every = facet.default or len(self.default_rows) == len(self.rows)
        counts = there if every else self._counts(facet, self.default_rows)
        labels = facet.labels or dict.fromkeys(sorted(there), "")
        found = ((value, label or value) for value, label in labels.items() if there[value])
        return tuple(Option(value, label, counts[value]) for value, label in found)

    @cached_property
    def option_places(self) -> Mapping[str, Mapping[str, int]]:
        """The place of each choice among the options of its facet, by the key of the facet."""
        return {
            facet.key: {option.value: n for n, option in enumerate(self.options(facet))}
            for facet in self.stored
        }

    def _counts(self, facet: Facet, rows: Sequence[ListRow]) -> Counter[str]:
        if facet.stored:
            place = self.stored.index(facet)
            return Counter(chain.from_iterable(_values(row.facets[place]) for row in rows))
        bits = [self._bits(row) for row in rows]
        if facet.kind == "highest":
            return Counter(highest(found) for found in bits if found)
        levels = {
            level: sum(found >> n & 1 for found in bits) for n, level in enumerate(ALL_LEVELS)
        }
        return Counter(levels if facet.kind == "level" else {})

    def _bits(self, row: ListRow) -> int:
        pairs = zip(self.stored, row.facets, strict=True)
        of = [v for facet, v in pairs if facet.kind == "services" and isinstance(v, tuple)]
        return reduce(or_, (item[1] for v in of for item in v if isinstance(item, tuple)), 0)

    @cached_property
    def stored(self) -> tuple[Facet, ...]:
        """The facets of which rows have values, in the order of these."""
        return tuple(facet for facet in self.facets if facet.stored)


def _values(value: FacetValue) -> Iterable[str]:
    """The values of a row for a facet, without the levels of services."""
    if not isinstance(value, tuple):
        return ()
    return [item if isinstance(item, str) else item[0] for item in value]


def levels_bits(levels: Iterable[Level]) -> int:
    """The access levels as a set of bits, the least risky level being the lowest bit."""
    return sum(1 << ALL_LEVELS.index(level.name) for level in levels)


def highest(bits: int) -> str:
    """The riskiest access level of a set that is not empty.

    That a set has actions which are not in AWS's action list counts only without any other level.
    """
    known = bits & ~(1 << len(LEVELS))
    return ALL_LEVELS[(known or bits).bit_length() - 1]


def level_counts(levels: Iterable[Level]) -> tuple[int, ...]:
    """The numbers of actions in the order of `LEVELS`: the cell of a column of levels."""
    counts = {level.name: level.count for level in levels}
    return tuple(counts.get(level, 0) for level in LEVELS)


LEVEL_LABELS = {level: label(level, "level") for level in ALL_LEVELS}

LEVEL_FACETS = (
    Facet("level", "Grants level", "level", LEVEL_LABELS),
    Facet("highest", "Highest level", "highest", LEVEL_LABELS),
)
"""The facets of access levels; a list that has them has one of kind `services`."""

LEVELS_COLUMN = ListColumn("level", "Actions by access level", "levels")

ANY_SERVICE = EVERYTHING
"""The value of a services facet that stands for every service."""
