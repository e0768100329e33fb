"""The page of a policy in a browser: filter, open, jump, look up a day, print, without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from policybook.build.starter_book import start_book

from tests.support.book_folders import put
from tests.support.browsers import Visit, serious, served
from tests.support.documents import allow
from tests.support.sites import built, once

SERVICES = ("ec2", "s3", "iam", "sagemaker", "rds", "glue", "iot", "connect", "quicksight", "ssm")
FEW, WIDE, LONG, TALL = (f"policies/{name}/" for name in ("Few", "Wide", "Long", "Tall"))


def document(*statements: object) -> dict[str, object]:
    """A policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with policies of different lengths."""

    def make(folder: Path) -> None:
        start_book(folder / "book")
        reading = allow("s3:GetObject", "arn:aws:s3:::one/*", Sid="Reading")
        queues = allow(["sqs:SendMessage", "sqs:List*"], Sid="Queues")
        first = document(reading, queues, allow("kms:Decrypt", Sid="Keys"))
        put(folder / "book", "Few", first, document(reading, queues), document(queues))
        put(folder / "book", "Wide", document(allow([f"{name}:*" for name in SERVICES])))
        versions = [document(allow([f"s3:Get{n:02}" for n in range(m)])) for m in range(1, 26)]
        put(folder / "book", "Long", *versions)
        names = [[f"{prefix}:Get{n:03}" for n in range(140)] for prefix in ("kms", "s3")]
        put(folder / "book", "Tall", document(*map(allow, names)))
        built(folder / "site", cwd=folder / "book")

    with served(once(tmp_path_factory, "policy-pages", make) / "site") as url:
        yield url


def visit(page: Page, address: str) -> None:
    """Opens a policy's page, and waits for its scripts: they show the filter."""
    page.goto(address)
    expect(page.locator("form[data-pb-rows]")).to_be_visible()


# --- permissions ----------------------------------------------------------------------------------


def rows(page: Page) -> list[str]:
    """The services of the visible rows of permissions."""
    found = page.locator("#permission-rows tbody tr:visible th").all_inner_texts()
    return [text.split()[0] for text in found]


def test_typing_filters_the_permissions(page: Page, policies: str) -> None:
    """By service, action and resource; the address has the filter, and the count is said."""
    visit(page, policies + WIDE)
    assert rows(page) == sorted(SERVICES)
    page.get_by_label("Filter").fill("glue")
    assert rows(page) == ["glue"]
    expect(page.locator("form[data-pb-rows] output")).to_have_text("1 of 10")
    assert page.url.endswith("?find=glue")


def test_a_short_page_has_no_button_for_more(page: Page, policies: str) -> None:
    """All rows and statements are shown."""
    page.goto(policies + FEW, wait_until="networkidle")
    expect(page.locator(".pb-more")).not_to_have_count(0)
    expect(page.locator(".pb-more:visible")).to_have_count(0)


def test_a_statement_leads_to_its_rows(page: Page, policies: str) -> None:
    """Whose heading and filter are below the bars that stay in view."""
    visit(page, policies + FEW)
    page.locator("#v3-1").get_by_text("Show its rows").click()
    assert rows(page) == ["sqs"]
    assert "statement=1" in page.url
    covered = page.evaluate(
        """() => {
          const box = document.querySelector("#permissions").getBoundingClientRect();
          return document.querySelector(".pb-sections").getBoundingClientRect().bottom - box.top;
        }"""
    )
    assert covered <= 0


def test_names_are_fetched_when_a_row_is_opened(page: Page, policies: str) -> None:
    """From the page of that service, as text; closing takes them away."""
    visit(page, policies + WIDE)
    link = page.locator("#service-glue a[data-pb-names]")
    expect(link).to_contain_text("actions")
    link.click()
    names = page.locator("#service-glue .pb-fetched")
    expect(names).to_contain_text("glue:GetTable")
    expect(link).to_have_attribute("aria-expanded", "true")
    assert names.locator("a").count() == 0
    link.click()
    expect(names).to_have_count(0)


def test_the_first_rows_are_those_that_fill_two_screens(page: Page, policies: str) -> None:
    """At least one, however high it is; a button and a link to a hidden row show the others."""
    visit(page, policies + TALL)
    assert rows(page) == ["kms"]
    page.get_by_role("button", name="Show all 2 (1 not shown)").first.click()
    assert rows(page) == ["kms", "s3"]
    page.goto(policies + TALL + "#service-s3")
    page.reload()
    expect(page.locator("#service-s3")).to_be_in_viewport()


def test_all_rows_can_be_opened_at_once(page: Page, policies: str) -> None:
    """A button opens what is folded and fetches what is not there."""
    visit(page, policies + WIDE)
    page.get_by_role("button", name="Expand all").click()
    expect(page.locator(".pb-fetched")).to_have_count(len(SERVICES))
    expect(page.locator(".pb-fetched p")).not_to_have_count(0)
    page.get_by_role("button", name="Close all").click()
    expect(page.locator(".pb-fetched")).to_have_count(0)
    visit(page, policies + FEW)
    page.get_by_role("button", name="Expand all").click()
    expect(page.locator("#service-sqs details")).to_have_attribute("open", "")


def test_names_of_a_long_policy_are_a_page_without_scripts(browser: Browser, policies: str) -> None:
    """The row is a link, and the page is readable on its own."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(policies + WIDE)
    expect(page.locator("form.pb-filter").first).to_be_hidden()
    page.locator("#service-glue a[data-pb-names]").click()
    page.wait_for_url("**/policies/Wide/actions/glue/")
    expect(page.locator("h1")).to_contain_text("in Wide")
    page.get_by_role("link", name="glue:GetTable", exact=True).first.click()
    page.wait_for_url(re.compile("actions/glue/GetTable"))
    context.close()


@pytest.mark.parametrize("path", [WIDE, FEW, LONG, WIDE + "actions/glue/", LONG + "history/"])
@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_pages_of_policies_fit_and_are_accessible(
    context: BrowserContext, policies: str, path: str, width: int
) -> None:
    """No table is cut or scrolls, and axe finds nothing serious."""
    visit = Visit(context, policies + path, "light", width=width)
    assert visit.errors == []
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    boxes = visit.page.locator(".pb-granted, .pb-on-resources").evaluate_all(
        "tables => tables.map(t => t.parentElement.scrollWidth - t.parentElement.clientWidth)"
    )
    assert [cut for cut in boxes if cut > 0] == []
    if width != 1024:
        assert serious(visit.page) == []


@pytest.mark.parametrize("path", [FEW, LONG])
def test_pages_of_policies_are_accessible_in_the_dark(
    context: BrowserContext, policies: str, path: str
) -> None:
    """With what is opened and marked: an answer, a statement, a document."""
    visit = Visit(context, f"{policies}{path}?at=2021-05-05#v1-1", "dark")
    expect(visit.page.locator("mark")).to_be_visible()
    assert serious(visit.page) == []


# --- the bar of sections --------------------------------------------------------------------------


def test_the_bar_marks_the_section_in_view(page: Page, policies: str) -> None:
    """Also the one that was jumped to; it stays in view."""
    visit(page, policies + FEW)
    bar = page.locator("[data-pb-sections]")
    marked = bar.locator("[aria-current]")
    bar.get_by_role("link", name="Statements").click()
    expect(marked).to_have_text("Statements")
    expect(bar).to_be_in_viewport()
    page.locator("#timeline").scroll_into_view_if_needed()
    page.goto(policies + FEW + "#resources")
    expect(marked).to_have_text("Resources")
    heading, box = page.locator("#resources").bounding_box(), bar.bounding_box()
    assert heading
    assert box
    assert heading["y"] >= box["y"] + box["height"]


# --- versions and statements ----------------------------------------------------------------------


def test_a_link_to_a_statement_of_an_old_version_opens_its_document(
    page: Page, policies: str
) -> None:
    """At the statement, which is marked."""
    page.goto(policies + FEW + "#v1-3")
    marked = page.locator("#v1 .pb-document mark")
    expect(marked).to_contain_text("kms:Decrypt")
    expect(marked).to_be_in_viewport()


def test_a_link_to_a_statement_of_a_moved_version_leads_to_its_page(
    page: Page, policies: str
) -> None:
    """Its document is fetched there."""
    page.goto(policies + LONG + "#v3-1")
    page.wait_for_url("**/policies/Long/history/#v3-1")
    marked = page.locator("#v3 .pb-document mark")
    expect(marked).to_contain_text("s3:Get02")


def test_a_link_to_a_current_statement_becomes_a_lasting_one(page: Page, policies: str) -> None:
    """It is highlighted, and the address has the version."""
    page.goto(policies + FEW + "#statement-1")
    page.wait_for_url("**#v3-1")
    expect(page.locator("#v3-1")).to_be_in_viewport()


def test_a_link_to_an_old_statement_lands_on_its_version_without_scripts(
    browser: Browser, policies: str
) -> None:
    """By an anchor that is kept there."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(policies + FEW + "#v1-3")
    expect(page.locator("#v1 h3")).to_be_in_viewport()
    context.close()


def test_a_document_is_fetched_when_it_is_opened(page: Page, policies: str) -> None:
    """It is indented like those in the page."""
    page.goto(policies + LONG + "history/", wait_until="networkidle")
    fold = page.locator("#v2 .pb-document")
    fold.locator("summary").click()
    expect(fold.locator("code")).to_contain_text('  "Statement": [')


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2018-01-01", "On 2018-01-01 the policy had no version."),
        (
            "2020-06-01",
            "On 2020-06-01 the default version was v1, since 2020-03-01, until 2021-03-01.",
        ),
        ("2030-01-01", "On 2030-01-01 the default version was v3, since 2022-03-01."),
    ],
)
def test_a_day_leads_to_the_version_of_then(page: Page, policies: str, day: str, said: str) -> None:
    """With what it granted; the address has the day."""
    visit(page, policies + FEW)
    page.get_by_label("As of").fill(day)
    page.get_by_role("button", name="Show", exact=True).click()
    answer = page.locator(".pb-asof__answer")
    expect(answer).to_contain_text(said)
    assert f"at={day}" in page.url
    if "v1" in said:
        expect(answer).to_contain_text("kms 1 Write")
        answer.get_by_role("link", name="v1").first.click()
        expect(page.locator("#v1 h3")).to_be_in_viewport()
    page.goto(f"{policies}{FEW}?at={day}")
    expect(answer).to_contain_text(said)


# --- print ----------------------------------------------------------------------------------------


def test_a_small_policy_is_printed_on_three_pages(page: Page, policies: str) -> None:
    """Only what is about the current document, under a line that says where from and when."""
    page.goto(policies + FEW)
    pdf = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 3
    page.emulate_media(media="print")
    expect(page.locator(".pb-printed")).to_contain_text("Data to 2044-03-01 · AWS's action list of")
    expect(page.get_by_text("version v3", exact=True)).to_be_visible()
    expect(page.locator("#permission-rows")).to_be_visible()
    for hidden in ("#timeline", "#v1", "#overlap", "#related", ".pb-buttons"):
        expect(page.locator(hidden)).to_be_hidden()


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_policy_of_five_services_with_notes_is_printed_on_three_pages(
    page: Page, address: str, paper: str
) -> None:
    """17 actions, on ten resource patterns; with the margins that browsers have."""
    page.goto(address + "policies/AmazonSageMakerPipelinesIntegrations/")
    pdf = page.pdf(
        format=paper, margin={"top": "1cm", "right": "1cm", "bottom": "1cm", "left": "1cm"}
    )
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 3
