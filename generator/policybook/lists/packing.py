"""Rows as the script of the lists reads them: short arrays, with numbers for facets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import quote

import msgspec

from policybook.book.addresses import Target
from policybook.lists.table import (
    Cell,
    Facet,
    FacetValue,
    LinkCell,
    ListColumn,
    ListRow,
    ListTable,
)

Packed = str | int | Sequence["Packed"]

LEVEL_BITS = 64
"""What the number of a service prefix is multiplied by, before its set of levels is added."""


def packed_file(table: ListTable) -> bytes:
    """All rows of a list as JSON.

    Each row is an array: the cells, the values of the stored facets, and the anchors. A value of a
    facet is the place of the choice on the page, or an array of places.
    """
    rows = [_row(table, row) for row in table.rows]
    return msgspec.json.encode({"format": 1, "rows": rows}) + b"\n"


def packed_facets(table: ListTable, row: ListRow) -> str:
    """The facets and anchors of a row as JSON, for a page that has all rows of its list."""
    return msgspec.json.encode(_facets(table, row)).decode()


def _row(table: ListTable, row: ListRow) -> list[Packed]:
    cells = [_cell(column, cell) for column, cell in zip(table.columns, row.cells, strict=True)]
    return [*cells, *_facets(table, row)]


def _facets(table: ListTable, row: ListRow) -> list[Packed]:
    places = table.option_places
    found = zip(table.stored, row.facets, strict=True)
    return [*(_facet(facet, value, places[facet.key]) for facet, value in found), *row.anchors]


def _facet(facet: Facet, value: FacetValue, places: Mapping[str, int]) -> Packed:
    if facet.kind == "since":
        return value.isoformat() if isinstance(value, date) else ""
    found: list[Packed] = []
    for item in value if isinstance(value, tuple) else ():
        if isinstance(item, str):
            found.append(places[item])
        else:
            found.append(places[item[0]] * LEVEL_BITS + item[1])
    return found[0] if len(found) == 1 else found


def _cell(column: ListColumn, cell: Cell) -> Packed:
    if isinstance(cell, LinkCell):
        return _link(column, cell)
    if isinstance(cell, tuple):
        return [_link(column, item) if isinstance(item, LinkCell) else item for item in cell]
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else cell


def _link(column: ListColumn, cell: LinkCell) -> Packed:
    """A link is its text alone if it leads to the column's `place`; 0 is no link at all."""
    path: Packed = quoted_place(cell.target) if cell.target else 0
    usual = column.place and path == quote(column.place.replace("{}", cell.text), safe=_SAFE)
    if cell.flag:
        return [cell.text, 1 if usual else path, cell.flag]
    if usual or (not column.place and path == 0):
        return cell.text
    return [cell.text, path]


_SAFE = "/+=,@#"


def quoted_place(target: Target) -> str:
    """The address of a target, relative to the root of the site, quoted for a link."""
    return quote(target.place, safe=_SAFE)
