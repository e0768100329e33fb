"""Facts about statements as shown on pages: effective actions, evidence, current version."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from policybook.analysis.compare import compare
from policybook.analysis.evidence import evidence_rows
from policybook.analysis.index import index, slices
from policybook.book.context import BookContext
from policybook.book.facts.levels import effective, unmatched
from policybook.book.limits import SCOPED_ROWS
from policybook.catalogue.catalogue import Catalogue
from policybook.catalogue.scope import Scope
from policybook.model.book import Book, BookFile
from policybook.model.documents import Document, Term
from policybook.model.policies import Policy, PolicyFacts, Rollback, Version, VersionFacts
from policybook.output.csv_tables import policies as csv_policies
from policybook.output.json.list_results import lines_result
from policybook.output.json.policy_results import policy_result
from policybook.pages.policy_page.view import PolicyView, policy_view
from policybook.pages.services import service_view

from tests.support import oracle
from tests.support.list_rows import named

Statement = dict[str, object]


def document(*statements: Statement) -> Document:
    """A document of these statements."""
    return oracle.document({"Version": "2012-10-17", "Statement": list(statements)})


def policy(name: str, *versions: tuple[str, Document | None]) -> Policy:
    """A policy with these versions, newest first."""
    listed = tuple(Version(key, VersionFacts(id=key), found) for key, found in versions)
    return Policy(PolicyFacts(name=name, arn=None, type="unknown"), listed)


def context_of(*policies: Policy) -> BookContext:
    """A book of the policies."""
    book = Book(BookFile(title="Book", introduction=()), {p.name: p for p in policies})
    return BookContext(book, index(book), Catalogue())


def view(*statements: Statement) -> PolicyView:
    """The page of a policy with one version of these statements."""
    return policy_view(context_of(policy("One", ("v1", document(*statements)))), "One")


def allow(action: object, resource: object = "*", **more: object) -> Statement:
    """An Allow statement."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: object, resource: object = "*", **more: object) -> Statement:
    """A Deny statement."""
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


@pytest.mark.parametrize(
    ("statements", "passes"),
    [
        ([allow("*")], True),
        ([allow("iam:*")], True),
        ([allow("iam:Pass*")], True),
        ([allow("iam:Get*")], False),
        ([allow("iam:*"), deny("iam:PassRole")], False),
        ([{"Effect": "Allow", "NotAction": "iam:PassRole", "Resource": "*"}], False),
        ([{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}], True),
    ],
)
def test_passing_roles_is_an_effective_action(statements: list[Statement], passes: bool) -> None:
    """It counts whichever pattern grants it, unless a Deny removes it."""
    access = view(*statements).access
    assert access
    assert access.passes_roles is passes


def test_patterns_of_not_action_are_not_wildcards_of_the_policy() -> None:
    """NotAction grants all actions except those."""
    access = view({"Effect": "Allow", "NotAction": ["iam:*", "s3:*"], "Resource": "*"}).access
    assert access
    assert access.wildcards == 0


@pytest.mark.parametrize(
    ("statement", "bound"),
    [
        (allow("s3:*"), False),
        (allow("s3:*", "arn:aws:s3:::a"), True),
        (allow("s3:*", Condition={"Bool": {"aws:SecureTransport": "true"}}), True),
    ],
)
def test_counts_are_an_upper_bound_if_something_limits_the_grants(
    statement: Statement, bound: bool
) -> None:
    """Limits are conditions, and resources other than `*`."""
    access = view(statement).access
    assert access
    assert access.upper_bound is bound


@pytest.mark.parametrize(
    ("statements", "scope", "mark"),
    [
        ([deny("s3:GetObject")], Scope(), "empty"),
        ([allow("s3:GetObject"), allow("s3:GetObject")], Scope(1), "all"),
        ([allow(["s3:GetObject", "s3:ListAllMyBuckets"])], Scope(1, 1), "some"),
        ([allow(["s3:ListAllMyBuckets", "nowhere:Do"])], Scope(0, 1, 1), "none"),
        ([allow("nowhere:*")], Scope(0, 0, 1), "unknown"),
        ([allow("s3:*")], None, "some"),
        ([allow(["s3:GetObject", "s3:PutObject"]), deny("s3:PutObject")], Scope(1), "all"),
    ],
)
def test_actions_on_all_resources_have_a_count_of_those_that_could_be_limited(
    statements: list[Statement], scope: Scope | None, mark: str
) -> None:
    """A Deny has no count; an action in two statements counts once, a denied one never."""
    (found,) = [part.scope for part in view(*statements).resources if Term(("*",)) in part.terms]
    assert found
    assert found.mark == mark
    assert scope in (None, found)


def test_rows_on_all_resources_have_their_own_counts_unless_they_are_many() -> None:
    """Each row counts the actions that it allows itself."""
    two = [allow("s3:GetObject"), allow("s3:ListAllMyBuckets"), deny("s3:PutObject")]
    (part,) = view(*two).resources
    assert [(row.statement, row.scope and row.scope.mark) for row in part.rows] == [
        (1, "all"),
        (2, "none"),
        (3, "empty"),
    ]
    (part,) = view(*two[:1] * (SCOPED_ROWS + 1)).resources
    assert {row.scope for row in part.rows} == {None}
    (part,) = view(allow("s3:GetObject", "arn:aws:s3:::x")).resources
    assert (part.scope, part.rows[0].scope) == (None, None)


def test_a_pattern_that_matches_no_action_is_counted_apart() -> None:
    """A name that is not listed is an action. A Deny that covers either removes it."""
    catalogue = Catalogue()
    names = tuple(slices("One", document(allow(["nowhere:*", "Nowhere:D*", "nowhere:One"]))))
    assert set(effective(catalogue, names)) == {"nowhere:one"}
    assert unmatched(catalogue, names) == ("nowhere:*", "nowhere:d*")
    denied = tuple(slices("One", document(allow(["nowhere:One", "nowhere:T*"]), deny("nowhere:*"))))
    assert not effective(catalogue, denied)
    assert unmatched(catalogue, denied) == ()


def test_pages_json_and_tables_count_patterns_that_match_no_action_apart() -> None:
    """With their number in lists, and their text on the policy's own page and in its file."""
    context = context_of(policy("Retired", ("v1", document(allow(["nowhere:*", "s3:GetObject"])))))
    access = policy_view(context, "Retired").access
    assert access
    assert (access.actions, access.unmatched) == (1, ("nowhere:*",))
    result = policy_result(context, context.book.policies["Retired"])
    assert (result.levels, result.unmatched) == ({"Read": 1}, ("nowhere:*",))
    assert result.effective == {"s3": ("GetObject",)}
    (line,) = lines_result(context)
    assert (line.levels, line.unmatched) == ({"Read": 1}, 1)
    heads, row = csv_policies(context)
    assert dict(zip(heads, row, strict=True))["unmatched patterns"] == 1
    assert [line.name for line in context.services.action_lines("nowhere")] == []


def test_evidence_shows_excluded_patterns_separately() -> None:
    """A NotResource pattern is never shown as a granted resource."""
    old = document(allow("ec2:*"))
    new = document(
        allow("ec2:*"),
        {"Effect": "Allow", "Action": "s3:Get*", "NotResource": "arn:aws:s3:::secret/*"},
        allow("s3:Get*", "arn:aws:s3:::secret/public/*"),
    )
    rows = evidence_rows(compare(old, new).gained)
    assert {row.resources for row in rows} == {
        Term(("arn:aws:s3:::secret/*",), negated=True),
        Term(("arn:aws:s3:::secret/public/*",)),
    }


def test_a_service_page_has_every_policy_and_marks_how_it_grants() -> None:
    """Through `*` and NotAction, too; denied actions are not granted."""
    rest: Statement = {"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}
    book = context_of(
        policy("Denies", ("v1", document(deny("s3:PutObject")))),
        policy("Grants", ("v1", document(allow("s3:*"), deny("s3:DeleteBucket")))),
        policy("Power", ("v1", document(allow("*")))),
        policy("Rest", ("v1", document(rest))),
    )
    found = service_view(book, "s3")
    rest_on = service_view(book, "sqs")
    assert [named(row) for row in rest_on.policies.rows] == ["Power", "Rest"]
    how = [facet.key for facet in found.policies.stored].index("how")
    assert {named(row): row.facets[how] for row in found.policies.rows} == {
        "Denies": ("denied",),
        "Grants": ("service",),
        "Power": ("all",),
    }
    counts = {named(row): row.cells[3:] for row in found.actions.rows}
    assert counts["s3:DeleteBucket"] == (1, 0)
    assert counts["s3:PutObject"] == (2, 1)
    assert (found.granting, found.everything) == (2, 1)


def newest_known(*keys: str, default: str | None = None) -> Iterator[str]:
    """The label on a policy's page; versions with a capital V have no document."""
    versions = [(key.lower(), None if key.isupper() else document(allow("s3:*"))) for key in keys]
    found = policy("One", *versions)
    facts = PolicyFacts(name="One", arn=None, type="unknown", default=default)
    yield policy_view(context_of(Policy(facts, found.versions)), "One").newest_known


@pytest.mark.parametrize(
    ("keys", "default", "said"),
    [
        (("v2", "v1"), None, ""),
        (("v2", "v1"), "v1", ""),
        (("V3", "v2"), None, "The current version is v3"),
        (("v3", "V2"), "v2", "The current version is v2"),
    ],
)
def test_the_shown_version_is_called_current_only_if_it_is(
    keys: tuple[str, ...], default: str | None, said: str
) -> None:
    """If the current version has no document, the newest known one is shown and labelled."""
    (found,) = newest_known(*keys, default=default)
    assert found.startswith(said)
    assert bool(found) == bool(said)


def test_of_two_rollbacks_on_one_day_the_later_in_the_list_counts() -> None:
    """Rollbacks are listed oldest first."""
    day = date(2024, 1, 1)
    found = policy("One", *((f"v{n}", document(allow("s3:*"))) for n in (3, 2, 1)))
    facts = PolicyFacts(
        name="One",
        arn=None,
        type="unknown",
        rollbacks=(Rollback(to="v1", observed=day), Rollback(to="v2", observed=day)),
    )
    current = Policy(facts, found.versions).current
    assert current
    assert current.key == "v2"
