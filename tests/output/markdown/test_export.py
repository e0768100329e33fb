"""`policybook export --markdown`: the pages built by another builder."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from policybook.build.planner import plan_site
from policybook.data.loader import load

from tests.support.book_folders import HOSTILE, hostile_book, replace
from tests.support.books import REPOSITORY
from tests.support.html import Element, dead_links, pages
from tests.support.markdown_site import markdown_site
from tests.support.sites import once

SOME_ACTIONS = ("s3:*", "iam:P*", "elastic-inference:*")

# The handwritten pages of the repository's book, which its export has too.
OWN = {path.relative_to(REPOSITORY / "docs") for path in (REPOSITORY / "docs").rglob("*.md")}


def built(path: Path) -> str:
    """The address of a handwritten page in the export, as its pages are read."""
    return path.with_suffix(".html").as_posix().removesuffix("index.html")


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's book, with pages of some actions, exported as Markdown and built."""

    def make(folder: Path) -> None:
        book = folder.with_name("markdown-book")
        for name in ("data", "docs"):
            shutil.copytree(REPOSITORY / name, book / name)
        shutil.copy(REPOSITORY / "mkdocs.yml", book)
        own = f"data_dir: data\n      action_pages: {json.dumps(SOME_ACTIONS)}\n"
        replace(book / "mkdocs.yml", "data_dir: data\n", own)
        markdown_site(book, folder)

    return once(tmp_path_factory, "markdown", make)


@pytest.fixture(scope="session")
def exported_pages(exported: Path) -> Mapping[str, Element]:
    """The pages of that site, read once by each worker."""
    return pages(exported / "site")


def test_every_page_is_exported_with_valid_links(
    exported: Path, exported_pages: Mapping[str, Element]
) -> None:
    """No link or anchor is broken, including links to JSON, CSV and feeds."""
    site = plan_site(REPOSITORY / "data", action_pages=SOME_ACTIONS)
    planned = {page.url for page in site.pages}
    own = {built(path) for path in OWN}
    assert {path for path in exported_pages if path != "404.html"} == planned | own
    assert dead_links(exported / "site", exported_pages) == []


@pytest.mark.exhaustive
def test_every_action_is_exported_with_valid_links(tmp_path: Path) -> None:
    """The whole book, with a page of each action."""
    site = markdown_site(REPOSITORY, tmp_path / "whole")
    read = pages(site)
    own = {built(path) for path in OWN}
    planned = {page.url for page in plan_site(REPOSITORY / "data").pages}
    assert {path for path in read if path != "404.html"} == planned | own
    assert dead_links(site, read) == []


def test_permissions_are_tables(exported_pages: Mapping[str, Element]) -> None:
    """One row for each part of a statement on a service, as on the site's own page."""
    root = exported_pages["policies/AmazonSageMakerPipelinesIntegrations/"]
    rows = [[cell.text for cell in row.all("td")] for row in root.all("tr")]
    role = "arn:aws:iam::*:role/*"
    assert any(row[1].endswith("iam:PassRole") and row[2] == role for row in rows if len(row) > 2)
    assert len(root.all("table")) >= 2
    text = root.all("article")[0].text
    assert "| ---" not in text


def test_documents_are_fenced_unchanged(exported: Path) -> None:
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


def test_pages_contain_no_html_but_anchors_and_line_breaks(exported: Path) -> None:
    """Code is in backticks unless it has to be an element."""
    for path in (exported / "docs").rglob("*.md"):
        if path.relative_to(exported / "docs") in OWN:
            continue
        body = path.read_text().split("\n---\n", 1)[1]
        text = re.sub(r"(?ms)^```.*?^```$|`[^`\n]*`", "", body)
        tags = set(re.findall(r"</?[a-z][^>]*>", text))
        rest = {tag for tag in tags if not re.fullmatch(r'<a id="[^"]+">|</a>|<br>', tag)}
        assert rest <= {"<code>", "</code>"}, path


def test_plots_are_described_and_controls_left_out(exported: Path) -> None:
    """A drawing is replaced by its description for screen readers; filters are left out."""
    policy = (exported / "docs/policies/AmazonSageMakerPipelinesIntegrations/index.md").read_text()
    assert "From 7 in v1 to 17 in v3. 1 version gained grants, 0 lost some." in policy
    text = (exported / "docs/changes/index.md").read_text()
    assert "| any |" not in text
    assert "<select" not in text
    assert "| Year | Events |" in text


def test_no_text_of_the_data_becomes_markup(book: Path, tmp_path: Path) -> None:
    """Neither HTML nor Markdown."""
    site = markdown_site(hostile_book(book), tmp_path / "hostile")
    read = pages(site)
    for url, root in read.items():
        article = root.all("article")[0]
        assert not article.all("script"), url
        assert not article.all("img"), url
        assert not [e for e in article if any(name.startswith("on") for name in e.attributes)]
    summary = read["policies/Hostile/"].all("article")[0].text
    assert " ".join(HOSTILE.split()) in summary
