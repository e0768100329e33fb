"""Effective actions and answers to requests, compared with trying every request."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policybook.analysis.effective_actions import (
    Answer,
    answers,
    best,
    effective_levels,
    effective_names,
    expansion,
    is_one_action,
    spans,
    strengths,
    version_actions,
)
from policybook.analysis.index import slices
from policybook.analysis.since import starts, uncompared_history
from policybook.book.facts.levels import effective
from policybook.catalogue.catalogue import UNCATALOGUED, Catalogue
from policybook.data.loader import load
from policybook.iam.denies import GRANTED, Certainty
from policybook.model.book import Book
from policybook.model.documents import Clause, Document
from policybook.model.policies import Policy, PolicyFacts, Version, VersionFacts

from tests.support.books import DATA
from tests.support.chance import chance as chance_of
from tests.support.documents import allow, deny
from tests.support.documents import bare_document as of
from tests.support.oracle import names
from tests.support.properties import examples

ONE = {"Condition": {"StringEquals": {"aws:x": "1"}}}


# --- by trying ------------------------------------------------------------------------------------


def tried(document: Document, action: str, resource: str) -> Certainty | None:
    """The certainty of a request, by trying every combination of conditions that hold or not."""
    met = [
        s
        for s in document.statements
        if names_lower(s.actions, action) and names(s.resources, resource)
    ]
    if not any(s.effect == "Allow" for s in met):
        return None
    open_ones = [s for s in met if s.condition]
    outcomes = set()
    for truth in product([True, False], repeat=len(open_ones)):
        true = {s.number for s, holds in zip(open_ones, truth, strict=True) if holds}
        holding = [s for s in met if not s.condition or s.number in true]
        effects = {s.effect for s in holding}
        outcomes.add(effects == {"Allow"})
    return "conditional" if len(outcomes) > 1 else "yes" if outcomes == {True} else "no"


def names_lower(term: Any, action: str) -> bool:
    lower = type(term)(tuple(p.lower() for p in term.patterns), term.negated)
    return names(lower, action.lower())


actions = st.sampled_from(["s:*", "s:a", "s:b", "S:A?", "s:*b", "*", "t:ab", "s:ab"])
resources = st.sampled_from(["*", "x*", "xy", "x?", "*y", "z", "xyz*"])
REQUESTS = [(a, r) for a in ("s:a", "S:ab", "s:b", "t:ab") for r in ("x", "xy", "xyz", "z", "zy")]


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Any]:
    """A statement of any form."""
    form: dict[str, Any] = {"Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"]))}
    some = st.lists
    form[draw(st.sampled_from(["Action", "Action", "NotAction"]))] = draw(
        some(actions, min_size=1, max_size=2, unique=True)
    )
    form[draw(st.sampled_from(["Resource", "Resource", "NotResource"]))] = draw(
        some(resources, min_size=1, max_size=2, unique=True)
    )
    if draw(st.integers(0, 3)) == 0:
        form |= ONE
    return form


bodies = st.lists(statements(), min_size=1, max_size=4)


@examples(4)
@given(body=bodies)
def test_an_answer_to_an_exact_request_is_what_trying_gives(body: list[dict[str, Any]]) -> None:
    document = of(*body)
    for action, resource in REQUESTS:
        found = best(answers(document, action, resource))
        assert found == tried(document, action, resource), (action, resource)


@examples(3)
@given(body=bodies)
def test_an_answer_without_a_resource_holds_of_each_resource(body: list[dict[str, Any]]) -> None:
    """What is certain is true on all of the grant's resources; nothing allowed is missing."""
    document = of(*body)
    for action, resource in REQUESTS:
        truth = tried(document, action, resource)
        found = [a for a in answers(document, action) if names(a.resource, resource)]
        assert (truth is None) == (not found)
        if any(answer.certainty == "yes" for answer in found):
            assert truth == "yes"
        if any(answer.certainty == "no" for answer in found):
            assert truth == "no"


@examples(3)
@given(body=bodies, pattern=resources)
def test_an_answer_for_a_pattern_holds_of_all_in_it(
    body: list[dict[str, Any]], pattern: str
) -> None:
    document = of(*body)
    for action, resource in REQUESTS:
        if not names(type(document.statements[0].resources)((pattern,)), resource):
            continue
        found, truth = best(answers(document, action, pattern)), tried(document, action, resource)
        assert found or not truth
        assert found in (truth, "conditional", None) or (found == "no" and truth is None)


# --- forms ----------------------------------------------------------------------------------------


def summary(found: tuple[Answer, ...]) -> list[tuple[int, tuple[str, ...], str, str]]:
    """Statement, patterns, resource and certainty of each answer."""
    return [
        (a.statement.number, a.patterns, " ".join(a.resource.patterns), a.certainty) for a in found
    ]


def test_an_answer_says_through_what_it_is_granted() -> None:
    """Every pattern that matches the action, and one answer for each resource."""
    document = of(allow(["S3:Get*", "s3:*", "sqs:*"], ["arn:a", "arn:b"]), allow("sqs:*"))
    assert summary(answers(document, "s3:getobject")) == [
        (1, ("S3:Get*", "s3:*"), "arn:a", "yes"),
        (1, ("S3:Get*", "s3:*"), "arn:b", "yes"),
    ]
    assert summary(answers(document, "s3:GetObject", "arn:b")) == [
        (1, ("S3:Get*", "s3:*"), "arn:b", "yes")
    ]
    assert answers(document, "iam:PassRole") == ()


def test_everything_but_has_no_pattern() -> None:
    document = of({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"})
    assert summary(answers(document, "s3:GetObject")) == [(1, (), "*", "yes")]
    assert answers(document, "iam:PassRole") == ()


@pytest.mark.parametrize(
    ("other", "certainty", "denials"),
    [
        (deny("s3:*"), "no", (2,)),
        (deny("s3:*", "arn:a*"), "no", (2,)),
        (deny("s3:*", "arn:ab"), "conditional", (2,)),
        (deny("s3:*", "arn:c"), "yes", ()),
        (deny("s3:*", **ONE), "conditional", (2,)),
        (deny("s3:Put*"), "yes", ()),
        ({"Effect": "Deny", "NotAction": "s3:Get*", "Resource": "*"}, "yes", ()),
        ({"Effect": "Deny", "NotAction": "sqs:*", "Resource": "*"}, "no", (2,)),
        ({"Effect": "Deny", "Action": "s3:*", "NotResource": "arn:a*"}, "yes", ()),
        ({"Effect": "Deny", "Action": "s3:*", "NotResource": "arn:ab"}, "conditional", (2,)),
    ],
)
def test_a_denial_takes_what_it_covers(
    other: dict[str, Any], certainty: str, denials: tuple[int, ...]
) -> None:
    """On the same or a wider resource; what it may deny is conditional."""
    (found,) = answers(of(allow("s3:Get*", "arn:a*"), other), "s3:GetObject")
    assert (found.certainty, found.denials) == (certainty, denials)


def test_a_variable_may_be_anything() -> None:
    document = of(allow("s3:*", "arn:aws:s3:::home/${aws:username}/*"))
    assert best(answers(document, "s3:GetObject", "arn:aws:s3:::home/ann/x")) == "conditional"
    assert best(answers(document, "s3:GetObject", "arn:aws:s3:::other")) is None


@pytest.mark.parametrize(
    ("text", "one"),
    [("s3:GetObject", True), ("s3:Get*", False), ("s3", False), (":x", False), ("a:b:c", False)],
)
def test_one_action_has_a_prefix_and_a_name(text: str, one: bool) -> None:
    assert is_one_action(text) == one


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ((), ("none",)),
        (("aws:ResourceTag/team",), ("tag",)),
        (("aws:TagKeys", "ec2:ResourceTag/x"), ("tag",)),
        (("aws:PrincipalOrgID",), ("organisation or account",)),
        (("aws:ResourceAccount", "aws:SourceOrgPaths"), ("organisation or account",)),
        (("kms:ViaService", "iam:PassedToService", "aws:CalledVia"), ("calling service",)),
        (("aws:RequestedRegion", "aws:ResourceTag/x"), ("other", "tag")),
    ],
)
def test_a_condition_is_as_strong_as_its_keys(
    keys: tuple[str, ...], found: tuple[str, ...]
) -> None:
    assert strengths(Clause("StringEquals", key, ("x",)) for key in keys) == found


# --- effective actions ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue()


def slowly(document: Document, catalogue: Catalogue) -> set[str]:
    """Every action that a pattern names, and every other full name, asked for one by one."""
    named = set()
    for s in document.statements:
        if s.effect == "Allow":
            by_pattern = set().union(*(matched(p.lower(), catalogue) for p in s.actions.patterns))
            if s.actions.negated:
                named |= set(known(catalogue)) - by_pattern
            else:
                others = (p.lower() for p in s.actions.patterns if set(" *?").isdisjoint(p))
                named |= by_pattern | {p for p in others if not matched(p, catalogue)}
    return {name for name in named if best(_own_answers(document, name, catalogue)) in GRANTED}


def _own_answers(document: Document, name: str, catalogue: Catalogue) -> Iterator[Answer]:
    """The answers for an action; for another name those of the statements that list it."""
    for answer in answers(document, name, formats=catalogue.formats(name)):
        listed = {pattern.lower() for pattern in answer.statement.actions.patterns}
        if catalogue.action(name) or name in listed:
            yield answer


@cache
def known(catalogue: Catalogue) -> tuple[str, ...]:
    """Every action of the catalogue."""
    services = (catalogue.service(prefix) for prefix in catalogue.prefixes)
    return tuple(f"{s.prefix}:{name}" for s in services if s for name in s.actions)


@cache
def matched(pattern: str, catalogue: Catalogue) -> frozenset[str]:
    """The actions that a pattern matches, trying each."""
    form = re.compile(pattern.replace("*", ".*").replace("?", "."))
    return frozenset(name for name in known(catalogue) if form.fullmatch(name))


DOCS, KEYS = ["arn:aws:s3:::docs", "arn:aws:s3:::docs/*"], "arn:aws:kms:*:*:key/*"


@pytest.mark.parametrize(
    ("statements", "action", "expected"),
    [
        # An action without resource types can only be granted on everything.
        ([allow(["kms:ListAliases", "kms:ListKeys"], KEYS)], "kms:ListAliases", "unsupported"),
        ([allow("kms:List*"), deny("kms:*", KEYS)], "kms:ListAliases", "yes"),
        ([allow("kms:List*"), deny("kms:*", KEYS)], "kms:ListGrants", "conditional"),
        ([allow("kms:List*", [KEYS, "*"])], "kms:ListAliases", "yes"),
        ([allow("ec2:DescribeInstances", "arn:aws:ec2:*:*:instance/*")], None, "unsupported"),
        ([allow("ec2:DescribeInstances", "arn:aws:*")], None, "unsupported"),
        ([allow("ec2:DescribeInstances", "**")], None, "yes"),
        # Buckets and objects.
        ([allow("s3:*", DOCS)], "s3:ListAllMyBuckets", "unsupported"),
        ([allow("s3:*", DOCS)], "s3:GetObject", "yes"),
        ([allow("s3:*", DOCS)], "s3:ListBucket", "yes"),
        ([allow(["s3:GetObject", "s3:PutObject"], DOCS[0])], "s3:GetObject", "unsupported"),
        ([allow("s3:ListBucket", DOCS[1])], None, "unsupported"),
        ([allow("s3:GetObject", "arn:aws:s3:::docs*")], None, "yes"),
        ([allow("s3:GetObject", "arn:aws:s3:::docs/a:b")], None, "yes"),
        ([allow("s3:GetObject", "arn:aws:s3:::${aws:username}")], None, "yes"),
        ([allow("s3:GetObject", "arn:aws:s3:::docs-${aws:username}/?")], None, "yes"),
        ([allow("s3:GetObject", "arn:aws:s3")], None, "yes"),
        ([allow("s3:GetObject", "arn:aws:s3:us-east-1::docs/x")], None, "unsupported"),
        ([allow("s3:ListAllMyBuckets", "arn:aws:s3:::*")], None, "yes"),
        # Roles, users, keys and aliases.
        ([allow("iam:PassRole", "arn:aws:iam::123456789012:user/*")], None, "unsupported"),
        ([allow("iam:PassRole", "arn:aws:iam::123456789012:*")], None, "yes"),
        ([allow("kms:Decrypt", "arn:aws:kms:*:*:alias/x")], None, "unsupported"),
        ([allow("kms:CreateAlias", "arn:aws:kms:*:*:alias/x")], None, "yes"),
        # What AWS documents beside its list.
        ([allow("logs:DescribeLogGroups", "arn:aws:logs:*:*:log-group:*")], None, "yes"),
        ([allow("logs:DescribeLogGroups", "arn:aws:logs:*:*:log-group::log-stream:")], None, "yes"),
        ([allow("logs:DescribeLogStreams", "arn:aws:logs:*:*:log-group:/x:*")], None, "yes"),
        ([allow("rds:DeleteDBSnapshot", "arn:aws:rds:*:*:snapshot:rds:x")], None, "yes"),
        ([allow("sqs:SendMessage", "arn:aws:sqs:*:*:a:b")], None, "unsupported"),
        # NotResource grants unless it excludes everything that the action can have.
        ([{**allow("s3:GetObject"), "Resource": None, "NotResource": DOCS}], None, "yes"),
        (
            [{**allow("s3:GetObject"), "Resource": None, "NotResource": "arn:aws:s3:::*"}],
            *(None, "yes"),  # the objects of access points are left
        ),
        (
            [{**allow("s3:GetObject"), "Resource": None, "NotResource": "arn:aws:s3"}],
            *(None, "unsupported"),
        ),
        (
            [{**allow("s3:PutBucketTagging"), "Resource": None, "NotResource": "arn:aws:s3:::*"}],
            *(None, "unsupported"),
        ),
        (
            [{**allow("kms:ListKeys"), "Resource": None, "NotResource": "arn:aws:kms:*:*:*"}],
            *(None, "yes"),
        ),
        ([{**allow("kms:ListKeys"), "Resource": None, "NotResource": "*"}], None, "unsupported"),
        # A Deny of that kind takes nothing away.
        ([allow("s3:GetObject"), deny("s3:*", DOCS[0])], "s3:GetObject", "yes"),
        ([allow("s3:GetObject"), deny("s3:*", DOCS)], "s3:GetObject", "conditional"),
        ([allow("s3:*", DOCS), deny("s3:Get*", DOCS[1])], "s3:GetObject", "unsupported"),
        ([allow("s3:*", DOCS), deny("s3:*", "arn:aws:s3:::*/*")], "s3:ListBucket", "yes"),
        ([allow("s3:GetObject", DOCS[0]), deny("s3:*")], "s3:GetObject", "no"),
        # What the list lacks may have any resource.
        ([allow("s3:Gone", DOCS[0])], "s3:Gone", "yes"),
        ([allow("gone:*", KEYS)], "gone:Do", "yes"),
        ([allow("s3:Gone"), deny("s3:Gone", DOCS[0])], "s3:Gone", "conditional"),
        # A condition makes nothing more certain.
        ([allow("kms:ListKeys", KEYS, **ONE)], None, "unsupported"),
    ],
)
def test_a_grant_on_what_the_action_cannot_have_is_unsupported(
    catalogue: Catalogue, statements: list[dict[str, Any]], action: str | None, expected: str
) -> None:
    """And no effective action. Without an action it is that of the first statement."""
    bodies = [{k: v for k, v in body.items() if v is not None} for body in statements]
    document = of(*bodies)
    name = action or document.statements[0].actions.patterns[0]
    found = answers(document, name, formats=catalogue.formats(name))
    assert best(found) == expected
    if catalogue.action(name):
        assert (name.lower() in effective_names(document, catalogue)) == (expected in GRANTED)


@examples(1)
@given(
    body=st.lists(
        st.builds(
            lambda effect, actions, key, places, more: {
                "Effect": effect,
                "Action": actions,
                key: places,
                **more,
            },
            st.sampled_from(["Allow", "Allow", "Deny"]),
            st.lists(
                st.sampled_from(["s3:*", "s3:Get*", "s3:ListBucket", "kms:*", "kms:L*", "s3:Gone"]),
                min_size=1,
                max_size=2,
            ),
            st.sampled_from(["Resource", "Resource", "NotResource"]),
            st.lists(
                st.sampled_from(
                    ["*", KEYS, *DOCS, "arn:aws:s3:::*", "arn:aws:s3", "arn:aws:kms:*:*:*"]
                ),
                min_size=1,
                max_size=2,
            ),
            st.sampled_from([{}, {}, ONE]),
        ),
        min_size=1,
        max_size=3,
    )
)
def test_sets_of_actions_are_what_asking_for_each_gives(
    catalogue: Catalogue, body: list[dict[str, Any]]
) -> None:
    document = of(*body)
    expected = slowly(document, catalogue)
    assert effective_names(document, catalogue) == expected
    assert effective_levels(document, catalogue).keys() == expected
    assert expansion(document, catalogue).keys() == expected
    uses = tuple(slices("P", document))
    assert effective(catalogue, uses).keys() == expected


def test_the_policies_of_the_repository_grant_what_asking_for_each_action_gives(
    catalogue: Catalogue,
) -> None:
    for _, _, document in load(DATA).documents():
        expected = slowly(document, catalogue)
        assert effective_names(document, catalogue) == expected
        assert effective(catalogue, tuple(slices("P", document))).keys() == expected


def test_white_space_within_an_action_matches_none(catalogue: Catalogue) -> None:
    """It is neither granted nor a name of its own; around an action it does not matter."""
    document = of(allow(["sqs: *", "sqs:Send Message", " sqs:SendMessage\n", "go ne:*"]))
    assert effective_names(document, catalogue) == {"sqs:sendmessage"}
    assert answers(document, "sqs:ListQueues") == ()


def test_each_effective_action_remembers_what_granted_it(catalogue: Catalogue) -> None:
    document = of(allow(["sqs:SendMessage", "sqs:Send*"]), allow("sqs:*"), deny("sqs:Delete*"))
    found = expansion(document, catalogue)
    assert [(by.statement, by.pattern) for by in found["sqs:sendmessage"]] == [
        (1, "sqs:SendMessage"),
        (1, "sqs:Send*"),
        (2, "sqs:*"),
    ]
    assert "sqs:deletemessage" not in found
    assert set(found) == effective_names(document, catalogue)


def test_names_that_the_catalogue_lacks_stand_for_themselves(catalogue: Catalogue) -> None:
    found = expansion(of(allow(["nope:One", "nope:Two*"]), deny("nope:Tw*")), catalogue)
    assert set(found) == {"nope:one"}
    assert catalogue.named_by("nope:One") == {"nope:one": UNCATALOGUED}


# --- through time ---------------------------------------------------------------------------------


def policy(*documents: Document | None) -> Policy:
    """A policy with one version a month, oldest first."""
    versions = tuple(
        Version(f"v{n}", VersionFacts(id=f"v{n}", published=date(2020, n, 1)), document)
        for n, document in enumerate(documents, 1)
    )
    facts = PolicyFacts(name="P", arn=None, type="aws-managed")
    return Policy(facts, tuple(reversed(versions)))


def test_a_span_goes_from_the_first_version_to_the_one_that_ended_it(catalogue: Catalogue) -> None:
    """An action may come back; a version without a document is skipped."""
    get, put = of(allow("sqs:SendMessage")), of(allow("sqs:PurgeQueue"))
    mended = policy(get, None, put, get)
    found = spans(version_actions(starts(mended, uncompared_history(mended)), catalogue))
    assert {
        name: [(s.since.key, s.until.key if s.until else None) for s in of_name]
        for name, of_name in found.items()
    } == {
        "sqs:sendmessage": [("v1", "v3"), ("v4", None)],
        "sqs:purgequeue": [("v3", "v4")],
    }


# --- all of AWS -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def aws(aws_book: Book) -> list[Document]:
    """The current documents of two hundred policies and of all that deny."""
    documents = [p.current.document for p in aws_book.policies.values() if p.current]
    chosen = chance_of(20).sample([d for d in documents if d], 200)
    return [*chosen, *(d for d in documents if d and any(s.effect == "Deny" for s in d.statements))]


def requests(document: Document, chance: random.Random) -> Iterator[tuple[str, str]]:
    """Requests for actions and resources that the document names, and for similar ones."""
    patterns = [p for s in document.statements for p in s.actions.patterns]
    places = [p for s in document.statements for p in s.resources.patterns if "${" not in p]
    for _ in range(12):
        action = chance.choice(patterns).replace("*", chance.choice(["", "X", "GetObject"]))
        resource = chance.choice([*places, "arn:aws:s3:::elsewhere"])
        for wild in "*?":
            resource = resource.replace(wild, chance.choice(["a", "us-east-1", "x/y"]))
        if action and ":" in action:
            yield action.replace("?", "x"), resource


@pytest.mark.sampled
def test_expansion_is_what_trying_every_action_gives(
    aws: list[Document], catalogue: Catalogue
) -> None:
    for document in aws:
        assert effective_names(document, catalogue) == slowly(document, catalogue)


@pytest.mark.sampled
def test_answers_on_real_documents_are_what_trying_gives(aws: list[Document]) -> None:
    chance = chance_of(8)
    seen = set()
    for document in aws:
        if any("${" in p for s in document.statements for p in s.resources.patterns):
            continue
        if sum(bool(s.condition) for s in document.statements) > 12:
            continue
        for action, resource in requests(document, chance):
            found = best(answers(document, action, resource))
            assert found == tried(document, action, resource), (action, resource)
            seen.add(found)
    assert seen == {None, "yes", "conditional", "no"}
