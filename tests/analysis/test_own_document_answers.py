"""What is known of a document alone: wildcards, unknown actions, resources, boundaries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from policybook.analysis.left_over import left_over
from policybook.analysis.unknown_actions import nearest_actions, unknown_actions
from policybook.analysis.unsupported import unsupported
from policybook.analysis.wildcards import shortest_pattern, wildcards
from policybook.catalogue.catalogue import Catalogue
from policybook.data.file_reader import document_in
from policybook.iam.patterns import matches
from policybook.model.documents import Document


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The installed one."""
    return Catalogue()


def document(*statements: Mapping[str, Any]) -> Document:
    """A document of these statements, which allow something on all resources by default."""
    whole = [{"Effect": "Allow", "Resource": "*", **statement} for statement in statements]
    found, errors = document_in(json.dumps({"Version": "2012-10-17", "Statement": whole}).encode())
    assert found, errors
    return found


# --- wildcards ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "others", "below", "shortest"),
    [
        (["Get"], ["Put"], 99, "G*"),
        (["GetA", "GetB"], ["Put"], 99, "G*"),
        (["GetA", "GetB"], ["GrantA", "Put"], 99, "Ge*"),
        (["ListTags", "UntagTags"], ["ListAll", "Tag"], 99, "*s"),
        (["GetXTag", "GetYTag"], ["GetX", "PutTag"], 99, "G*g"),
        (["AxB", "CxD"], ["AB", "CD"], 99, "*x*"),
        (["Get"], [], 99, "*"),
        (["Get"], ["Put"], 2, ""),
        (["Get"], ["GetMore", "Target"], 99, "G*t"),
        (["Get"], ["GetMore", "Target"], 3, ""),
    ],
)
def test_the_shortest_pattern_names_the_same(
    names: list[str], others: list[str], below: int, shortest: str
) -> None:
    """Among `a*`, `a*b`, `*a` and `*a*`, those with more before the first `*` first."""
    assert shortest_pattern(names, others, below) == shortest


def test_every_wildcard_is_listed_once_with_what_it_names(catalogue: Catalogue) -> None:
    """Whatever its effect; a pattern about every service names no single action."""
    found = wildcards(
        document(
            {"Action": ["s3:GetObjectT*", "s3:ListBucket", "*"]},
            {"Effect": "Deny", "NotAction": "s3:GetObjectT*"},
        ),
        catalogue,
    )
    first, second = found
    assert (first.pattern, first.statements) == ("s3:GetObjectT*", (1, 2))
    assert first.actions == ("s3:GetObjectTagging", "s3:GetObjectTorrent")
    assert (second.pattern, second.every, second.actions) == ("*", True, ())


def test_a_shorter_pattern_names_the_same_of_all_actions(catalogue: Catalogue) -> None:
    """For many patterns of AWS's own policies."""
    for pattern in ("s3:Get*", "ec2:Describe*", "iam:*Role", "lambda:*Function*", "kms:*crypt*"):
        (found,) = wildcards(document({"Action": pattern}), catalogue)
        if found.shortest:
            assert len(found.shortest) < len(pattern)
            assert catalogue.expand(found.shortest) == catalogue.expand(pattern)
        names = [name.partition(":")[2] for name in found.actions]
        assert all(matches(pattern.partition(":")[2].lower(), name.lower()) for name in names)


# --- unknown actions ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "nearest"),
    [
        ("s3:GetObjct", "s3:GetObject"),
        ("S3:getobejct", "s3:GetObject"),
        ("kms:Decript", "kms:Decrypt"),
        ("ecs2:RunInstances", "ec2:RunInstances"),
        ("s3:Frobnicate", None),
        ("s3:Frob*", None),
        ("nothing", None),
    ],
)
def test_the_nearest_action_is_named(
    action: str, nearest: str | None, catalogue: Catalogue
) -> None:
    """One of the same service, or the same name of another one; patterns have none."""
    found = nearest_actions(action, catalogue)
    assert (found[0] if found else None) == nearest
    assert len(found) <= 3


def test_unknown_actions_and_patterns_are_listed_once(catalogue: Catalogue) -> None:
    """Those of AWS's list are not."""
    found = unknown_actions(
        document({"Action": ["s3:GetObjct", "s3:Get*"]}, {"NotAction": ["s3:GetObjct", "gone:*"]}),
        catalogue,
    )
    assert [(one.action, one.statements) for one in found] == [
        ("s3:GetObjct", (1, 2)),
        ("gone:*", (2,)),
    ]


# --- patterns without effect ----------------------------------------------------------------------


def test_actions_and_resources_that_do_not_belong_together_are_named(catalogue: Catalogue) -> None:
    """An action on a resource of another service; a bucket for an action on objects alone."""
    found = unsupported(
        document(
            {"Action": "ec2:RunInstances", "Resource": "arn:aws:s3:::b"},
            {"Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]},
            {"Action": "s3:ListAllMyBuckets", "Resource": "*"},
            {"Action": "gone:Thing", "Resource": "arn:aws:gone:::x"},
        ),
        catalogue,
    )
    assert [(one.statement, one.element, one.pattern) for one in found] == [
        (1, "Action", "ec2:RunInstances"),
        (1, "Resource", "arn:aws:s3:::b"),
        (2, "Resource", "arn:aws:s3:::b"),
    ]


# --- boundaries -----------------------------------------------------------------------------------

OBJECTS = {"Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::b/*"}


@pytest.mark.parametrize(
    ("boundary", "left"),
    [
        ([{"Action": "s3:*"}], {"s3:getobject": "yes", "s3:putobject": "yes"}),
        ([{"Action": "s3:Get*"}], {"s3:getobject": "yes"}),
        ([{"Action": "s3:Get*", "Resource": "arn:aws:s3:::b/x/*"}], {"s3:getobject": "yes"}),
        ([{"Action": "s3:Get*", "Resource": "arn:aws:s3:::*/x"}], {"s3:getobject": "conditional"}),
        ([{"Action": "s3:Get*", "Resource": "arn:aws:s3:::other/*"}], {}),
        ([{"NotAction": "s3:Put*"}], {"s3:getobject": "yes"}),
        (
            [{"Action": "s3:Get*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}],
            {"s3:getobject": "conditional"},
        ),
        ([{"Action": "*"}, {"Effect": "Deny", "Action": "s3:Put*"}], {"s3:getobject": "yes"}),
        (
            [{"Action": "*"}, {"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::b/x"}],
            {"s3:getobject": "conditional", "s3:putobject": "conditional"},
        ),
        ([{"Action": "sqs:*"}], {}),
    ],
)
def test_a_boundary_leaves_what_both_allow(
    boundary: list[Mapping[str, Any]], left: Mapping[str, str], catalogue: Catalogue
) -> None:
    """Certainly where one resource contains the other, without conditions and Denies."""
    found = left_over(document(OBJECTS), document(*boundary), catalogue)
    assert found.actions == left
    assert set(found.removed) == {"s3:getobject", "s3:putobject"} - left.keys()
    assert found.exact == all(certainty == "yes" for certainty in left.values())


def test_a_boundary_allows_nothing_by_itself(catalogue: Catalogue) -> None:
    """What only it allows is not left."""
    assert left_over(document({"Action": "sqs:*"}), document(OBJECTS), catalogue).actions == {}
