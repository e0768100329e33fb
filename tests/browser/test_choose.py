"""The page that chooses policies: answers in a worker, and nothing that is typed is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.books import DATA
from tests.support.browsers import Visit, serious
from tests.support.cli import run

PIPELINES = "AmazonSageMakerPipelinesIntegrations"
NEEDED = "sagemaker:CreateTrainingJob iam:PassRole s3:GetObject"


@pytest.fixture
def choose(context: BrowserContext, address: str) -> Iterator[Page]:
    """The page; nothing on it may fail or ask another host."""
    visit = Visit(context, f"{address}choose/", "light")
    yield visit.page
    assert visit.errors == []


def ask(page: Page, text: str) -> None:
    """Enter what is needed, and wait for the answer."""
    page.get_by_label("Actions that you need").fill(text)
    page.get_by_role("button", name="Find policies").click()
    expect(page.locator("[data-pb-say]")).not_to_have_text("Searching…")


def replace(page: Page, name: str) -> None:
    """Choose a policy, a version or a day to replace, by keyboard."""
    box = page.get_by_label("Add a policy to replace")
    box.fill(name)
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("Enter")
    expect(box).to_have_value("")


def rows(page: Page) -> list[list[str]]:
    """The policies of each choice."""
    found = page.locator(".pb-chosen tbody tr").all()
    return [row.locator("td").first.locator("a").all_inner_texts() for row in found]


def test_the_answer_is_that_of_the_command(choose: Page) -> None:
    """In the same order; each policy leads to its page."""
    ask(choose, NEEDED)
    ran = run("choose", *NEEDED.split(), "--data", DATA, "--format", "json")
    expected = [choice["policies"] for choice in json.loads(ran.stdout)["choices"]]
    assert rows(choose) == expected != []
    choose.locator(".pb-chosen a").first.click()
    choose.wait_for_url(f"**/policies/{expected[0][0]}/")


def test_what_is_typed_stays_out_of_the_address_until_a_link_is_copied(choose: Page) -> None:
    """Then it is in the fragment. Switches and names of the site's policies are in the query."""
    ask(choose, "iam:PassRole")
    replace(choose, "AmazonSageMakerFullAccess")
    choose.get_by_label("no deprecated policies").uncheck()
    expect(choose.get_by_role("heading", name="Not used")).to_be_visible()
    found = urlsplit(choose.url)
    assert "PassRole" not in choose.url
    assert parse_qs(found.query) == {
        "instead-of": ["AmazonSageMakerFullAccess"],
        "deprecated": ["too"],
    }
    choose.get_by_role("button", name="Copy link").click()
    expect(choose.locator("[data-pb-copied]")).to_contain_text("not sent to a server")
    assert "PassRole" in urlsplit(choose.url).fragment
    assert "PassRole" not in urlsplit(choose.url).query
    choose.reload()
    expect(choose.get_by_label("Actions that you need")).to_have_value("iam:PassRole")
    expect(choose.locator(".pb-chosen")).to_be_visible()
    expect(choose.get_by_label("no deprecated policies")).not_to_be_checked()


def test_a_version_or_a_document_is_replaced(choose: Page, tmp_path: Path) -> None:
    """As by the command; a document leaves the browser no more than the actions do."""
    document = {"Effect": "Allow", "Action": ["s3:Get*", "sqs:*"], "Resource": "*"}
    text = json.dumps({"Version": "2012-10-17", "Statement": document})
    (tmp_path / "own.json").write_text(text)
    ask(choose, "s3:GetObject")
    replace(choose, f"{PIPELINES}@v1")
    choose.get_by_text("Paste a document").click()
    choose.get_by_label("A policy document as JSON").fill(text)
    choose.get_by_role("button", name="Add to what is replaced").click()
    given = ("--instead-of", f"{PIPELINES}@v1", "--instead-of", tmp_path / "own.json")
    ran = run("choose", "s3:GetObject", *given, "--data", DATA, "--format", "json")
    unused = json.loads(ran.stdout)["instead_of"]["unused"]
    count = sum(len(one["actions"]) for one in unused)
    expect(choose.get_by_role("heading", name=f"Not used: {count} actions")).to_be_visible()
    assert parse_qs(urlsplit(choose.url).query) == {"instead-of": [f"{PIPELINES}@v1"]}
    assert "sqs" not in choose.url
    choose.get_by_role("button", name="Remove pasted document").click()
    choose.get_by_role("button", name="Copy link").click()
    choose.reload()
    expect(choose.get_by_role("button", name=f"Remove {PIPELINES}")).to_be_visible()
    expect(choose.get_by_role("heading", name="Not used")).to_be_visible()


def test_what_the_address_asks_and_the_site_does_not_know_is_said(
    context: BrowserContext, address: str
) -> None:
    """A parameter, a version, a policy."""
    page = Visit(context, f"{address}choose/?policy=x#actions=s3:GetObject", "light").page
    expect(page.locator("[data-pb-say]")).to_contain_text("Not known in the address: policy. ")
    page.goto(f"{address}choose/?instead-of={PIPELINES}@v77#actions=s3:GetObject")
    expect(page.locator("[data-pb-say]")).to_contain_text("has no known version v77")
    page.goto(f"{address}choose/?instead-of=NoSuch#actions=s3:GetObject")
    expect(page.locator("[data-pb-result]")).to_contain_text("Not a policy of this site: NoSuch")


def test_the_page_works_by_keyboard(choose: Page) -> None:
    """From the field to the button and the excess."""
    choose.get_by_label("Actions that you need").focus()
    choose.keyboard.type("iam:PassRole")
    for _ in range(20):
        choose.keyboard.press("Tab")
        if choose.evaluate("document.activeElement.textContent") == "Find policies":
            break
    choose.keyboard.press("Enter")
    expect(choose.locator(".pb-chosen")).to_be_visible()
    summary = choose.locator(".pb-chosen summary").first
    summary.focus()
    choose.keyboard.press("Enter")
    expect(choose.locator(".pb-chosen details[open] p").first).to_contain_text(":")


HOSTILE = {
    "markup": '<img src=x onerror="window.hit = 1"> <script>window.hit = 1</script>',
    "deep JSON": "[" * 200_000,
    "many names": " ".join(f"s3:A{n}" for n in range(30_000)),
    "long patterns": " ".join(f"ec2:{'*a' * 200}{n}" for n in range(2_000)),
    "everything": "* " * 1_000,
    "too long": "s3:GetObject " * 200_000,
    "nested records": json.dumps({"Records": [{"eventSource": {"a": [[]]}}] * 5_000}),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_ends_in_a_message_and_the_page_lives(choose: Page, kind: str) -> None:
    """No markup comes of it, and the next question is answered."""
    text = HOSTILE[kind]
    choose.get_by_label("Actions that you need").evaluate("(box, text) => box.value = text", text)
    choose.get_by_role("button", name="Find policies").click()
    expect(choose.locator("[data-pb-say]")).not_to_have_text("Searching…")
    assert choose.locator("[data-pb-say]").inner_text()
    assert choose.evaluate("window.hit") is None
    assert choose.locator("[data-pb-result] img").count() == 0
    ask(choose, "iam:PassRole")
    expect(choose.locator(".pb-chosen")).to_be_visible()


def test_a_search_that_takes_too_long_is_stopped(choose: Page) -> None:
    """The reader may let it go on."""
    choose.locator("[data-pb-choose]").evaluate("root => { root.dataset.pbUsual = 0; }")
    ask(choose, "sagemaker:* s3:* iam:PassRole " * 500)
    expect(choose.locator("[data-pb-say]")).to_contain_text("Stopped")
    choose.get_by_role("button", name="Search for up to").click()
    expect(choose.locator(".pb-chosen")).to_be_visible()


def test_without_javascript_the_page_names_the_command(
    context: BrowserContext, address: str
) -> None:
    """What it is, and what gives the same answer."""
    plain = context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]  # it is of one
    page = plain.new_page()
    page.goto(f"{address}choose/")
    expect(page.get_by_text("This page needs JavaScript")).to_be_visible()
    expect(page.get_by_text("policybook choose").first).to_be_visible()
    expect(page.get_by_role("button", name="Find policies")).to_be_hidden()
    plain.close()


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_an_answer_is_accessible_on_a_phone(
    context: BrowserContext, address: str, colours: str
) -> None:
    visit = Visit(context, f"{address}choose/", colours, width=390)  # type: ignore[arg-type]  # a scheme
    ask(visit.page, f"{NEEDED} nonsense")
    replace(visit.page, "AmazonSageMakerFullAccess")
    expect(visit.page.get_by_role("heading", name="Not used")).to_be_visible()
    assert visit.page.evaluate("document.documentElement.scrollWidth") == 390
    assert serious(visit.page) == []
    assert visit.errors == []
