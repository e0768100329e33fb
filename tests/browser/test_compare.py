"""The page of comparisons: sides chosen, pasted and linked, and the answer of the command line."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.books import DATA
from tests.support.browsers import SLOWEST, SUB_PATH, until
from tests.support.cli import answer

PIPELINES = "AmazonSageMakerPipelinesIntegrations"
FULL, READ_ONLY = "AmazonSageMakerFullAccess", "AmazonSageMakerReadOnly"
SUMMARY, SAY, ANSWER = "#pb-compared", "[data-pb-say]", "[data-pb-result]"
LISTS = json.dumps({"Statement": {"Effect": "Allow", "Action": "sqs:ListQueues", "Resource": "*"}})


@pytest.fixture
def compare(page: Page, address: str) -> Page:
    """The page without sides; a busy machine may take its time."""
    page.goto(address + "compare/", wait_until="networkidle")
    page.evaluate(
        "most => { document.querySelector('[data-pb-compare]').dataset.pbPasted = most; }", SLOWEST
    )
    return page


def pick(page: Page, letter: str, text: str) -> None:
    """Add a policy to a side, with Enter."""
    box = page.get_by_role("combobox", name=f"Add a policy to {letter}")
    box.fill(text)
    box.press("Enter")
    expect(box).to_have_value("")


def paste(page: Page, letter: str, text: str) -> None:
    """Add a document to a side."""
    side = page.get_by_role("region", name=letter, exact=True)
    side.get_by_text("Paste a document").click()
    side.get_by_label("A policy document as JSON").fill(text)
    side.get_by_role("button", name=f"Add to {letter}").click()


def query(page: Page) -> dict[str, list[str]]:
    """The query of the address."""
    return parse_qs(urlsplit(page.url).query)


# --- choosing -------------------------------------------------------------------------------------


def test_two_policies_are_chosen_by_keyboard_and_compared(compare: Page) -> None:
    """The verdict is in words, both ways, and announced; the address has both names."""
    pick(compare, "A", f"{PIPELINES}@v1")
    expect(compare.locator(SAY)).to_have_text("Choose a policy for A and one for B.")
    pick(compare, "B", PIPELINES)
    expect(compare.locator(SUMMARY)).to_have_text("B contains A; A lacks 10 actions.")
    expect(compare.locator(SAY)).to_have_text(
        "B contains A; A lacks 10 actions. From A to B: widened. From B to A: narrowed."
    )
    expect(compare.locator(SAY)).to_have_attribute("role", "status")
    assert query(compare) == {"a": [f"{PIPELINES}@v1"], "b": [PIPELINES]}


def test_a_box_suggests_policies_only_and_a_click_chooses_one(compare: Page) -> None:
    """And does not lead to its page."""
    box = compare.get_by_role("combobox", name="Add a policy to A")
    box.fill("sagemaker")
    options = compare.get_by_role("option")
    expect(options.first).to_be_visible()
    assert all("policies/" in (one.get_attribute("href") or "") for one in options.all())
    options.filter(has_text=READ_ONLY).first.click()
    expect(compare.get_by_role("button", name=f"Remove {READ_ONLY} from A")).to_be_visible()
    assert "/compare/" in compare.url


def test_escape_closes_the_suggestions_and_keeps_the_focus(compare: Page) -> None:
    """An arrow opens them again."""
    box = compare.get_by_role("combobox", name="Add a policy to A")
    box.press_sequentially("pipelines")
    options = compare.get_by_role("option")
    expect(options.first).to_be_visible()
    box.press("Escape")
    expect(options).to_have_count(0)
    expect(box).to_be_focused()
    box.press("ArrowDown")
    expect(options.first).to_be_visible()
    expect(box).to_have_value("pipelines")


def test_a_day_stays_a_day_in_the_address(compare: Page) -> None:
    """And is compared as the version that was the default then."""
    pick(compare, "A", f"{PIPELINES}@2021-08-01")
    pick(compare, "B", f"{PIPELINES}@v1")
    expect(compare.locator(SUMMARY)).to_have_text("A and B are identical.")
    assert query(compare)["a"] == [f"{PIPELINES}@2021-08-01"]


def test_sides_are_swapped_and_emptied_and_the_browser_goes_back(compare: Page) -> None:
    pick(compare, "A", f"{PIPELINES}@v1")
    pick(compare, "B", PIPELINES)
    compare.get_by_role("button", name="Swap A and B").click()
    expect(compare.locator(SUMMARY)).to_have_text("A contains B; B lacks 10 actions.")
    compare.go_back()
    expect(compare.locator(SUMMARY)).to_have_text("B contains A; A lacks 10 actions.")
    compare.get_by_role("button", name=f"Remove {PIPELINES} from B").click()
    expect(compare.locator(SUMMARY)).to_have_count(0)
    assert query(compare) == {"a": [f"{PIPELINES}@v1"]}


def test_what_the_policies_of_a_side_make_possible_together_is_said(compare: Page) -> None:
    """Neither of two documents escalates alone; the link leads to the page of the rule."""

    def allowing(*actions: str) -> str:
        statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
        return json.dumps({"Statement": [statement]})

    paste(compare, "A", allowing("iam:PassRole"))
    paste_again = compare.get_by_role("region", name="A", exact=True)
    paste_again.get_by_label("A policy document as JSON").fill(
        allowing("lambda:CreateFunction", "lambda:InvokeFunction")
    )
    paste_again.get_by_role("button", name="Add to A").click()
    pick(compare, "B", PIPELINES)
    result = compare.locator(ANSWER)
    expect(result).to_contain_text("Together, A can escalate, as no policy of it does alone:")
    expect(result).to_contain_text("pasted document with pasted document (2)")
    expect(result).not_to_contain_text("Together, B")
    result.locator("a[href*='risks/']").first.click()
    expect(compare.get_by_role("heading", name="Policies together")).to_be_visible()


# --- linked ---------------------------------------------------------------------------------------


def test_several_policies_of_a_side_count_together(page: Page, address: str) -> None:
    """The address may have several on each side."""
    page.goto(f"{address}compare/?a={READ_ONLY}&a={PIPELINES}@v1&b={PIPELINES}&b={READ_ONLY}")
    expect(page.locator(SUMMARY)).to_have_text("B contains A; A lacks 10 actions.")


def test_the_page_says_what_the_command_says(page: Page, address: str) -> None:
    """Columns by service and level, what differs, and the risks of each."""
    page.goto(f"{address}compare/?a={PIPELINES}@v1&b={FULL}")
    found: dict[str, Any] = json.loads(
        answer("diff", f"{PIPELINES}@v1", FULL, "--data", DATA, "--format", "json")
    )
    expect(page.locator(SUMMARY)).to_have_text(found["summary"] + ".")
    for column, title in (("only_a", "Only A"), ("both", "Both"), ("only_b", "Only B")):
        levels = [s[column] for s in found["services"].values() if s[column]]
        region = page.locator(f"[aria-labelledby=pb-column-{column}]")
        total = sum(len(names) for by_level in levels for names in by_level.values())
        expect(region.get_by_role("heading")).to_have_text(f"{title} {total} actions")
        assert region.locator("details").count() == len(levels)
    both = page.locator("[aria-labelledby=pb-column-both]")
    expect(both).to_contain_text("lambda:InvokeFunction other limits in B")
    only_a = page.locator("[aria-labelledby=pb-column-only_a]")
    expect(only_a.get_by_role("link", name="lambda:CreateFunction")).to_have_attribute(
        "href",
        f"{urlsplit(address).scheme}://{urlsplit(address).netloc}{SUB_PATH}"
        "actions/lambda/CreateFunction.html",
    )
    shown = page.locator(".pb-evidence > li")
    assert shown.count() == len(found["rows"])
    changed = shown.filter(has_text="lambda:InvokeFunction")
    assert changed.locator("dt").all_inner_texts()[:2] == ["was in A", "now in B"]
    for letter in ("a", "b"):
        risks = page.locator(".pb-columns--two section").nth("ab".index(letter)).locator("li a")
        assert risks.all_inner_texts() == [risk["title"] for risk in found[letter]["risks"]]


@pytest.mark.parametrize(
    ("sides", "said"),
    [
        ("?a=NoSuchPolicy&b=" + FULL, "This site has no policy named “NoSuchPolicy”."),
        (f"?a={PIPELINES}@v9&b={FULL}", f"{PIPELINES} has no known version v9. Known: v3, v2, v1."),
        (f"?a={PIPELINES}@v2&b={FULL}", f"{PIPELINES}: the document of v2 is not known."),
        (
            f"?a={PIPELINES}@2001-01-01&b={FULL}",
            f"{PIPELINES}: no version is known for 2001-01-01.",
        ),
        (f"?a={PIPELINES}@2023-02-30&b={FULL}", f"{PIPELINES}: there is no day 2023-02-30."),
        ("#a=%E0%A4", "Choose a policy for A and one for B."),  # a link that was cut off
        ("?c=d", "Not known in the address: c. Choose a policy for A and one for B."),
    ],
)
def test_what_the_address_asks_and_the_site_does_not_know_is_said(
    page: Page, address: str, sides: str, said: str
) -> None:
    page.goto(f"{address}compare/{sides}")
    expect(page.locator(SAY)).to_have_text(said)


def test_pages_lead_to_comparisons(page: Page, address: str) -> None:
    """Of a policy as A; of a version with the current one, and of that with its predecessor."""
    page.goto(f"{address}policies/{PIPELINES}/", wait_until="networkidle")
    head = page.locator(".pb-buttons").get_by_role("link", name="Compare")
    expect(head).to_have_attribute("href", f"../../compare/?a={PIPELINES}")
    older = page.locator("#v1").get_by_role("link", name="Compare with the current version")
    newest = page.locator("#v3").get_by_role("link", name="Compare with v1")
    for link in (older, newest):
        assert parse_qs(urlsplit(link.get_attribute("href") or "").query) == {
            "a": [f"{PIPELINES}@v1"],
            "b": [PIPELINES],
        }
    older.click()
    expect(page.locator(SUMMARY)).to_have_text("B contains A; A lacks 10 actions.")


# --- pasted ---------------------------------------------------------------------------------------


def test_a_pasted_document_enters_the_address_only_with_copy_link(
    compare: Page, context: BrowserContext
) -> None:
    """And then its fragment, from which the page reads it again."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    asked: list[str] = []
    compare.on("request", lambda request: asked.append(request.url))
    paste(compare, "A", LISTS)
    pick(compare, "B", FULL)
    expect(compare.locator(SUMMARY)).to_contain_text("A lacks")
    assert "ListQueues" not in compare.url
    compare.get_by_role("button", name="Copy link").click()
    expect(compare.locator("[data-pb-copied]")).to_contain_text("Link copied.")
    link = compare.evaluate("navigator.clipboard.readText()")
    assert link == compare.url
    assert "ListQueues" in urlsplit(link).fragment
    assert "ListQueues" not in urlsplit(link).query
    compare.goto("about:blank")
    compare.goto(link)
    expect(compare.get_by_text("Pasted document, ")).to_be_visible()
    assert not [url for url in asked if "ListQueues" in url]


def test_a_document_that_cannot_be_read_is_named_with_its_line(compare: Page) -> None:
    paste(compare, "A", '{"Statement": [\n{"Effect": "Allow"}]}')
    pick(compare, "B", FULL)
    expect(compare.locator(SAY)).to_contain_text("The pasted document cannot be read: line 2: ")


def test_a_text_that_is_too_large_is_refused_at_once(compare: Page) -> None:
    paste(compare, "A", " " * 100_000 + LISTS)
    refused = compare.get_by_text("expected at most 100,000")
    expect(refused).to_be_visible()


def test_markup_in_a_document_stays_text(compare: Page) -> None:
    """Names of actions, resources and condition keys, all of which are shown."""
    hostile = "<img src=x onerror=alert(1)>"
    statement = {
        "Effect": "Allow",
        "Action": ["sqs:SendMessage", f"sqs:{hostile}"],
        "Resource": f"arn:aws:sqs:*:*:{hostile}",
        "Condition": {"StringEquals": {hostile: hostile}},
    }
    paste(compare, "A", json.dumps({"Statement": [statement]}))
    paste(compare, "B", LISTS)
    expect(compare.locator(ANSWER)).to_contain_text(hostile)
    assert compare.locator(f"{ANSWER} img").count() == 0


def test_a_comparison_that_takes_too_long_is_stopped_and_the_page_lives(compare: Page) -> None:
    """The reader can let it go on."""
    compare.evaluate("() => { document.querySelector('[data-pb-compare]').dataset.pbPasted = 0; }")
    pick(compare, "B", FULL)
    paste(compare, "A", LISTS)
    expect(compare.locator(SAY)).to_have_text("Stopped: the comparison took longer than 0 seconds.")
    compare.get_by_role("button", name="Compare for up to 30 seconds").click()
    expect(compare.locator(SUMMARY)).to_contain_text("A lacks")


# --- everywhere -----------------------------------------------------------------------------------


def test_without_javascript_the_page_names_the_command(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "compare/")
    expect(page.get_by_text("This page needs JavaScript")).to_be_visible()
    expect(page.locator(".pb-noscript")).to_contain_text("policybook diff A B")
    expect(page.locator("[data-pb-compare]")).to_be_hidden()
    context.close()


def test_the_finder_leads_from_diff_to_the_page(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("form[data-pb-finder=header] input").fill("diff")
    first = page.locator("[role=option]:visible").first
    expect(first).to_have_attribute("href", f"{address}compare/")


def test_nothing_of_the_page_is_wider_than_a_phone(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{address}compare/?a={PIPELINES}@v1&b={FULL}")
    expect(page.locator(SUMMARY)).to_be_visible()
    until(page, "document.documentElement.scrollWidth <= innerWidth")
