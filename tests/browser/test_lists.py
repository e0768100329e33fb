"""A list in a browser: facets, chips, order, address, files, keyboard, and what it says."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.support.books import DATA
from tests.support.browsers import Scheme, Visit, serious, served, until
from tests.support.sites import built_with_data, once

MANY = 130  # more than a page has
DOCUMENTS: list[list[str]] = [
    ["dynamodb:GetItem", "dynamodb:ListTables", "s3:GetObject"],
    ["dynamodb:GetItem", "dynamodb:PutItem"],
    ["iam:CreateUser", "iam:PassRole"],
    ["kms:Decrypt"],
]


def put(book: Path) -> None:
    """Create a book of many policies; the first one grants everything."""
    (book / "policies").mkdir(parents=True)
    (book / "book.yml").write_text("title: Many policies\nintroduction: []\n")
    (book / "rules.yml").write_bytes((DATA / "rules.yml").read_bytes())
    for number in range(MANY):
        name = f"Policy{number:03}"
        folder = book / "policies" / name
        folder.mkdir()
        actions = DOCUMENTS[number % len(DOCUMENTS)] if number else ["*"]
        statement: dict[str, object] = {"Effect": "Allow", "Action": actions, "Resource": "*"}
        if number % 5 == 1:
            statement["Condition"] = {"Bool": {"aws:SecureTransport": "true"}}
        document = {"Version": "2012-10-17", "Statement": [statement]}
        (folder / "v1.json").write_text(json.dumps(document))
        facts = {"name": name, "arn": f"arn:aws:iam::aws:policy/{name}", "type": "aws-managed"}
        if number % 3 == 1:
            facts["type"] = "job-function"
        versions = [{"id": "v1", "published": f"2024-0{number % 9 + 1}-10"}]
        (folder / "policy.yml").write_text(yaml.safe_dump({**facts, "versions": versions}))


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site of that book."""

    site = once(tmp_path_factory, "many", lambda folder: built_with_data(folder, put))
    with served(site) as url:
        yield url


def rows(page: Page) -> Locator:
    """The rows of the first list."""
    expect(page.locator("[aria-busy]")).to_have_count(0)
    return page.locator(".pb-rows").first.locator("tbody tr")


def names(page: Page) -> list[str]:
    """The names of its visible rows, from top to bottom."""
    return rows(page).locator("th a").all_inner_texts()


def field(page: Page, name: str) -> Locator:
    """A field of the filters."""
    return page.locator(f".pb-listed form [name='{name}']").first


def count(page: Page) -> Locator:
    """How many rows fit, of how many."""
    return page.locator(".pb-status output").first


def html(page: Page) -> list[str]:
    """The HTML of the first rows, without differences of white space and of data for the script."""
    found: list[str] = rows(page).evaluate_all(
        """rows => rows.slice(0, 100).map(row => {
             const copy = row.cloneNode(true);
             copy.removeAttribute("data-f");
             copy.querySelectorAll("[class='']").forEach(cell => cell.removeAttribute("class"));
             const attributes = copy.outerHTML.replace(/<(\\w+)([^>]*)>/g, (_, tag, rest) =>
               `<${tag} ${(rest.match(/[\\w-]+="[^"]*"/g) ?? []).sort().join(" ")}>`);
             return attributes.replace(/\\s+/g, " ");
           })"""
    )
    return found


# --- rows -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        *("policies/", "services/iam/", "resources/any/", "changes/", "risks/", "services/"),
        "actions/dynamodb/GetItem.html",
    ],
)
def test_the_script_makes_the_rows_that_the_page_has(page: Page, many: str, path: str) -> None:
    """From the file, which has all rows."""
    page.goto(many + path)
    before = html(page)
    assert before
    button = page.get_by_role("button", name="Show all").first
    if page.get_by_role("button", name="Show all").count() and button.is_visible():
        button.click()
        until(page, "document.querySelectorAll('.pb-rows tbody tr').length > 100")
    assert html(page) == before


def test_a_page_says_what_it_does_not_show_and_shows_all_of_it(page: Page, many: str) -> None:
    """So that the search of the browser does not mislead."""
    page.goto(many + "policies/")
    expect(rows(page)).to_have_count(100)
    expect(page.locator(".pb-rest").first).to_contain_text("30 managed policies not shown")
    page.get_by_role("button", name="Show all").first.click()
    expect(rows(page)).to_have_count(MANY)
    expect(page.locator(".pb-rest:visible")).to_have_count(0)


def test_a_row_is_28_pixels_high_and_nothing_moves(context: BrowserContext, many: str) -> None:
    """On a desktop, also with filters in the address."""
    page = context.new_page()
    page.set_viewport_size({"width": 1440, "height": 1000})
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach(entry => {"
        " window.shift += entry.value; })).observe({type: 'layout-shift', buffered: true});"
    )
    for path in ("policies/", "policies/?service=iam&sort=services&dir=desc"):
        page.goto(many + path, wait_until="networkidle")
        heights = rows(page).evaluate_all("rows => rows.map(r => r.getBoundingClientRect().height)")
        assert heights
        assert all(27 <= height <= 28.5 for height in heights)
        assert page.evaluate("window.shift") < 0.05


# --- filters --------------------------------------------------------------------------------------


def test_words_filter_as_they_are_typed(page: Page, many: str) -> None:
    page.goto(many + "policies/")
    page.get_by_label("Find", exact=True).fill("policy12")
    expect(rows(page)).to_have_count(10)
    expect(count(page)).to_have_text(f"10 of {MANY} managed policies")
    assert page.url.endswith("?find=policy12")


def test_facets_chips_and_counts(page: Page, many: str) -> None:
    """Each choice says how many rows it would leave; a chip removes its own."""
    page.goto(many + "policies/")
    expect(field(page, "type").locator("option").nth(1)).to_have_text("aws-managed (87)")
    field(page, "service").fill("DynamoDB")
    field(page, "service").press("Enter")
    expect(count(page)).to_have_text(f"66 of {MANY} managed policies")
    field(page, "level").select_option("Write")
    expect(count(page)).to_have_text(f"34 of {MANY} managed policies")
    assert names(page)[:2] == ["Policy000", "Policy001"]
    expect(field(page, "type").locator("option").nth(1)).to_have_text("aws-managed (23)")
    assert page.url.endswith("?service=dynamodb&level=Write")
    page.get_by_role("button", name="Remove filter Grants level: Write").click()
    expect(count(page)).to_have_text(f"66 of {MANY} managed policies")
    page.get_by_role("button", name="Remove filter Service: dynamodb").click()
    expect(count(page)).to_have_text(f"{MANY} managed policies")
    page.go_back()
    expect(count(page)).to_have_text(f"66 of {MANY} managed policies")


def test_the_page_of_an_action_filters_the_statements_that_grant_it(page: Page, many: str) -> None:
    """By how surely they do, with the numbers of the page."""
    page.goto(many + "actions/dynamodb/GetItem.html")
    every = rows(page).count()
    assert every == 1 + sum(n % 4 < 2 for n in range(1, MANY))
    expect(rows(page).first).to_contain_text("Policy000")
    link = page.get_by_role("link", name="without a condition")
    without = int(link.inner_text().split()[0])
    link.click()
    page.wait_for_url("**/GetItem.html?certainty=yes")
    expect(count(page)).to_have_text(f"{without} of {every} statements")
    assert set(page.locator("td[data-label=Certainty]").all_inner_texts()) == {"always"}
    page.get_by_role("link", name="Only under a condition").click()
    page.wait_for_url("**/GetItem.html?grant=conditional")
    expect(count(page)).to_have_text(f"{every - without} of {every} statements")
    field(page, "condition").select_option("other")
    expect(rows(page)).to_have_count(every - without)


def test_nothing_fits_and_the_nearest_are_named(page: Page, many: str) -> None:
    """Read-only access to one service and to nothing else."""
    page.goto(many + "policies/?service=dynamodb&highest=Read&only=1")
    expect(count(page)).to_have_text(f"0 of {MANY} managed policies")
    nearest = page.locator(".pb-empty-list")
    expect(nearest).to_contain_text("No managed policy fits these filters.")
    expect(nearest.locator("li").first).to_have_text(
        "Policy004: highest level on the chosen services Read, and 1 other service"
    )


def test_the_data_ends_before_the_last_days(page: Page, many: str) -> None:
    """Which is said, and as many days until its end are offered."""
    page.clock.set_fixed_time("2030-01-01T12:00:00Z")
    page.goto(many + "changes/?since=30d&effect=any")
    answer = page.locator(".pb-empty-list")
    expect(answer).to_contain_text("The data ends on 2024-09-10, before these days.")
    answer.get_by_role("button", name="Show as many days until then").click()
    page.wait_for_url("**/changes/?since=2024-08-11&effect=any")
    expect(answer).to_be_hidden()
    assert "Policy008 v1" in names(page)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?foo=1", "foo"),
        ("?type=gone&find=1", "type=gone"),
        ("?sort=shape&since=9d", "since, sort=shape"),
        ("?find=policy", ""),
    ],
)
def test_what_is_unknown_in_the_address_is_said(
    page: Page, many: str, query: str, said: str
) -> None:
    """And the rest is shown."""
    page.goto(many + "policies/" + query)
    line = page.locator(".pb-unknown")
    if said:
        expect(line).to_contain_text(f"what this page does not know: {said}. It is left out.")
    else:
        expect(line).to_be_hidden()


def test_text_of_the_address_is_never_markup(page: Page, many: str) -> None:
    page.goto(many + "policies/?find=<img src=x>&<b>=<i>&service=<u>")
    expect(page.locator(".pb-chip", has_text="Find: <img src=x>")).to_have_count(1)
    expect(page.locator(".pb-unknown")).to_contain_text("<b>, service=<u>")
    assert page.locator(".pb-listed :is(img, i, u, b)").count() == 0


# --- order, address, files ------------------------------------------------------------------------


def test_numbers_and_days_are_sorted_from_the_largest(page: Page, many: str) -> None:
    """Names from the first; the address has the order, and back restores it."""
    page.goto(many + "policies/")
    head = page.locator("th[data-key=services]")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    assert names(page)[0] == "Policy000"
    assert page.url.endswith("?sort=services&dir=desc")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert names(page)[0] != "Policy000"
    name = page.locator("th[data-key=name]")
    name.get_by_role("button").click()
    expect(name).to_have_attribute("aria-sort", "ascending")
    expect(page.locator("th[aria-sort]")).to_have_count(1)
    page.go_back()
    expect(head).to_have_attribute("aria-sort", "ascending")


def test_the_table_for_a_spreadsheet_has_every_row_that_fits(page: Page, many: str) -> None:
    """Also those which the page does not show, and those that grant everything.

    Its counts are of all services and say so; the levels on the chosen service are apart.
    """
    page.goto(many + "policies/?service=iam&level=Write")
    with page.expect_download() as started:
        page.get_by_role("button", name="Download CSV of these").click()
    assert started.value.suggested_filename == "policies.csv"
    path = started.value.path()
    found = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    assert [row["Policy"] for row in found] == names(page)
    assert len(found) == 33
    assert found[0]["Policy"] == "Policy000"
    row = found[1]
    assert (row["Policy"], row["Write actions of all services"]) == ("Policy002", "2")
    assert "Write" in row["Levels in iam"].split("; ")


def test_the_link_to_a_view_can_be_copied(context: BrowserContext, page: Page, many: str) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(many + "policies/?type=job-function")
    button = page.get_by_role("button", name="Copy link")
    button.click()
    until(page, "navigator.clipboard.readText()")
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_two_lists_of_a_page_have_parameters_of_their_own(page: Page, many: str) -> None:
    page.goto(many + "services/kms/?level=Read&actions.level=Write")
    lists = page.locator(".pb-listed")
    expect(lists.nth(0).locator(".pb-chip")).to_have_text("Grants level: Read")
    expect(lists.nth(1).locator(".pb-chip")).to_have_text("Access level: Write")
    expect(page.locator(".pb-unknown:visible")).to_have_count(0)


def test_a_link_to_a_place_in_a_list_shows_its_rows(page: Page, many: str) -> None:
    """Until that is taken off."""
    page.goto(many + "passrole/#policy-Policy002")
    assert names(page) == ["Policy002"]
    page.get_by_role("button", name="Remove filter only what the link leads to").click()
    assert len(names(page)) > 1


# --- readers --------------------------------------------------------------------------------------


def test_without_a_script_a_plain_page_has_every_link(browser: Browser, many: str) -> None:
    plain = browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    page.goto(many + "policies/")
    expect(page.locator(".pb-listed form")).to_be_hidden()
    expect(page.get_by_role("button", name="Show all")).to_have_count(0)
    page.get_by_role("link", name="All as plain links").first.click()
    expect(page.locator("main a")).to_have_count(MANY + 1)
    page.get_by_role("link", name="Policy129").click()
    page.wait_for_url("**/policies/Policy129/")
    page.go_back()
    page.get_by_role("link", name="The list with its filters").click()
    page.wait_for_url("**/policies/")
    plain.close()


def test_the_focus_is_visible_everywhere(page: Page, many: str) -> None:
    """From the first filter to the first rows, by the keyboard alone."""
    page.goto(many + "policies/", wait_until="networkidle")
    page.get_by_label("Find", exact=True).focus()
    hidden = []
    for _ in range(30):
        page.keyboard.press("Tab")
        state = page.evaluate(
            """() => {
              const at = document.activeElement, style = getComputedStyle(at);
              const box = at.getBoundingClientRect();
              const marked = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
              return [at.outerHTML.slice(0, 90), marked, box.width >= 1 && box.height >= 1];
            }"""
        )
        if not all(state):
            hidden.append(state)
    assert hidden == []


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.exhaustive)])
def test_a_list_is_accessible(
    context: BrowserContext, many: str, scheme: Scheme, width: int
) -> None:
    """With filters on, an unknown parameter, and rows."""
    url = f"{many}policies/?service=iam&level=Write&sort=services&dir=desc&foo=1"
    visit = Visit(context, url, scheme, width=width)
    assert visit.errors == []
    assert serious(visit.page) == []
    assert visit.page.evaluate("document.documentElement.scrollWidth") == width
    small = visit.page.locator(".pb-listed :is(button, select, input):visible").evaluate_all(
        "found => found.filter(one => one.getBoundingClientRect().height < 24 &&"
        " !one.closest('label')).map(one => one.outerHTML)"
    )
    assert small == []
