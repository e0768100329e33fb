"""A site with older catalogues: the page of new actions, files, feeds, rebuilding."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import atoma
import pytest

from tests.support.book_folders import allowing as document
from tests.support.book_folders import put, replace
from tests.support.books import SAMPLES, keep_catalogue, listed, older_catalogue_folder
from tests.support.books import small_catalogue as catalogue
from tests.support.html import dead_links, pages, read_html
from tests.support.markdown_site import markdown_site
from tests.support.sites import built, command, contents
from tests.support.sites import built_in_process as warm

NEW = SAMPLES / "catalogue"
OLD = "data/catalogues/2019-01-01/catalogue.json"
PAGE = "actions/new/"


@pytest.fixture
def two(book: Path) -> Path:
    """A book with a newer and an older catalogue, and some policies that grew."""
    shutil.copytree(NEW, book / "new")
    replace(book / "new/metadata.json", "2020-02-02", "2030-02-02")  # later than all versions
    keep_catalogue(catalogue(older_catalogue_folder(book / "old", "2019-01-01")), book / "data")
    put(book, "Reads", document(("s3:Get*", "*"), ("s3:*Tagging", "arn:aws:s3:::one/*")))
    put(book, "Names", document(("s3:GetObjectTagging", "*")))
    put(book, "All", document(("*", "*")))
    replace(book / "mkdocs.yml", "data_dir: data\n", "data_dir: data\n      catalogue: new\n")
    return book


def result(site: Path, name: str) -> Any:
    """The parsed content of a JSON file."""
    return json.loads((site / "api/v1" / name).read_text())["result"]


def test_a_site_with_two_catalogues_lists_the_new_actions(two: Path) -> None:
    """On a page of their own, on the policies' pages, in the navigation and in the files."""
    site = built(two / "site", cwd=two)
    assert dead_links(site) == []
    read = pages(site)
    page = read[PAGE]
    assert page.all("h1")[0].text == "Actions added by AWS"
    assert "AWS added 4 actions and removed 0. 2 of 4 policies gained 4 of these" in page.text
    links = [
        a.text
        for tabs in read["changes/"].all("ul", "md-tabs__list")
        for a in tabs.all("a")
        if "new" in a.get("href")
    ]
    assert [" ".join(text.split()) for text in links] == ["Actions added by AWS"]
    reads = next(e for e in read["policies/Reads/"].all("a") if f"{PAGE}#" in e.get("href"))
    assert (reads.text, reads.get("href")) == ("2 actions", f"../../{PAGE}#to-2030-02-02-Reads")
    assert not [e for e in read["policies/Names/"].all("a") if f"{PAGE}#" in e.get("href")]
    for other in ("", "changes/", "services/", "about/"):
        assert [a for a in read[other].all("a") if a.get("href").endswith(PAGE)], other


def test_the_files_have_every_new_action_with_the_policies(two: Path) -> None:
    """JSON and table are complete, and the index of the API lists them and the feeds."""
    site = built(two / "site", cwd=two)
    (step,) = result(site, "new-actions.json")["steps"]
    assert (step["before"]["date"], step["after"]["date"]) == ("2019-01-01", "2030-02-02")
    assert [p["policy"] for p in step["policies"]] == ["All", "Reads"]
    added = {
        known["name"]: (known["policies"], known["covering_all"])
        for service in step["services"]
        for known in service["added"]
    }
    assert added == {
        "s3:GetObjectTagging": (["Reads"], ["All"]),
        "s3:PutObjectTagging": (["Reads"], ["All"]),
        "sqs:ListQueues": ([], ["All"]),
        "sqs:SendMessage": ([], ["All"]),
    }
    rows = list(csv.DictReader(io.StringIO((site / "api/v1/new-actions.csv").read_text())))
    assert len(rows) == sum(len(g["added"]) for p in step["policies"] for g in p["patterns"])
    assert {row["action"] for row in rows} == set(added)
    listed_files = {e["path"] for e in result(site, "index.json")["endpoints"]}
    own = {"api/v1/new-actions.json", "api/v1/new-actions.csv", f"{PAGE}feed.xml"}
    assert own <= listed_files


def test_each_step_is_an_entry_of_the_feeds(two: Path) -> None:
    """The newest first; a step keeps its id when a newer catalogue is stored."""
    before = atoma.parse_atom_bytes((built(two / "site", cwd=two) / f"{PAGE}feed.xml").read_bytes())
    later = listed("2031-01-01", {"s3:GetNew": "Read"})
    keep_catalogue(later, two / "data")
    site = built(two / "site", cwd=two)
    after = atoma.parse_atom_bytes((site / f"{PAGE}feed.xml").read_bytes())
    assert [entry.id_ for entry in after.entries[1:]] == [entry.id_ for entry in before.entries]
    assert [str(entry.updated.date()) for entry in after.entries] == ["2031-01-01", "2030-02-02"]
    assert "s3:GetNew" in after.entries[0].content.value
    items = json.loads((site / f"{PAGE}feed.json").read_text())["items"]
    assert [item["id"] for item in items] == [entry.id_ for entry in after.entries]
    assert items[0]["url"].endswith(f"{PAGE}#to-2031-01-01")


def test_a_site_with_one_catalogue_has_no_page_of_new_actions(book: Path) -> None:
    """It has no page, no link and no file."""
    site = built(book / "site", cwd=book)
    assert [path for path in contents(site) if "new" in path] == []
    assert PAGE not in (site / "index.html").read_text()
    assert "new-actions" not in (site / "api/v1/index.json").read_text()


def test_the_page_says_if_nothing_is_new(two: Path) -> None:
    """The page exists even then, and the feed has no entry."""
    shutil.rmtree(two / "data/catalogues")
    same = catalogue(two / "new")
    same.date = "2030-02-01"
    keep_catalogue(same, two / "data")
    site = built(two / "site", cwd=two)
    text = read_html((site / PAGE / "index.html").read_text()).text
    assert "No policy gained actions through a wildcard" in text
    assert "The two lists have the same actions." in text
    assert atoma.parse_atom_bytes((site / f"{PAGE}feed.xml").read_bytes()).entries == []


def test_a_change_in_the_older_catalogue_triggers_a_build(two: Path) -> None:
    """The next site equals that of a build without a cache."""
    page = warm(two) / PAGE / "index.html"
    assert "SendMessage" in page.read_text()
    shutil.rmtree(two / "data/catalogues")
    more = older_catalogue_folder(two / "more", "2019-01-01")
    shutil.copy(two / "new/services.json", more / "services.json")
    keep_catalogue(catalogue(more), two / "data")
    after = contents(warm(two))
    assert "SendMessage" not in page.read_text()
    shutil.rmtree(two / ".cache")
    shutil.rmtree(two / "site")
    assert contents(warm(two)) == after


def test_a_policy_that_changes_is_built_again_with_its_growth(two: Path) -> None:
    """The cache does not affect the result."""
    warm(two)
    put(two, "Names", document(("s3:GetObject*", "*")))
    after = contents(warm(two))
    assert b"#to-2030-02-02-Names" in after["policies/Names/index.html"]
    shutil.rmtree(two / ".cache")
    shutil.rmtree(two / "site")
    assert contents(warm(two)) == after


def test_a_wrong_older_catalogue_stops_every_command_that_builds(
    two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error is one line with the file, before any page is rendered."""
    monkeypatch.chdir(two)
    replace(two / OLD, "2019-01-01", "2019-01-02")
    for arguments in (("build",), ("export", "out"), ("check",)):
        ran = command(*arguments, cwd=two)
        assert ran.returncode == 1
        said = f"{OLD}:1: day: expected 2019-01-01, the day of the folder, found 2019-01-02"
        assert said in ran.stdout + ran.stderr
    assert not (two / "site").exists()


def test_the_export_has_the_page(two: Path) -> None:
    """It is exported as HTML and as Markdown, without broken links."""
    assert command("export", two / "html", cwd=two).returncode == 0
    assert "to-2030-02-02-Reads" in (two / f"html/docs/{PAGE}index.md").read_text()
    site = markdown_site(two, two / "markdown")
    assert dead_links(site) == []
    page = read_html((site / f"{PAGE}index.html").read_text())
    assert "2 of 4 policies gained 4 of these actions" in page.text
    assert "s3:GetObjectTagging" in page.text
