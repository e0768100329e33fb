"""A customised book in a browser: the one of the docs, and one with Material's named colours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page
from policybook.build.starter_book import start_book

from tests.support.book_folders import replace
from tests.support.books import write
from tests.support.browsers import Scheme, Visit, serious, served
from tests.support.doc_files import files_in
from tests.support.sites import built, command, once

POLICY = "policies/ExampleReportReader/"
COLOR = """
  ([selector, property]) =>
    getComputedStyle(document.querySelector(selector)).getPropertyValue(property)
"""
LINK = ".md-content .pb-crumbs a"


def shown(page: Page, selector: str, name: str) -> str:
    """What the browser makes of a property of an element."""
    found: str = page.evaluate(COLOR, [selector, name])
    return found


@pytest.fixture(scope="module")
def documented(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a new book with the files of the page of the docs, built strictly."""

    def make(folder: Path) -> None:
        start_book(folder / "book")
        write(folder / "book", files_in("how-to/customise.md"))
        policy = folder / "book/data/policies/ExampleReportReader/policy.yml"
        replace(policy, "type:", "descriptions: {account: {tags: {owner: Reports team}}}\ntype:")
        built(folder / "site", "--strict", cwd=folder / "book")

    with served(once(tmp_path_factory, "documented", make) / "site") as address:
        yield address


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a book with named colours, a font of Google, icons, and German labels."""
    theme = """\
  language: de
  font: {text: Ubuntu}
  icon: {admonition: {note: octicons/tag-16}}
  features: [announce.dismiss]
  custom_dir: overrides
"""

    def make(folder: Path) -> None:
        start_book(folder / "book")
        config = folder / "book/mkdocs.yml"
        text = config.read_text().replace("primary: custom", "primary: teal")
        config.write_text(text.replace("accent: custom", "accent: pink"))
        replace(config, "  font: false\n", theme)
        replace(
            config,
            "  features: [content.code.copy, navigation.tabs, navigation.top, toc.follow]\n",
            "",
        )
        main = '{% extends "base.html" %}{% block announce %}News{% endblock %}'
        write(folder / "book", {"overrides/main.html": main})
        ran = command("build", "-d", folder / "site", cwd=folder / "book")
        assert ran.returncode == 0, ran.stderr
        assert ran.stderr.count("WARNING") == 1  # the font

    with served(once(tmp_path_factory, "named", make) / "site") as address:
        yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_files_of_the_docs_do_what_they_say(
    context: BrowserContext, documented: str, scheme: Scheme
) -> None:
    """On a page of a policy: colours in both schemes, font, logo, script, blocks, and no error."""
    visit = Visit(context, documented + POLICY, scheme)
    page = visit.page
    assert visit.errors == []
    assert shown(page, ".md-header", "background-color") == "rgb(122, 31, 61)"
    darker = [round(0.82 * part / 255, 3) for part in (122, 31, 61)]
    entries = shown(page, ".pb-entries", "background-color").removeprefix("color(srgb ")
    assert [round(float(part), 3) for part in entries.strip(")").split()] == darker
    accent = "rgb(11, 101, 94)" if scheme == "light" else "rgb(92, 200, 188)"
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<i id=accent></i>')")
    page.evaluate("accent.style.color = 'var(--md-accent-fg-color)'")
    assert shown(page, "#accent", "color") == accent
    assert shown(page, "body", "font-family").startswith('"Own Sans"')
    assert page.evaluate("document.documentElement.dataset.own") == "loaded"
    assert page.locator("img[alt=logo]").evaluate("image => image.naturalWidth") > 0
    assert page.get_by_text("Owner: Reports team").is_visible()
    assert page.get_by_text("These policies are reviewed each quarter.").is_visible()
    assert page.get_by_text("Questions: iam@example.org").is_visible()
    assert page.get_by_text("Example Ltd.").is_visible()
    assert (
        page.get_by_title("Example on GitHub").get_attribute("href") == "https://github.com/example"
    )
    assert serious(page) == []


@pytest.mark.parametrize(
    ("scheme", "link"), [("light", "rgb(0, 148, 133)"), ("dark", "rgb(0, 204, 184)")]
)
def test_named_colours_are_those_of_material(
    context: BrowserContext, named: str, scheme: Scheme, link: str
) -> None:
    """In header and links; a font that is blocked is not asked for."""
    visit = Visit(context, named + POLICY, scheme)
    page = visit.page
    assert visit.errors == []
    assert shown(page, ".md-header", "background-color") == "rgb(0, 148, 133)"
    assert shown(page, LINK, "color") == link
    assert shown(page, "body", "--md-accent-fg-color") == "#f50056"
    assert shown(page, "body", "font-family").startswith("Ubuntu")
    assert "data:image/svg" in shown(page, "body", "--md-admonition-icon--note")
    assert page.locator("html").get_attribute("lang") == "de"
    assert page.get_by_role("heading", name="Berechtigungen nach Service").is_visible()
    assert page.locator("[data-pb-finder=header] input").get_attribute("placeholder") == "Finden"


def test_a_dismissed_announcement_stays_away(context: BrowserContext, named: str) -> None:
    """Material remembers it; the script that hides it is a file here."""
    page = Visit(context, named + POLICY, "light").page
    announcement = page.locator("[data-md-component=announce]")
    announcement.get_by_role("button").click()
    page.goto(named + "policies/")
    assert not announcement.is_visible()


def test_without_tabs_every_page_is_reached(context: BrowserContext, named: str) -> None:
    """By the menu, on a wide screen too."""
    page = Visit(context, named + POLICY, "light", 1280).page
    page.get_by_role("button", name="Menü").click()
    assert page.get_by_role("dialog").get_by_text("Richtlinien").first.is_visible()
