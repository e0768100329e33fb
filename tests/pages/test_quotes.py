"""What sources say, on the page of a policy and in its JSON: quotations apart from our words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.books import BOOK, REPOSITORY, write
from tests.support.git_archives import document
from tests.support.html import Element, read_html
from tests.support.sites import built, once

URL = "https://docs.aws.amazon.com/kite/a.html"
MAIN = f"""name: KiteReader
arn: null
type: unknown
permissions:
  s3: Our own words.
descriptions:
  guide-kite: {{title: Policies of Kite, text: "They <b>fly</b>.\\n\\nHigh.", notes: {{s3: 'Look
    at kites.', sqs: Ask.}}, updates: [{{day: 2020-03-04, version: v2, change: Added kites.}},
    {{day: 2020-01-01}}], url: '{URL}', license: CC-BY-SA-4.0, as_of: '2021-06'}}
  guide-other: {{title: Other, prefixes: [s3], url: '{URL}'}}
versions:
  - {{id: v2, published: 2020-03-04, sources: {{git: {{published: 2020-03-04}}}}}}
  - {{document: shown-1, sources: {{guide-kite: {{as_of: 2021-06-07}}}}}}
  - {{document: shown-2, sources: {{guide-other: {{}}}}}}
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a book with one policy."""

    def make(folder: Path) -> None:
        shown = {"v2": "s3:GetObject", "shown-1": "s3:GetObject", "shown-2": "s3:GetOther"}
        files = {f"{name}.json": json.dumps(document(action)) for name, action in shown.items()}
        files["policy.yml"] = MAIN.replace("\n    ", " ")
        write(folder / "data", {f"policies/KiteReader/{name}": t for name, t in files.items()})
        write(folder, {"data/book.yml": BOOK, "docs/.keep": ""})
        config = (REPOSITORY / "mkdocs.yml").read_text("utf-8").partition("\nnav:")[0]
        write(folder, {"mkdocs.yml": config})
        built(folder / "site", cwd=folder)

    return once(tmp_path_factory, "quotes", make) / "site"


@pytest.fixture(scope="module")
def page(site: Path) -> Element:
    return read_html((site / "policies/KiteReader/index.html").read_text("utf-8"))


def test_words_of_a_page_are_quotations_with_link_licence_and_state(page: Element) -> None:
    """They are text, and never in one paragraph with ours."""
    quotes = page.all("blockquote", "pb-quote")
    assert {quote.get("cite") for quote in quotes} == {URL}
    assert [quote.text for quote in quotes] == ["Look at kites.", "They <b>fly</b>. High.", "Ask."]
    whose = {part.text for part in page.all("p", "pb-quote__source")}
    assert whose == {"AWS's words, from Policies of Kite (state of 2021-06), licence CC-BY-SA-4.0"}
    links = [a for part in page.all("p", "pb-quote__source") for a in part.all("a")]
    assert {link.get("href") for link in links} == {URL}
    (own,) = (p for p in page.all("p", "pb-note") if "Our own" in p.text)
    assert own.text == "Our own words."


def test_without_a_licence_there_are_facts_and_a_link(page: Element) -> None:
    (link,) = (p for p in page.all("p") if p.text.startswith("Other describes this policy."))
    assert link.text.endswith("Its words are not shown, since the data names no licence for them.")
    assert [a.get("href") for a in link.all("a")] == [URL]
    assert [p.text for p in page.all("p") if p.text.startswith("It explains")] == [
        "It explains 1 service prefix: s3"
    ]


def test_the_table_of_updates_has_what_is_known_of_each(page: Element) -> None:
    (table,) = (t for t in page.all("table") if "Updates of the policy" in t.get("aria-label"))
    rows = [[cell.text for cell in (*row.all("th"), *row.all("td"))] for row in table.all("tr")]
    assert rows[1:] == [["2020-03-04", "v2", "Added kites."], ["2020-01-01", "not stated", "none"]]


def test_a_page_is_named_with_the_version_that_says_the_same(page: Element) -> None:
    """A document that is like none is a version without a number."""
    (version,) = (li for li in page.all("li", "pb-version") if li.get("id") == "v2")
    shown = "Policies of Kite (state of 2021-06) shows this document and gives no version number."
    assert shown in version.text
    names = [li.get("id") for li in page.all("li", "pb-version")]
    assert names == ["v2", "shown-2"]


def test_the_json_has_the_same(site: Path) -> None:
    found = json.loads((site / "api/v1/policies/KiteReader.json").read_text())["result"]
    said = found["descriptions"]["guide-kite"]
    assert said["notes"] == {"s3": "Look at kites.", "sqs": "Ask."}
    assert (said["license"], said["url"]) == ("CC-BY-SA-4.0", URL)
    assert found["permissions"] == {"s3": "Our own words."}
    newest = found["versions"][0]
    assert newest["shown_by"] == ["guide-kite"]
    assert list(newest["sources"]) == ["git"]
