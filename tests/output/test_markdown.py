"""The book as Markdown: tables and fences that any builder reads, and text that stays text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from jinja2 import Environment
from policybook.build.planner import plan_site
from policybook.data.loader import load
from policybook.output.markdown import code, escaped

from tests.support.book_folders import HOSTILE, hostile_book
from tests.support.books import REPOSITORY
from tests.support.html import Element, dead_links, pages
from tests.support.sites import built_from_markdown as as_site
from tests.support.sites import once


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's book, exported as Markdown and built."""
    return once(tmp_path_factory, "markdown", lambda folder: as_site(REPOSITORY, folder))


@pytest.fixture(scope="session")
def exported_pages(exported: Path) -> Mapping[str, Element]:
    """The pages of that site, read once by each worker."""
    return pages(exported / "site")


def test_every_page_is_there_with_whole_links(
    exported: Path, exported_pages: Mapping[str, Element]
) -> None:
    """Links and anchors lead somewhere, also those to files for programs."""
    planned = {page.url for page in plan_site(REPOSITORY / "data").pages}
    assert {path for path in exported_pages if path != "404.html"} == planned
    assert dead_links(exported / "site", exported_pages) == []


def test_what_a_policy_grants_stands_in_tables(exported_pages: Mapping[str, Element]) -> None:
    """One row for each statement's part on a service, as on the book's own page."""
    root = exported_pages["policies/AmazonSageMakerPipelinesIntegrations/"]
    rows = [[cell.text for cell in row.all("td")] for row in root.all("tr")]
    role = "arn:aws:iam::*:role/*"
    assert any(row[:2] == ["iam:PassRole", role] for row in rows if row)
    tables = root.all("table")
    assert len(tables) > 5
    text = root.all("article")[0].text
    assert "| ---" not in text


def test_documents_stand_in_fences_as_they_are(exported: Path) -> None:
    """Every document on its policy's page is the one of the data."""
    book = load(REPOSITORY / "data")
    count = 0
    for policy, version, document in book.documents():
        text = (exported / "docs/policies" / policy.name / "index.md").read_text()
        after = text.partition(f'<a id="{version.key}"></a>')[2]
        fence = after.partition("```json\n")[2].partition("\n```")[0]
        assert json.loads(fence) == document.source
        count += 1
    assert count


def test_no_text_of_the_data_becomes_markup(book: Path, tmp_path: Path) -> None:
    """Nor Markdown."""
    site = as_site(hostile_book(book), tmp_path / "hostile")
    for url, root in pages(site).items():
        article = root.all("article")[0]
        assert not article.all("script"), url
        assert not article.all("img"), url
        assert not [e for e in article if any(name.startswith("on") for name in e.attributes)]
    summary = pages(site)["policies/Hostile/"].all("article")[0].text
    assert " ".join(HOSTILE.split()) in summary


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("a*b_c`d", r"a\*b\_c\`d"),
        ("<b> & |", r"&lt;b&gt; &amp; \|"),
        ("- item", r"\- item"),
        ("12. item", r"12\. item"),
        ("1.5 and -x", "1.5 and -x"),
        ("# head", r"\# head"),
        ("two\nlines", "two lines"),
    ],
)
def test_text_is_escaped(text: str, shown: str) -> None:
    """What would mean something to Markdown or HTML."""
    assert escaped(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("s3:Get*", "`s3:Get*`"),
        ("a|b", "<code>a&#124;b</code>"),
        ("a`b<", "<code>a&#96;b&lt;</code>"),
        (" a_", "<code> a&#95;</code>"),
    ],
)
def test_code_is_escaped_where_it_has_to_be(text: str, shown: str) -> None:
    """Within backticks nothing needs it but a backtick, and in a table a bar."""
    assert code(text) == shown


def test_templates_cannot_forget_to_escape() -> None:
    """An expression of plain text goes through the same escape."""
    env = Environment(autoescape=True, finalize=escaped)
    assert env.from_string("{{ x }}").render(x="*<b>*") == r"\*&lt;b&gt;\*"
