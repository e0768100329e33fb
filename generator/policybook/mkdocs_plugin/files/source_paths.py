"""Pages of the book as Markdown files of the docs folder, though no such files are there.

So links, references, and the nav name a generated page as they name a page that is written by hand:
`policies/CiDeployer.md` is the page `policies/CiDeployer/`, and `index.md` the home page.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any


def source_path(file: str) -> str:
    """The path of the Markdown file that a page of the book stands for; other files have their own.

    A page as Markdown has another ending, since links to `policies/CiDeployer/index.md` are meant
    for the page itself.

    Args:
        file: The path of a file in the site, such as `policies/CiDeployer/index.html`.
    """
    if file.endswith(".html"):
        return file.removesuffix(".html").removesuffix("/index") + ".md"
    return f"{file.removesuffix('.md')}.markdown" if file.endswith(".md") else file


def named_path(path: str, exists: Callable[[str], bool]) -> str:
    """The path of the page that a path or an address of the book names.

    Args:
        path: Relative to the docs folder: `policies/CiDeployer.md`, `policies/CiDeployer/index.md`,
            `policies/CiDeployer/`, or `actions/s3/GetObject.html`.
        exists: Whether the docs folder or the book has a file.

    Returns:
        The path of the file; the path itself if there is none.
    """
    bare = re.sub(r"(^|/)index\.(md|html)$|\.html$", "", path).strip("/.")
    named = f"{bare or 'index'}.md"
    return path if exists(path) or not exists(named) else named


def named_nav(nav: Any, exists: Callable[[str], bool]) -> Any:
    """The nav of mkdocs.yml, with the path of the page for each address of the book."""
    if isinstance(nav, list):
        return [named_nav(item, exists) for item in nav]
    if isinstance(nav, dict):
        return {title: named_nav(item, exists) for title, item in nav.items()}
    return named_path(nav, exists) if isinstance(nav, str) and ":" not in nav else nav
