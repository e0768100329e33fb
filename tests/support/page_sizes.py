"""How large the pages of a site are, and how large they may be."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

BYTES = 400_000
ELEMENTS = 4_900
"""Scripts add about 90: a page has at most 5,000 in a browser."""

HEIGHT = 15_000
"""Pixels at first sight in a window of 1440 pixels."""

# A start tag. Text of pages has no "<" that is not escaped, and their comments have no tags.
_ELEMENT = re.compile(rb"<[a-zA-Z]")


class PageSize(NamedTuple):
    """The size of a page: `path` is that of its file in the site."""

    path: str
    size: int
    elements: int


def page_sizes(site: Path) -> list[PageSize]:
    """The sizes of all HTML files of a site, plain lists and the 404 page included."""
    found = []
    for path in sorted(site.rglob("*.html")):
        content = path.read_bytes()
        name = path.relative_to(site).as_posix()
        found.append(PageSize(name, len(content), len(_ELEMENT.findall(content))))
    return found
