"""Fixtures of every test of an import: an archive, a data folder, and git without settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.git_archives import Archive, without_settings


@pytest.fixture(autouse=True)
def _no_settings_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    """Git sees no configuration but a repository's own."""
    without_settings(monkeypatch)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """An archive without a commit."""
    return Archive(tmp_path / "archive")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder that does not yet exist."""
    return tmp_path / "data"
