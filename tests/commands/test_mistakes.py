"""Mistakes of people who write a book: each is named in one line, with its place and a remedy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.book_folders import replace
from tests.support.books import write
from tests.support.case_tables import table_in
from tests.support.cli import run

MISTAKES: list[dict[str, Any]] = table_in("mistakes.yml", "mistakes")


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sound book, in the working directory."""
    monkeypatch.chdir(write(tmp_path, table_in("mistakes.yml", "book")))
    return tmp_path


def said(*arguments: str) -> list[str]:
    """The lines that a command says, except for the last one of `check`, which counts."""
    result = run(*arguments)
    lines = [*result.stdout.splitlines(), *result.stderr.splitlines()]
    return [line for line in lines if not line.endswith((" warnings", " warning"))]


def make(book: Path, mistake: dict[str, Any]) -> None:
    """Make the mistake."""
    for edit in ("edit", "also"):
        if edit in mistake:
            name, old, new = mistake[edit]
            replace(book / name, old, new)
    write(book, mistake.get("write", {}))
    if "rename" in mistake:
        old, new = mistake["rename"]
        (book / old).rename(book / new)


@pytest.mark.usefixtures("book")
def test_the_book_without_mistakes_has_no_findings() -> None:
    """So that whatever is said is about the mistake."""
    assert said("check", "--strict") == []


def test_the_list_has_at_least_eighty_different_mistakes() -> None:
    """Of every kind of file, and of command lines."""
    assert len({mistake["mistake"] for mistake in MISTAKES}) == len(MISTAKES) >= 80


@pytest.mark.parametrize("mistake", MISTAKES, ids=[m["mistake"] for m in MISTAKES])
def test_a_mistake_is_named_with_its_place_and_a_remedy(
    book: Path, mistake: dict[str, Any]
) -> None:
    """In one line, which is the only one unless the table says that there are more."""
    make(book, mistake)
    lines = said(*mistake.get("run", ["check", "--data", "data"]))
    (line,) = [line for line in lines if line.startswith(mistake["at"])] or [""]
    assert line, f"no line begins with {mistake['at']!r}:\n" + "\n".join(lines)
    missing = [word for word in mistake["words"] if word not in line]
    assert not missing, f"{missing} not in {line!r}"
    assert len(lines) == mistake.get("lines", 1), "\n".join(lines)
