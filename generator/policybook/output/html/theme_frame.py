"""Puts bodies into the frame of the theme, which is rendered once for pages that share it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from urllib.parse import quote

from markupsafe import escape
from msgspec import Struct

from policybook.output.html.labels import Labels
from policybook.output.html.links import SAFE, relative
from policybook.output.html.metadata import NONE, Metadata
from policybook.output.html.own import NOTHING
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
        metadata: The HTML that describes the page to other sites, and the link to its data.
        wide: Whether the table of contents is not beside the content.
        plain: Whether the frame is a small one without navigation.
        markdown: Whether the site has the page as Markdown, too.
    """

    title: str
    description: str
    canonical: str
    feed: str
    toc: tuple[TocItem, ...]
    metadata: Metadata
    section: str
    depth: int
    wide: bool
    plain: bool
    markdown: bool


def head(
    page: Page,
    body: Body,
    site_url: str,
    metadata: Metadata = NONE,
    labels: Labels = NOTHING.labels,
) -> Head:
    """Create the head of a page.

    Args:
        page: The page.
        body: Its rendered body.
        site_url: The address of the site, with a slash at its end, or "".
        metadata: The page's metadata.
        labels: The labels in the language of the site; titles of the navigation's pages are some.
    """
    named_by_us = page.url and page.url == page.section
    return Head(
        str(escape(labels.text(page.title) if named_by_us else page.title)),
        str(escape(page.description)),
        site_url + quote(page.url, safe=SAFE),
        relative(page.url, page.feed.removesuffix(".xml")) if page.feed else "",
        tuple(TocItem(str(escape(i.anchor)), str(escape(i.title))) for i in body.toc),
        metadata,
        *_place(page),
    )


def _place(page: Page) -> tuple[str, int, bool, bool, bool]:
    return page.section, page.url.count("/"), page.wide, page.plain, page.markdown


class Frame(Struct, frozen=True, array_like=True):
    """The theme's frame, split at the places that differ from page to page.

    Attributes:
        parts: Alternately HTML and the name of the value that follows it.
        item: Likewise for one heading in the table of contents.
        between: The HTML between two headings.
    """

    parts: tuple[str, ...]
    item: tuple[str, ...]
    between: str

    def filled(self, head: Head, content: str) -> str:
        """Return the whole page with these values."""
        values = {
            "title": head.title,
            "description": head.description,
            "canonical": head.canonical,
            "feed": head.feed,
            "anchor": head.toc[0].anchor if head.toc else "",
            "items": self.between.join(map(self._heading, head.toc)),
            "content": content,
            "metadata": head.metadata.head,
            "edit": head.metadata.edit,
        }
        return _joined(self.parts, values)

    def _heading(self, item: TocItem) -> str:
        return _joined(self.item, {"anchor": item.anchor, "heading": item.title})


def _joined(parts: tuple[str, ...], values: Mapping[str, str]) -> str:
    return "".join([values[part] if at % 2 else part for at, part in enumerate(parts)])


class _Marks:
    """Marks the places of values in a frame while the theme renders it.

    The marks are random, since the frame has texts of the book: no text can contain one. Frames are
    stored without them.
    """

    def __init__(self) -> None:
        self._start = f"policybook-{secrets.token_hex(16)}-"
        self._mark = re.compile(f"{self._start}([a-z]+)-")

    def of(self, name: str) -> str:
        """The mark for the place of a value."""
        return f"{self._start}{name}-"

    def head(self, page: Page, headings: bool, described: bool) -> Head:
        """A head of marks, for a page with or without headings and metadata."""
        return Head(
            self.of("title"),
            self.of("description"),
            self.of("canonical"),
            self.of("feed") if page.feed else "",
            (TocItem(self.of("anchor"), self.of("heading")),) * 2 if headings else (),
            Metadata(self.of("metadata") if described else "", self.of("edit")),
            *_place(page),
        )

    def split(self, html: str) -> Frame:
        """The frame that the theme rendered from the marks."""
        pattern = rf'<li class="?md-nav__item"?>(?:(?!<li).)*?#{self.of("anchor")}.*?</li>'
        item = between = ""
        items = list(re.finditer(pattern, html, re.DOTALL))
        if items:
            first, second = items
            item, between = first.group(), html[first.end() : second.start()]
            html = html[: first.start()] + self.of("items") + html[second.end() :]
        return Frame(tuple(self._mark.split(html)), tuple(self._mark.split(item)), between)


Draw = Callable[[Head, str], str]


class Frames:
    """The theme's frames, each rendered once with marks for all pages that share it.

    Args:
        draw: Renders a whole page with the theme, from its head and body.
        site_url: The address of the site, with a slash at its end, or "".
        drawn: Frames rendered by an earlier build, by what their pages have in common.
        metadata: Returns the metadata of a page.
        labels: The labels in the language of the site.
    """

    def __init__(
        self,
        draw: Draw,
        site_url: str,
        drawn: dict[str, Frame] | None = None,
        metadata: Callable[[Page], Metadata] = lambda page: NONE,
        labels: Labels = NOTHING.labels,
    ) -> None:
        self._labels = labels
        self._draw = draw
        self._site_url = site_url
        self._metadata = metadata
        self.drawn = {} if drawn is None else drawn

    def whole(self, page: Page, body: Body) -> str:
        """Return the whole page: its values put into a frame."""
        own = self._head(page, body)
        described = bool(own.metadata.head)
        key = repr((*_place(page), bool(body.toc), bool(page.feed), not page.url, described))
        if key not in self.drawn:
            marks = _Marks()
            html = self._draw(marks.head(page, bool(body.toc), described), marks.of("content"))
            self.drawn[key] = marks.split(squeezed(html))
        return self.drawn[key].filled(own, body.html)

    def direct(self, page: Page, body: Body) -> str:
        """Return the whole page as the theme renders it; slow. `whole` has to return the same."""
        content = _Marks().of("content")
        drawn = squeezed(self._draw(self._head(page, body), content))
        return drawn.replace(content, body.html)

    def _head(self, page: Page, body: Body) -> Head:
        return head(page, body, self._site_url, self._metadata(page), self._labels)


# Parts that only Material's script uses; header.js makes them for readers with JavaScript.
_SCRIPTED = re.compile(
    '<input class="md-toggle"[^>]*>|<label class="md-overlay"[^>]*></label>'
    '|<div data-md-component="(?:skip|announce)"></div>'
    '|<div class="md-dialog"[^>]*><div class="md-dialog__inner md-typeset"></div></div>'
)

# The names by which Material's script finds parts of a page; header.js gives them back.
_NAMES = re.compile(
    ' data-md-component="(?:header|logo|header-title|container|tabs|main|content)"(?=[ >])'
)

# What only names the programs, and a color that is named "custom" since no rule is about it.
_UNUSED = re.compile('<meta name="generator"[^>]*>| data-md-color-accent="custom"')

# HTML does not need the end of an entry before the next one.
_BETWEEN_TABS = re.compile('</li>(?=<li(?:>| class="md-tabs__item))')

# Material's footer if it has nothing of the book; header.js fills it.
_CREDIT = re.compile(
    '(<footer class="md-footer">)<div class="md-footer-meta md-typeset">'
    r'<div class="md-footer-meta__inner md-grid"><div class="md-copyright">\s*Made with\s*'
    '<a href="https://squidfunk.github.io/mkdocs-material/" target="_blank" rel="noopener">'
    r"\s*Material for MkDocs\s*</a>\s*</div></div></div>(?=</footer>)"
)

# Attributes of one word that are none of a page's own values.
_QUOTED = re.compile(
    " (class|id|for|type|rel|lang|dir|charset|src|href|aria-label|aria-hidden|data-md-[a-z-]+)"
    r'="((?:\.\./)*[A-Za-z0-9_][A-Za-z0-9_./#-]*)"(?=[ >])'
)
_OPENING = re.compile("<(?!link)[a-z][^>]*>")


def squeezed(frame: str) -> str:
    """Make the theme's frame shorter: it is on every page, and a half of most.

    White space at the ends of lines is removed: between tags all of it, since the theme's elements
    are blocks and boxes; elsewhere a newline is kept. Attributes of one word have no quotation
    marks. HTML does not need the name space of SVG.

    Args:
        frame: The frame around a page's content, as the theme renders it.
    """
    lines = re.sub(r"\s*\n\s*", "\n", frame).replace(">\n<", "><")
    lines = lines.replace(' xmlns="http://www.w3.org/2000/svg"', "")
    lines = _UNUSED.sub("", _BETWEEN_TABS.sub("", lines))
    if "header.js" in lines:
        lines = _NAMES.sub("", _CREDIT.sub(r"\1", _SCRIPTED.sub("", lines)))
    return _OPENING.sub(lambda tag: _QUOTED.sub(r" \1=\2", tag.group()), lines)
