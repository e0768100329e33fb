"""Which actions are granted in full or in part, and what Denies do to other policies' grants."""

from __future__ import annotations

from typing import Any

import pytest
from policybook.analysis.attached import Member, together
from policybook.analysis.membership import denied_actions, granted_actions, voided
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load

from tests.support.books import DATA
from tests.support.documents import allow, deny, document_of
from tests.support.plain_iam import PlainIam

KEYS = "arn:aws:kms:*:*:key/*"
IF = {"Condition": {"Bool": {"aws:SecureTransport": "true"}}}


def not_on(resource: str) -> dict[str, Any]:
    """A statement with NotResource."""
    return {"Effect": "Allow", "Action": "kms:*", "NotResource": resource}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """AWS's list."""
    return Catalogue()


@pytest.mark.parametrize(
    ("statements", "state"),
    [
        ([allow("kms:Decrypt")], "has"),
        ([allow("kms:Decr*", KEYS)], "has"),
        ([allow("kms:Decrypt", "arn:aws:kms:*")], "has"),
        ([allow("kms:Decrypt", "arn:aws:kms:*:1:*")], "conditional"),
        ([allow("kms:Decrypt", "arn:aws:kms:*:1:alias/*")], "lacks"),  # no such resource
        ([allow("kms:Decrypt", **IF)], "conditional"),
        ([allow("kms:Decrypt", **IF), allow("kms:*", KEYS)], "has"),
        ([allow("kms:Encrypt")], "lacks"),
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], "has"),
        ([{"Effect": "Allow", "NotAction": "kms:*", "Resource": "*"}], "lacks"),
        ([not_on("arn:aws:kms:*:1:*")], "conditional"),
        ([not_on("arn:aws:sqs:*:*:q")], "has"),
        ([allow("kms:Decrypt"), deny("kms:Decrypt")], "lacks"),
        ([allow("kms:Decrypt"), deny("kms:*", "arn:aws:kms:*:1:*")], "conditional"),
        ([allow("kms:Decrypt"), deny("kms:Decrypt", **IF)], "conditional"),
        ([allow("kms:Decrypt"), deny("kms:*", "arn:aws:kms:*:1:alias/*")], "has"),  # not about keys
    ],
)
def test_an_action_is_granted_in_full_in_part_or_not(
    statements: list[dict[str, Any]], state: str, catalogue: Catalogue
) -> None:
    """`kms:Decrypt`, and an independent reading of the document agrees."""
    document = document_of(*statements)
    found = granted_actions(document, catalogue)
    places = {"has": found.in_full, "conditional": found.in_part}
    action = "kms:decrypt"
    assert [name for name, names in places.items() if action in names] == [state][
        : state != "lacks"
    ]
    assert PlainIam(catalogue).state([document], action) == state


@pytest.mark.parametrize(
    ("denying", "state"),
    [
        (deny("kms:Decrypt"), "lacks"),
        (deny("kms:Decrypt", **IF), "conditional"),
        (deny("kms:Decr*", KEYS), "conditional"),  # which leaves keys in AWS China
        (deny("kms:Decr*", "arn:aws:kms:*:1:*"), "conditional"),
        (deny("kms:Decr*", "arn:aws:kms:*:1:alias/*"), "has"),
        ({"Effect": "Deny", "NotAction": "kms:*", "Resource": "*"}, "has"),
        ({"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"}, "lacks"),
    ],
)
def test_a_deny_counts_for_the_grants_of_other_policies(
    denying: dict[str, Any], state: str, catalogue: Catalogue
) -> None:
    """As if the statements were in one document."""
    one, other = document_of(allow("kms:Decrypt")), document_of(denying)
    denied = denied_actions(other, {"kms:decrypt": "Read"}, catalogue)
    full, granted = together(
        [Member(0, 1, 0), Member(1, 0, 0, len(denied.removed), len(denied.limited))]
    )
    assert (full, granted) == {"has": (1, 1), "conditional": (0, 1), "lacks": (0, 0)}[state]
    assert PlainIam(catalogue).state([one, other], "kms:decrypt") == state


def test_a_deny_on_some_resources_may_remove_a_grant_on_some(catalogue: Catalogue) -> None:
    """It is limited in general, and void for that policy."""
    one = document_of(allow("kms:Decrypt", "arn:aws:kms:*:1:key/*"))
    other = document_of(deny("kms:Decrypt", "arn:aws:kms:*:1:*"))
    own = frozenset(granted_actions(one, catalogue).in_part)
    limited = frozenset(denied_actions(other, {"kms:decrypt": "Read"}, catalogue).limited)
    assert voided(one, own, other, limited, catalogue) == ("kms:decrypt",)
    elsewhere = document_of(allow("kms:Decrypt", "arn:aws:kms:*:2:key/*"))
    own = frozenset(granted_actions(elsewhere, catalogue).in_part)
    assert voided(elsewhere, own, other, limited, catalogue) == ()


def test_actions_that_aws_does_not_list_are_denied_by_their_names(catalogue: Catalogue) -> None:
    retired = {"elastic-inference:connect": "Uncatalogued"}
    for pattern in ("elastic-inference:*", "elastic-inference:Connect", "*"):
        found = denied_actions(document_of(deny(pattern)), retired, catalogue)
        assert found.removed == tuple(retired), pattern


def test_every_policy_of_the_book_is_read_as_by_trying_requests(catalogue: Catalogue) -> None:
    """Each action that it grants, and as many that it does not."""
    plain = PlainIam(catalogue)
    for name, policy in load(DATA).policies.items():
        if policy.current and policy.current.document:
            document = policy.current.document
            found = granted_actions(document, catalogue)
            for state, names in (("has", found.in_full), ("conditional", found.in_part)):
                listed = [n for n in names if catalogue.action(n)]
                assert {n for n in listed if plain.state([document], n) != state} == set(), name
