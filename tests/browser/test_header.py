"""The parts of the header that need JavaScript: Material's palette, created by `header.js`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader
from mkdocs.config import load_config
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.books import REPOSITORY
from tests.support.browsers import served
from tests.support.html import read_html
from tests.support.sites import built

ACTION = "actions/iam/PassRole.html"
PALETTE = "form[data-md-component=palette]"
SCHEME = "data-md-color-scheme"
HOSTILE = """</script><img src=x onerror="alert(1)"> {{ 7 * 7 }} '\\u2028&amp;"""

_MADE = """
  form => [...form.querySelectorAll("input, label")].map(part => [
    part.tagName.toLowerCase(),
    Object.fromEntries([...part.attributes].map(one => [one.name, one.value])),
  ])
"""
_STORE = """
  color => __md_set("__palette", { index: 1, color: color })
"""


def rendered_by_material() -> list[list[Any]]:
    """Tags and attributes of the palette as Material's own template renders it."""
    config = load_config(str(REPOSITORY / "mkdocs.yml"))
    loader = FileSystemLoader(config.theme.dirs)
    html = Environment(loader=loader, autoescape=False).get_template("partials/palette.html")  # noqa: S701  # Material's templates are written for that
    parts = read_html(html.render(config=config))
    return [[part.tag, dict(part.attributes)] for part in parts if part.tag in ("input", "label")]


@pytest.fixture
def early(context: BrowserContext) -> Page:
    """A tab in which the theme's script is never loaded: what is visible does not depend on it."""
    page = context.new_page()
    page.route("**/bundle.*.js", lambda route: route.abort())
    return page


def chosen(page: Page, address: str, **color: str) -> None:
    """Store a choice of colours, as if made on an earlier page."""
    page.goto(address + "about/")
    page.evaluate(_STORE, color)


# --- created elements -----------------------------------------------------------------------------


def test_the_palette_is_materials_own(early: Page, address: str) -> None:
    """Each part has the attributes that the theme's template would have written."""
    early.goto(address + ACTION)
    assert early.locator(PALETTE).evaluate(_MADE) == rendered_by_material()
    assert early.locator("header " + PALETTE).count() == 1


def test_every_page_has_one_palette_and_one_box(page: Page, address: str) -> None:
    """On generated pages of any depth and on pages written by hand; icons are loaded."""
    for path in ("", "about/", ACTION, "reference/data/"):
        page.goto(address + path, wait_until="networkidle")
        expect(page.locator(PALETTE)).to_have_count(1)
        expect(page.locator(".pb-search input")).to_have_count(1)
        expect(page.locator(f"{PALETTE} label:visible")).to_have_count(1)
        for icon in page.locator("header svg:visible").all():
            assert icon.evaluate("svg => svg.getBBox().width") > 0


def test_without_javascript_there_are_no_broken_controls(browser: Browser, address: str) -> None:
    """The header then only has the home link and the title; nothing hidden takes the focus."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + ACTION)
    assert page.locator("header :is(input, form, button, label)").count() == 0
    assert page.locator("header a").count() == 1
    context.close()


# --- the menu -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["", "about/", ACTION, "policies/DataScientist/", "reference/data/"]
)
def test_on_a_phone_every_page_has_the_same_menu(page: Page, address: str, path: str) -> None:
    """With all entries; the keyboard opens it, moves in it, and closes it again."""
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(address + path, wait_until="networkidle")
    expect(page.locator(".md-tabs:visible")).to_have_count(0)
    button = page.get_by_role("button", name="Menu", exact=True)
    button.focus()
    page.keyboard.press("Enter")
    menu = page.get_by_role("dialog", name="Menu")
    assert menu.locator("nav > ul > li > details > summary").all_inner_texts() == [
        "Policies",
        "Services & actions",
        "Changes",
        "Risks & PassRole",
        "Tools",
        "Docs",
    ]
    assert menu.evaluate("menu => menu.contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()


def test_the_menu_is_open_where_the_page_is(page: Page, address: str) -> None:
    """An entry leads to its page, which is marked then."""
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(address + ACTION, wait_until="networkidle")
    page.get_by_role("button", name="Menu", exact=True).click()
    page.get_by_role("dialog").get_by_role("link", name="Resource patterns").click()
    page.wait_for_url("**/resources/")
    page.get_by_role("button", name="Menu", exact=True).click()
    current = page.get_by_role("dialog").locator("[aria-current=page]")
    expect(current).to_have_text("Resource patterns")


def test_a_wide_screen_has_tabs_instead(page: Page, address: str) -> None:
    """And below them the entries of the section."""
    page.set_viewport_size({"width": 1440, "height": 800})
    page.goto(address + ACTION, wait_until="networkidle")
    expect(page.get_by_role("button", name="Menu", exact=True)).to_be_hidden()
    expect(page.locator(".md-tabs:visible")).to_have_count(2)


@pytest.mark.parametrize("path", [ACTION, "services/s3/", "changes/removals/"])
def test_pages_of_single_things_have_the_entries_that_lists_have(
    early: Page, address: str, path: str
) -> None:
    """A script adds them, with the entry that the page belongs to; those of lists are written."""
    entries = early.locator(".pb-entries li")
    early.goto(address + ("changes/" if "changes" in path else "services/"))
    written = [
        (item.inner_text(), item.locator("a").evaluate("a => a.href")) for item in entries.all()
    ]
    early.goto(address + path)
    expect(entries).to_have_count(len(written))
    found = [
        (item.inner_text(), item.locator("a").evaluate("a => a.href")) for item in entries.all()
    ]
    assert found == written
    active = {ACTION: "Actions", "services/s3/": "Services", "changes/removals/": "Removals"}[path]
    expect(early.locator(".pb-entries .md-tabs__item--active")).to_have_text(active)


def test_without_javascript_a_phone_has_the_tabs(browser: Browser, address: str) -> None:
    """There is no menu then."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    for path in (ACTION, "policies/DataScientist/", "reference/data/"):
        page.goto(address + path)
        expect(page.locator(".md-tabs").first).to_be_visible()
    context.close()


# --- light and dark -------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_the_choice_is_painted_before_the_themes_script(
    early: Page, address: str, scheme: str
) -> None:
    """A stored scheme applies at once, regardless of the system's preference."""
    early.emulate_media(color_scheme="dark" if scheme == "default" else "light")
    chosen(early, address, media="", scheme=scheme, primary="custom", accent="custom")
    early.goto(address + ACTION)
    expect(early.locator("body")).to_have_attribute(SCHEME, scheme)


def test_the_systems_mode_is_read_again_on_each_page(early: Page, address: str) -> None:
    """The automatic mode uses the current preference, not that at the time of the choice."""
    chosen(early, address, media="(prefers-color-scheme)", scheme="default")
    for system, scheme in (("dark", "slate"), ("light", "default")):
        early.emulate_media(color_scheme="dark" if system == "dark" else "light")
        early.goto(address + ACTION)
        expect(early.locator("body")).to_have_attribute(SCHEME, scheme)


def test_an_invalid_stored_choice_is_ignored(early: Page, address: str) -> None:
    """The page is then the same as without one."""
    errors: list[str] = []
    early.on("pageerror", lambda error: errors.append(str(error)))
    for stored in ("1", '"x"', "{", "[]", '{"color": null}'):
        early.goto(address + "about/")
        early.evaluate(
            "text => localStorage.setItem(__md_scope.pathname + '.__palette', text)", stored
        )
        early.goto(address + ACTION)
        expect(early.locator("body")).to_have_attribute(SCHEME, "default")
        expect(early.locator(PALETTE)).to_have_count(1)
    assert [error for error in errors if "palette" in error] == []


def test_the_keyboard_changes_the_scheme(page: Page, address: str) -> None:
    """The radio buttons take the focus and the arrow keys, as Material's do, and have names."""
    page.emulate_media(color_scheme="light")
    page.goto(address + ACTION, wait_until="networkidle")
    body = page.locator("body")
    page.get_by_role("radio", name="Switch to light mode").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(body).to_have_attribute(SCHEME, "slate")
    page.reload()
    expect(body).to_have_attribute(SCHEME, "slate")


# --- settings -------------------------------------------------------------------------------------


@pytest.fixture
def hostile(book: Path) -> Iterator[str]:
    """A small book whose mkdocs.yml names the schemes with markup."""
    config = book / "mkdocs.yml"
    name = "'" + HOSTILE.replace("'", "''") + "'"
    config.write_text(config.read_text().replace("Switch to light mode", name))
    with served(built(book / "site", cwd=book)) as url:
        yield url


def test_names_of_schemes_are_text(page: Page, hostile: str) -> None:
    """The name of a scheme in mkdocs.yml is neither markup nor script."""
    happened: list[str] = []
    page.on("dialog", lambda dialog: happened.append(dialog.message))
    page.on("pageerror", lambda error: happened.append(str(error)))
    page.goto(hostile, wait_until="networkidle")
    assert page.locator(f"{PALETTE} label").first.get_attribute("title") == HOSTILE
    assert page.locator(f"{PALETTE} input").first.get_attribute("aria-label") == HOSTILE
    assert page.locator("img[src=x]").count() == 0
    assert happened == []


def test_a_book_with_one_scheme_has_no_palette(page: Page, book: Path) -> None:
    """As with Material: `palette` may be one scheme, without a choice."""
    config = book / "mkdocs.yml"
    before, rest = config.read_text().split("  palette:\n")
    after = rest[rest.index("  features:") :]
    config.write_text(before + "  palette: {scheme: slate}\n" + after)
    happened: list[str] = []
    page.on("pageerror", lambda error: happened.append(str(error)))
    with served(built(book / "site", cwd=book)) as address:
        page.goto(address, wait_until="networkidle")
        expect(page.locator("body")).to_have_attribute(SCHEME, "slate")
        expect(page.locator(PALETTE)).to_have_count(0)
        expect(page.locator(".pb-search input")).to_be_visible()
    assert happened == []
