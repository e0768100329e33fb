"""Checks the addresses in handwritten pages against the files of the finished site.

MkDocs itself checks links to Markdown files. This is about all others: relative and absolute
addresses, addresses that begin with the `site_url`, and anchors of pages of the book.
"""

from __future__ import annotations

import logging
import os
import posixpath
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from mkdocs.structure.files import File
from msgspec import Struct

log = logging.getLogger("mkdocs.plugins.policybook")

_HERE = "https://site.invalid"
_IDS = re.compile(rb"""\s(?:id|name)=["']?([^"'\s>]+)""")


class _Links(HTMLParser):
    """Collects the links of a page and the images that it shows."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        wanted = {"a": "href", "img": "src"}.get(tag)
        self.found += [value for name, value in attrs if name == wanted and value]


class _Page(Struct, frozen=True):
    """A handwritten page: its Markdown file, its address, its text, and its links."""

    source: str
    url: str
    text: str
    links: tuple[str, ...]


class OwnLinks:
    """Collects the links of handwritten pages, and finds the broken ones when the site is built.

    Args:
        site_url: The address of the site, or "" if it is unknown.
        docs: The path of the docs folder, for messages.
    """

    def __init__(self, site_url: str, docs: str) -> None:
        self._site_url = site_url
        self._base = urlsplit(site_url).path.rstrip("/") + "/"
        self._docs = docs
        self._pages: list[_Page] = []
        self._own: set[str] = set()

    def add(self, file: File, html: str) -> None:
        """Add a page.

        Args:
            file: Its Markdown file.
            html: Its content.
        """
        links = _Links()
        links.feed(html)
        links.close()
        found = tuple(dict.fromkeys(links.found))
        url = file.url.removeprefix("./")
        self._pages.append(_Page(file.src_uri, url, file.content_string, found))
        self._own.add(file.dest_uri)

    def warn(self, site: Path) -> None:
        """Log a warning for each broken link.

        Args:
            site: The folder of the finished site.
        """
        for message in self.broken(site):
            log.warning(message)

    def broken(self, site: Path) -> Iterator[str]:
        """Yield a message for each link to a missing file or anchor, by page.

        Args:
            site: The folder of the finished site.
        """
        for page in sorted(self._pages, key=lambda page: page.source):
            for link in page.links:
                if problem := self._problem(page, link, site):
                    place = self._place(page.source, page.text, link)
                    yield f"{place}: broken link to {link}: {problem}"

    def broken_reference(self, file: File, name: str) -> None:
        """Log a warning for a reference such as `[text][name]` that leads to nothing."""
        place = self._place(file.src_uri, file.content_string, f"[{name}]")
        log.warning("%s: broken reference to %s: no page of the book has this name", place, name)

    def _place(self, source: str, text: str, link: str) -> str:
        line = _line(text, link)
        return os.path.join(self._docs, source) + (f":{line}" if line else "")

    def _problem(self, page: _Page, link: str, site: Path) -> str:
        """What is wrong with a link; "" if nothing is, or if another program checks it."""
        path, anchor = self._in_site(page, link)
        if path is None:
            return ""
        if path.startswith(
            ".."
        ):  # another site of the host, if it is not this one without its base
            found = _found(site, path.removeprefix("../"))
            return f"the site is at {self._base}" if found else ""
        file = _found(site, path)
        if not file and _is_checked(page.text, link):
            return ""
        if not file:
            return f"expected a page or a file, found none at /{path}"
        if not anchor or file in self._own or "=" in anchor:  # scripts keep their state in `#a=b`
            return ""
        if anchor.encode() not in set(_IDS.findall((site / file).read_bytes())):
            return f"expected the anchor {anchor!r} on /{path}, found none"
        return ""

    def _in_site(self, page: _Page, link: str) -> tuple[str | None, str]:
        """The path in the site that a link leads to, and the anchor; None for other sites."""
        if self._site_url and link.startswith(self._site_url):
            link = self._base + link.removeprefix(self._site_url)
        try:
            parts = urlsplit(urljoin(f"{_HERE}{self._base}{page.url}", link))
        except ValueError:
            return None, ""
        if f"{parts.scheme}://{parts.netloc}" != _HERE:
            return None, ""
        path = unquote(parts.path)
        inside = path.removeprefix(self._base) if path.startswith(self._base) else f"..{path}"
        return inside, unquote(parts.fragment)


def _file(url: str) -> str:
    return f"{url}index.html" if not url or url.endswith("/") else url


def _found(site: Path, path: str) -> str:
    """The file of the site that servers show at a path, or ""."""
    for file in (_file(path), posixpath.join(path, "index.html")):
        if (site / file).is_file():
            return file
    return ""


def _is_checked(text: str, link: str) -> bool:
    """Whether MkDocs checks that a link's file exists: if it is a file's, and not in HTML."""
    path = urlsplit(link).path
    in_html = re.search(rf"""(?:href|src)=["']?{re.escape(link)}""", text)
    return bool(posixpath.splitext(path)[1]) and not path.startswith("/") and not in_html


def _line(text: str, link: str) -> int:
    """The first line with the link, or else with its anchor or its last part; 0 if none has it."""
    parts = urlsplit(link)
    last = parts.path.rstrip("/").rpartition("/")[2].removesuffix(".html")
    for wanted in (link, f"{last}.md#{parts.fragment}", f"#{parts.fragment}", last):
        part = re.compile(
            rf"(?<![\w./]){re.escape(wanted)}" if wanted == link else re.escape(wanted)
        )
        for number, line in enumerate(text.split("\n"), 1):
            if wanted.strip("#") and part.search(line):
                return number
    return 0
