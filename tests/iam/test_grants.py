"""Statements split into grants, and the order of grants."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policybook.iam.grants import explained_prefixes, grants, prefix_of, prefixes, with_prefix
from policybook.model.documents import Clause, Document, Grant, Term

from tests.support.oracle import document

CONDITION = {"StringEquals": {"k": ["a", "b"]}, "Bool": {"m": True}}
CLAUSES = (Clause("StringEquals", "k", ("a", "b")), Clause("Bool", "m", ("true",)))


def of(*statements: dict[str, Any]) -> Document:
    """A document of Allow statements; the default resource is `*`."""
    resource = {"Resource": "*"}
    return document(
        {
            "Statement": [
                {"Effect": "Allow", **({} if "NotResource" in s else resource), **s}
                for s in statements
            ]
        }
    )


def test_a_statement_is_taken_apart_into_each_action_on_each_resource() -> None:
    """Ordered by statement, then action, then resource; the condition is not split."""
    found = grants(
        of(
            {"Action": ["s3:Get*", "sqs:*"], "Resource": ["b", "a"], "Condition": CONDITION},
            {"Effect": "Deny", "Action": "S3:GetObject"},
        )
    )
    assert found == (
        Grant("Allow", Term(("s3:Get*",)), Term(("b",)), CLAUSES, 1),
        Grant("Allow", Term(("s3:Get*",)), Term(("a",)), CLAUSES, 1),
        Grant("Allow", Term(("sqs:*",)), Term(("b",)), CLAUSES, 1),
        Grant("Allow", Term(("sqs:*",)), Term(("a",)), CLAUSES, 1),
        Grant("Deny", Term(("S3:GetObject",)), Term(("*",)), (), 2),
    )


def test_everything_but_stays_what_it_is() -> None:
    """NotAction and NotResource are one term each, with all of their patterns."""
    found = grants(of({"NotAction": ["iam:*", "sts:*"], "NotResource": ["a", "b"]}))
    everything_but = Term(("iam:*", "sts:*"), negated=True), Term(("a", "b"), negated=True)
    assert found == (Grant("Allow", *everything_but, (), 1),)


def test_a_document_without_statements_grants_nothing() -> None:
    """An empty list is a document too."""
    assert grants(of()) == ()


@pytest.mark.parametrize(
    ("action", "prefix"),
    [
        ("s3:GetObject", "s3"),
        ("SNS:Publish", "sns"),
        ("access-analyzer:*", "access-analyzer"),
        ("*", "*"),
        ("*:*", "*"),
        ("*:Get*", "*"),
    ],
)
def test_the_prefix_is_what_stands_before_the_colon(action: str, prefix: str) -> None:
    """In lower case; `*` for actions of every service."""
    assert prefix_of(action) == prefix


def test_everything_but_some_actions_is_listed_under_every_service() -> None:
    """Under `*`, not under the services whose actions it excludes."""
    (grant,) = grants(of({"NotAction": ["iam:*", "sts:*"]}))
    assert prefixes(grant) == ("*",)


def test_explained_prefixes_are_those_of_actions_that_are_allowed() -> None:
    """Not those of a Deny, of actions of every service, or of actions that NotAction excludes."""
    found = of(
        {"Action": ["s3:A", "SQS:B", "*:Get*"]},
        {"NotAction": "iam:*"},
        {"Effect": "Deny", "Action": "kms:*"},
    )
    assert explained_prefixes(found) == {"s3", "sqs"}


@given(
    actions=st.lists(
        st.sampled_from(("*", "*:*", "s3:Get*", "S3:Put", "s3", "s33:A", "sqs:*", ":a"))
    ),
    prefix=st.sampled_from(("*", "s3", "sqs", "s")),
)
def test_patterns_of_a_prefix_are_those_with_it(actions: list[str], prefix: str) -> None:
    expected = tuple(action for action in actions if prefix_of(action) == prefix)
    assert with_prefix(actions, prefix) == expected
