"""Lists of changes in a browser: filter, show all, links to hidden versions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.books import REPOSITORY
from tests.support.browsers import served
from tests.support.sites import built, once

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

    def make(folder: Path) -> None:
        book = folder.with_name("history-data")
        put(book)
        config = folder.with_name("history.yml")
        config.write_text(
            f"INHERIT: {REPOSITORY}/mkdocs.yml\ndocs_dir: {REPOSITORY}/docs\n"
            f"plugins:\n  - search\n  - policybook: {{data_dir: {book}}}\n"
        )
        built(folder, "-f", config)

    with served(once(tmp_path_factory, "history", make)) as url:
        yield url


def field(page: Page, name: str) -> Locator:
    """A field of the filter."""
    return page.locator(f"form.pb-filter [name={name}]")


def shown(page: Page) -> list[str]:
    """The visible changes, from top to bottom."""
    return page.locator("#events .pb-events li:visible a").all_inner_texts()


ALL = ["Storage v4", "Queue v3", "Queue v2", "Storage v2", "Queue v1", "Storage v1"]


def test_versions_without_effect_are_hidden_until_all_are_shown(
    page: Page, history_site: str
) -> None:
    page.goto(history_site + "changes/")
    assert shown(page) == ALL
    expect(page.locator("form.pb-filter output")).to_have_text("6 of 7")
    field(page, "show").select_option("all")
    assert shown(page) == [*ALL[:2], "Storage v3", *ALL[2:]]
    expect(page.locator("form.pb-filter output")).to_have_text("7 of 7")
    assert page.url.endswith("changes/?show=all")
    page.go_back()
    assert shown(page) == ALL


@pytest.mark.parametrize(
    ("name", "value", "left"),
    [
        ("verdict", "lost", ["Queue v3", "Storage v2"]),
        ("verdict", "first", ["Queue v1", "Storage v1"]),
        ("service", "iam", ["Storage v4"]),
        ("service", "sqs", ["Queue v3", "Queue v2", "Queue v1"]),
        ("level", "Permissions management", ["Queue v3", "Queue v2"]),
    ],
)
def test_changes_are_found_by_outcome_service_and_level(
    page: Page, history_site: str, name: str, value: str, left: list[str]
) -> None:
    """Months without matches are hidden, and opening the address shows the same."""
    page.goto(history_site + "changes/")
    field(page, name).select_option(value)
    assert shown(page) == left
    assert page.locator(".pb-month:visible h3").count() == len({title[-2:] for title in left})
    page.goto(page.url)
    assert shown(page) == left
    expect(field(page, name)).to_have_value(value)


def test_an_unknown_choice_is_ignored(page: Page, history_site: str) -> None:
    """For example in an old address."""
    page.goto(history_site + "changes/?service=gone&verdict=unknown")
    assert shown(page) == ALL


def test_words_and_choices_work_together(page: Page, history_site: str) -> None:
    page.goto(history_site + "changes/?verdict=widened")
    page.get_by_label("Find", exact=True).fill("queue")
    assert shown(page) == ["Queue v2"]
    page.get_by_label("Find", exact=True).fill("nothing")
    assert shown(page) == []
    expect(page.locator("form.pb-filter output")).to_have_text("0 of 7")


def test_removals_are_found_by_kind_and_service(page: Page, history_site: str) -> None:
    """Other parts of an entry are hidden."""
    page.goto(history_site + "changes/removals/")
    entries = page.locator("#ledger li.pb-change:visible")
    expect(entries).to_have_count(2)
    field(page, "way").select_option("enumerated")
    expect(entries).to_have_count(1)
    expect(entries).to_contain_text("Queue")
    field(page, "way").select_option("removed")
    expect(entries).to_have_count(1)
    expect(entries).to_contain_text("Storage")
    field(page, "service").select_option("sqs")
    expect(entries).to_have_count(0)
    expect(page.locator("form.pb-filter output")).to_have_text("0 of 2")


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
    assert shown(page) == ALL
    expect(page.locator("form.pb-filter")).to_be_hidden()
    page.locator("#events .pb-fold summary").click()
    assert "Storage v3" in shown(page)
    plain.close()
