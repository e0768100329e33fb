"""What the pages for contributors name exists: files, and what the modules define."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.books import REPOSITORY

PAGES = (
    "ARCHITECTURE.md",
    *sorted(f"docs/contributing/{p.name}" for p in (REPOSITORY / "docs/contributing").glob("*.md")),
)
PACKAGE = "generator/policybook"

# `name` in `place.py`, and `name` (`place.py`); a place alone counts too.
_NAMED = re.compile(r"`([A-Za-z_][\w.]*)`(?:\s+in\s+|\s+\()`([\w/]+\.py)`")
_PLACE = re.compile(r"`([\w/]+\.(?:py|md|yml|html)|[\w/]+/)`")
# Names of the examples, which nobody has, and of files of a book or a site.
_EXAMPLES = re.compile(r"accounts|NAME|SLUG|our-policies|^site/|^policy\.yml$")


def places(text: str) -> Iterator[str]:
    """The files and folders that a page names."""
    yield from (found for found in _PLACE.findall(text) if not _EXAMPLES.search(found))


def found_at(place: str) -> Path | None:
    """A file or folder of the repository, or of the package."""
    tried = (REPOSITORY / place, REPOSITORY / PACKAGE / place)
    return next((path for path in tried if path.exists()), None)


def defined(path: Path) -> set[str]:
    """What a module defines at its top, and the methods of its classes as `Class.method`."""
    names = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        match node:
            case ast.FunctionDef(name=name):
                names.add(name)
            case ast.ClassDef(name=name, body=body):
                names.add(name)
                names |= {f"{name}.{n.name}" for n in body if isinstance(n, ast.FunctionDef)}
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
    return names


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_names_exists(page: str) -> None:
    text = (REPOSITORY / page).read_text("utf-8")
    assert [place for place in places(text) if not found_at(place)] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_name_in_a_module_that_a_page_names_is_defined_there(page: str) -> None:
    text = (REPOSITORY / page).read_text("utf-8")
    missing = []
    for name, place in _NAMED.findall(text):
        path = found_at(place)
        if not _EXAMPLES.search(place) and (not path or name not in defined(path)):
            missing.append(f"{name} in {place}")
    assert missing == []
