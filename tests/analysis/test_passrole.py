"""Passed roles, compared with reading every statement slowly."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policybook.analysis.index import index
from policybook.analysis.passrole import Principal, prefix_by_name, services_of
from policybook.book.addresses import passed_to
from policybook.book.context import BookContext
from policybook.book.dependencies import of_service
from policybook.catalogue.catalogue import Catalogue
from policybook.model.book import Book, BookFile
from policybook.model.documents import Clause, Document
from policybook.model.policies import Policy, PolicyFacts, Version, VersionFacts
from policybook.pages.passrole import passrole_view

from tests.support import oracle
from tests.support.passrole import assert_sure, assert_whole
from tests.support.properties import examples

ROLE = "arn:aws:iam::*:role/*"


def book(**documents: Document) -> Book:
    """A book of policies with one version each."""
    policies = {
        name: Policy(
            PolicyFacts(name=name, arn=None, type="unknown"),
            (Version("v1", VersionFacts(id="v1"), document),),
        )
        for name, document in documents.items()
    }
    return Book(BookFile(title="Book", introduction=()), policies)


def context_of(found: Book) -> BookContext:
    """The context that pages are made from."""
    return BookContext(found, index(found), Catalogue())


def of(**bodies: list[dict[str, Any]]) -> BookContext:
    """The context of policies with these statements."""
    made = {
        name: oracle.document({"Version": "2012-10-17", "Statement": body})
        for name, body in bodies.items()
    }
    return context_of(book(**made))


def allow(action: object = "iam:PassRole", resource: object = "*", **when: Any) -> dict[str, Any]:
    """An Allow statement; keywords are operators of conditions on the service."""
    condition = {
        operator.replace("__", ":"): {"iam:PassedToService": values}
        for operator, values in when.items()
    }
    return {
        "Effect": "Allow",
        "Action": action,
        "Resource": resource,
        **({"Condition": condition} if when else {}),
    }


# --- which statements -----------------------------------------------------------------------------


actions = st.sampled_from(
    ["iam:PassRole", "IAM:passrole", "iam:*", "iam:Pass*", "*", "*:*", "i?m:P*", "s3:*", "iam:Get*"]
)
roles = st.sampled_from(["*", "arn:aws:iam::*:role/*", "arn:aws:iam::1:role/x", "x"])
services = st.sampled_from(["ec2.amazonaws.com", "ec2.amazonaws.com*", "glue.amazonaws.com"])
operators = st.sampled_from(
    [
        "StringEquals",
        "StringLike",
        "StringEqualsIfExists",
        "StringNotEquals",
        "ForAllValues:StringLike",
    ]
)


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Any]:
    """A statement of any form."""
    form: dict[str, Any] = {"Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"]))}
    for key, values in (("Action", actions), ("Resource", roles)):
        name = draw(st.sampled_from([key, key, f"Not{key}"]))
        form[name] = draw(st.lists(values, min_size=1, max_size=2, unique=True))
    clauses = draw(
        st.dictionaries(operators, st.lists(services, min_size=1, max_size=2), max_size=2)
    )
    if clauses:
        form["Condition"] = {op: {"iam:PassedToService": v} for op, v in clauses.items()}
    return form


@examples(1.5)
@given(st.lists(st.lists(statements(), min_size=1, max_size=3), min_size=1, max_size=3))
def test_every_grant_stands_once_by_policy_and_under_each_service(
    bodies: list[list[dict[str, Any]]],
) -> None:
    """It is as certain as the answer to a request to the whole document."""
    found = of(**{f"P{number}": body for number, body in enumerate(bodies)})
    assert_whole(found, passrole_view(found))
    assert_sure(found)


# --- to which services ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operator", "to", "absent"),
    [
        ("StringEquals", "listed", False),
        ("stringlike", "listed", False),
        ("StringEqualsIgnoreCase", "listed", False),
        ("StringLikeIfExists", "listed", True),
        ("ForAnyValue:StringEquals", "listed", False),
        ("ForAllValues:StringEquals", "unread", False),
        ("StringNotEquals", "unread", False),
        ("ArnLike", "unread", False),
        ("Null", "unread", False),
    ],
)
def test_only_a_clause_that_lists_services_is_read_as_a_list(
    operator: str, to: str, absent: bool
) -> None:
    """The key in any case; other clauses are shown unchanged."""
    clause = Clause(operator, "iam:passedToService", ("a", "b", "a"))
    other = Clause("StringLike", "iam:AssociatedResourceArn", ("arn:*",))
    found = services_of((other, clause))
    assert (found.to, found.absent) == (to, absent)
    assert found.names == (("a", "b") if to == "listed" else ())
    assert (found.clauses, found.others) == ((clause,), (other,))


def test_without_a_clause_about_services_it_is_any_and_two_are_left_unread() -> None:
    """Two clauses would both have to hold."""
    one = Clause("StringEquals", "iam:PassedToService", ("a",))
    two = Clause("StringLike", "iam:PassedToService", ("a*",))
    assert services_of(()).to == "any"
    assert services_of((one, two)).to == "unread"


@pytest.mark.parametrize(
    ("service", "prefix"),
    [
        ("sagemaker.amazonaws.com", "sagemaker"),
        ("ec2.amazonaws.com.cn", "ec2"),
        ("ec2.amazonaws.com*", "ec2"),
        ("events.workmail.amazonaws.com", ""),
        ("*.amazonaws.com", ""),
        ("ec2.amazonaws.com.evil", ""),
        ("ec2", ""),
    ],
)
def test_a_service_s_prefix_is_found_by_name_where_that_is_plain(service: str, prefix: str) -> None:
    """Only if nothing else precedes `.amazonaws.com`."""
    assert prefix_by_name(service) == prefix


def test_a_service_s_page_counts_the_policies_and_is_made_from_that_count() -> None:
    """Except those that grant everything."""
    found = of(
        A=[allow(StringEquals=["ec2.amazonaws.com", "other"])],
        B=[allow(StringLike="ec2.amazonaws.com"), allow(StringLike="ec2.amazonaws.com*")],
        C=[allow("*", StringEquals="ec2.amazonaws.com")],
        D=[{**allow(StringEquals="ec2.amazonaws.com"), "Effect": "Deny"}],
    )
    expected = (Principal("ec2.amazonaws.com", 2), Principal("ec2.amazonaws.com*", 1))
    assert found.passrole.principals() == {"ec2": expected}
    assert of_service(found, "ec2").values == (expected,)


def test_places_of_services_are_distinct() -> None:
    """Whatever the conditions name; and simple ones can be read."""
    names = [
        "ec2.amazonaws.com",
        "EC2.amazonaws.com",
        "ec2.amazonaws.com*",
        "ec2 amazonaws.com",
        "",
    ]
    anchors = [passed_to(name).anchor for name in names]
    assert len(set(anchors)) == len(names)
    assert anchors[0] == "to-ec2.amazonaws.com"


def test_what_grants_everything_stands_apart_with_a_place_of_its_own() -> None:
    """Unless the policy has one already."""
    found = of(
        All=[allow("*")],
        Both=[allow("*", ROLE), allow("iam:PassRole", f"{ROLE}y")],
        Rest=[{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}],
        None_=[allow("iam:Get*")],
    )
    view = passrole_view(found)
    assert [part.policy for part in view.policies] == ["Both"]
    assert [(p.policy, p.anchored) for p in view.everything] == [
        ("All", True),
        ("Both", False),
        ("Rest", True),
    ]
    assert view.total == 3


def test_what_names_no_role_stands_apart_and_is_not_counted() -> None:
    """Also next to roles, in the same statement or policy, and where all services are covered."""
    users = "arn:aws:iam::123456789012:user/*"
    ec2 = {"Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}}
    found = of(
        Users=[{**allow("iam:PassRole", users), **ec2}],
        Mixed=[{**allow("iam:PassRole", users), "Resource": [users, ROLE]}],
        Short=[allow("iam:PassRole", "arn:aws:iam")],
        All=[allow("*", "arn:aws:s3:::docs")],
        Rest=[
            {"Effect": "Allow", "Action": "iam:PassRole", "NotResource": "arn:aws:iam::*:role/*"}
        ],
        Denied=[allow("iam:PassRole", users), {**allow("*"), "Effect": "Deny"}],
    )
    view = passrole_view(found)
    assert [(part.policy, part.anchored) for part in view.unsupported] == [
        ("All", True),
        ("Mixed", False),
        ("Rest", True),
        ("Users", True),
    ]
    assert [part.policy for part in view.policies] == ["Denied", "Mixed", "Short"]
    assert (view.everything, view.services, view.total) == ((), (), 3)
    assert found.passrole.principals() == {}
    assert [item.anchor for item in view.toc] == ["services", "policies", "unsupported"]
