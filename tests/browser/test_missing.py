"""The page for missing addresses: it leads on to the page that is meant, or lists similar names."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect


@pytest.mark.parametrize(
    ("missing", "page_meant"),
    [
        ("actions/iam/PassRole/", "actions/iam/PassRole.html"),
        ("actions/iam/PassRole/#scoped", "actions/iam/PassRole.html#scoped"),
        ("Actions/IAM/passrole", "actions/iam/PassRole.html"),
        ("Policies/amazonsagemakerfullaccess", "policies/AmazonSageMakerFullAccess/"),
        ("policies/AmazonSageMakerFullAccess.html", "policies/AmazonSageMakerFullAccess/"),
        ("services/LAMBDA/", "services/lambda/"),
        ("Conditions/iam_PassedToService/", "conditions/iam_passedtoservice/"),
        ("CHANGES/removals", "changes/removals/"),
    ],
)
def test_an_old_address_and_a_wrong_case_lead_on(
    page: Page, placed_address: str, missing: str, page_meant: str
) -> None:
    """With the anchor. The way back does not come through the missing address again."""
    page.goto(placed_address + "about/")
    page.goto(placed_address + missing)
    page.wait_for_url(placed_address + page_meant)
    page.go_back()
    page.wait_for_url(placed_address + "about/")


@pytest.mark.parametrize(
    ("missing", "first"),
    [
        ("policies/AmazonSageMakerFullAcces/", "AmazonSageMakerFullAccess"),
        ("actions/iam/PassRoles/", "iam:PassRole"),
        ("docs/old/PassRole", "PassRole"),
    ],
)
def test_similar_names_are_listed(
    page: Page, placed_address: str, missing: str, first: str
) -> None:
    """What the finder finds for the last part of the address."""
    page.goto(placed_address + missing)
    expect(page.locator("[data-pb-found] a").first).to_have_text(first)
    expect(page.get_by_role("status").first).to_contain_text("Similar names:")
    page.locator("[data-pb-found] a").first.click()
    expect(page.locator("h1")).to_contain_text(first.partition(":")[2] or first)


def test_an_address_like_no_name_says_so(page: Page, placed_address: str) -> None:
    """As text, whatever the address holds."""
    page.goto(placed_address + "x/%3Cimg%20src=x%3E%E0%A4")
    expect(page.get_by_role("status").first).to_contain_text("No match for")
    expect(page.locator("img[src=x]")).to_have_count(0)


def test_it_has_links_without_javascript(browser: Browser, placed_address: str) -> None:
    """To the lists, from any depth."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(placed_address + "a/b/c/")
    page.locator("article").get_by_role("link", name="Policies").click()
    page.wait_for_url(placed_address + "policies/")
    context.close()
