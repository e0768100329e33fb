"""The archived versions nearest to a document without an id, compared with trying all of them."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policybook.analysis.compare import compare
from policybook.analysis.index import index
from policybook.analysis.nearest_version import Nearest, nearest_versions
from policybook.book.context import BookContext
from policybook.data.loader import load
from policybook.model.book import Book, BookFile
from policybook.model.documents import Document
from policybook.model.policies import Policy, PolicyFacts, Version, VersionFacts
from policybook.output.html.render import Renderer
from policybook.output.json.policy_results import policy_result
from policybook.pages.plan import plan
from policybook.pages.policy_page.view import policy_view

from tests.support import oracle
from tests.support.books import DATA, TEMPLATES, plain, small_catalogue
from tests.support.changes import in_full
from tests.support.properties import examples
from tests.support.sites import command


def document(actions: str, resource: str = "*", **condition: Any) -> Document:
    """A document that allows the actions on the resource."""
    statement: dict[str, Any] = {"Effect": "Allow", "Action": actions.split(), "Resource": resource}
    if condition:
        statement["Condition"] = condition
    return oracle.document({"Version": "2012-10-17", "Statement": [statement]})


def policy(**documents: Document | None) -> Policy:
    """A policy of these versions, newest first; names that are no version ids mean no id."""

    def version(key: str, found: Document | None) -> Version:
        if key.startswith("v"):
            return Version(key, VersionFacts(id=key, published=date(2020, 1, 1)), found)
        return Version(key, VersionFacts(published=date(2020, 1, 1), document=key), found)

    facts = PolicyFacts(name="P", arn=None, type="aws-managed")
    return Policy(facts, tuple(version(*given) for given in documents.items()))


def only(found: Policy) -> Nearest:
    """The versions nearest to the only document without an id."""
    (nearest,) = nearest_versions(found)
    return nearest


# --- which it is ----------------------------------------------------------------------------------


def test_the_fewest_grants_gained_and_lost_together_decide() -> None:
    """Gained and lost grants count the same, and each counts once."""
    found = only(
        policy(
            v9=document("s:A s:B s:C s:D s:E"),
            guide=document("s:A s:B s:C"),
            v7=document("s:A s:B s:D"),
            v6=document("s:A s:B"),
            v2=document("t:X"),
        )
    )
    assert (found.key, found.nearest.key, found.nearest.differing) == ("guide", "v6", 1)
    assert (found.nearest.change.verdict, found.nearest.reverse) == ("narrowed", "widened")
    assert found.ties == ()
    assert [(b.key, b.differing) for b in found.shown] == [
        ("v9", 2),
        ("v7", 2),
        ("v6", 1),
        ("v2", 4),
    ]


def test_of_versions_as_near_the_newer_is_named_first_and_the_tie_told() -> None:
    """Not one that is less similar."""
    found = only(
        policy(
            v5=document("s:A s:B s:C s:D"),
            v4=document("s:A s:B"),
            v3=document("s:A s:C"),
            v2=document("s:A s:D"),
            guide=document("s:A"),
        )
    )
    assert found.nearest.key == "v4"
    assert [beside.key for beside in found.ties] == ["v3", "v2"]


def test_an_equal_version_is_equal_grant_for_grant() -> None:
    """Whatever its text; no grant differs."""
    found = only(policy(v2=document("s:B s:A"), guide=document("s:a s:b"), v1=document("s:A")))
    assert (found.nearest.key, found.nearest.is_equal, found.nearest.differing) == ("v2", True, 0)
    assert found.nearest.change.verdict == "equivalent"


def test_a_version_that_cannot_be_compared_without_doubt_comes_after_one_that_can() -> None:
    """Even without differing grants it is not called equal."""
    odd = document("s:A", Strange={"k": ["one"]})
    own = document("s:A", Strange={"k": ["two"]})
    found = only(policy(v2=odd, guide=own))
    assert found.nearest.change.verdict == "undetermined"
    assert (found.nearest.differing, found.nearest.is_equal) == (0, False)
    assert only(policy(v3=odd, guide=own, v1=own)).nearest.key == "v1"


def test_there_has_to_be_a_document_on_both_sides() -> None:
    """Versions of which only the date is known are skipped."""
    some = document("s:A")
    assert list(nearest_versions(policy(guide=some))) == []
    assert list(nearest_versions(policy(v1=some))) == []
    assert list(nearest_versions(policy(v1=None, guide=some))) == []
    assert list(nearest_versions(policy(guide=None, v1=some))) == []
    found = nearest_versions(policy(guide=some, other=some, v2=None, v1=some))
    assert [(n.key, [b.key for b in n.shown]) for n in found] == [
        ("guide", ["v1"]),
        ("other", ["v1"]),
    ]


documents = st.lists(st.sampled_from("ABCDE"), max_size=5, unique=True).map(
    lambda names: document(" ".join(f"s:{name}" for name in names) or "t:Z")
)


@examples(3)
@given(own=documents, others=st.lists(documents, min_size=1, max_size=7))
def test_it_is_the_one_that_trying_all_finds(own: Document, others: list[Document]) -> None:
    """Each action is one grant, so the distance is the number of actions of only one side."""

    def actions(found: Document) -> set[str]:
        return {pattern for s in found.statements for pattern in s.actions.patterns}

    numbered = {2 * place + 1: other for place, other in enumerate(others)}
    distance = {n: len(actions(own) ^ actions(other)) for n, other in numbered.items()}
    least = min(distance.values())
    nearest, *ties = sorted((n for n in numbered if distance[n] == least), reverse=True)
    versions = {f"v{n}": numbered[n] for n in sorted(numbered, reverse=True)}
    found = only(policy(guide=own, **versions))
    assert (found.nearest.order[1], found.nearest.differing) == (nearest, least)
    assert [beside.order[1] for beside in found.ties] == ties
    assert found.nearest.change == compare(own, numbered[nearest])
    assert found.nearest.reverse == compare(numbered[nearest], own).verdict
    best = sorted(numbered, key=lambda n: (distance[n], -n))[:3]
    around = {n for n in (nearest - 2, nearest + 2) if n in numbered}
    assert [b.order[1] for b in found.shown] == sorted({*best, *around}, reverse=True)


# --- pages and files ------------------------------------------------------------------------------


def context_of(found: Policy) -> BookContext:
    """The context that pages are made from."""
    book = Book(BookFile(title="B", introduction=()), {"P": found})
    return BookContext(book, index(book), small_catalogue())


def test_the_timeline_tells_of_the_nearest_and_those_beside_it() -> None:
    """With the differing grants of both sides."""
    made = context_of(
        policy(v3=document("s:A s:B"), guide=document("s:A s:C"), v2=document("s:A s:B s:D s:E"))
    )
    pages = tuple(plan(made))
    page = next(page for page in pages if page.url == "policies/P/")
    text = plain(Renderer(TEMPLATES, made, pages).body(page).html)
    assert "Most similar archived version: v3 (2 grants differ)." in text
    assert "This does not prove that the guide shows this version." in text
    assert "Compared with 2 archived versions" in text
    stretches = policy_view(made, "P").timeline.stretches
    (part,) = [found.nearest for s in stretches for found in s.parts if found.nearest]
    first, second = part.rows
    assert (first.key, first.nearest, first.verdict, first.reverse) == (
        "v3",
        True,
        "mixed",
        "mixed",
    )
    assert [(row.outcome, row.actions) for row in first.changed] == [
        ("added", ("s:B",)),
        ("removed", ("s:C",)),
    ]
    assert (second.key, second.nearest, second.differing) == ("v2", False, 4)


def test_programs_get_the_nearest_at_the_version() -> None:
    """Null for a version with an id."""
    found = policy(v3=document("s:A s:B"), guide=document("s:A"), v2=document("s:B s:C"))
    newest, guide, oldest = policy_result(context_of(found), found).versions
    assert (newest.nearest, oldest.nearest) == (None, None)
    assert guide.nearest
    assert (guide.nearest.version, guide.nearest.ties) == ("v3", ())
    first, second = guide.nearest.beside
    assert (first.version, first.verdict, first.reverse) == ("v3", "widened", "narrowed")
    assert [row.actions for row in first.gained] == [("s:B",)]
    assert [row.actions for row in second.lost] == [("s:A",)]


# --- the archive ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def archived(corpus_path: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], Book]:
    """What an import of SageMaker's policies beside the repository's data says, and the book."""
    data = tmp_path_factory.mktemp("nearest") / "data"
    shutil.copytree(DATA, data)
    ran = command("import", "git", corpus_path, "--only", "AmazonSageMaker*", "--data", data)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines(), load(data)


def test_the_guide_s_full_access_is_nearest_to_the_version_after_it(
    archived: tuple[list[str], Book],
) -> None:
    """Version 21, of September 2021, although the guide shows the document of August.

    The guide's update of August 2 added `sns:Publish`, on three resource patterns; v21 is the first
    version to have those, so v19 and v20 lack three grants. The other difference is the statement
    about `iam:PassRole`: the guide and v19 pass any role to four services in one statement. v20 and
    those after it have two: any role to SageMaker, and roles named `*AmazonSageMaker*` to the other
    three. To these the guide's one grant is wider by its condition, and theirs lie in it. So it
    differs from v21 by one grant, from v19 by three and from v20 by all four. v22 grants
    `cloudformation:ListStackResources` on a resource besides. No version is the guide's: its
    statement about roles is that of v19, what it grants of Amazon SNS is that of v21.
    """
    lines, book = archived
    found = only(book.policies["AmazonSageMakerFullAccess"])
    assert (found.key, found.nearest.key, found.ties) == ("2021-08-02", "v21", ())
    assert [(b.key, b.change.verdict, b.reverse) for b in found.shown] == [
        ("v22", "mixed", "mixed"),
        ("v21", "narrowed", "widened"),
        ("v20", "narrowed", "widened"),
        ("v19", "narrowed", "widened"),
    ]
    role = (
        "condition: Allow iam:PassRole on arn:aws:iam::*:role/* if StringEquals "
        "iam:PassedToService sagemaker.amazonaws.com | glue.amazonaws.com | "
        "robomaker.amazonaws.com | states.amazonaws.com"
    )
    publish = [
        f"action: Allow sns:Publish on arn:aws:sns:*:*:*{name}*"
        for name in ("SageMaker", "Sagemaker", "sagemaker")
    ]
    stack = (
        "action: Allow cloudformation:ListStackResources on arn:aws:cloudformation:*:*:stack/SC-*"
    )
    assert [
        (
            list(in_full(b.change.gained)),
            list(in_full(b.change.lost)),
        )
        for b in found.shown
    ] == [([stack], [role]), ([], [role]), ([], [*publish, role]), ([], publish)]
    assert (
        "AmazonSageMakerFullAccess: the version of 2021-08-02 is like no archived version, "
        "nearest to v21 (1 grant differs)"
    ) in lines


def test_the_guide_s_read_only_is_version_10(archived: tuple[list[str], Book]) -> None:
    """Grant for grant: the guide gives its update, `sagemaker:BatchGetRecord`, the day of v10.

    v9 lacks just that action, and v11 grants four patterns more.
    """
    lines, book = archived
    found = only(book.policies["AmazonSageMakerReadOnly"])
    assert (found.nearest.key, found.nearest.is_equal, found.ties) == ("v10", True, ())
    assert [(b.key, b.differing) for b in found.shown] == [
        ("v11", 4),
        ("v10", 0),
        ("v9", 1),
        ("v8", 3),
    ]
    (before,) = [b.change.lost for b in found.shown if b.key == "v9"]
    assert [e.grant.action.patterns for e in before] == [("sagemaker:BatchGetRecord",)]
    same = "AmazonSageMakerReadOnly: the version of 2021-06-10 is the same, grant for grant, as v10"
    assert same in lines
