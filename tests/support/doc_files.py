"""The files that a page of the docs gives: blocks of code whose title is a path."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support.books import REPOSITORY

_BLOCK = re.compile(r'^```\w+ title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)


def files_in(page: str | Path) -> dict[str, str]:
    """The text of each file that the page shows whole, by its path in a book."""
    return dict(_BLOCK.findall((REPOSITORY / "docs" / page).read_text()))
