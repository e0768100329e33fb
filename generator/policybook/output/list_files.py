"""The files of lists: all rows for the script, and all links as a plain page without a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from html import escape

from policybook.book.addresses import Target
from policybook.book.context import BookContext
from policybook.book.limits import PLAIN_LINES
from policybook.book.site_file import FileFamily, SiteFile
from policybook.lists.packing import packed_file, quoted_place
from policybook.lists.registry import LISTS, PlannedList
from policybook.lists.table import Cell, LinkCell, ListTable


def plain_path(name: str, number: int = 1) -> str:
    """The path of a page of plain links; those after the first one have their number.

    Args:
        name: The name of the list.
        number: The page, counted from 1.
    """
    return f"lists/{name}.{number}.html" if number > 1 else f"lists/{name}.html"


def plain_file(table: ListTable, page: Target, number: int = 1, *, folders: bool = True) -> bytes:
    """The first cells of the rows of a page, linked, in a page of their own: a line for each row.

    It has no frame, no script and no style, so that it stays small. A line ends with the other
    texts that distinguish it from a line with the same link.

    Args:
        table: The list.
        page: Where the list is, with its filters.
        number: The page of plain links, counted from 1: each has `PLAIN_LINES` rows.
        folders: Whether links to pages in folders name the folder, and not the file in it.
    """
    root = "../" * (table.name.count("/") + 1)

    def href(target: Target) -> str:
        place = target if folders else Target(target.file, target.anchor)
        return escape(root + quoted_place(place))

    start = (number - 1) * PLAIN_LINES
    rows = table.rows[start : start + PLAIN_LINES]
    lines = "<br>\n".join(_line(table, row.cells, href) for row in rows)
    title = escape(f"{table.title}: {table.counted}")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">\n'
        '<meta name="viewport" content="width=device-width">\n'
        '<meta name="robots" content="noindex">\n'
        f"<title>{title}</title>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
        f'<p><a href="{href(page)}">The list with its filters</a></p>\n'
        f"{_pages(table, number)}<p>{lines}</p>\n</main>\n</body>\n</html>\n"
    ).encode()


def plain_pages(rows: int) -> int:
    """The number of pages of plain links of a list with so many rows."""
    return max(1, -(-rows // PLAIN_LINES))


def _pages(table: ListTable, number: int) -> str:
    """Links to the other pages, if there are any."""
    count = plain_pages(len(table.rows))
    if count == 1:
        return ""
    last = table.name.rpartition("/")[2]
    links = " ".join(
        f"<b>{n}</b>" if n == number else f'<a href="{escape(_file(last, n))}">{n}</a>'
        for n in range(1, count + 1)
    )
    return f"<p>Page {number} of {count}: {links}</p>\n"


def _file(name: str, number: int) -> str:
    return plain_path(name, number).removeprefix("lists/")


def _line(table: ListTable, cells: tuple[Cell, ...], href: Callable[[Target], str]) -> str:
    described = zip(table.columns[1:], cells[1:], strict=True)
    others = [
        _text(cell) for column, cell in described if column.kind in ("link", "verdict", "day")
    ]
    return ", ".join([_link(cells[0], href), *(escape(text) for text in others if text)])


def _link(cell: Cell, href: Callable[[Target], str]) -> str:
    if not isinstance(cell, LinkCell) or not cell.target:
        return escape(_text(cell))
    return f'<a href="{href(cell.target)}">{escape(cell.text)}</a>'


def _text(cell: Cell) -> str:
    if isinstance(cell, LinkCell):
        return f"{cell.flag} {cell.text}".strip()
    return "" if cell is None else str(cell)


def _files(planned: PlannedList) -> Callable[[BookContext], Iterator[SiteFile]]:
    """Both files of each list, the plain links in several pages; one list after the other."""

    def files(context: BookContext) -> Iterator[SiteFile]:
        # The files of one list are rendered one after the other.
        table = lru_cache(maxsize=1)(partial(planned.table, context))
        for name, rows in planned.with_files(context):
            path, depends = planned.path(name), planned.depends(context, name)
            yield SiteFile(f"lists/{path}.json", partial(_rows, table, name), depends)
            for number in range(1, plain_pages(rows) + 1):
                place = planned.page(name)
                content = partial(_plain, table, name, place, number, folders=context.folders)
                yield SiteFile(plain_path(path, number), content, depends)

    return files


def _rows(table: Callable[[str], ListTable], name: str) -> bytes:
    return packed_file(table(name))


def _plain(
    table: Callable[[str], ListTable], name: str, place: Target, number: int, *, folders: bool
) -> bytes:
    return plain_file(table(name), place, number, folders=folders)


FILES = tuple(
    FileFamily(f"lists/{planned.path('{name}')}.{{format}}", "", _files(planned))
    for planned in LISTS
)
"""The files of each list that has more rows than its page: all rows, and the plain links."""
