"""The pages of risks in a browser: the table of policies and rules, and the path of a rule."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.browsers import Scheme, Visit, serious

RULE = "risks/pass-role-sagemaker-notebook/"
WIDTHS = [390, 1440]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("colours", ["light", pytest.param("dark", marks=pytest.mark.exhaustive)])
def test_the_page_of_a_rule_is_accessible_in_any_width(
    context: BrowserContext, address: str, width: int, colours: Scheme
) -> None:
    """Nothing scrolls sideways, and the drawing fits."""
    visit = Visit(context, address + RULE, colours, width=width)
    assert visit.page.evaluate("document.documentElement.scrollWidth") == width
    box = visit.page.locator(".pb-drawn").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert visit.errors == []
    assert serious(visit.page) == []


def test_the_drawing_says_its_steps_to_screen_readers(page: Page, address: str) -> None:
    """As its description; it is one picture."""
    page.goto(address + RULE)
    drawing = page.get_by_role("img", name="Open a SageMaker notebook with another role")
    expect(drawing).to_have_count(1)
    expect(drawing).to_have_accessible_description(
        "1. pass a role to SageMaker AI; 2. create a notebook instance; 3. open the notebook "
        "instance or give it a script that runs when it starts. Result: Open a SageMaker notebook "
        "with another role."
    )


def test_a_step_leads_to_the_policies_that_allow_it(page: Page, address: str) -> None:
    """As many as it says."""
    page.goto(address + RULE)
    link = page.locator(".pb-path ol li").nth(1).get_by_role("link")
    count = int(link.inner_text().split()[0])
    link.click()
    listed = page.locator("#list-steps")
    expect(listed.locator(".pb-chip").first).to_contain_text("2. create a notebook instance")
    rows = listed.locator("tbody tr:visible")
    expect(rows).to_have_count(count)
    for words in rows.locator(".pb-marks").all_text_contents():
        assert "2. create a notebook instance" in words


@pytest.mark.parametrize("width", WIDTHS)
def test_marks_are_drawn_on_a_wide_screen_and_words_on_a_phone(
    context: BrowserContext, address: str, width: int
) -> None:
    """A row of the table stays one line where marks are drawn, if the policy's name is not long."""
    visit = Visit(context, address + "risks/", "light", width=width)
    cell = visit.page.locator("#list tbody td.pb-marks:not(.pb-empty)").first
    drawn, words = cell.locator("svg").bounding_box(), cell.locator(".pb-marks__words")
    box = words.bounding_box()
    assert box
    if width == 1440:
        assert drawn
        marks = len(cell.get_attribute("data-marks") or "")
        assert drawn["width"] == pytest.approx(drawn["height"] * marks, rel=0.02)
        assert box["width"] <= 1
        named = visit.page.locator("#list tbody tr", has_text="AmazonSageMakerFullAccess")
        row = named.bounding_box()
        assert row
        assert row["height"] == pytest.approx(28, abs=1.1)
    else:
        assert drawn is None
        assert box["width"] > 100


def test_policies_are_sorted_by_the_number_of_rules_of_a_kind(page: Page, address: str) -> None:
    """The most first."""
    page.goto(address + "risks/")
    page.locator("#list").get_by_role("button", name="Privilege escalation").click()
    counts = page.locator("#list tbody tr td:nth-child(2)").all_text_contents()
    found = [int(text.split()[0]) if text.strip() else 0 for text in counts]
    assert found == sorted(found, reverse=True)
    assert found[0] > found[-1]


def test_an_old_link_to_a_rule_leads_to_its_place_in_the_list(page: Page, address: str) -> None:
    """From there to its page."""
    page.goto(address + "risks/#rule-attach-policy")
    place = page.locator("#rule-attach-policy")
    expect(place).to_be_in_viewport()
    place.get_by_role("link").first.click()
    page.wait_for_url(f"{address}risks/attach-policy/")
