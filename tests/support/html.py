"""HTML read back: elements, the pages of a site, and broken links."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from policybook.book.addresses import Target

_EMPTY_TAGS = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    ]
)


class Element:
    """An element with its attributes, the elements and texts in it, and the one around it."""

    def __init__(self, tag: str, attributes: Mapping[str, str], around: Element | None) -> None:
        self.tag = tag
        self.attributes = attributes
        self.around = around
        self.inside: list[Element | str] = []

    def __iter__(self) -> Iterator[Element]:
        """Every element inside, in the order of the text."""
        for part in self.inside:
            if isinstance(part, Element):
                yield part
                yield from part

    def all(self, tag: str = "", style: str = "") -> list[Element]:
        """The elements inside with that tag and class."""
        return [
            element
            for element in self
            if tag in ("", element.tag) and (not style or style in element.get("class").split())
        ]

    def get(self, name: str) -> str:
        """An attribute, or ""."""
        return self.attributes.get(name, "")

    @property
    def text(self) -> str:
        """The text inside, with white space collapsed."""
        return " ".join(self._raw().split())

    def _raw(self) -> str:
        return "".join(p if isinstance(p, str) else p._raw() for p in self.inside)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.at = Element("", {}, None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == self.at.tag == "li" and self.at.around:  # the end of an item may be left out
            self.at = self.at.around
        element = Element(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.inside.append(element)
        if tag not in _EMPTY_TAGS:
            self.at = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.at.inside.append(Element(tag, {k: v or "" for k, v in attrs}, self.at))

    def handle_endtag(self, tag: str) -> None:
        element: Element | None = self.at
        while element and element.tag != tag:
            element = element.around
        if element and element.around:
            self.at = element.around

    def handle_data(self, data: str) -> None:
        self.at.inside.append(data)


def read_html(text: str) -> Element:
    """The root of an HTML text."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.root


def pages(site: Path) -> dict[str, Element]:
    """Every page of a site but 404 and plain lists: its address below the root, and its HTML."""
    return {url: read_html((site / Target(url).file).read_text()) for url in urls(site)}


def urls(site: Path) -> list[str]:
    """The address below the root of every page of a site, sorted by path.

    The 404 page and the plain lists in `lists/`, which have no frame, are left out.
    """
    found = (path.relative_to(site) for path in sorted(site.rglob("*.html")))
    return [
        path.as_posix().removesuffix("index.html")
        for path in found
        if path != Path("404.html") and path.parts[0] != "lists"
    ]


def dead_links(site: Path, read: Mapping[str, Element] | None = None) -> list[str]:
    """Links that lead to no file or anchor of the site, and links not written as relative ones.

    Args:
        site: The site's folder.
        read: Its pages as `pages` reads them, if they have been read before.

    """
    read = pages(site) if read is None else read
    own = read_site_url(site)
    anchors = {url: {e.get("id") for e in root if e.get("id")} for url, root in read.items()}
    return [
        f"{url or '/'}: {error}"
        for url, root in read.items()
        for element in root
        for name in ("href", "src", "action")
        if name in element.attributes and element.get("rel") != "canonical"
        if (error := _dead(site, own, anchors, url, element.get(name)))
    ]


def _dead(site: Path, own: str, anchors: Mapping[str, set[str]], url: str, link: str) -> str:
    parts = urlsplit(link)
    if parts.scheme in ("http", "https"):
        return f"absolute link to an own page {link}" if own and link.startswith(own) else ""
    if parts.scheme or link.startswith("/"):
        return f"link that is not relative {link}"
    path, anchor = _joined(url, unquote(parts.path)), unquote(parts.fragment)
    if path.startswith("../"):
        return f"link out of the site {link}"
    if path and (not path.endswith(("/", ".html")) or path.startswith("lists/")):
        return "" if (site / path).is_file() else f"no file for {link}"
    path = re.sub(r"(^|/)index[.]html$", r"\1", path)
    if path not in anchors:
        return f"no page for {link}"
    if path == "search/" and anchor.startswith("q="):
        return ""  # what the page of results is asked for
    return f"no anchor for {link}" if anchor and anchor not in anchors[path] else ""


def _joined(url: str, path: str) -> str:
    """Where a relative path leads from a page; "../" at the start is out of the site."""
    if not path:
        return url
    folder = url.rpartition("/")[0]
    found = posixpath.normpath(posixpath.join(folder, path))
    slash = path.endswith(("/", "/.", "/..")) or path in (".", "..")
    return ("" if found == "." else found + "/") if slash or found.startswith("..") else found


def read_site_url(site: Path) -> str:
    """The address for which a site was built, or "" if it was built without one."""
    home = read_html((site / "index.html").read_text())
    return next((e.get("href") for e in home.all("link") if e.get("rel") == "canonical"), "")
