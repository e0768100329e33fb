"""Long lists in pages: which items are on which page, and how many elements they have there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from policybook.analysis.change_rows import ChangeRow
from policybook.book.limits import REMOVAL_ROWS

Item = TypeVar("Item")


def in_pages(
    items: Iterable[Item], weight: Callable[[Item], int], room: int
) -> Iterator[tuple[Item, ...]]:
    """Yield the items in order, in pages of consecutive ones.

    Args:
        items: The items.
        weight: Returns the number of elements that an item has on a page.
        room: The number of elements of a page. An item with more of them has a page of its own.
    """
    page: list[Item] = []
    left = room
    for item in items:
        needed = weight(item)
        if page and needed > left:
            yield tuple(page)
            page, left = [], room
        page.append(item)
        left -= needed
    if page:
        yield tuple(page)


def row_elements(row: ChangeRow, names: int) -> int:
    """The number of elements of a row of evidence, roughly: three for a name with a link.

    Args:
        row: The row.
        names: The largest number of names that are shown of it.
    """
    places = sum(
        6
        + min(len(part.actions), REMOVAL_ROWS)
        + 2 * min(len(part.resources.patterns), REMOVAL_ROWS)
        for parts in (row.was, row.now, row.kept, row.partly)
        for part in parts[:REMOVAL_ROWS]
    )
    exceptions = sum(len((change.added + change.dropped)[:names]) for change in row.exceptions)
    return 8 + 3 * min(len(row.actions), names) + places + exceptions
