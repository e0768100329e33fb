"""Use of the site in a browser: filter, sort, search, copy, follow links, print, keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from policybook.data.loader import load

from tests.support.books import REPOSITORY
from tests.support.browsers import SUB_PATH, served, until
from tests.support.html import urls

PIPELINES = "policies/AmazonSageMakerPipelinesIntegrations/"
ARN = "arn:aws:iam::aws:policy/AmazonSageMakerPipelinesIntegrations"


def names(page: Page) -> list[str]:
    """The visible rows of the table of policies, from top to bottom."""
    return page.locator("#policies tbody tr:visible th a").all_inner_texts()


# --- the table of policies ------------------------------------------------------------------------


def test_typing_filters_the_policies(page: Page, address: str) -> None:
    """Every word must occur in a name; the count has the numbers of matching and all rows."""
    page.goto(address + "policies/")
    everything = names(page)
    page.get_by_label("Find", exact=True).fill("sagemaker read")
    assert names(page) == ["AmazonSageMakerReadOnly"]
    expect(page.locator("form.pb-filter output")).to_have_text(f"1 of {len(everything)}")
    page.get_by_label("Find", exact=True).fill("")
    assert names(page) == everything


def test_choosing_a_type_filters_the_policies(page: Page, address: str) -> None:
    """The rows left are those of the chosen type, as the data has it."""
    types = {name: p.facts.type for name, p in load(REPOSITORY / "data").policies.items()}
    chosen = types["DataScientist"]
    page.goto(address + "policies/")
    page.get_by_label("Type").select_option(chosen)
    assert set(names(page)) == {name for name, kind in types.items() if kind == chosen}


def test_a_heading_sorts_the_policies_in_both_directions(page: Page, address: str) -> None:
    """First ascending, then descending; only that column shows the order."""
    page.goto(address + "policies/")
    head = page.locator("th[data-sort=updated]")
    dates = page.locator("#policies tbody tr")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    up = dates.evaluate_all("rows => rows.map(row => row.dataset.updated)")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    down = dates.evaluate_all("rows => rows.map(row => row.dataset.updated)")
    assert up == sorted(up)
    assert down == sorted(up, reverse=True)
    assert up != down
    expect(page.locator("th[aria-sort]")).to_have_count(1)


def test_the_view_is_in_the_address(page: Page, context: BrowserContext, address: str) -> None:
    """The URL has filter and order, and opening it shows the same rows."""
    page.goto(address + "policies/")
    page.get_by_label("Find", exact=True).fill("sagemaker")
    page.locator("th[data-sort=name]").get_by_role("button").click()
    page.locator("th[data-sort=name]").get_by_role("button").click()
    assert re.search(r"\?find=sagemaker&sort=name&dir=desc$", page.url)
    shown = names(page)
    assert shown == sorted(shown, key=str.lower, reverse=True)
    other = context.new_page()
    other.goto(page.url)
    assert names(other) == shown
    expect(other.get_by_label("Find", exact=True)).to_have_value("sagemaker")


def test_back_restores_the_view(page: Page, address: str) -> None:
    """Back undoes a choice, and returning from a policy restores the view."""
    page.goto(address + "policies/")
    everything = names(page)
    page.get_by_label("Type").select_option("job-function")
    chosen = names(page)
    assert chosen != everything
    page.get_by_role("link", name=chosen[0], exact=True).click()
    page.wait_for_url(f"**/policies/{chosen[0]}/")
    page.go_back()
    page.wait_for_url("**type=job-function")
    assert names(page) == chosen
    expect(page.get_by_label("Type")).to_have_value("job-function")
    page.go_back()
    page.wait_for_url("**/policies/")
    assert names(page) == everything


def test_an_address_with_a_filter_opens_nothing_else(page: Page, address: str) -> None:
    """The search of the header stays closed, and the links of rows work."""
    page.goto(address + "policies/?find=readonly")
    page.get_by_role("link", name="AmazonSageMakerReadOnly", exact=True).click()
    page.wait_for_url("**/policies/AmazonSageMakerReadOnly/")


def test_only_the_first_of_very_many_rows_are_shown(page: Page, address: str) -> None:
    """A button or scrolling shows more; filter and order apply to all rows."""

    def many(route: Route) -> None:
        head, start, rest = route.fetch().text().partition('<tr role="row" data-name')
        rows, end, tail = (start + rest).partition("</tbody>")
        copies = (rows.replace('data-name="', f'data-name="copy{n}-') for n in range(300))
        route.fulfill(body=head + rows + "".join(copies) + end + tail, content_type="text/html")

    page.route("**/policies/", many)
    page.goto(address + "policies/")
    rows, total = page.locator("#policies tbody tr"), 301 * 6
    expect(page.locator("form.pb-filter output")).to_have_text(f"{total:,} in total")
    few = rows.count()
    assert few < 500
    page.get_by_label("Find", exact=True).fill("copy299-")
    expect(rows).to_have_count(6)
    page.get_by_label("Find", exact=True).fill("")
    page.locator("th[data-sort=name]").get_by_role("button").click()
    first = rows.first.get_attribute("data-name")
    assert first == "administratoraccess"
    page.mouse.wheel(0, 100_000)
    until(page, f"document.querySelectorAll('#policies tbody tr').length > {few}")
    more = page.get_by_role("button", name=re.compile("Show .* more"))
    more.press("Enter")  # rows added by scrolling would move it from under a pointer
    expect(rows).to_have_count(total)
    expect(more).to_be_hidden()


def test_everything_can_be_read_without_javascript(browser: Browser, address: str) -> None:
    """All rows are shown, and no form that would not work."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "policies/")
    rows = page.locator("#policies tbody tr")
    assert rows.count() == len(load(REPOSITORY / "data").policies)
    assert all(row.is_visible() for row in rows.all())
    expect(page.locator("form.pb-filter")).to_be_hidden()
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
