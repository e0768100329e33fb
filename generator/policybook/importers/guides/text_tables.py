"""Tables in the text of a page, whose cells are lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from policybook.importers.guides.blocks import MAX_CELLS, RowBlock, TableBlock, joined, plain
from policybook.importers.wording_of_pages import (
    announces_updates,
    day_in,
    names_in_heading,
    tells_of_tracking,
)

_COLUMNS = ("policy name", "policies", "policy", "version", "change", "description", "date")
_HEAD = re.compile(
    rf"(?:{'|'.join(_COLUMNS)})(?:\s*[|\t ]\s*(?:{'|'.join(_COLUMNS)}))+\s*\|?", re.I
)
_COLUMN = re.compile("|".join(_COLUMNS), re.I)
_RULE = re.compile(r"\|?(?: ?:?-{2,}:? ?\|)+(?: ?:?-{2,}:?)?")
_MOST_LINES = 60


def is_head(lines: Sequence[str], place: int) -> bool:
    """Whether a table begins at this place."""
    line = lines[place]
    if "|" in line:
        return bool(_HEAD.fullmatch(line))
    if _HEAD.fullmatch(line):
        return line.lower().endswith("date")
    return len(_lined(lines, place)) > 1


def table_at(lines: Sequence[str], place: int) -> tuple[TableBlock, int, tuple[str, ...]]:
    """The table that begins at this place, the place behind it, and what could not be read."""
    line = lines[place]
    if "|" in line:
        return _piped(lines, place)
    listed = _lined(lines, place)
    columns = listed.values() if listed else _COLUMN.findall(line)
    head = RowBlock(tuple(map(plain, columns)), place + 1)
    begin = max(listed, default=place) + 1
    rows, behind = _dated(lines, begin, head)
    unread = () if rows else (f"line {place + 1}: expected rows that end with a day, found none",)
    return TableBlock(head, tuple(rows)), behind, unread


def _lined(lines: Sequence[str], place: int) -> dict[int, str]:
    """The names of columns on lines of their own, the last of which is that of the date."""
    found: dict[int, str] = {}
    for at in range(place, min(place + 2 * len(_COLUMNS), len(lines))):
        if _COLUMN.fullmatch(lines[at]):
            found[at] = lines[at]
            if lines[at].lower() == "date":
                return found
        elif lines[at]:
            break
    return {}


def _piped(lines: Sequence[str], place: int) -> tuple[TableBlock, int, tuple[str, ...]]:
    """A table whose cells end with `|`."""
    head = RowBlock(
        tuple(plain(cell) for cell in lines[place].split("|") if cell.strip()), place + 1
    )
    rows: list[RowBlock] = []
    cells: list[str] = []
    open_cell: list[str] = []
    at = behind = place + 1
    start = at
    while at < len(lines):
        line = lines[at]
        at += 1
        if _RULE.fullmatch(line):
            behind = at
            continue
        if not cells and not any(open_cell):
            start = at
            if not line or _ends_table(line):
                break
        *ended, rest = line.split("|")
        for cell in ended:
            cells.append(joined([*open_cell, cell]))
            open_cell = []
        open_cell.append(rest)
        if len(cells) >= len(head.cells):
            rows.append(RowBlock(tuple(cells), start))
            cells, open_cell, behind = [], [], at
        elif at - start > _MOST_LINES:
            break
    left = (f"line {start}: expected a row of {len(head.cells)} cells, found fewer",)
    return TableBlock(head, tuple(rows)), behind, left if cells else ()


def _ends_table(line: str) -> bool:
    return "|" not in line and (names_in_heading(line)[1] or announces_updates(line))


def _dated(lines: Sequence[str], place: int, head: RowBlock) -> tuple[list[RowBlock], int]:
    """Rows that end with a day, and the place behind the last of them."""
    rows: list[RowBlock] = []
    behind = start = place
    cells: list[str] = []
    for at in range(place, len(lines)):
        line = lines[at]
        if line.startswith("{") or at - behind > _MOST_LINES or _stops(line, cells):
            break
        if line:
            start = start if cells else at
            cells.append(line)
        if cells and day_in(line):
            rows.append(RowBlock(tuple(_fitted(cells, head)), start + 1))
            behind, cells = at + 1, []
    return rows, behind


def _stops(line: str, cells: Sequence[str]) -> bool:
    """Whether a heading comes where a row would begin."""
    return not cells and " – " not in line and " - " not in line and _ends_table(line)


def _fitted(cells: Sequence[str], head: RowBlock) -> Iterator[str]:
    """The lines of a row as cells: those of the change are one, and those that lack are empty."""
    names = [name.lower() for name in head.cells]
    first, *middle, day = cells if len(cells) > 1 else ("", *cells)
    if len(cells) < len(names) and middle == [] and tells_of_tracking(first):
        first, middle = "", [first]
    yield plain(first)
    if "version" in names:
        yield plain(middle.pop(0)) if middle and re.fullmatch("[vV]?[0-9]+", middle[0]) else ""
    for _ in range(min(MAX_CELLS, len(names)) - 3 - ("version" in names)):
        yield plain(middle.pop(0)) if len(middle) > 1 else ""
    yield joined(middle)
    yield plain(day)
