"""Fixtures that tests of several packages share: a built site, a small book, a browser."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest
from msgspec import structs
from playwright.sync_api import Browser, expect, sync_playwright
from policybook.analysis.index import index
from policybook.book.context import BookContext
from policybook.build.starter_book import start_book
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load
from policybook.model.book import Book

from tests.support.addresses import config_with_address
from tests.support.archive import (
    CORPUS,
    NO_ARCHIVE,
    Archive,
    clone_archive,
    import_archive,
)
from tests.support.book_folders import hostile_book
from tests.support.books import DATA
from tests.support.browsers import FLAGS, SLOWEST
from tests.support.html import Element, pages
from tests.support.properties import register_profiles
from tests.support.sites import built, once

register_profiles()


@pytest.hookimpl(tryfirst=True)  # before pytest selects by markers
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks each test that asks for the archive `corpus`, and skips what cannot or should not run.

    Soaking tests run only if `-m` names them. Files that take longest come first, since a worker
    would be left with one of them at the end: one that builds a hundred sites, then those with
    tests of the archive.
    """
    asked: str = config.getoption("-m")
    for item in items:
        if "corpus_path" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.corpus)
        if item.get_closest_marker("corpus") and not CORPUS:
            item.add_marker(pytest.mark.skip(reason=NO_ARCHIVE))
        if item.get_closest_marker("soak") and "soak" not in asked:
            item.add_marker(pytest.mark.skip(reason="only `make soak` runs it"))
    items.sort(
        key=lambda item: (
            item.path.name != "test_cache.py",
            item.get_closest_marker("corpus") is None,
        )
    )


def pytest_runtest_teardown() -> None:
    """Lets the book of a build be freed, which exempts it since its own process would end."""
    gc.unfreeze()


@pytest.fixture(scope="session", autouse=True)
def user_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The user's cache folder of this run, in which commands store the books that they read."""
    folder = tmp_path_factory.mktemp("user-cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's book as a site at SITE_URL; tests read it and never write to it."""
    config = config_with_address(tmp_path_factory.mktemp("addressed"))
    return once(tmp_path_factory, "site", lambda folder: built(folder, "-f", config))


@pytest.fixture(scope="session")
def site_pages(site: Path) -> Mapping[str, Element]:
    """The pages of that site, read once by each worker."""
    return pages(site)


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a book with markup wherever its data may have text; tests only read it."""

    def make(folder: Path) -> None:
        start_book(folder / "book")
        built(folder / "site", cwd=hostile_book(folder / "book"))

    return once(tmp_path_factory, "hostile", make) / "site"


@pytest.fixture(scope="session")
def corpus_path() -> Path:
    """The archive of AWS's policies; a test that asks for it, also through others, is `corpus`."""
    if not CORPUS:
        pytest.skip(NO_ARCHIVE)
    return Path(CORPUS).resolve()


@pytest.fixture(scope="session")
def archive(corpus_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """The archive, cloned once if it is a bundle."""
    if corpus_path.is_dir():
        return Archive(corpus_path)
    return Archive(once(tmp_path_factory, "archive.git", partial(clone_archive, corpus_path)))


@pytest.fixture(scope="session")
def aws_data(corpus_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of all of AWS, imported once in a run of the tests, which only read it."""
    return once(tmp_path_factory, "aws-data", partial(import_archive, corpus_path))


@pytest.fixture(scope="session")
def aws_book(aws_data: Path) -> Book:
    """All of AWS, read once by each worker, with the risk rules and operations of this book."""
    own = load(DATA)
    return structs.replace(load(aws_data), rules=own.rules, operations=own.operations)


@pytest.fixture(scope="session")
def aws(aws_book: Book) -> BookContext:
    """Every answer about all of AWS, each made once by each worker."""
    return BookContext(aws_book, index(aws_book), Catalogue())


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
