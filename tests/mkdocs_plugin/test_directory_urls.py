"""`use_directory_urls: false`, the plugin offline, and what a build says of its settings."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser

from tests.support.book_folders import settings_in
from tests.support.cli import answer
from tests.support.html import read_html
from tests.support.sites import Build, built, once
from tests.support.soak.small_books import small_book

READER = "policies/ExampleReportReader"


def _offline(folder: Path) -> None:
    """A book with the plugin, built."""
    small_book(folder)
    path = folder / "mkdocs.yml"
    settings = settings_in(path)
    settings["plugins"].insert(0, "offline")
    settings["nav"] += [f"{READER}.md", "index.md"]
    path.write_text(yaml.safe_dump(settings))
    (folder / "docs/guide.md").write_text(f"[a]({READER}.md) [b]({READER}/) `s3` [c](..)\n")
    built(folder / "site", "--strict", cwd=folder)


@pytest.fixture(scope="session")
def offline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a book with the plugin offline."""
    return once(tmp_path_factory, "offline", _offline) / "site"


def test_every_link_leads_to_a_file(offline: Path) -> None:
    """On pages of the book, on handwritten ones, and in the nav; but for 404.html's."""
    for path in offline.rglob("*.html"):
        if path.name == "404.html":
            continue
        root = read_html(path.read_text())
        for element in root:
            for name in ("href", "src", "action"):
                link = element.get(name).partition("#")[0].partition("?")[0]
                if link and not link.startswith(("https:", "data:")):
                    assert (path.parent / link).is_file(), (path, link)


def test_nothing_is_loaded_from_another_host(offline: Path) -> None:
    """The plugin's own script is for Material's search, which these sites do not have."""
    assert "unpkg.com" not in (offline / READER / "index.html").read_text()
    assert "unpkg.com" not in (offline / "guide.html").read_text()


def test_pages_are_readable_from_files(offline: Path, browser: Browser) -> None:
    """With their style and the menu, and without the box of a finder that cannot work."""
    page = browser.new_page(viewport={"width": 400, "height": 800})
    page.goto(f"file://{offline}/{READER}/index.html")
    color = "getComputedStyle(document.querySelector('.md-header')).backgroundColor"
    assert page.evaluate(color) == "rgb(22, 38, 61)"
    assert page.locator("[data-pb-finder=header]").count() == 0
    assert not page.get_by_text("Copy ARN").is_visible()
    page.locator(".pb-menu").click()
    page.locator("dialog a", has_text="Home").first.click()
    assert page.url == f"file://{offline}/index.html"
    assert not page.locator(".pb-find").is_visible()
    page.goto(f"file://{offline}/compare/index.html")
    assert page.get_by_text("policybook diff A B").is_visible()
    page.close()


NOTES = {
    "offline": ("every page can be read without a server", "plugins:\n  - offline\n"),
    "files": ("use_directory_urls is false", "use_directory_urls: false\nplugins:\n"),
}


@pytest.mark.parametrize("case", NOTES)
def test_a_build_says_what_settings_leave_out(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when nothing has changed since the last build."""
    said, setting = NOTES[case]
    small_book(tmp_path / "book")
    monkeypatch.chdir(tmp_path / "book")
    path = Path("mkdocs.yml")
    path.write_text(path.read_text().replace("plugins:\n", setting))
    assert said in answer("build")
    assert said in answer("build")


def test_a_build_without_an_address_says_what_the_404_page_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a `site_url` there is nothing to say."""
    small_book(tmp_path / "book")
    monkeypatch.chdir(tmp_path / "book")
    assert "404.html has a small style, no finder" in answer("build")
    path = Path("mkdocs.yml")
    path.write_text(path.read_text() + "site_url: https://example.org/\n")
    assert "404.html" not in answer("build")


def test_pages_of_actions_and_lists_keep_their_addresses(tmp_path: Path, build: Build) -> None:
    """Only handwritten pages are at other addresses, as MkDocs makes them."""
    small_book(tmp_path / "book")
    path = tmp_path / "book/mkdocs.yml"
    path.write_text(path.read_text() + "use_directory_urls: false\n")
    assert build(tmp_path / "book", strict=True) == []
    site = tmp_path / "book/site"
    for page in ("index.html", f"{READER}/index.html", "actions/s3/GetObject.html", "keeping.html"):
        assert (site / page).is_file(), page
