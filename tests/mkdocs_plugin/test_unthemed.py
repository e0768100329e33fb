"""The 404 page of a site whose address is unknown: readable where it does not find the theme."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser
from policybook.build.starter_book import start_book

from tests.support.browsers import Scheme, served
from tests.support.sites import built, once


@pytest.fixture(scope="session")
def unplaced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a new book, which has no `site_url`."""

    def make(folder: Path) -> None:
        start_book(folder)
        built(folder / "site", cwd=folder)

    return once(tmp_path_factory, "unplaced", make) / "site"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


@pytest.fixture
def at_root(unplaced: Path) -> Iterator[str]:
    """The address of the site at the root of a host."""
    handler = partial(_Quiet, directory=str(unplaced))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_the_policy_allows_the_style_by_its_hash(unplaced: Path) -> None:
    """And no other inline style; no other page has one."""
    text = (unplaced / "404.html").read_text()
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style
    digest = b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'self' 'sha256-{digest}';" in text
    assert text.index("Content-Security-Policy") < style.start()
    assert "sha256-" not in (unplaced / "index.html").read_text()
    assert "<style" not in (unplaced / "index.html").read_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_below_the_root_the_page_is_readable(
    scheme: Scheme, unplaced: Path, browser: Browser
) -> None:
    """With the style alone: the message is at the top, in a readable width and colour."""
    with served(unplaced) as address:
        page = browser.new_page(viewport={"width": 1400, "height": 900}, color_scheme=scheme)
        page.goto(address + "policies/Nobody/")
        heading = page.locator("h1")
        assert heading.inner_text() == "Page not found"
        box = heading.bounding_box()
        assert box
        assert box["y"] < 100
        assert box["width"] < 700
        found = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert found == {"light": "rgb(255, 255, 255)", "dark": "rgb(16, 22, 31)"}[scheme]
        assert "system-ui" in page.evaluate("getComputedStyle(document.body).fontFamily")
        page.close()


_LOOKS = """() => [...document.body.querySelectorAll("*")].map((element) => {
  const style = getComputedStyle(element);
  return [...style].map((name) => `${name}: ${style[name]}`).join(";");
})"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_where_the_theme_is_found_the_style_changes_nothing(
    scheme: Scheme, at_root: str, browser: Browser
) -> None:
    """Every element looks as it does without it."""
    page = browser.new_page(viewport={"width": 1400, "height": 900}, color_scheme=scheme)
    page.goto(at_root + "404.html")
    page.wait_for_load_state("networkidle")
    with_style = page.evaluate(_LOOKS)
    page.evaluate("document.querySelector('head style').remove()")
    assert page.evaluate(_LOOKS) == with_style
    page.close()
