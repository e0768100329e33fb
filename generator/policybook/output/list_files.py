"""The files of lists: all rows for the script, and all links as a plain page without a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from html import escape

from policybook.book.addresses import Target
from policybook.book.context import BookContext
from policybook.book.site_file import FileFamily, SiteFile
from policybook.lists.packing import packed_file, quoted_place
from policybook.lists.registry import LISTS, PlannedList
from policybook.lists.table import Cell, LinkCell, ListTable


def plain_file(table: ListTable, page: Target) -> bytes:
    """The first cells of all rows, linked, in a page of their own: a line for each row.

    It has no frame, no script and no style, so that it stays small. A line ends with the other
    texts that distinguish it from a line with the same link.

    Args:
        table: The list.
        page: Where the list is, with its filters.
    """
    root = "../" * (table.name.count("/") + 1)
    lines = "<br>\n".join(_line(table, row.cells, root) for row in table.rows)
    title = escape(f"{table.title}: {table.counted}")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">\n'
        '<meta name="viewport" content="width=device-width">\n'
        '<meta name="robots" content="noindex">\n'
        f"<title>{title}</title>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
        f'<p><a href="{escape(root + quoted_place(page))}">The list with its filters</a></p>\n'
        f"<p>{lines}</p>\n</main>\n</body>\n</html>\n"
    ).encode()


def _line(table: ListTable, cells: tuple[Cell, ...], root: str) -> str:
    described = zip(table.columns[1:], cells[1:], strict=True)
    others = [
        _text(cell) for column, cell in described if column.kind in ("link", "verdict", "day")
    ]
    return ", ".join([_link(cells[0], root), *(escape(text) for text in others if text)])


def _link(cell: Cell, root: str) -> str:
    if not isinstance(cell, LinkCell) or not cell.target:
        return escape(_text(cell))
    return f'<a href="{escape(root + quoted_place(cell.target))}">{escape(cell.text)}</a>'


def _text(cell: Cell) -> str:
    if isinstance(cell, LinkCell):
        return f"{cell.flag} {cell.text}".strip()
    return "" if cell is None else str(cell)


def _files(
    planned: PlannedList, ending: str, render: Callable[[ListTable, Target], bytes]
) -> Callable[[BookContext], Iterator[SiteFile]]:
    def files(context: BookContext) -> Iterator[SiteFile]:
        for name in planned.names(context):
            path = f"lists/{planned.path(name)}.{ending}"
            content = partial(_rendered, context, planned, name, render)
            yield SiteFile(path, content, planned.depends(context, name))

    return files


def _rendered(
    context: BookContext,
    planned: PlannedList,
    name: str,
    render: Callable[[ListTable, Target], bytes],
) -> bytes:
    return render(planned.table(context, name), planned.page(name))


def _packed_file(table: ListTable, _page: Target) -> bytes:
    return packed_file(table)


FILES = tuple(
    FileFamily(f"lists/{planned.path('{name}')}.{ending}", "", _files(planned, ending, render))
    for planned in LISTS
    for ending, render in (("json", _packed_file), ("html", plain_file))
)
"""Both files of each list that has more rows than its page."""
