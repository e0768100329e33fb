"""Two sets of policies side by side: which contains the other, and which actions differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from policybook.analysis.side_by_side import SideBySide, side_by_side
from policybook.model.documents import union

from tests.support.books import small_catalogue
from tests.support.documents import allow, deny, document_of

Statements = list[Mapping[str, Any]]
MINE, YOURS = "arn:aws:s3:::mine/*", "arn:aws:s3:::yours/*"


def compared(a: list[Statements], b: list[Statements]) -> SideBySide:
    """Two sides, each with several documents."""
    here = [document_of(*statements) for statements in a]
    there = [document_of(*statements) for statements in b]
    return side_by_side(here, there, small_catalogue())


def test_a_wider_side_contains_the_other_which_lacks_actions() -> None:
    found = compared([[allow("sqs:ListQueues")]], [[allow(["sqs:ListQueues", "sqs:SendMessage"])]])
    assert (found.b_contains_a, found.a_contains_b) == ("yes", "no")
    assert (found.change.verdict, found.reverse) == ("widened", "narrowed")
    assert found.only_b == {"sqs:sendmessage": "Write"}
    assert found.both == {"sqs:listqueues": "List"}
    assert (found.only_a, found.otherwise) == ({}, {})


def test_a_side_grants_what_all_of_its_policies_grant_together() -> None:
    """Whichever of them has the statement."""
    found = compared(
        [[allow("sqs:ListQueues")], [allow("sqs:SendMessage")]],
        [[allow(["sqs:SendMessage", "sqs:ListQueues"])]],
    )
    assert (found.change.verdict, found.reverse) == ("equivalent", "equivalent")
    assert (found.b_contains_a, found.a_contains_b) == ("yes", "yes")


def test_a_deny_of_one_policy_limits_the_others_of_its_side() -> None:
    found = compared(
        [[allow("sqs:*")], [deny("sqs:SendMessage")]],
        [[allow("sqs:*")]],
    )
    assert found.only_b == {"sqs:sendmessage": "Write"}
    assert (found.b_contains_a, found.a_contains_b) == ("yes", "no")


def test_statements_are_numbered_through_all_documents_of_a_side() -> None:
    """So that evidence names one statement."""
    first = document_of(allow("sqs:ListQueues"), allow("sqs:SendMessage"))
    joined = union([first, document_of(allow("s3:GetObject"))])
    assert [statement.number for statement in joined.statements] == [1, 2, 3]
    assert union([first]) is first


@pytest.mark.parametrize(
    ("a", "b", "otherwise"),
    [
        ([allow("s3:GetObject", MINE)], [allow("s3:GetObject", YOURS)], "mixed"),
        ([allow("s3:GetObject", MINE)], [allow("s3:GetObject")], "widened"),
        ([allow("s3:Get*")], [allow("s3:GetObject", MINE)], "narrowed"),
        ([allow("s3:GetObject")], [allow("s3:*"), deny("s3:GetObject", MINE)], "narrowed"),
        (
            [allow("s3:GetObject", "*", Condition={"Bool": {"k": "true"}})],
            [allow("s3:*")],
            "widened",
        ),
    ],
)
def test_actions_of_both_sides_may_have_other_limits(
    a: Statements, b: Statements, otherwise: str
) -> None:
    """With the verdict on that action alone."""
    found = compared([a], [b])
    assert found.both["s3:getobject"] == "Read"
    assert found.otherwise["s3:getobject"] == otherwise


def test_an_action_that_both_grant_in_the_same_way_is_not_among_them() -> None:
    """Though the pattern that grants it is wider on one side."""
    found = compared([[allow("s3:*")]], [[allow(["s3:Get*", "sqs:ListQueues"])]])
    assert found.change.verdict == "mixed"
    assert found.both
    assert found.otherwise == {}


def test_an_action_that_is_in_no_list_is_of_both_if_a_pattern_covers_it() -> None:
    """As for overlaps of policies."""
    found = compared([[allow("s3:NoSuchAction")]], [[allow("s3:*")]])
    assert found.both == {"s3:nosuchaction": "Uncatalogued"}
    assert found.only_a == {}
    back = compared([[allow("s3:*")]], [[allow("s3:NoSuchAction", MINE)]])
    assert back.both == {"s3:nosuchaction": "Uncatalogued"}
    assert back.otherwise == {"s3:nosuchaction": "narrowed"}


def test_what_cannot_be_decided_is_undetermined_and_not_guessed() -> None:
    """Not even if one direction is clear."""
    principal = {**allow("sqs:ListQueues"), "Principal": "*"}
    found = compared([[allow("sqs:ListQueues")]], [[principal]])
    assert (found.b_contains_a, found.a_contains_b) == ("undetermined", "undetermined")
    more = compared([[allow("sqs:ListQueues")]], [[principal, allow("sqs:SendMessage")]])
    assert (more.b_contains_a, more.a_contains_b) == ("undetermined", "no")
