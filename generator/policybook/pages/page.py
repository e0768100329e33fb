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
    """What every view has."""

    @property
    def toc(self) -> tuple[TocItem, ...]:
        """The headings for the table of contents, in order."""


class Page(Struct, frozen=True):
    """A page of the site.

    Attributes:
        url: The address, relative to the root of the site.
        title: The title, for the head of the page.
        description: The description, for the head of the page.
        template: The name of the template in `templates/html/pages/`, without its ending.
        section: The address of the navigation entry that the page belongs to.
        view: Creates the view, when the page is rendered.
        crumbs: Titles and addresses of the pages above it.
        feed: The address of its Atom feed, or "".
        source: The path of the file in the data folder that the page is about, or "".
        depends: What the page is made from; it is rendered again if that changes.
        wide: Whether the content has the width of the table of contents, too.
        plain: Whether the page is small and has a frame without navigation, as those that are
            mostly fetched by another page.
        markdown: Whether the site has the page as Markdown, too: in `index.md` beside it.
    """

    url: str
    title: str
    description: str
    template: str
    section: str
    view: Callable[[], View]
    crumbs: tuple[tuple[str, str], ...] = ()
    feed: str = ""
    source: str = ""
    depends: Dependencies = WHOLE_BOOK
    wide: bool = False
    plain: bool = False
    markdown: bool = False
