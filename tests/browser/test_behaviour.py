"""Use of the site in a browser: filter, sort, search, copy, follow links, print, keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from policybook.data.loader import load

from tests.support.books import REPOSITORY
from tests.support.browsers import SUB_PATH, served, until
from tests.support.html import urls

PIPELINES = "policies/AmazonSageMakerPipelinesIntegrations/"
ARN = "arn:aws:iam::aws:policy/AmazonSageMakerPipelinesIntegrations"


# --- reading --------------------------------------------------------------------------------------


def test_everything_can_be_read_without_javascript(browser: Browser, address: str) -> None:
    """All rows are shown, and no form that would not work."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "policies/")
    rows = page.locator(".pb-rows tbody tr")
    assert rows.count() == len(load(REPOSITORY / "data").policies)
    assert all(row.is_visible() for row in rows.all())
    expect(page.locator(".pb-listed form")).to_be_hidden()
    page.goto(address + PIPELINES)
    document = page.locator("#v1 .pb-document")
    document.locator("summary").click()
    expect(document.locator("code")).to_contain_text("lambda:")
    context.close()


# --- finding --------------------------------------------------------------------------------------


def test_the_search_of_the_header_finds_a_guide(page: Page, address: str) -> None:
    """The finder also has the prose of the book, and its results link to the pages."""
    page.goto(address + "policies/")
    page.locator(".md-search__input").click()
    page.locator(".md-search__input").press_sequentially("access management for pipelines")
    found = page.locator("[role=option][href*='guides/pipelines-access/']").first
    expect(found).to_contain_text("Access management for pipelines", ignore_case=True)
    found.click()
    page.wait_for_url("**/guides/pipelines-access/**")
    expect(page.locator("h1")).to_have_text("Access management for pipelines")


def test_a_permalink_leads_to_its_version(page: Page, address: str) -> None:
    """The heading of the version is visible, below the sticky header."""
    page.goto(address + PIPELINES + "#v1", wait_until="networkidle")
    heading = page.locator("#v1 h3")
    expect(heading).to_be_in_viewport()
    header = page.locator(".md-header").bounding_box()
    place = heading.bounding_box()
    assert header
    assert place
    assert place["y"] >= header["y"] + header["height"]


# --- copying --------------------------------------------------------------------------------------


def test_the_arn_can_be_copied(context: BrowserContext, page: Page, address: str) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(address + PIPELINES, wait_until="networkidle")
    page.get_by_role("button", name="Copy ARN").click()
    until(page, "navigator.clipboard.readText()")
    assert page.evaluate("navigator.clipboard.readText()") == ARN


def test_each_document_can_be_copied(context: BrowserContext, page: Page, address: str) -> None:
    """An opened document has a button, which copies the whole of it."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(address + PIPELINES, wait_until="networkidle")
    documents = page.locator(".pb-document")
    assert documents.count() == 2
    for document in documents.all():
        document.locator("summary").click()
        document.locator("pre").hover()
        document.get_by_role("button").click()
        text = document.locator("code").inner_text().strip()
        until(
            page,
            "text => navigator.clipboard.readText().then(found => found.trim() === text)",
            text,
        )


# --- keyboard, palette, print ---------------------------------------------------------------------

_FOCUS = """
  () => {
    const at = document.activeElement, style = getComputedStyle(at);
    const box = at.getBoundingClientRect();
    return {
      text: at.innerText || at.getAttribute("aria-label") || "",
      tag: at.tagName,
      marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0,
      seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
    };
  }
"""


def test_the_first_tab_reaches_the_link_past_the_header(page: Page, address: str) -> None:
    """It is visible while it has the focus, and leads to the first section."""
    page.goto(address + PIPELINES, wait_until="networkidle")
    page.keyboard.press("Tab")
    assert page.evaluate(_FOCUS)["text"].strip() == "Skip to content"
    expect(page.locator(".md-skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.wait_for_url("**#permissions")


def test_the_focus_is_visible_everywhere(page: Page, address: str) -> None:
    """In the filter, headings and links of the table of policies."""
    page.goto(address + "policies/", wait_until="networkidle")
    page.get_by_label("Find", exact=True).focus()
    hidden = []
    for _ in range(14):
        page.keyboard.press("Tab")
        state = page.evaluate(_FOCUS)
        if not (state["marked"] and state["seen"]):
            hidden.append(state)
    assert hidden == []


def test_the_choice_of_light_or_dark_lasts(page: Page, address: str) -> None:
    """The toggle changes the scheme, and the next page is painted with it from the start."""
    page.emulate_media(color_scheme="light")
    page.goto(address, wait_until="networkidle")
    body = page.locator("body")
    schemes = {body.get_attribute("data-md-color-scheme")}
    for _ in range(2):
        page.locator("form[data-md-component=palette] label:visible").click()
        schemes.add(body.get_attribute("data-md-color-scheme"))
    assert schemes == {"default", "slate"}
    expect(body).to_have_attribute("data-md-color-scheme", "slate")
    page.reload()
    expect(body).to_have_attribute("data-md-color-scheme", "slate")
    page.goto(address + "about/")
    expect(body).to_have_attribute("data-md-color-scheme", "slate")


@pytest.mark.parametrize("path", ["policies/", PIPELINES])
def test_printed_pages_have_no_controls(page: Page, address: str, path: str) -> None:
    """Printed, a page has its content and neither filter, search, toggle nor copy buttons."""
    page.goto(address + path, wait_until="networkidle")
    page.emulate_media(media="print")
    controls = page.locator("form:visible, article button.pb-copy:visible, .headerlink:visible")
    assert controls.evaluate_all("found => found.map(one => one.outerHTML)") == []
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("article table").first).to_be_visible()


# --- the host, and text with markup ---------------------------------------------------------------


def test_the_host_serves_what_was_built(page: Page, address: str, site: Path) -> None:
    """These tests use the site below a path, and nothing else."""
    response = page.request.get(address + "feed.xml")
    assert response.body() == (site / "feed.xml").read_bytes()
    outside = address.replace(SUB_PATH, "/feed.xml")
    assert page.request.get(outside).status == 404


@pytest.mark.parametrize(
    "chosen",
    [
        pytest.param(lambda urls: urls[::6], id="one of six"),
        pytest.param(lambda urls: urls, id="all", marks=pytest.mark.exhaustive),
    ],
)
def test_hostile_text_has_no_effect_in_a_browser(
    page: Page, hostile_site: Path, chosen: Callable[[list[str]], list[str]]
) -> None:
    """No page of a book full of markup runs, loads or shows any of it as markup."""
    happened: list[str] = []
    page.on("dialog", lambda dialog: happened.append(dialog.message))
    page.on("console", lambda said: happened.append(said.text))
    always = ["", "policies/Hostile/", "groups/hostile/", "guides/hostile/", "roles/"]
    with served(hostile_site) as address:
        for url in dict.fromkeys([*always, *chosen(sorted(urls(hostile_site)))]):
            page.goto(address + url)
            assert page.locator("[src=x], [onerror], script:not([src]):not([type])").count() == 0
    assert happened == []


def test_hostile_titles_are_text_in_search_results(page: Page, hostile_site: Path) -> None:
    """The theme's index has titles as HTML; one with markup must still be shown as text."""
    with served(hostile_site) as address:
        page.goto(address + "about/", wait_until="networkidle")
        page.locator(".md-search__input").click()
        page.locator(".md-search__input").press_sequentially("hostile")
        results = page.locator("[role=option]", has_text=re.compile("^text"))
        expect(results.first).to_be_visible()
        expect(results.first).to_contain_text("<script>")
        assert results.locator("img, script").count() == 0
