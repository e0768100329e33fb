"""The sentence about a policy: its words, and every number in it against a slow count."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policybook.analysis.reach import reach
from policybook.book.limits import BRIEF_CHARACTERS
from policybook.book.prose.policy_sentence import plain, policy_sentence
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load
from policybook.model.documents import Document
from policybook.output.csv_tables import policies
from policybook.output.html.render import Renderer
from policybook.output.json.list_results import lines_result
from policybook.output.json.policy_results import policy_result
from policybook.pages.plan import plan

from tests.support import books
from tests.support.books import DATA, SAMPLES, TEMPLATES, listed, small_catalogue
from tests.support.contexts import context_of, context_of_versions
from tests.support.documents import allow, deny
from tests.support.documents import bare_document as of
from tests.support.properties import examples
from tests.support.sentences import disproved

IF = {"Condition": {"StringEquals": {"aws:x": "1"}}}
ROLES = "arn:aws:iam::*:role/*"
OBJECTS = "arn:aws:s3:::b/*"


def sentence(document: Document, catalogue: Catalogue) -> str:
    """The sentence, with names spelled as in the catalogue."""
    return policy_sentence(reach(document, catalogue), lambda n: catalogue.spelled(n) or n)


def said(*statements: dict[str, Any]) -> str:
    """The sentence about these statements, without backticks."""
    document, catalogue = of(*statements), small_catalogue()
    found = sentence(document, catalogue)
    assert disproved(found, document, catalogue) == []
    return plain(found)


# --- the words ------------------------------------------------------------------------------------

SAID = (
    (
        [allow("*")],
        "Allows every action in AWS's action list; no conditions; all on every resource.",
    ),
    (
        [allow("*", **IF)],
        "Allows every action in AWS's action list; all under conditions.",
    ),
    (
        [allow("iam:PassRole", ROLES)],
        "Allows only iam:PassRole; no conditions; on ARN patterns.",
    ),
    (
        [allow("s3:GetObject", **IF)],
        "Allows only s3:GetObject; under conditions.",
    ),
    (
        [allow(["s3:Get*", "s3:List*"])],
        "Allows only s3:GetObject, s3:GetObjectTagging, s3:ListAllMyBuckets and s3:ListBucket; "
        "no conditions; all on every resource.",
    ),
    (
        [allow(["s3:*", "sqs:ListQueues"])],
        "Reads or lists s3 and sqs; writes 1 action: s3:PutObject; "
        "manages permissions with 1 action: s3:PutBucketPolicy; tags resources; "
        "no conditions; all on every resource.",
    ),
    (
        [allow("s3:*"), allow("sqs:*", "arn:aws:sqs:*:*:q", **IF)],
        "Reads and lists s3; writes 2 actions: s3:PutObject and sqs:SendMessage; "
        "manages permissions with 1 action: s3:PutBucketPolicy; tags resources; "
        "of 8 actions, 7 on every resource, 1 under conditions.",
    ),
    (
        [allow("s3:*"), allow("x:Gone"), allow("y:Gone?")],
        "Reads and lists s3; writes 1 action: s3:PutObject; "
        "manages permissions with 1 action: s3:PutBucketPolicy; tags resources; "
        "1 action is not in AWS's action list; no conditions; all on every resource.",
    ),
    (
        [allow("x:Gone")],
        "Allows only x:gone; 1 action is not in AWS's action list; "
        "no conditions; on every resource.",
    ),
    (
        [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, allow("iam:GetRole", ROLES)],
        "Allows 10 of the 12 actions in AWS's action list (NotAction: iam:*); "
        "manages permissions with 1 action: s3:PutBucketPolicy; "
        "no conditions; of 10 actions, 9 on every resource, 1 on ARN patterns.",
    ),
    (
        [{"Effect": "Allow", "Action": "s3:GetObject", "NotResource": OBJECTS}],
        "Allows only s3:GetObject; no conditions; through NotResource.",
    ),
    (
        [allow("s3:Get*"), deny("s3:GetObject", OBJECTS), deny("s3:GetObjectTagging")],
        "Allows only s3:GetObject; no conditions; limited by a Deny; "
        "denies s3:GetObjectTagging on every resource; 1 Deny applies in some cases.",
    ),
    ([deny("*")], "Allows nothing; denies every action in AWS's action list on every resource."),
    (
        [deny("s3:*"), deny("iam:*", **IF), deny("sqs:*", "arn:aws:sqs:*:*:q")],
        "Allows nothing; denies 7 actions on every resource; 2 Denies apply in some cases.",
    ),
    ([deny("iam:PassRole", **IF)], "Allows nothing; 1 Deny applies in some cases."),
    (
        [allow("s3:Get*"), deny("s3:*")],
        "Has no effective actions; denies 7 actions on every resource.",
    ),
    (
        [allow(["x:Get*", "x:List*"])],
        "Has no effective actions; 2 patterns match no action in AWS's action list.",
    ),
    (  # an object cannot be what `s3:ListAllMyBuckets` is about
        [allow("s3:ListAllMyBuckets", OBJECTS)],
        "Has no effective actions.",
    ),
)


@pytest.mark.parametrize(("statements", "expected"), SAID)
def test_words(statements: list[dict[str, Any]], expected: str) -> None:
    assert said(*statements) == expected


def test_a_policy_without_a_known_document() -> None:
    context = context_of_versions((1, ""))
    assert context.sentences.of_policy("P") == (
        "No document of this policy is known, so it is unknown what it allows."
    )


def test_each_version_has_its_sentence() -> None:
    context = context_of_versions((1, "iam:PassRole"), (2, "*"))
    policy = context.book.policies["P"]
    newest, oldest = policy.versions
    assert context.sentences.of_version(policy, newest).startswith("Allows every action")
    assert context.sentences.of_version(policy, oldest).startswith("Allows only `iam:PassRole`;")


def test_all_outputs_have_the_same_sentence() -> None:
    """Page, its description, list, JSON and table; a page marks it as generated."""
    context = context_of(load(SAMPLES / "edges"), small_catalogue())
    pages = {page.url: page for page in plan(context)}
    renderer = Renderer(TEMPLATES, context, pages.values())
    found = "Allows only sqs:ListQueues; no conditions; on every resource."
    text = books.plain(renderer.body(pages["policies/Rolled/"]).html)
    assert f"{found} Generated from the document of version v4." in text
    assert pages["policies/Rolled/"].description == found
    assert policy_result(context, context.book.policies["Rolled"]).sentence == found
    assert [line.sentence for line in lines_result(context) if line.name == "Rolled"] == [found]
    assert [row[-1] for row in policies(context) if row[0] == "Rolled"] == [found]


# --- lists of names -------------------------------------------------------------------------------


def many(count: int, length: int = 4, level: str = "Write") -> Catalogue:
    """A catalogue of so many services with one action each, whose names have so many letters."""
    return listed("2020-01-01", {f"s{n}:{'A' * length}{n}": level for n in range(count)})


@pytest.mark.parametrize(
    ("count", "length", "begins"),
    [
        (4, 4, "Allows only `s0:AAAA0`, `s1:AAAA1`, `s2:AAAA2` and `s3:AAAA3`;"),
        (5, 4, "Writes 5 actions of 5 services;"),
        (4, 40, "Writes 4 actions of `s0`, `s1`, `s2` and `s3`;"),
        (2, 90, "Writes 2 actions of `s0` and `s1`;"),
        (1, 101, "Writes 1 action of `s0`;"),
    ],
)
def test_a_list_that_is_too_long_is_a_number(count: int, length: int, begins: str) -> None:
    document = of(allow([f"s{n}:*" for n in range(count)]))
    assert sentence(document, many(count, length)).startswith(begins)


def test_lists_are_shorter_in_a_sentence_that_would_be_too_long() -> None:
    levels = ("Read", "Write", "Tagging", "Permissions management")
    actions = {f"service-{n}:{level[0]}{n}": level for n in range(4) for level in levels}
    actions["service-3:W3"], actions["service-2:W3"] = "Read", "Write"
    catalogue = listed("2020-01-01", actions)
    document = of(allow([f"service-{n}:*" for n in range(4)]))
    found = sentence(document, catalogue)
    assert found == (
        "Reads 4 services; writes 4 actions of `service-0`, `service-1` and `service-2`; manages "
        "permissions with 4 actions of 4 services; tags resources; no conditions; "
        "all on every resource."
    )
    assert disproved(found, document, catalogue) == []
    assert len(found) < BRIEF_CHARACTERS


def test_a_name_with_a_backtick_is_not_listed() -> None:
    assert "Writes" not in sentence(of(allow("s3:`")), small_catalogue())
    assert sentence(of(allow("s3:`")), small_catalogue()).startswith("1 action is not in AWS's")


# --- every number ---------------------------------------------------------------------------------

ACTIONS = (
    "*",
    "s3:*",
    "s3:Get*",
    "s3:PutObject",
    "iam:*",
    "iam:PassRole",
    "sqs:*",
    "x:Gone",
    "x:*",
)
RESOURCES = ("*", "**", "arn:aws:s3:::*", OBJECTS, ROLES, "arn:aws:sqs:*:*:q")


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Any]:
    """A statement of any form."""

    def some(values: tuple[str, ...]) -> list[str]:
        return draw(st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True))

    form: dict[str, Any] = {"Effect": draw(st.sampled_from(("Allow", "Allow", "Deny")))}
    form[draw(st.sampled_from(("Action", "Action", "NotAction")))] = some(ACTIONS)
    form[draw(st.sampled_from(("Resource", "Resource", "NotResource")))] = some(RESOURCES)
    return form | (IF if draw(st.integers(0, 2)) == 0 else {})


@examples(4)
@given(body=st.lists(statements(), min_size=1, max_size=4))
def test_every_number_about_any_document_is_what_counting_gives(body: list[dict[str, Any]]) -> None:
    document, catalogue = of(*body), small_catalogue()
    assert disproved(sentence(document, catalogue), document, catalogue) == []


def test_every_number_in_this_book_is_what_counting_gives() -> None:
    book, catalogue = load(DATA), Catalogue()
    context = context_of(book, catalogue)
    shown = [policy.current for policy in book.policies.values() if policy.current]
    assert len(shown) > 3
    for policy, version, document in book.documents():
        if version in shown:
            found = context.sentences.of_policy(policy.name)
            assert disproved(found, document, catalogue) == [], policy.name
