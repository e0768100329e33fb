"""Puts bodies into the frame of the theme, which is rendered once for pages that share it."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

from markupsafe import escape
from msgspec import Struct

from policybook.output.html.links import SAFE, relative
from policybook.output.html.render import Body
from policybook.pages.page import Page, TocItem


class Head(Struct, frozen=True):
    """The values of a page in the theme's frame, as escaped HTML.

    Attributes:
        title: The title of the page.
        description: The description of the page.
        canonical: The full address of the page.
        feed: The relative address of its feeds without their endings, or "".
        toc: The headings for the table of contents.
        section: The address of the navigation entry that the page belongs to.
        depth: The number of folders above the page.
        light: Whether the page has no sidebars.
    """

    title: str
    description: str
    canonical: str
    feed: str
    toc: tuple[TocItem, ...]
    section: str
    depth: int
    light: bool


def head(page: Page, body: Body, site_url: str) -> Head:
    """Create the head of a page.

    Args:
        page: The page.
        body: Its rendered body.
        site_url: The address of the site, with a slash at its end, or "".
    """
    return Head(
        str(escape(page.title)),
        str(escape(page.description)),
        site_url + quote(page.url, safe=SAFE),
        relative(page.url, page.feed.removesuffix(".xml")) if page.feed else "",
        tuple(TocItem(str(escape(i.anchor)), str(escape(i.title))) for i in body.toc),
        *_place(page),
    )


def _place(page: Page) -> tuple[str, int, bool]:
    return page.section, page.url.count("/"), page.light


_CONTENT = "policybook-slot-content"
_ITEMS = "policybook-slot-items"
_ITEM = TocItem("policybook-slot-anchor", "policybook-slot-heading")
_SLOT = re.compile("(policybook-slot-[a-z]+)")
_ITEM_HTML = re.compile(
    rf'<li class="md-nav__item">(?:(?!<li).)*?#{_ITEM.anchor}.*?</li>', re.DOTALL
)

Draw = Callable[[Head, str], str]


class Frames:
    """The theme's frames, each rendered once with placeholders for all pages that share it.

    Args:
        draw: Renders a whole page with the theme, from its head and body.
        site_url: The address of the site, with a slash at its end, or "".
        drawn: Frames rendered by an earlier build, by what their pages have in common.
    """

    def __init__(self, draw: Draw, site_url: str, drawn: dict[str, str] | None = None) -> None:
        self._draw = draw
        self._site_url = site_url
        self.drawn = {} if drawn is None else drawn
        self._frames: dict[str, _Frame] = {}

    def whole(self, page: Page, body: Body) -> str:
        """Return the whole page: its values put into a frame with placeholders."""
        depth = page.url.count("/")
        drawn = (bool(body.toc), bool(page.feed), not page.url, page.light)
        key = repr((page.section, depth, *drawn))
        if key not in self.drawn:
            placeholders = Head(
                "policybook-slot-title",
                "policybook-slot-description",
                "policybook-slot-canonical",
                "policybook-slot-feed" if page.feed else "",
                (_ITEM, _ITEM) if body.toc else (),
                *_place(page),
            )
            self.drawn[key] = squeezed(self._draw(placeholders, _CONTENT))
        if key not in self._frames:
            self._frames[key] = _Frame(self.drawn[key])
        return self._frames[key].filled(head(page, body, self._site_url), body.html)

    def direct(self, page: Page, body: Body) -> str:
        """Return the whole page as the theme renders it; slow. `whole` has to return the same."""
        drawn = self._draw(head(page, body, self._site_url), body.html)
        before, after = drawn.split(body.html)
        return squeezed(before) + body.html + squeezed(after)


def squeezed(frame: str) -> str:
    """Remove white space at the ends of lines from the theme's frame.

    It is a quarter of the frame. Between tags, all of it is removed, since the theme's elements are
    blocks and boxes; elsewhere a newline is kept. The name space of SVG is removed too: HTML does
    not need it.
    """
    lines = re.sub(r"\s*\n\s*", "\n", frame).replace(">\n<", "><")
    return lines.replace(' xmlns="http://www.w3.org/2000/svg"', "")


class _Frame:
    """A whole page with placeholders, split at them."""

    def __init__(self, html: str) -> None:
        self._item = self._between = ""
        items = list(_ITEM_HTML.finditer(html))
        if items:
            first, second = items
            self._item, self._between = first.group(), html[first.end() : second.start()]
            html = html[: first.start()] + _ITEMS + html[second.end() :]
        self._parts = _SLOT.split(html)
        self._slots = [at for at, part in enumerate(self._parts) if at % 2]

    def filled(self, head: Head, content: str) -> str:
        values = {
            "policybook-slot-title": head.title,
            "policybook-slot-description": head.description,
            "policybook-slot-canonical": head.canonical,
            "policybook-slot-feed": head.feed,
            _ITEM.anchor: head.toc[0].anchor if head.toc else "",
            _ITEMS: self._between.join(map(self._heading, head.toc)),
            _CONTENT: content,
        }
        parts = self._parts.copy()
        for at in self._slots:
            parts[at] = values.get(parts[at], parts[at])
        return "".join(parts)

    def _heading(self, item: TocItem) -> str:
        return self._item.replace(_ITEM.anchor, item.anchor).replace(_ITEM.title, item.title)
