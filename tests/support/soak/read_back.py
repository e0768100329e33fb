"""Reads the files of a site as other programs do, and finds what hostile text has become there."""

from __future__ import annotations

import csv
import io
import json
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser

from tests.support.soak.texts import MARK


class Allowed(Struct, frozen=True):
    """The elements and attributes that our own templates write."""

    elements: frozenset[str]
    attributes: frozenset[str]

    def also(self, html: Iterable[bytes]) -> Allowed:
        """These, and what is in some pages without hostile text."""
        nodes = [node for text in html for node in LexborHTMLParser(text).css("*")]
        elements = {node.tag or "" for node in nodes}
        attributes = {name for node in nodes for name in node.attributes}
        return Allowed(self.elements | elements, self.attributes | attributes)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BODIES = Allowed(
    _words(
        "a b blockquote body br button circle code datalist dd defs del desc details"
        " div dl dt em fieldset figcaption figure form g h1 h2 h3 h4 head header html i"
        " input ins kbd label legend li line nav ol option output p path pattern pre q"
        " rect section select small span strong summary svg table tbody td text textarea"
        " th thead time title tr ul wbr"
    ),
    _words(
        "action aria-busy aria-current aria-describedby aria-hidden aria-label aria-labelledby"
        " aria-live aria-pressed autocapitalize autocomplete cite class colspan cx cy d"
        " data-all data-clipboard-text data-counts data-do data-f data-facets data-half"
        " data-height data-key data-kind data-kinds data-l data-label data-m data-many"
        " data-marks data-name data-names data-one data-pb-asof data-pb-bytes"
        " data-pb-check data-pb-choose data-pb-chosen data-pb-clear data-pb-compare"
        " data-pb-copied data-pb-document data-pb-elsewhere data-pb-expand data-pb-fetched"
        " data-pb-finder data-pb-first data-pb-found data-pb-link data-pb-list"
        " data-pb-longer data-pb-months data-pb-most data-pb-names data-pb-other"
        " data-pb-paste data-pb-pasted data-pb-reissued data-pb-removals data-pb-result"
        " data-pb-rows data-pb-say data-pb-sections data-pb-shown data-pb-side"
        " data-pb-statement data-pb-swap data-pb-usual data-place data-prefix data-root"
        " data-rows data-s data-scale data-statement data-v data-w data-width data-x"
        " data-year datetime fill focusable for height hidden href id list maxlength"
        " method name open patternTransform patternUnits placeholder preserveAspectRatio r"
        " rel role rows rx scope selected spellcheck tabindex text-anchor title type value"
        " viewBox width x x1 x2 y y1 y2"
    ),
)
"""What the bodies of pages have, without the frame that the theme draws around them."""

_XML_ELEMENTS = frozenset(
    f"{{{space}}}{name}"
    for space, names in (
        (
            "http://www.w3.org/2005/Atom",
            "feed title subtitle id updated author name entry published link content",
        ),
        (
            "http://a9.com/-/spec/opensearch/1.1/",
            "OpenSearchDescription ShortName Description InputEncoding Url",
        ),
        ("http://purl.org/syndication/history/1.0", "archive"),
        (
            "http://www.sitemaps.org/schemas/sitemap/0.9",
            "urlset url loc lastmod sitemapindex sitemap",
        ),
    )
    for name in names.split()
)
_XML_ATTRIBUTES = frozenset(("href", "rel", "type", "method", "template"))
_OURS = frozenset(("class", "style", "role", "type", "method", "rel", "for"))
_LINKS = frozenset(("href", "src", "action", "formaction", "srcset", "poster", "template"))
_SCHEME = re.compile(r"[\x00-\x20]*([A-Za-z][A-Za-z0-9+.\-\t\n\r]*):")
# What a spreadsheet takes for a formula, whatever white or unseen characters stand before it.
_SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"


class Site:
    """The files of a site by path, read back one by one.

    `own` is the address of the site, if it is known: links of feeds begin with it.
    """

    def __init__(
        self, files: Mapping[str, bytes], allowed: Allowed = BODIES, own: str = ""
    ) -> None:
        self._files, self._allowed, self._own = files, allowed, own
        self._known = {*files, *(p.removesuffix("index.html") for p in files)}
        self._link_error = lru_cache(maxsize=None)(self._find_link_error)

    def problems(self) -> Iterator[str]:
        """What is wrong in the files, one line each."""
        for path in self._files:
            yield from (f"{path!r}: {problem}" for problem in _path_problems(path))
        twice = len(self._files) - len({path.lower() for path in self._files})
        if twice:
            yield f"{twice} paths differ by case only"
        for path, content in self._files.items():
            reader = self._READERS.get(path.rpartition(".")[2])
            for problem in reader(self, path, content) if reader else ():
                yield f"{path!r}: {problem}"

    def _html(self, path: str, content: bytes) -> Iterator[str]:
        if MARK.encode() in content:
            yield from self._elements(content.decode(), posixpath.dirname(path))

    def _elements(self, text: str, folder: str | None) -> Iterator[str]:
        """What is wrong in the elements of a text; its links lead from the folder, if any."""
        elements, allowed = self._allowed.elements, self._allowed.attributes
        for node in LexborHTMLParser(text).css("*"):
            tag, attributes = node.tag or "", node.attributes
            if tag not in elements:
                yield f"element {tag!r}"
            for name, value in attributes.items():
                if name not in allowed:
                    yield f"attribute {name!r} of {tag!r}"
                elif name in _LINKS:
                    yield from self._link_error(folder, value or "")
                elif name in _OURS and MARK in (value or ""):
                    yield f"{name} {value!r} of {tag!r}"

    def _find_link_error(self, folder: str | None, link: str) -> tuple[str, ...]:
        """What is wrong with a link of a page in the folder."""
        if self._own and link.startswith(self._own):
            folder, link = "", link.removeprefix(self._own)
        if scheme := _SCHEME.match(link):
            return () if scheme[1] == "https" else (f"scheme of {link!r}",)
        if folder == "" and link.startswith("/") and link[:2] != "//":
            link = link[1:]  # of the page for missing addresses, which is shown at any of them
        if link.lstrip().startswith(("//", "\\", "/")):
            return (f"link out of the site {link!r}",)
        if folder is None:
            return (f"relative link in a feed {link!r}",)
        path = unquote(link.partition("#")[0].partition("?")[0])
        found = posixpath.normpath(posixpath.join(folder, path)) if path else ""  # the page itself
        found = "" if found == "." else found
        known = {found, f"{found}/"} & self._known or not found
        return () if known else (f"link to nothing {link!r}",)

    def _xml(self, path: str, content: bytes) -> Iterator[str]:
        for node in ET.fromstring(content).iter():  # noqa: S314  # our own output
            if node.tag not in _XML_ELEMENTS or node.attrib.keys() - _XML_ATTRIBUTES:
                yield f"element {node.tag} {node.attrib}"
            for name in _LINKS:
                if value := node.get(name):
                    scheme = _SCHEME.match(value)
                    if scheme and scheme[1] != "https":
                        yield f"scheme of {value!r}"
            if node.get("type") == "html":
                yield from self._elements(node.text or "", posixpath.dirname(path))

    def _json(self, path: str, content: bytes) -> Iterator[str]:
        yield from self._json_html(json.loads(content), posixpath.dirname(path))

    def _json_html(self, value: Any, folder: str) -> Iterator[str]:
        """The problems of the HTML in a feed's items."""
        items = value.get("items", ()) if isinstance(value, dict) else ()
        for item in items if isinstance(items, list) else ():
            if isinstance(item, dict) and isinstance(html := item.get("content_html"), str):
                yield from self._elements(html, folder)

    def _csv(self, path: str, content: bytes) -> Iterator[str]:
        rows = list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))
        if len({len(row) for row in rows}) > 1:
            yield "rows of several lengths"
        for row in rows:
            for cell in row:
                if cell and _is_formula(cell):
                    yield f"formula {cell!r}"

    _READERS: Mapping[str, Any] = {"html": _html, "xml": _xml, "json": _json, "csv": _csv}


def _is_formula(cell: str) -> bool:
    return cell[0] in "\t\r\n" or cell.lstrip().startswith(tuple(_SIGNS))


def _path_problems(path: str) -> Iterator[str]:
    parts = path.split("/")
    if posixpath.normpath(path) != path or path.startswith("/") or ".." in parts:
        yield "no plain path"
    if not path.isprintable() or not path.isascii() or set(path) & set("\\:*?\"<>|'&#`{}% "):
        yield "characters that a path may not have"
    if len(path.encode()) > 200:
        yield "more than 200 bytes"
