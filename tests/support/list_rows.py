"""What tests read from the rows of lists."""

from __future__ import annotations

from policybook.book.addresses import Target
from policybook.lists.table import Cell, FacetValue, LinkCell, ListRow, ListTable


def named(row: ListRow) -> str:
    """The text of the cell that names a row."""
    cell = row.cells[0]
    assert isinstance(cell, LinkCell)
    return cell.text


def target_of(cell: Cell) -> Target | None:
    """Where the link of a cell leads."""
    assert isinstance(cell, LinkCell)
    return cell.target


def cells_of(table: ListTable) -> dict[str, dict[str, Cell]]:
    """The cells of each row by the key of their column, by the text that names the row."""
    keys = [column.key for column in table.columns]
    return {named(row): dict(zip(keys, row.cells, strict=True)) for row in table.rows}


def facets_of(table: ListTable) -> dict[str, dict[str, object]]:
    """The values of each row by the key of their facet, by the text that names the row."""
    keys = [facet.key for facet in table.stored]
    return {named(row): dict(zip(keys, row.facets, strict=True)) for row in table.rows}


def only(value: FacetValue) -> str:
    """The one value that a row has of a facet."""
    assert isinstance(value, tuple)
    (one,) = value
    assert isinstance(one, str)
    return one


def several(value: FacetValue) -> set[str]:
    """The values that a row has of a facet, each of which is one of its choices."""
    assert isinstance(value, tuple)
    return {item for item in value if isinstance(item, str)}
