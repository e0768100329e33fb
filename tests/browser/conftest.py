"""Debian's Chromium, and the site as a host would serve it: below a path of a larger site."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.support.books import DATA, REPOSITORY, keep_catalogue, small_catalogue
from tests.support.browsers import SLOWEST, SUB_PATH, served
from tests.support.sites import built, once

_ELSEWHERE = """\
INHERIT: {repository}/mkdocs.yml
docs_dir: {repository}/docs
site_url: https://book.example{path}
plugins:
  - search
  - policybook:
      data_dir: {repository}/data
"""


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """The address of the site: below a path for which it was not built."""
    with served(site) as url:
        yield url


@pytest.fixture(scope="session")
def placed_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site that was built for its path, as its 404 page requires."""

    def make(folder: Path) -> None:
        config = folder.with_name("placed.yml")
        config.write_text(_ELSEWHERE.format(repository=REPOSITORY, path=SUB_PATH))
        built(folder, "-f", config)

    with served(once(tmp_path_factory, "placed", make)) as url:
        yield url


@pytest.fixture(scope="session")
def address_of_two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with two catalogues; the older one has three services."""

    def make(folder: Path) -> None:
        config = folder.with_name("two.yml")
        data = folder.with_name("two-data")
        shutil.copytree(DATA, data)
        keep_catalogue(small_catalogue(), data)
        text = _ELSEWHERE.format(repository=REPOSITORY, path=SUB_PATH)
        config.write_text(text.replace(f"data_dir: {DATA}", f"data_dir: {data}"))
        built(folder, "-f", config)

    with served(once(tmp_path_factory, "two", make)) as url:
        yield url


@pytest.fixture(scope="session")
def kept_context(browser: Browser) -> Iterator[BrowserContext]:
    """One browser context for each worker: a new one costs more than most tests.

    It keeps a page open, so that the process of its pages lasts.
    """
    kept = browser.new_context(viewport={"width": 1280, "height": 900})
    kept.set_default_timeout(SLOWEST)
    kept.new_page()
    yield kept
    kept.close()


@pytest.fixture
def context(kept_context: BrowserContext) -> Iterator[BrowserContext]:
    """A browser context without stored data, cached files, permissions or pages of other tests."""
    blank, *_ = kept_context.pages
    yield kept_context
    for page in kept_context.pages[1:]:
        if page.url.startswith("http"):
            page.evaluate("() => { localStorage.clear(); }")
        page.close()
    kept_context.clear_permissions()
    kept_context.clear_cookies()
    tools = kept_context.new_cdp_session(blank)
    tools.send("Network.clearBrowserCache")
    tools.detach()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A new tab in that context."""
    return context.new_page()
