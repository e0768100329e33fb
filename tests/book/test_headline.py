"""The headline of a change: what it did, in one line."""

from __future__ import annotations

from typing import Any

import pytest
from policybook.analysis.change_rows import change_rows
from policybook.analysis.compare import compare
from policybook.book.prose.headline import headline

from tests.support.documents import allow, deny, document_of

NAMES = {
    "ec2": "Amazon EC2",
    "glue": "AWS Glue",
    "iam": "AWS Identity and Access Management (IAM)",
    "s3": "Amazon S3",
    "states": "AWS Step Functions",
}


def said(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> str:
    """The headline of the change between documents with these statements."""
    change = compare(document_of(*old), document_of(*new))
    return headline(change_rows(change.gained, change.lost), NAMES.get)


def passing(roles: str, *services: str) -> dict[str, Any]:
    """A statement that passes roles to services."""
    names = [f"{service}.amazonaws.com" for service in services]
    condition = {"StringEquals": {"iam:PassedToService": names}}
    return {
        **allow("iam:PassRole", f"arn:aws:iam::111122223333:role/{roles}"),
        "Condition": condition,
    }


def under(statement: dict[str, Any]) -> dict[str, Any]:
    """The statement under a condition."""
    return {**statement, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}


MANY = ["ec2:DescribeA", "ec2:DescribeB", "ec2:DescribeC"]


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ([allow("s3:Get")], [allow("s3:Get")], ""),
        ([], [allow(MANY)], "Adds 3 EC2 Describe actions on every resource"),
        (
            [],
            [allow(["ec2:A", "ec2:B", "iam:C"])],
            "Adds 3 actions of EC2 and IAM on every resource",
        ),
        (
            [],
            [allow(["ec2:A", "ec2:B", "a:C", "b:D"])],
            "Adds 4 actions of EC2, a and b on every resource",
        ),
        (
            [],
            [allow(["e:A", "f:B", "a:C", "b:D"])],
            "Adds 4 actions of 4 services on every resource",
        ),
        ([], [allow(["s3:Get*", "s3:A", "s3:B"])], "Adds 3 S3 action patterns on every resource"),
        ([], [allow("s3:A", "x")], "Adds `s3:A` on `x`"),
        ([], [under(allow("s3:A", "x"))], "Adds `s3:A` on `x` under conditions"),
        ([], [allow("s3:A", "x"), allow("s3:A", "y")], "Adds `s3:A` on some resources"),
        ([], [allow("s3:A"), under(allow("s3:B", "y"))], "Adds `s3:A` and `s3:B`"),
        ([allow("s3:A")], [], "Removes `s3:A` on every resource"),
        ([allow("s3:A")], [allow("s3:A", "x")], "Limits `s3:A` to fewer resources"),
        ([allow("s3:A", "x")], [allow("s3:A")], "Allows `s3:A` on more resources"),
        ([allow("s3:A")], [under(allow("s3:A"))], "Limits `s3:A` by stricter conditions"),
        ([under(allow("s3:A"))], [allow("s3:A")], "Allows `s3:A` under weaker conditions"),
        ([allow("s3:*")], [allow("s3:A")], "Replaces `s3:*` with narrower patterns"),
        ([allow("s3:A")], [allow("s3:*")], "Adds `s3:*`, allowed in part before"),
        (
            [allow("s3:A", "x*")],
            [allow("s3:A", "*y")],
            "Changes the resources or conditions of `s3:A`",
        ),
        ([], [deny("s3:A")], "Denies `s3:A` on every resource"),
        ([deny("s3:A")], [], "No longer denies `s3:A` on every resource"),
        (
            [],
            [allow("s3:A"), under(deny("s3:B"))],
            "Adds `s3:A` on every resource; denies `s3:B` on every resource under conditions",
        ),
        (
            [passing("*", "glue", "states", "ec2")],
            [passing("*", "ec2"), passing("*X*", "glue", "states")],
            "Glue and Step Functions may now only be passed roles named `*X*`",
        ),
        (
            [passing("*", "glue", "ec2")],
            [passing("*", "glue")],
            "Roles may no longer be passed to EC2",
        ),
        (
            [passing("*", "glue", "states", "ec2")],
            [passing("*X*", "glue")],
            "Roles may no longer be passed to EC2 and Step Functions; "
            "Glue may now only be passed roles named `*X*`",
        ),
        (
            [passing("A*", "glue"), passing("B*", "glue")],
            [passing("A1", "glue"), passing("B*", "glue")],
            "Of roles named `A*`, Glue may now only be passed roles named `A1`",
        ),
        (
            [passing("A*", "glue")],
            [passing("*A", "glue")],
            "Changes the resources or conditions of `iam:PassRole`",
        ),
        (
            [allow("s3:A", "x"), under(allow("s3:A", "y"))],
            [under(allow("s3:A", "x"))],
            "Allows `s3:A` in fewer cases",
        ),
        ([], [passing("A", "glue")], "Roles named `A` may now be passed to Glue"),
        (
            [{"Effect": "Allow", "NotAction": ["iam:*"], "Resource": "*"}],
            [{"Effect": "Allow", "NotAction": ["iam:*", "ec2:*"], "Resource": "*"}],
            "Excepts `ec2:*` from what it allows",
        ),
        (
            [],
            [{"Effect": "Deny", "NotAction": ["iam:*"], "Resource": "*"}],
            "Denies all actions except `iam:*`",
        ),
        (
            [allow("s3:A"), allow("s3:B", "x"), deny("s3:C"), allow("s3:D", "x")],
            [allow("s3:A", "x"), allow("s3:B"), under(allow("s3:E"))],
            "Adds `s3:E` on every resource under conditions; allows `s3:B` on more resources; "
            "limits `s3:A` to fewer resources; and 2 more changes",
        ),
    ],
)
def test_a_headline_says_what_the_change_did(
    old: list[dict[str, Any]], new: list[dict[str, Any]], text: str
) -> None:
    """Few names as they are, more as a number; a change without effect has none."""
    assert said(old, new) == text
