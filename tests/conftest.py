"""Fixtures that tests of several packages share: a built site, a small book, a browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from policybook.build.planner import start_book

from tests.support.browsers import FLAGS, SLOWEST
from tests.support.properties import register_profiles
from tests.support.sites import built, once

register_profiles()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's book as a site; tests read it and never write to it."""
    return once(tmp_path_factory, "site", built)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A fresh small book: the one that `policybook init` starts, with one policy."""
    folder = tmp_path / "book"
    start_book(folder)
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium on the PATH. Without it these tests are skipped, and with CI=true they fail."""
    chromium = shutil.which("chromium")
    if chromium is None:
        reason = "no chromium on the PATH"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    expect.set_options(timeout=SLOWEST)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield launched
        launched.close()
