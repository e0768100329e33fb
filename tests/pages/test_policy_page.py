"""The page of a policy, and the pages that belong to it: what is where, and how large they are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from policybook.analysis.index import index
from policybook.book.context import BookContext
from policybook.book.limits import OLD_STATEMENTS, VERSIONS_IN_FULL
from policybook.catalogue.catalogue import Catalogue
from policybook.model.book import Book, BookFile
from policybook.model.documents import Term
from policybook.model.policies import Policy, PolicyFacts, Version, VersionFacts
from policybook.output.html.links import broken
from policybook.output.html.render import Body, Renderer
from policybook.output.json.history_results import defaults_result
from policybook.output.policy_table import grants
from policybook.pages.plan import plan
from policybook.pages.policy_page.cards import RemovedCard, last_card
from policybook.pages.policy_page.view import policy_view

from tests.support.books import TEMPLATES, listed, small_catalogue
from tests.support.documents import allow, deny, document_of
from tests.support.html import Element, read_html
from tests.support.large_policies import deep, levels, wide
from tests.support.page_sizes import BYTES, ELEMENTS

Statements = Sequence[Mapping[str, Any]]


def book_of(
    *versions: Statements | None, catalogue: Catalogue | None = None, first: int = 1, **facts: Any
) -> BookContext:
    """A book with one policy, P, and these versions, the oldest first; None is unknown."""
    made = tuple(
        Version(
            f"v{number}",
            VersionFacts(id=f"v{number}", published=date(2024, 1, 1) + timedelta(number)),
            document_of(*statements) if statements is not None else None,
        )
        for number, statements in enumerate(versions, first)
    )
    policy = Policy(PolicyFacts(name="P", arn=None, type="aws-managed", **facts), made[::-1])
    book = Book(BookFile(title="B", introduction=()), {"P": policy})
    return BookContext(book, index(book), catalogue or small_catalogue())


def bodies(context: BookContext, only: str = "policies/P/") -> dict[str, Body]:
    """The pages of the policy, by address."""
    pages = tuple(plan(context))
    renderer = Renderer(TEMPLATES, context, pages)
    return {page.url: renderer.body(page) for page in pages if page.url.startswith(only)}


def page_of(context: BookContext) -> Element:
    """The page of the policy, read back."""
    return read_html(bodies(context)["policies/P/"].html)


# --- permissions and resource patterns ------------------------------------------------------------


def test_permissions_are_one_table_with_a_row_for_each_part_of_a_statement() -> None:
    """The first row of a service has its name, levels and anchor; the others repeat its prefix."""
    context = book_of([allow(["s3:GetObject", "sqs:SendMessage"]), deny("s3:PutObject", "arn:x")])
    (table,) = page_of(context).all("table", "pb-granted")
    rows = table.all("tbody")[0].all("tr")
    assert [(row.get("id"), row.get("data-statement")) for row in rows] == [
        ("service-s3", "1"),
        ("", "2"),
        ("service-sqs", "1"),
    ]
    assert [row.all("th")[0].text for row in rows] == [
        "s3 Amazon S3 Read 1",
        "s3",
        "sqs Amazon SQS Write 1",
    ]
    assert [cell.text for cell in rows[1].all("td")] == [
        "Deny s3:PutObject",
        "arn:x",
        "–",
        "2",
    ]


def test_names_that_wildcards_match_are_in_the_same_page_by_level() -> None:
    """Without what the policy denies itself; for a Deny, what it denies."""
    context = book_of([allow("s3:*Object*"), deny("s3:Put*")])
    allowed, denied = policy_view(context, "P").prefixes[0].rows
    found = {part.level.name: part.names for part in allowed.names}
    assert "GetObject" in found["Read"]
    assert "PutObject" not in found.get("Write", ())
    assert {name[:3] for part in denied.names for name in part.names} == {"Put"}
    assert allowed.page is None


def test_patterns_with_the_same_statements_share_a_row() -> None:
    """But for `*`, of which it says how much could be limited."""
    one, two = "arn:aws:s3:::one/*", "arn:aws:s3:::two/*"
    context = book_of([allow("s3:GetObject", [one, two]), allow("s3:ListAllMyBuckets")])
    found = policy_view(context, "P").resources
    assert [part.terms for part in found] == [(Term(("*",)),), (Term((one,)), Term((two,)))]
    assert found[0].scope
    assert [row.statement for part in found for row in part.rows] == [2, 1]


def test_a_row_with_very_many_patterns_lists_them_by_service_when_opened() -> None:
    """It never has counts alone."""
    context = book_of(
        [wide(40, 3, wildcards=False)], catalogue=listed("2024-01-01", dict(levels(40, 3)))
    )
    (table,) = page_of(context).all("table", "pb-on-resources")
    (fold,) = table.all("details")
    assert fold.all("summary")[0].text == "120 action patterns of 40 services"
    assert "s039 GetSomething000, PutSomething001, ListSomething002" in fold.text


# --- statements -----------------------------------------------------------------------------------


def test_a_statement_has_a_lasting_link_and_one_that_goes_on() -> None:
    """The visible one has the version in it; older ones have an anchor at their version."""
    context = book_of([allow("s3:GetObject")] * 2, [allow("s3:*")])
    page = page_of(context)
    (card,) = page.all("li", "pb-statement")
    assert card.get("id") == "v2-1"
    assert card.all("h3")[0].get("id") == "statement-1"
    assert card.all("a", "pb-permalink")[0].text == "#v2-1"
    old = {e.get("id") for e in page.all("span", "pb-kept")}
    assert old == {"v1-1", "v1-2"}
    version = next(item for item in page.all("li", "pb-version") if item.get("id") == "v1")
    assert {e.get("id") for e in version.all("span", "pb-kept")} == old


def test_a_card_of_a_statement_does_not_repeat_its_patterns() -> None:
    """It leads to the rows that have them."""
    (card,) = page_of(book_of([allow("s3:GetObject", "arn:aws:s3:::x")])).all("li", "pb-statement")
    assert "GetObject" not in card.text
    assert {link.get("href") for link in card.all("a")} == {
        "#v1-1",
        "#service-s3",
        "?statement=1#permissions",
    }


# --- what was removed -----------------------------------------------------------------------------

GET, BOTH = [allow("s3:GetObject")], [allow(["s3:GetObject", "s3:PutObject"])]


@pytest.mark.parametrize(
    ("context", "said"),
    [
        (book_of(GET, BOTH, BOTH), "Nothing was ever removed (v1 to v3 all known)."),
        (book_of(GET), "v1 is the only version, so nothing was ever removed."),
        (
            book_of(GET, None, BOTH),
            "Not the whole history is known: the document of v2 is unknown.",
        ),
        (book_of(GET, BOTH, first=3), "Not the whole history is known: v1 to v2 are unknown."),
        (book_of(BOTH, GET), "1 version removed permissions: v2 (2024-01-03) removed."),
    ],
)
def test_the_page_says_whether_anything_was_ever_removed(context: BookContext, said: str) -> None:
    """As far as it is known."""
    assert said in page_of(context).text


def test_a_history_with_gaps_is_not_called_known() -> None:
    """Nor is one with a version that cannot be decided."""
    removed = last_card(book_of(GET, None, BOTH), _policy(book_of(GET, None, BOTH))).removed
    assert removed == RemovedCard((), (), ("the document of v2 is unknown",))


def _policy(context: BookContext) -> Policy:
    return context.book.policies["P"]


# --- versions on pages of their own ---------------------------------------------------------------


def growing(versions: int, names: int = 1) -> list[Statements]:
    """Versions of which each adds that many actions."""
    return [
        [allow([f"s3:Get{n:04}" for n in range((version + 1) * names)])]
        for version in range(versions)
    ]


def test_with_few_versions_all_evidence_is_on_the_page() -> None:
    """There is no page of older versions."""
    assert list(bodies(book_of(*growing(VERSIONS_IN_FULL)))) == ["policies/P/"]


def test_older_versions_move_and_leave_a_row() -> None:
    """With verdict and counts, and a link to their evidence; every version keeps its anchor."""
    found = bodies(book_of(*growing(VERSIONS_IN_FULL + 5)))
    assert list(found) == ["policies/P/", "policies/P/history/"]
    page, older = (read_html(body.html) for body in found.values())
    keys = [f"v{n}" for n in range(VERSIONS_IN_FULL + 5, 0, -1)]
    rows = page.all("li", "pb-version")
    assert [row.get("id") for row in rows] == keys
    assert [row.get("id") for row in older.all("li", "pb-version")] == keys[VERSIONS_IN_FULL:]
    (link,) = [a for a in rows[-2].all("a") if "history" in a.get("href")]
    assert link.get("href").endswith("policies/P/history/#v2")
    assert "widened +1" in rows[-2].text
    dead = broken({url: body.linked for url, body in found.items()})
    assert not [line for line in dead if "policies/P/" in line.partition("link to ")[2]]


def test_the_newest_documents_are_in_the_page_and_others_are_in_a_file() -> None:
    """The file is a link, which a script replaces by the text of the document."""
    page = page_of(book_of(*growing(VERSIONS_IN_FULL + 1)))
    documents = page.all("details", "pb-document")
    assert len(documents) == VERSIONS_IN_FULL
    assert all(fold.all("code") for fold in documents)
    found = bodies(book_of(*growing(VERSIONS_IN_FULL + 1)))["policies/P/history/"]
    (fold,) = read_html(found.html).all("details", "pb-document")
    assert [link.get("href") for link in fold.all("a")] == ["../../../api/v1/documents/P.json"]
    assert not fold.all("code")


# --- sizes ----------------------------------------------------------------------------------------

LISTED = dict(levels(280, 20))


@pytest.mark.parametrize(
    "versions",
    [
        pytest.param([[wide(280, 16, wildcards=False)]] * 30, id="4,480 names"),
        pytest.param([[wide(280, 20, wildcards=True)]] * 30, id="3,640 actions by wildcards"),
        pytest.param([deep(160 - n) for n in range(20, 0, -1)], id="160 statements"),
        pytest.param(growing(25, 250), id="250 more actions each time"),
    ],
)
def test_no_page_of_a_policy_is_too_large(versions: list[Statements]) -> None:
    """Whatever the policy has; the frame around a page has less than a tenth of both."""
    context = book_of(*versions, catalogue=listed("2024-01-01", LISTED))
    for url, body in bodies(context).items():
        assert len(body.html.encode()) < 0.9 * BYTES, url
        assert len(re.findall(r"<[a-z]", body.html)) < 0.9 * ELEMENTS, url


def test_names_that_do_not_fit_have_a_page_for_each_service() -> None:
    """The row leads to it; the page has the names by statement, with links."""
    listed_names = listed("2024-01-01", LISTED)
    found = bodies(book_of([wide(200, 20, wildcards=True)], catalogue=listed_names))
    assert "policies/P/actions/s199/" in found
    assert len(found) == 201
    page = read_html(found["policies/P/"].html)
    (link,) = [a for a in page.all("a") if a.get("href").endswith("actions/s007/")]
    assert (link.text, link.get("data-pb-names")) == ("13 actions", "1")
    part = read_html(found["policies/P/actions/s007/"].html)
    (section,) = [e for e in part if e.get("data-statement") == "1"]
    assert "Read 7:" in section.text
    assert "s007:GetSomething000" in section.text
    assert "PutSomething" not in section.text


def test_anchors_of_old_statements_are_bounded() -> None:
    """The newest versions have theirs."""
    context = book_of(*[[*deep(40)]] * 12)
    found = {e.get("id") for e in page_of(context).all("span", "pb-kept")}
    assert len(found) == OLD_STATEMENTS
    assert "v11-40" in found
    assert "v1-1" not in found


# --- as of a day, and the table -------------------------------------------------------------------


def test_the_file_of_days_has_the_default_and_what_it_granted() -> None:
    """By service and level, and the document where it is a file."""
    found = defaults_result(book_of(GET, BOTH, None), "P")
    assert [(str(span.since), span.version) for span in found.defaults] == [
        ("None", None),
        ("2024-01-02", "v1"),
        ("2024-01-03", "v2"),
        ("2024-01-04", "v3"),
    ]
    assert found.levels[:3] == ("List", "Read", "Write")
    assert found.versions["v2"].services == {"s3": (0, 1, 1, 0, 0, 0)}
    assert found.versions["v3"].services is None
    assert found.versions["v1"].url == "policies/P/#v1"


def test_the_table_of_a_policy_has_a_row_for_each_pattern() -> None:
    """NotAction is one row."""
    condition = {"Bool": {"aws:SecureTransport": "true"}}
    rest = {"Effect": "Deny", "NotAction": ["s3:*", "sqs:*"], "Resource": "arn:x"}
    context = book_of([allow(["s3:GetObject", "s3:Get*"], Condition=condition), rest])
    heads, *rows = (dict(enumerate(row)) for row in grants(context, "P"))
    named = [dict(zip(heads.values(), row.values(), strict=True)) for row in rows]
    assert [(r["action"], r["not_action"], r["level"], r["effect"]) for r in named] == [
        ("s3:GetObject", "", "Read", "Allow"),
        ("s3:Get*", "", "Read", "Allow"),
        ("", "s3:* sqs:*", "", "Deny"),
    ]
    assert named[0]["matching"] == 1
    assert named[0]["condition"] == '{"Bool":{"aws:SecureTransport":["true"]}}'
