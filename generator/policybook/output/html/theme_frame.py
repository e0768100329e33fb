"""Bodies in the frame that the theme draws: once, with marks, for all pages that share it."""

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
    """What the theme's frame says of a page, as it stands in HTML.

    `feed` is the address of its feeds without their endings, or "". `section` is the address of the
    navigation entry that the page belongs to, `depth` the number of folders above the page, and a
    `light` page goes without the theme's sidebars.
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
    """The page's own head."""
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
    """The theme's frame around bodies, drawn once for all the pages that share it.

    `draw` is the theme itself: head and body to the whole page. `drawn` are the frames, with
    marks, by what the pages share; it may have some from before.
    """

    def __init__(self, draw: Draw, site_url: str, drawn: dict[str, str] | None = None) -> None:
        self._draw = draw
        self._site_url = site_url
        self.drawn = {} if drawn is None else drawn
        self._frames: dict[str, _Frame] = {}

    def whole(self, page: Page, body: Body) -> str:
        """The whole page, its parts spliced into a frame that was drawn with marks."""
        depth = page.url.count("/")
        drawn = (bool(body.toc), bool(page.feed), not page.url, page.light)
        key = repr((page.section, depth, *drawn))
        if key not in self.drawn:
            marks = Head(
                "policybook-slot-title",
                "policybook-slot-description",
                "policybook-slot-canonical",
                "policybook-slot-feed" if page.feed else "",
                (_ITEM, _ITEM) if body.toc else (),
                *_place(page),
            )
            self.drawn[key] = squeezed(self._draw(marks, _CONTENT))
        if key not in self._frames:
            self._frames[key] = _Frame(self.drawn[key])
        return self._frames[key].filled(head(page, body, self._site_url), body.html)

    def direct(self, page: Page, body: Body) -> str:
        """The whole page as the theme draws it: slow, and what `whole` has to equal."""
        drawn = self._draw(head(page, body, self._site_url), body.html)
        before, after = drawn.split(body.html)
        return squeezed(before) + body.html + squeezed(after)


def squeezed(frame: str) -> str:
    """The theme's frame without the white space around the ends of its lines.

    It is a quarter of the frame. Between tags nothing is left of it, since the theme lays its parts
    out as blocks and boxes; elsewhere a line's end. In HTML an SVG needs no name space.
    """
    lines = re.sub(r"\s*\n\s*", "\n", frame).replace(">\n<", "><")
    return lines.replace(' xmlns="http://www.w3.org/2000/svg"', "")


class _Frame:
    """A whole page with marks, cut up at them."""

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
