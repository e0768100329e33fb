"""What pages say about themselves to other sites."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from policybook.build.planner import plan_site
from policybook.output.html.metadata import metadata, open_graph
from policybook.pages.page import Page

from tests.support.html import read_html

SITE = "https://book.example/x/"
HOSTILE = """</script><script>alert(1)</script><!-- "&' \u2028"""


@pytest.fixture
def pages(book: Path) -> Mapping[str, Page]:
    """The pages of the small book, whose title is hostile."""
    facts = book / "data/book.yml"
    facts.write_text(f"title: {json.dumps(HOSTILE.replace(chr(0x2028), ''))}\nintroduction: [A]\n")
    return {page.url: page for page in plan_site(book / "data", site_url=SITE).pages}


def test_only_known_addresses_are_named(book: Path) -> None:
    """Without the address of the site, no page has any of it."""
    site = plan_site(book / "data")
    assert {metadata(site.context, page).head for page in site.pages} == {""}


def test_open_graph_names_title_address_and_card(book: Path) -> None:
    """As text, whatever it holds."""
    context = plan_site(book / "data", site_url=SITE).context
    elements = read_html(open_graph(context, HOSTILE, "policies/A B/", "policy")).all("meta")
    values = {e.get("property"): e.get("content") for e in elements}
    assert values["og:title"] == HOSTILE
    assert values["og:url"] == f"{SITE}policies/A%20B/"
    assert values["og:image"] == f"{SITE}assets/cards/policy.png"


def test_policies_are_articles_of_the_data_set(book: Path, pages: Mapping[str, Page]) -> None:
    """JSON-LD that no text of the data can leave."""
    context = plan_site(book / "data", site_url=SITE).context
    kinds = {}
    for url, page in pages.items():
        scripts = read_html(metadata(context, page).head).all("script")
        assert len(scripts) == (page.template in ("home", "about", "policy"))
        for script in scripts:
            assert script.get("type") == "application/ld+json"
            kinds[url] = json.loads(script.text)
    dataset, article = kinds[""], kinds["policies/ExampleReportReader/"]
    assert dataset["@type"] == kinds["about/"]["@type"] == "Dataset"
    assert dataset["name"] == HOSTILE.replace("\u2028", "")
    assert dataset["distribution"][0]["contentUrl"] == f"{SITE}api/v1/index.json"
    assert article["@type"] == "TechArticle"
    assert article["url"] == f"{SITE}policies/ExampleReportReader/"
    assert article["isPartOf"]["name"] == dataset["name"]


def test_a_page_about_one_file_links_to_it(book: Path) -> None:
    """Only if the repository is known."""
    site = plan_site(book / "data")
    there = {
        page.url: metadata(site.context, page, "https://x.example/&/").edit for page in site.pages
    }
    links = read_html(there["policies/ExampleReportReader/"]).all("a")
    path = "policies/ExampleReportReader/policy.yml"
    assert [link.get("href") for link in links] == [f"https://x.example/&/{path}"]
    assert (book / "data" / path).is_file()
    assert there["services/s3/"] == ""
    assert {metadata(site.context, page).edit for page in site.pages} == {""}
    for page in site.pages:
        assert not page.source or (book / "data" / page.source).is_file()
