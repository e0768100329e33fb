"""What a change keeps of the grants that it gained or lost, and how rows say it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from policybook.analysis.change_rows import ChangeRow, change_rows, change_rows_about
from policybook.analysis.compare import compare
from policybook.model.changes import Evidence
from policybook.model.documents import Clause, Document, Grant

from tests.support.documents import allow, deny, document_of
from tests.support.oracle import Request, speaks_of
from tests.support.properties import examples
from tests.support.small_requests import REQUESTS, pairs

# --- every request is tried -----------------------------------------------------------------------


def has(found: Document, effect: str, request: Request) -> bool:
    """Whether a statement of the document with the effect is about the request."""
    return any(
        speaks_of(Grant(s.effect, s.actions, s.resources, s.condition, s.number), request)
        for s in found.statements
        if s.effect == effect
    )


def evidence(old: Document, new: Document) -> Iterator[tuple[Evidence, Document]]:
    """Each piece of evidence, with the document that does not have its grant."""
    change = compare(old, new)
    for item in change.gained:
        yield item, new if item.kind == "deny" else old
    for item in change.lost:
        yield item, old if item.kind == "deny" else new


@examples(3)
@given(pair=pairs())
def test_what_is_kept_is_in_both_documents(pair: tuple[Document, Document]) -> None:
    """Requests that one of them denies are in none of their Allows."""
    for item, _ in evidence(*pair):
        for kept in item.kept:
            for request in REQUESTS:
                denied = kept.effect == "Allow" and any(has(d, "Deny", request) for d in pair)
                if speaks_of(kept, request) and not denied:
                    assert all(has(document, kept.effect, request) for document in pair)


@examples(3)
@given(pair=pairs())
def test_nothing_that_the_other_document_has_of_a_grant_is_left_out(
    pair: tuple[Document, Document],
) -> None:
    """A grant of NotAction is compared with grants of NotAction alone, if there are any."""
    for item, other in evidence(*pair):
        if not item.grant.action.negated:
            for request in REQUESTS:
                if speaks_of(item.grant, request) and has(other, item.grant.effect, request):
                    assert any(speaks_of(grant, request) for grant in item.beside)


@examples(3)
@given(pair=pairs())
def test_the_rest_leaves_out_only_what_is_kept(pair: tuple[Document, Document]) -> None:
    """A request of the grant is one of its rest, or one of the other document too."""
    for item, other in evidence(*pair):
        for request in REQUESTS:
            if speaks_of(item.rest, request):
                assert speaks_of(item.grant, request)
            elif speaks_of(item.grant, request):
                assert has(other, item.grant.effect, request)


# --- rows -----------------------------------------------------------------------------------------


def rows(old: tuple[dict[str, Any], ...], new: tuple[dict[str, Any], ...]) -> tuple[ChangeRow, ...]:
    """The rows of the change between documents with these statements."""
    change = compare(document_of(*old), document_of(*new))
    return change_rows(change.gained, change.lost)


def places(row: ChangeRow) -> dict[str, list[tuple[str, ...]]]:
    """The resources and values of what was, is now and is kept, with actions of their own."""
    return {
        name: [
            (
                *group.actions,
                *group.resources.patterns,
                *(v for c in group.condition for v in c.values),
            )
            for group in getattr(row, name)
        ]
        for name in ("was", "now", "kept", "partly")
        if getattr(row, name)
    }


def _values(condition: tuple[Clause, ...]) -> Iterator[str]:
    return (value for clause in condition for value in clause.values)


def passing(roles: str, *services: str) -> dict[str, Any]:
    """A statement that passes roles to services."""
    condition = {"StringEquals": {"iam:PassedToService": list(services)}}
    return {**allow("iam:PassRole", roles), "Condition": condition}


def test_values_of_a_condition_are_told_apart() -> None:
    """Of four services one keeps all roles, and three keep the roles of a name."""
    (row,) = rows(
        (passing("role/*", "one", "two", "three", "four"),),
        (passing("role/*", "one"), passing("role/*X*", "two", "three", "four")),
    )
    assert (row.outcome, row.actions) == ("narrowed", ("iam:PassRole",))
    assert places(row) == {
        "was": [("role/*", "two", "three", "four")],
        "kept": [("role/*", "one"), ("role/*X*", "two", "three", "four")],
    }


@pytest.mark.parametrize(
    ("old", "new", "outcome", "found"),
    [
        ([], [allow("s:A", "x")], "added", {"now": [("x",)]}),
        ([allow("s:A", "x")], [], "removed", {"was": [("x",)]}),
        ([allow("s:A", "x")], [allow("s:A")], "widened", {"now": [("*",)], "kept": [("x",)]}),
        ([allow("s:A")], [allow("s:A", "x")], "narrowed", {"was": [("*",)], "kept": [("x",)]}),
        ([allow("s:A", "x")], [allow("s:A", "y")], "changed", {"was": [("x",)], "now": [("y",)]}),
        (
            [allow("s:A", "x*")],
            [allow("s:A", "*y")],
            "changed",
            {"was": [("x*",)], "now": [("*y",)], "partly": [("*y", "x*")]},
        ),
        (
            [allow("s:*")],
            [allow("s:A"), allow("s:B", "x")],
            "narrowed",
            {"was": [("*",)], "kept": [("s:A", "*"), ("s:B", "x")]},
        ),
        ([], [deny("s:A")], "added", {"now": [("*",)]}),
        ([deny("s:A")], [deny("s:A", "x")], "narrowed", {"was": [("*",)], "kept": [("x",)]}),
    ],
)
def test_a_row_says_what_was_what_is_and_what_is_kept(
    old: list[dict[str, Any]],
    new: list[dict[str, Any]],
    outcome: str,
    found: dict[str, list[tuple[str]]],
) -> None:
    """For one action of a document."""
    (row,) = rows(tuple(old), tuple(new))
    assert row.outcome == outcome
    assert {name: sorted(given) for name, given in places(row).items()} == {
        name: sorted(given) for name, given in found.items()
    }


def test_exceptions_are_those_added_and_dropped() -> None:
    """Of NotAction and of NotResource; what stays is a number."""
    old: dict[str, Any] = {"Effect": "Allow", "NotAction": ["a:*", "b:*"], "Resource": "*"}
    new: dict[str, Any] = {"Effect": "Allow", "NotAction": ["a:*", "b:*", "c:*"], "Resource": "*"}
    (row,) = rows((old,), (new,))
    assert (row.outcome, row.was, row.now, row.kept) == ("narrowed", (), (), ())
    (change,) = row.exceptions
    assert (change.added, change.dropped, change.kept) == (("c:*",), (), 2)
    old = {"Effect": "Allow", "Action": "s:A", "NotResource": ["x", "y"]}
    new = {"Effect": "Allow", "Action": "s:A", "NotResource": ["x"]}
    (row,) = rows((old,), (new,))
    (change,) = row.exceptions
    assert (row.outcome, change.added, change.dropped, change.kept) == ("widened", (), ("y",), 1)


def test_actions_with_the_same_change_share_a_row() -> None:
    """Those of one outcome come together, Allows before Denies."""
    found = rows(
        (allow(["s:A", "s:B"], "x"),),
        (allow(["s:A", "s:B", "s:C", "s:D"]), deny("s:E")),
    )
    assert [(row.effect, row.outcome, row.actions) for row in found] == [
        ("Allow", "added", ("s:C", "s:D")),
        ("Allow", "widened", ("s:A", "s:B")),
        ("Deny", "added", ("s:E",)),
    ]
    assert [row.actions for row in change_rows_about(found, "s")] == [row.actions for row in found]
    assert change_rows_about(found, "t") == ()
