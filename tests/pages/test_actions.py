"""The pages of actions: policies that grant an action, and those that used to grant it."""

from __future__ import annotations

import random
import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from policybook.analysis.action_grants import who_grants
from policybook.analysis.index import index
from policybook.book import addresses
from policybook.book.context import BookContext
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load
from policybook.iam.denies import GRANTED
from policybook.lists.action_counts import action_counts
from policybook.model.book import Book
from policybook.pages.actions import action_view, actions_view
from policybook.pages.plan import plan
from policybook.wording import ABOUT_UNSUPPORTED

from tests.support.book_folders import allowing as document
from tests.support.book_folders import put
from tests.support.books import BOOK, DATA, small_catalogue
from tests.support.html import read_html
from tests.support.page_rows import action_answers as answered
from tests.support.page_rows import action_rows as rows
from tests.support.sites import built, command


def context_of(book: Book, catalogue: Catalogue, *patterns: str) -> BookContext:
    """The context of a book with this setting for pages of actions."""
    return BookContext(book, index(book), catalogue, action_pages=patterns or ("*",))


@cache
def sagemaker() -> BookContext:
    """The repository's own book."""
    return context_of(load(DATA), Catalogue())


def test_a_page_has_the_grants_of_the_command() -> None:
    """For every action of the book: patterns, statement and certainty."""
    context = sagemaker()
    names = list(context.actions.ever_granted())
    assert len(names) > 800
    for name in random.Random(5).sample(names, 150):
        assert rows(action_view(context, name)) == answered(context, name), name


def test_a_page_has_the_first_version_of_the_command() -> None:
    """The oldest version since which every known document has granted the action."""
    context = sagemaker()
    for name in random.Random(6).sample(list(context.actions.ever_granted()), 60):
        since = {
            granting.policy: granting.since.key
            for granting in who_grants(context.book, context.catalogue, name).granting
        }
        for group in action_view(context, name).groups:
            for row in group.rows:
                if row.certainty in GRANTED:
                    assert row.since
                    assert row.since.key == since[row.use.policy], (name, row.use.policy)


@pytest.fixture
def small(tmp_path: Path) -> BookContext:
    """A book of policies that grant one action in many forms, and one that used to."""
    book = tmp_path / "small"
    (book / "data/policies").mkdir(parents=True)
    (book / "data/book.yml").write_text(BOOK)
    put(book, "Open", document(("s3:*", "*")))
    put(book, "Scoped", document(("S3:getobject", "arn:aws:s3:::one/*")))
    allow = {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}
    condition = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}
    put(book, "Limited", {"Version": "2012-10-17", "Statement": {**allow, "Condition": condition}})
    deny = {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}
    put(book, "Taken", {"Version": "2012-10-17", "Statement": [allow, deny]})
    put(book, "Once", document(("s3:GetObject", "*")), document(("sqs:Gone", "*")))
    put(book, "All", document(("*", "*")))
    put(book, "Bucket", document(("s3:Get*", "arn:aws:s3:::one")))
    put(book, "Elsewhere", document(("*", "arn:aws:sqs:*:*:*")))
    return context_of(load(book / "data"), small_catalogue())


def test_grants_are_grouped_by_openness(small: BookContext) -> None:
    """The widest first, with policies that cover all services; former grants are last."""
    view = action_view(small, "s3:getobject")
    found = {g.openness: [row.use.policy for row in g.rows] for g in view.groups}
    assert found == {
        "open": ["Open"],
        "scoped": ["Scoped"],
        "conditional": ["Limited"],
        "unsupported": ["Bucket"],
        "denied": ["Taken"],
    }
    assert list(found) == ["open", "scoped", "conditional", "unsupported", "denied"]
    assert [group.note for group in view.groups] == ["", "", "", ABOUT_UNSUPPORTED, ""]
    assert (view.policies, view.everything, view.unlimited) == (4, 1, 3)
    assert [group.policies for group in view.groups] == [2, 1, 1, 2, 1]
    assert small.services.counts("s3")["s3:getobject"] == 3
    every = {g.openness: [row.use.policy for row in g.everything] for g in view.groups}
    assert {openness: names for openness, names in every.items() if names} == {
        "open": ["All"],
        "unsupported": ["Elsewhere"],
    }
    [lost] = view.lost
    assert (lost.policy, lost.since.key, lost.until.key) == ("Once", "v1", "v2")
    assert lost.until.day == date(2021, 3, 1)
    [limited] = view.groups[2].rows
    assert limited.strengths == ("organisation or account",)


def test_an_action_missing_from_the_catalogue_has_a_page(small: BookContext) -> None:
    """Spelled as in the document, and marked."""
    urls = {page.url: page.title for page in plan(small)}
    assert urls["actions/sqs/Gone.html"] == "sqs:Gone"
    view = action_view(small, "sqs:gone")
    assert (view.level, view.levels, view.description) == ("Uncatalogued", ("Uncatalogued",), "")


@pytest.mark.parametrize(
    ("patterns", "left"),
    [
        ((), []),
        (("S3:getobject",), ["s3:GetObject"]),
        (("sqs:*", "s3:ListB*"), ["s3:ListBucket", "sqs:Gone"]),
    ],
)
def test_a_setting_limits_the_pages(
    small: BookContext, patterns: tuple[str, ...], left: list[str]
) -> None:
    """Only actions that match one of its patterns have pages."""
    limited = BookContext(small.book, small.index, small.catalogue, action_pages=patterns)
    assert [page.title for page in plan(limited) if page.template == "action"] == left


def test_a_book_without_action_pages_has_no_broken_links(book: Path) -> None:
    """Nothing links to a page of an action, and services still list their actions."""
    config = book / "mkdocs.yml"
    config.write_text(config.read_text().replace("data_dir: data", "action_pages: []"))
    site = built(book / "site", cwd=book)
    assert [path.name for path in (site / "actions").iterdir()] == ["index.html"]
    assert "GetObject" in (site / "services/s3/index.html").read_text()


def test_the_setting_has_to_be_a_list(book: Path) -> None:
    """Any other value is an error of one line."""
    config = book / "mkdocs.yml"
    config.write_text(config.read_text().replace("data_dir: data", "action_pages: 7"))
    ran = command("build", cwd=book)
    assert ran.returncode == 2
    assert "action_pages" in ran.stderr


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("GetObject", "actions/s3/GetObject.html"),
        ("select-resource-config", "actions/s3/select-resource-config.html"),
        ("..", "actions/s3/-"),
        ("../../x", "actions/s3/x-"),
        ("a/b", "actions/s3/a_b-"),
        ("Index", "actions/s3/index-"),
    ],
)
def test_an_address_never_leaves_its_folder(name: str, url: str) -> None:
    """A name that is not a valid action name gets a digest."""
    found = addresses.action("s3", name)
    if url.endswith(".html"):
        assert found.url == url
    else:
        assert re.fullmatch(f"{re.escape(url)}[0-9a-f]{{6}}[.]html", found.url)
    assert found.file == found.url


def test_related_actions_have_the_same_noun() -> None:
    """The same noun first, then nouns that start with it."""
    view = action_view(sagemaker(), "sagemaker:createendpoint")
    assert view.related[:3] == (
        "sagemaker:DeleteEndpoint",
        "sagemaker:DescribeEndpoint",
        "sagemaker:InvokeEndpoint",
    )
    assert "sagemaker:CreateEndpointConfig" in view.related
    assert "sagemaker:CreateEndpoint" not in view.related


def test_the_list_counts_the_actions_of_each_service(small: BookContext) -> None:
    """Those of the catalogue, those that policies grant, and those that only policies name."""
    view = actions_view(small)
    counts = action_counts(small)
    found = {line.prefix: (line.listed, line.granted, line.others) for line in counts}
    assert [row.cells[1:] for row in view.table.rows] == [
        (line.title or "Not in AWS's action list", line.listed, line.granted, line.others or None)
        for line in action_counts(small)
    ]
    for prefix, counted in found.items():
        lines = list(small.services.action_lines(prefix))
        assert sum(counted[::2]) == len(lines) > 0
    assert found["sqs"][2] == 1
    assert view.totals == tuple(map(sum, zip(*found.values(), strict=True)))


def test_a_page_lists_the_operations_that_need_the_action(site: Path) -> None:
    """Those of other names, each with all that it needs and a link to the source."""
    page = read_html((site / "actions/s3/GetObject.html").read_text())
    listed = [e for e in page if e.get("id") == "operations"]
    assert len(listed) == 1
    assert "s3:HeadObject, which needs s3:GetObject, and s3:GetObjectVersion if " in page.text
    links = [e.get("href") for e in page.all("a")]
    assert any(link.endswith("/using-with-s3-policy-actions.html") for link in links)
    other = read_html((site / "actions/sagemaker/CreateModel.html").read_text())
    assert not [e for e in other if e.get("id") == "operations"]
