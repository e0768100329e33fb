"""Debian's Chromium, and the site as a host would serve it: below a path of a larger one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.conftest import REPOSITORY, SLOWEST, built, once
from tests.support.books import SAMPLES

SUB_PATH = "/some/sub/path/"
_ELSEWHERE = """\
INHERIT: {repository}/mkdocs.yml
docs_dir: {repository}/docs
site_url: https://book.example{path}
plugins:
  - search
  - policybook:
      data_dir: {repository}/data
"""


class _Host(SimpleHTTPRequestHandler):
    """Serves a folder below SUB_PATH, and its 404.html for what is missing, as Pages does."""

    def translate_path(self, path: str) -> str:
        inside = path.startswith(SUB_PATH)
        return super().translate_path("/" + path.removeprefix(SUB_PATH) if inside else "/-/none")

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.is_file():
            return super().send_error(code, message, explain)
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(page.read_bytes())
        return None

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the browser reports what fails."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder on the loopback, as the address at which it stands."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Host, directory=str(folder)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}{SUB_PATH}"
    server.shutdown()
    thread.join()
    server.server_close()


def until(page: Page, expression: str, given: object = None) -> None:
    """Wait until an expression holds in the page; it may be a promise.

    Playwright's own waiting evaluates texts inside the page, which the page's policy forbids.
    """
    for _ in range(SLOWEST // 50):
        if page.evaluate(expression, given):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never came true: {expression}")


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Where the site stands: below a path for which it was not built."""
    with served(site) as url:
        yield url


@pytest.fixture(scope="session")
def placed_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a site stands that was built for its path, as its page for missing addresses needs."""

    def make(folder: Path) -> None:
        config = folder.with_name("placed.yml")
        config.write_text(_ELSEWHERE.format(repository=REPOSITORY, path=SUB_PATH))
        built(folder, "-f", config)

    with served(once(tmp_path_factory, "placed", make)) as url:
        yield url


@pytest.fixture(scope="session")
def address_of_two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a site with two catalogues stands; the older one has three services."""

    def make(folder: Path) -> None:
        config = folder.with_name("two.yml")
        older = f"      catalogue_before: {SAMPLES}/catalogue\n"
        config.write_text(_ELSEWHERE.format(repository=REPOSITORY, path=SUB_PATH) + older)
        built(folder, "-f", config)

    with served(once(tmp_path_factory, "two", make)) as url:
        yield url


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A reader who has not been here before."""
    fresh = browser.new_context(viewport={"width": 1280, "height": 900})
    fresh.set_default_timeout(SLOWEST)
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A fresh reader's tab."""
    return context.new_page()
