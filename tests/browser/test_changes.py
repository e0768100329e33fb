"""Lists of changes in a browser: filter, show all, links to hidden versions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.browsers import served
from tests.support.sites import built_with_data, once

GET, PUT = "s3:GetObject", "s3:PutObject"
HISTORY: dict[str, list[list[str]]] = {
    "Storage": [[GET, PUT], [GET], [GET.lower()], [GET, "iam:PassRole"]],
    "Queue": [["sqs:SendMessage"], ["sqs:*"], ["sqs:SendMessage"]],
}


def put(book: Path) -> None:
    """Create a book of two policies with a version every month."""
    (book / "policies").mkdir(parents=True)
    (book / "book.yml").write_text("title: A history\nintroduction: []\n")
    for name, versions in HISTORY.items():
        folder = book / "policies" / name
        folder.mkdir()
        listed: list[dict[str, str]] = []
        for number, actions in enumerate(versions, 1):
            statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
            document = {"Version": "2012-10-17", "Statement": [statement]}
            (folder / f"v{number}.json").write_text(json.dumps(document))
            listed.insert(0, {"id": f"v{number}", "published": f"2024-0{number}-10"})
        facts = {"name": name, "arn": f"arn:aws:iam::aws:policy/{name}", "type": "aws-managed"}
        (folder / "policy.yml").write_text(yaml.safe_dump({**facts, "versions": listed}))


@pytest.fixture(scope="module")
def history_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site of that book."""

    site = once(tmp_path_factory, "history", lambda folder: built_with_data(folder, put))
    with served(site) as url:
        yield url


def field(page: Page, name: str) -> Locator:
    """A field of the filter."""
    return page.locator(f".pb-listed form [name={name}]")


def shown(page: Page) -> list[str]:
    """The visible changes, from top to bottom."""
    expect(page.locator("[aria-busy]")).to_have_count(0)
    return page.locator(".pb-rows tbody tr:visible th a").all_inner_texts()


ALL = ["Storage v4", "Queue v3", "Queue v2", "Storage v2", "Queue v1", "Storage v1"]


def count(page: Page) -> Locator:
    """How many rows fit, of how many."""
    return page.locator(".pb-status output")


def test_versions_without_effect_are_hidden_until_all_are_shown(
    page: Page, history_site: str
) -> None:
    """The page has them hidden, and its own choice is not a filter that is on."""
    page.goto(history_site + "changes/")
    assert shown(page) == ALL
    expect(count(page)).to_have_text("6 of 7 events")
    expect(page.locator(".pb-chip")).to_have_count(0)
    field(page, "effect").select_option("")
    assert shown(page) == [*ALL[:2], "Storage v3", *ALL[2:]]
    expect(count(page)).to_have_text("7 events")
    assert page.url.endswith("changes/?effect=any")
    page.go_back()
    assert shown(page) == ALL


@pytest.mark.parametrize(
    ("name", "value", "left"),
    [
        ("verdict", "lost", ["Queue v3", "Storage v2"]),
        ("verdict", "first", ["Queue v1", "Storage v1"]),
        ("level", "Permissions management", ["Queue v3", "Queue v2"]),
    ],
)
def test_changes_are_found_by_outcome_and_level(
    page: Page, history_site: str, name: str, value: str, left: list[str]
) -> None:
    """Opening the address shows the same."""
    page.goto(history_site + "changes/")
    field(page, name).select_option(value)
    assert shown(page) == left
    page.goto(page.url)
    assert shown(page) == left
    expect(field(page, name)).to_have_value(value)


def test_the_plot_shows_the_changes_that_are_found(page: Page, history_site: str) -> None:
    """Its bars are drawn anew, and their titles say what they count."""
    page.goto(history_site + "changes/")
    parts = page.locator("[data-pb-months] [data-v]")
    expect(parts).to_have_count(4)
    field(page, "verdict").select_option("narrowed")
    assert shown(page) == ["Queue v3", "Storage v2"]
    expect(parts).to_have_count(2)
    titles = page.locator("[data-pb-months] a title").all_text_contents()
    assert titles == [
        "February 2024: 1 narrowed",
        "March 2024: 1 narrowed",
        "April 2024: no change of those found",
    ]
    field(page, "verdict").select_option("")
    expect(parts).to_have_count(4)


@pytest.mark.parametrize("place", ["", "changes/", "changes/2024/"])
def test_the_plot_shows_reissued_versions_if_a_reader_wants_them(
    page: Page, history_site: str, place: str
) -> None:
    """By keyboard; it says so, the address keeps it, and the way back hides them again."""
    page.goto(history_site + place)
    button = page.get_by_role("button", name="Show 1 reissued version")
    said = page.locator(".pb-plot__more output")
    drawn = page.locator("[data-pb-months] [data-v=reissued]")
    expect(drawn).to_have_count(0)
    button.press("Enter")
    expect(drawn).to_have_count(1)
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(said).to_have_text("The plot has 1 reissued version.")
    expect(page.get_by_text("reissued without change", exact=True).first).to_be_visible()
    assert page.url.endswith("?effect=any")
    page.goto(page.url)
    expect(drawn).to_have_count(1)
    page.go_back()
    expect(drawn).to_have_count(0)
    expect(button).to_have_attribute("aria-pressed", "false")
    button.press("Space")
    expect(drawn).to_have_count(1)
    button.press("Space")
    expect(said).to_have_text("The plot has no reissued versions.")
    assert page.url.endswith(place)


def test_the_list_shows_reissued_versions_with_the_plot(page: Page, history_site: str) -> None:
    """Both have one state: the choice of the list is the button's."""
    page.goto(history_site + "changes/")
    page.get_by_role("button", name="Show 1 reissued version").click()
    assert "Storage v3" in shown(page)
    expect(field(page, "effect")).to_have_value("")
    field(page, "effect").select_option("yes")
    expect(page.locator("[data-pb-months] [data-v=reissued]")).to_have_count(0)


@pytest.mark.parametrize(
    ("service", "left"), [("iam", ["Storage v4"]), ("sqs", ["Queue v3", "Queue v2", "Queue v1"])]
)
def test_changes_are_found_by_service(
    page: Page, history_site: str, service: str, left: list[str]
) -> None:
    """It is typed, with proposals; another one that the list does not have is said."""
    page.goto(history_site + "changes/")
    field(page, "service").fill(service)
    field(page, "service").press("Enter")
    assert shown(page) == left
    assert page.url.endswith(f"?service={service}")
    field(page, "service").fill("ec2")
    field(page, "service").press("Enter")
    expect(page.locator(".pb-unknown")).to_have_text("No row of this list has the service “ec2”.")
    assert shown(page) == left


@pytest.mark.parametrize(
    ("day", "days", "left"),
    [
        ("2024-03-20", "30d", ["Queue v3"]),
        ("2024-03-20", "90d", ["Queue v3", "Queue v2", "Queue v1"]),
        ("2024-05-20", "30d", []),
    ],
)
def test_the_last_days_are_counted_by_the_clock_of_the_reader(
    page: Page, history_site: str, day: str, days: str, left: list[str]
) -> None:
    """Of one service, from an address that is shared."""
    page.clock.set_fixed_time(f"{day}T12:00:00Z")
    page.goto(f"{history_site}changes/?service=sqs&since={days}")
    assert shown(page) == left


def test_words_and_choices_work_together(page: Page, history_site: str) -> None:
    page.goto(history_site + "changes/?verdict=widened")
    page.get_by_label("Find", exact=True).fill("queue")
    assert shown(page) == ["Queue v2"]
    page.get_by_label("Find", exact=True).fill("nothing")
    assert shown(page) == []
    expect(count(page)).to_have_text("0 of 7 events")
    expect(page.locator(".pb-empty-list")).to_contain_text("No event fits these filters.")


def test_removals_are_found_by_kind_and_service(page: Page, history_site: str) -> None:
    """Each row leads to what was removed, on the page of its year."""
    page.goto(history_site + "changes/removals/")
    assert shown(page) == ["Queue v3", "Storage v2"]
    field(page, "kind").select_option("enumerated")
    assert shown(page) == ["Queue v3"]
    page.get_by_role("link", name="Queue v3").click()
    page.wait_for_url("**/changes/removals/2024-03/#Queue-v3")
    expect(page.locator("#Queue-v3")).to_contain_text("wildcard replaced by a list")
    page.goto(history_site + "changes/removals/#Storage-v2")
    assert shown(page) == ["Storage v2"]


def test_the_plot_of_removals_shows_those_that_are_found(page: Page, history_site: str) -> None:
    """Its bars are drawn anew, and the text of the plot says the same."""
    page.goto(history_site + "changes/removals/")
    figure = page.locator("[data-pb-removals]")
    parts, text = figure.locator("[data-v]"), figure.locator("desc")
    before = parts.count()
    all_of_them = text.text_content() or ""
    field(page, "kind").select_option("enumerated")
    expect(parts).to_have_count(1)
    expect(parts).to_have_attribute("data-v", "way-enumerated")
    expect(text).to_have_text("2024: 1 wildcard replaced by a list")
    field(page, "kind").select_option("")
    expect(parts).to_have_count(before)
    expect(text).to_have_text(all_of_them)


def test_a_link_to_a_hidden_version_opens_it(page: Page, history_site: str) -> None:
    """From another page and from the same page."""
    page.goto(history_site + "policies/Storage/#v3")
    expect(page.locator("#v3")).to_be_visible()
    page.goto(history_site + "policies/Storage/")
    expect(page.locator("#v3")).to_be_hidden()
    page.evaluate("location.hash = 'v3'")
    expect(page.locator("#v3")).to_be_visible()


def test_without_scripts_everything_can_be_read(history_site: str, browser: Browser) -> None:
    """Hidden parts can be opened, and no filter is shown that would not work."""
    plain = browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    page.goto(history_site + "changes/")
    assert page.locator(".pb-rows tbody tr:visible th a").all_inner_texts() == ALL
    expect(page.locator(".pb-listed form")).to_be_hidden()
    page.get_by_role("link", name="2024", exact=True).click()
    page.locator(".pb-month .pb-fold summary").click()
    expect(page.get_by_role("link", name="Storage v3")).to_be_visible()
    plain.close()
