"""Passed roles, compared with reading every statement slowly."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policybook.analysis.index import index
from policybook.analysis.passrole import (
    Principal,
    known_services,
    prefix_by_name,
    services_of,
)
from policybook.book.addresses import passed_to
from policybook.book.context import BookContext
from policybook.book.dependencies import of_service
from policybook.catalogue.catalogue import Catalogue
from policybook.model.book import Book, BookFile
from policybook.model.documents import Clause, Document
from policybook.model.policies import Policy, PolicyFacts, Version, VersionFacts
from policybook.output.json.list_results import passrole_result
from policybook.pages.passrole import passrole_view

from tests.support import oracle
from tests.support.list_rows import named
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


KNOWN = ("ec2.amazonaws.com", "events.workmail.amazonaws.com", "lambda.amazonaws.com")
EC2, EVENTS, LAMBDA = KNOWN


@pytest.mark.parametrize(
    ("operator", "values", "to", "names", "complete"),
    [
        ("StringEquals", [EC2], "listed", [EC2], True),
        ("stringequals", [EC2, LAMBDA, EC2], "listed", [EC2, LAMBDA], True),
        ("StringEquals", ["EC2.amazonaws.com"], "listed", [], True),
        ("StringEquals", ["*.amazonaws.com"], "listed", [], True),
        ("StringEquals", ["*"], "listed", [], True),
        ("StringEqualsIgnoreCase", ["EC2.Amazonaws.com"], "listed", [EC2], True),
        ("StringEqualsIgnoreCase", ["ec2.*"], "listed", [], True),
        ("StringLike", [EC2], "listed", [EC2], True),
        ("StringLike", ["EC2.*"], "listed", [], False),
        ("StringLike", ["ec2.*"], "listed", [EC2], False),
        ("StringLike", ["ec2.amazonaws.com*", LAMBDA], "listed", [EC2, LAMBDA], False),
        ("StringLike", ["e?2.amazonaws.com"], "listed", [EC2], False),
        ("StringLike", ["*.amazonaws.com"], "listed", list(KNOWN), False),
        ("StringLike", ["e*"], "listed", [EC2, EVENTS], False),
        ("StringLike", ["${*}"], "listed", [], True),
        ("StringLike", ["*"], "any", [], False),
        ("StringLike", [EC2, "**"], "any", [], False),
        ("StringLikeIfExists", ["*"], "any", [], False),
        ("StringLikeIfExists", ["ec2.*"], "listed", [EC2], False),
        ("ForAnyValue:StringEquals", [EC2], "listed", [EC2], True),
        ("ForAllValues:StringEquals", [EC2], "listed", [EC2], True),
        ("ForAllValues:StringLike", ["*"], "any", [], False),
        ("StringNotEquals", [EC2], "except", [EVENTS, LAMBDA], False),
        ("StringNotEquals", ["EC2.amazonaws.com", "*"], "except", list(KNOWN), False),
        ("StringNotEqualsIgnoreCase", ["EC2.amazonaws.com"], "except", [EVENTS, LAMBDA], False),
        ("StringNotLike", ["e*"], "except", [LAMBDA], False),
        ("StringNotLikeIfExists", ["*"], "except", [], False),
        ("Null", ["false"], "any", [], False),
        ("Null", ["true"], "unread", [], False),
        ("ArnLike", [EC2], "unread", [], False),
        ("StringEquals", ["${aws:PrincipalTag/service}"], "unread", [], False),
    ],
)
def test_a_value_is_the_pattern_or_text_that_its_operator_makes_it(
    operator: str, values: list[str], to: str, names: list[str], complete: bool
) -> None:
    """The key in any case. `complete` says that no other service is allowed."""
    clause = Clause(operator, "iam:passedToService", tuple(values))
    other = Clause("StringLike", "iam:AssociatedResourceArn", ("arn:*",))
    found = services_of((other, clause), KNOWN)
    assert (found.to, list(found.names), found.complete) == (to, names, complete)
    assert (found.clauses, found.others) == ((clause,), (other,))


@pytest.mark.parametrize(
    ("operator", "absent"),
    [
        ("StringEquals", False),
        ("StringLikeIfExists", True),
        ("ForAnyValue:StringEquals", False),
        ("ForAllValues:StringEquals", True),
        ("StringNotEquals", True),
        ("Null", False),
    ],
)
def test_some_clauses_also_hold_for_a_request_without_a_service(
    operator: str, absent: bool
) -> None:
    """Then the statement says so."""
    clause = Clause(operator, "iam:PassedToService", ("false",))
    assert services_of((clause,), KNOWN).absent == absent


def test_of_several_clauses_all_have_to_hold() -> None:
    """For the same service; one that does not limit changes nothing."""
    key = "iam:PassedToService"
    one, two = Clause("StringLike", key, ("e*",)), Clause("StringNotEquals", key, (EC2,))
    assert services_of((), KNOWN).to == "any"
    both = services_of((one, two), KNOWN)
    assert (both.to, both.names, both.complete) == ("listed", (EVENTS,), False)
    text = Clause("StringEquals", key, (EC2, EVENTS))
    both = services_of((text, one, Clause("Null", key, ("false",))), KNOWN)
    assert (both.to, both.names, both.complete) == ("listed", (EC2, EVENTS), True)
    assert services_of((text, Clause("Null", key, ("true",))), KNOWN).to == "unread"


def test_a_variable_is_text_where_the_version_has_none() -> None:
    """Then no service has that name."""
    clause = Clause("StringEquals", "iam:PassedToService", ("${aws:username}",), variables=False)
    found = services_of((clause,), KNOWN)
    assert (found.to, found.names) == ("listed", ())


@pytest.mark.parametrize(
    ("operator", "value", "known"),
    [
        ("StringEquals", EC2, (EC2,)),
        ("StringNotEquals", EC2, (EC2,)),
        ("StringEquals", "*.amazonaws.com", ()),
        ("StringEquals", "Ec2.amazonaws.com", ()),
        ("StringEqualsIgnoreCase", "Ec2.amazonaws.com", (EC2,)),
        ("StringLike", "ec2.*", (EC2,)),
        ("StringLike", "ec2.amazonaws.com*", (EC2,)),
        ("StringLike", "e*.amazonaws.com", ()),
        ("StringLike", "ec2.example.*", ()),
        ("StringLike", "*", ()),
        ("ArnLike", EC2, ()),
        ("Null", "true", ()),
    ],
)
def test_conditions_say_which_services_there_are(
    operator: str, value: str, known: tuple[str, ...]
) -> None:
    """By a text, or by a pattern that begins with the whole name."""
    clause = Clause(operator, "IAM:PassedToService", (value,))
    assert (
        known_services([(clause,), (Clause(operator, "other:Key", ("x.example.com",)),)]) == known
    )


def test_page_json_and_service_page_name_the_same_services() -> None:
    """A value that names no service is no service of its own anywhere."""
    found = of(
        AnyByStar=[allow(StringLike="*")],
        ByName=[allow(StringEquals=EC2)],
        ByPattern=[allow(StringLike="ec2.*")],
        IgnoreCase=[allow(StringEqualsIgnoreCase="EC2.amazonaws.com")],
        LiteralStar=[allow(StringEquals="*.amazonaws.com")],
        NotLambda=[allow(StringNotEquals=LAMBDA)],
    )
    table = passrole_view(found).table
    to = {named(row): row.facets[:2] for row in table.rows}
    assert to == {
        "AnyByStar": ((("*", 0),), ("any",)),
        "ByName": (((EC2, 0),), ("listed",)),
        "ByPattern": (((EC2, 0),), ("listed",)),
        "IgnoreCase": (((EC2, 0),), ("listed",)),
        "LiteralStar": ((), ("listed",)),
        "NotLambda": (((EC2, 0),), ("except",)),
    }
    assert {(p.policy, p.to, p.services, p.complete) for p in passrole_result(found)} == {
        ("AnyByStar", "any", None, False),
        ("ByName", "listed", (EC2,), True),
        ("ByPattern", "listed", (EC2,), False),
        ("IgnoreCase", "listed", (EC2,), True),
        ("LiteralStar", "listed", (), True),
        ("NotLambda", "except", (EC2,), False),
    }
    assert found.passrole.principals() == {"ec2": (Principal(EC2, 4),)}


@pytest.mark.parametrize(
    ("service", "prefix"),
    [
        ("sagemaker.amazonaws.com", "sagemaker"),
        ("ec2.amazonaws.com.cn", "ec2"),
        ("ec2.amazonaws.com*", ""),
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
    expected = (Principal("ec2.amazonaws.com", 2),)
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


def test_what_grants_everything_is_marked() -> None:
    """Each statement is a row of its own."""
    found = of(
        All=[allow("*")],
        Both=[allow("*", ROLE), allow("iam:PassRole", f"{ROLE}y")],
        Rest=[{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}],
        Wild=[allow("iam:Pass*")],
        None_=[allow("iam:Get*")],
    )
    view = passrole_view(found)
    through = [facet.key for facet in view.table.stored].index("through")
    assert [(named(row), row.facets[through]) for row in view.table.rows] == [
        ("All", ("all",)),
        ("Both", ("all",)),
        ("Both", ("named",)),
        ("Rest", ("all",)),
        ("Wild", ("wild",)),
    ]
    assert view.total == 4


def test_what_names_no_role_is_marked_and_not_counted() -> None:
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
    certainty = [facet.key for facet in view.table.stored].index("certainty")
    unsupported = [named(r) for r in view.table.rows if r.facets[certainty] == ("unsupported",)]
    assert unsupported == ["All", "Mixed", "Rest", "Users"]
    assert (view.total, view.services) == (3, 0)
    assert view.unsupported
    assert found.passrole.principals() == {}


def test_a_request_without_a_service_has_to_meet_every_clause() -> None:
    """Each clause alone may hold for it or not."""
    key = "iam:PassedToService"
    clauses = (Clause("StringLikeIfExists", key, ("e*",)), Clause("StringEquals", key, (EC2,)))
    assert not services_of(clauses, KNOWN).absent
