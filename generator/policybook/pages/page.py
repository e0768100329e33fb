"""A page of the site, and what every view has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from msgspec import Struct

from policybook.book.site_file import WHOLE_BOOK, Dependencies


class TocItem(Struct, frozen=True):
    """A heading of a page for the table of contents."""

    anchor: str
    title: str


class View(Protocol):
    """What every view has: the headings for the table of contents."""

    @property
    def toc(self) -> tuple[TocItem, ...]:
        """The headings, in order."""


class Page(Struct, frozen=True):
    """A page: its address, what its head says, its template and the function that makes its view.

    `section` is the address of the navigation entry under which the page stands, `crumbs` are the
    titles and addresses above it, and `feed` is the address of its Atom feed or "".
    `depends` is what the page depends on, and a `light` page goes without the theme's sidebars.
    """

    url: str
    title: str
    description: str
    template: str
    section: str
    view: Callable[[], View]
    crumbs: tuple[tuple[str, str], ...] = ()
    feed: str = ""
    depends: Dependencies = WHOLE_BOOK
    light: bool = False
