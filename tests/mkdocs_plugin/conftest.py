"""A small book, to which each test adds pages and settings."""

from __future__ import annotations

from pathlib import Path

import pytest
from policybook.mkdocs_plugin.run import build_site

from tests.support.sites import Build
from tests.support.soak.small_books import small_book


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The book that `policybook init` starts, with a catalogue of three services."""
    small_book(tmp_path / "book")
    return tmp_path / "book"


@pytest.fixture
def build(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Build:
    """Builds a book as `policybook build` does in its folder."""

    def builder(book: Path, *, strict: bool = False) -> list[str]:
        monkeypatch.chdir(book)
        caplog.clear()
        build_site(None, None, None, strict)
        return [r.getMessage() for r in caplog.records if r.levelname == "WARNING"]

    return builder
