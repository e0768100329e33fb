"""The page that checks a policy document: what is pasted stays, whatever it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.support.browsers import Visit

PIPELINES = "AmazonSageMakerPipelinesIntegrations"
MISTAKES = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "a b",
                "Effect": "Allow",
                "Action": ["s3:GetObjct", "s3:GetOb*"],
                "Resource": "*",
            },
            {"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "arn:aws:s3:::mine"},
            {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"},
        ],
    },
    indent=1,
)
BUCKET = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'


class CheckPage:
    """The page with its parts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.field = page.get_by_label("A policy document as JSON")
        self.said = page.locator("[data-pb-say]")
        self.link = page.locator("[data-pb-copied]")
        self.result = page.locator("[data-pb-result]")

    def check(self, text: str) -> None:
        """Put the text into the field and press the button."""
        self.field.fill(text)
        self.page.get_by_role("button", name="Check", exact=True).click()

    def part(self, title: str) -> Locator:
        """The part of the answer with this heading."""
        heading = self.page.get_by_role("heading", name=title)
        return self.page.locator(".pb-checked__part").filter(has=heading)


@pytest.fixture
def visit(context: BrowserContext, address: str) -> Iterator[Visit]:
    """The page; at its end there were no errors, and no requests to other hosts."""
    found = Visit(context, f"{address}check/", "light")
    yield found
    assert found.errors == []


@pytest.fixture
def check(visit: Visit) -> CheckPage:
    """The page with its parts."""
    return CheckPage(visit.page)


# --- answers --------------------------------------------------------------------------------------


def test_a_document_is_answered_in_all_its_parts(check: CheckPage) -> None:
    """Errors with line, actions, unknown ones, resources, wildcards, risks and policies."""
    check.check(MISTAKES)
    expect(check.said).to_contain_text("1 error, 1 warning; 18 effective actions of 2 services")
    errors = check.part("Errors and warnings")
    expect(errors).to_contain_text("line 5 Statement[0].Sid: expected only letters and digits")
    expect(errors).to_contain_text("found 's3:GetObjct'; did you mean s3:GetObject?")
    expect(check.part("Effective actions")).to_contain_text("s3:GetObjectAcl s3:GetOb*, 1")
    expect(check.part("Unknown actions")).to_contain_text("Did you mean s3:GetObject?")
    expect(check.part("Unsupported resources")).to_contain_text("ec2:RunInstances has no resource")
    expect(check.part("Wildcards")).to_contain_text("s3:GetOb* names")
    expect(check.part("Risks")).to_contain_text("Pass any role")
    expect(check.part("Policies of this site")).to_be_visible()


def test_a_line_is_shown_in_the_field(check: CheckPage) -> None:
    """Its text is selected there."""
    check.check(MISTAKES)
    check.page.get_by_role("button", name="line 5").click()
    selected = check.field.evaluate("f => f.value.slice(f.selectionStart, f.selectionEnd)")
    assert selected.strip() == '"Sid": "a b",'


def test_a_boundary_leaves_a_part(check: CheckPage) -> None:
    """Exactly, where one resource contains the other."""
    check.page.get_by_text("Limit it by a permissions boundary").click()
    check.page.get_by_label("The boundary, or").fill(BUCKET)
    check.check(MISTAKES)
    left = check.part("Left by the boundary")
    expect(left).to_contain_text("17 actions, exact")
    expect(left).to_contain_text("1 action removed")
    check.page.get_by_label("The boundary, or").fill("{")
    check.check(MISTAKES)
    expect(check.said).to_contain_text("The boundary cannot be used: line 1: expected valid JSON")


def test_any_version_is_shown_and_compared(context: BrowserContext, address: str) -> None:
    """By its number or a day in the address, and with the verdict against another one."""
    named = f"{address}check/?policy={PIPELINES}@2022-01-01&with={PIPELINES}@v3"
    check = CheckPage(Visit(context, named, "light").page)
    expect(check.said).to_contain_text(f"{PIPELINES} v1.")
    expect(check.part("Compared with")).to_contain_text("narrowed")
    expect(check.part("Policies of this site")).to_contain_text(f"{PIPELINES} 10 actions more")
    assert json.loads(check.field.input_value())["Version"] == "2012-10-17"
    check.page.goto(f"{address}check/?policy={PIPELINES}@v9")
    expect(check.said).to_contain_text("v9")


def test_what_iam_refuses_from_customers_is_a_warning_in_aws_s_own_policies(
    context: BrowserContext, address: str
) -> None:
    """As in the check of a book; the same document, pasted, has the error."""
    named = f"{address}check/?policy=AmazonSageMakerFullAccess@2021-08-02"
    check = CheckPage(Visit(context, named, "light").page)
    expect(check.said).to_contain_text("AmazonSageMakerFullAccess 2021-08-02. 0 errors, 2 warnings")
    check.field.press("End")
    check.field.press("Space")
    check.page.get_by_role("button", name="Check", exact=True).click()
    expect(check.said).to_contain_text("1 error, 1 warning")


def test_every_version_leads_to_its_check(context: BrowserContext, address: str) -> None:
    """From the history of a policy."""
    page = Visit(context, f"{address}policies/{PIPELINES}/", "light").page
    page.locator("#v1").get_by_role("link", name="Check").click()
    expect(page).to_have_url(f"{address}check/?policy={PIPELINES}@v1")
    expect(CheckPage(page).said).to_contain_text(f"{PIPELINES} v1.")


def test_a_parameter_that_the_page_does_not_know_is_said(
    context: BrowserContext, address: str
) -> None:
    """Alone, and next to one that it knows."""
    check = CheckPage(Visit(context, f"{address}check/?polcy=x", "light").page)
    expect(check.said).to_have_text("Not known in the address: polcy.")
    check.page.goto(f"{address}check/?policy={PIPELINES}&a=b")
    expect(check.said).to_contain_text(f"Not known in the address: a. {PIPELINES} v")


# --- addresses ------------------------------------------------------------------------------------


def test_what_is_pasted_enters_the_address_only_when_a_link_is_copied(
    visit: Visit, check: CheckPage, address: str
) -> None:
    """And then in the fragment, which is not sent."""
    check.check(MISTAKES)
    expect(check.part("Policies of this site")).to_be_visible()
    assert visit.page.url == f"{address}check/"
    check.page.get_by_role("button", name="Copy link").click()
    expect(check.link).to_contain_text("behind #, which is not sent to a server")
    head, _, fragment = visit.page.url.partition("#")
    assert head == f"{address}check/"
    assert fragment.startswith("document=")
    visit.page.reload()
    expect(check.said).to_contain_text("1 error, 1 warning")
    assert check.field.input_value() == MISTAKES


def test_another_text_does_not_keep_the_address_of_a_copied_one(
    visit: Visit, check: CheckPage, address: str
) -> None:
    """A reload would bring the copied one back."""
    check.check(MISTAKES)
    check.page.get_by_role("button", name="Copy link").click()
    expect(check.link).to_contain_text("behind #")
    expect(check.said).to_contain_text("1 error, 1 warning")
    expect(check.link).to_contain_text("behind #")
    check.check(BUCKET)
    expect(check.said).to_contain_text("0 errors, 0 warnings")
    expect(check.link).to_have_text("")
    assert visit.page.url == f"{address}check/"


def test_the_browser_goes_back_and_forward(visit: Visit, check: CheckPage, address: str) -> None:
    """To a policy, and to the own text that replaced it."""
    visit.page.goto(f"{address}check/?policy={PIPELINES}@v1")
    expect(check.said).to_contain_text(f"{PIPELINES} v1.")
    check.check(BUCKET)
    expect(check.said).to_contain_text("0 errors, 0 warnings")
    visit.page.go_back()
    expect(check.said).to_contain_text(f"{PIPELINES} v1.")
    visit.page.go_forward()
    expect(check.field).to_have_value(BUCKET)
    assert visit.page.url == f"{address}check/"


def test_a_link_that_was_cut_off_leaves_the_page_alive(
    visit: Visit, check: CheckPage, address: str
) -> None:
    """Half of an escape is left at its end."""
    visit.page.goto("about:blank")
    visit.page.goto(f"{address}check/#document=%7B%E0%A4")
    expect(check.said).to_contain_text("1 error")


def test_a_name_list_that_cannot_be_loaded_is_said(context: BrowserContext, address: str) -> None:
    """The page does not stay at "Checking…"."""
    page = context.new_page()
    page.goto(f"{address}check/")
    page.route("**/search/**", lambda route: route.abort())
    check = CheckPage(page)
    check.check(BUCKET)
    expect(check.said).to_contain_text("The names of this site could not be loaded.")


# --- hostile texts --------------------------------------------------------------------------------

HOSTILE = {
    "deep": ("[" * 100_000, "expected at most 32 levels"),
    "deep objects": ('{"Statement":' * 20_000, "expected at most 32 levels"),
    "no JSON": ("</script><script>alert(1)</script>", "expected valid JSON"),
    "markup": (
        '{"Statement":[{"Effect":"<img src=x onerror=alert(1)>","Action":"<b>","Resource":"*"}]}',
        "<img src=x onerror=alert(1)>",
    ),
    "patterns": (
        json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": {
                    "Effect": "Allow",
                    "Action": [f"s3:{'*?' * 300}{place}" for place in range(200)],
                    "Resource": [f"arn:aws:s3:::{'*?a' * 300}{place}" for place in range(200)],
                },
            }
        ),
        "Statement.Action[0]: expected an action in AWS's action list",
    ),
    "control characters": ('{"Statement":"\u202e"}', "U+202E"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_texts_are_answered_as_text(check: CheckPage, kind: str) -> None:
    """No part of them becomes markup."""
    text, said = HOSTILE[kind]
    check.check(text)
    expect(check.part("Errors and warnings")).to_contain_text(said)
    assert check.result.locator("img, script, b:has-text('<')").count() == 0


def test_a_text_that_is_too_long_is_not_checked(check: CheckPage) -> None:
    """It does not even get into the field when it is pasted."""
    paste = """field => {
        const data = new DataTransfer();
        data.setData("text", "x".repeat(10_000_000));
        return field.dispatchEvent(
            new ClipboardEvent("paste", {clipboardData: data, cancelable: true, bubbles: true})
        );
    }"""
    assert check.field.evaluate(paste) is False
    expect(check.said).to_have_text("10,000,000 characters, expected at most 500,000.")


def test_a_check_without_end_is_ended(check: CheckPage) -> None:
    """The page stays alive, and answers the next question."""
    limits = [
        {
            "Effect": "Deny" if place % 2 else "Allow",
            "NotAction": f"s3:*{place}",
            "NotResource": f"arn:aws:s3:::*a*b*c*{place}",
            "Condition": {"StringLike": {f"aws:k{place}": f"*?*?*{place}"}},
        }
        for place in range(2_000)
    ]
    check.check(json.dumps({"Version": "2012-10-17", "Statement": limits}))
    expect(check.said).to_contain_text("Stopped: the check took longer than 1 second.")
    expect(check.page.get_by_role("button", name="Check for up to 30 seconds")).to_be_visible()
    check.check(BUCKET)
    expect(check.said).to_contain_text("0 errors, 0 warnings")


# --- without JavaScript, and by keyboard ----------------------------------------------------------


def test_without_javascript_the_page_names_the_commands(site: Path) -> None:
    """And says what it is."""
    text = (site / "check/index.html").read_text()
    assert "This page needs JavaScript" in text
    assert "<code>policybook check FILE</code>" in text
    assert "What is wrong with a policy document" in text


def test_the_keyboard_is_enough(check: CheckPage) -> None:
    """From the field to the button, and into the answer."""
    check.field.focus()
    check.page.keyboard.insert_text(MISTAKES)
    for _ in range(2):  # past what limits the document
        check.page.keyboard.press("Tab")
    check.page.keyboard.press("Enter")
    expect(check.part("Risks")).to_be_visible()
    summary = check.part("Risks").locator("summary").first
    summary.focus()
    check.page.keyboard.press("Enter")
    expect(check.part("Risks")).to_contain_text("Statement 3")
