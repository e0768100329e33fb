"""Since when a policy has granted something, and where that is not certain."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from policybook.analysis.effective_actions import effective_names, spans, version_actions
from policybook.analysis.grant_forms import forms
from policybook.analysis.since import (
    Start,
    held_since,
    last_start,
    since_words,
    starts,
    uncompared_history,
)
from policybook.iam.grants import grants
from policybook.model.documents import Clause, Document, Grant, Term
from policybook.model.policies import Policy, PolicyFacts, Rollback, Version, VersionFacts

from tests.support.books import small_catalogue
from tests.support.documents import allow_each, deny_each, document_of
from tests.support.policies import day

GET, PUT = document_of(allow_each("s3:Get*")), document_of(allow_each("s3:Put*"))
BOTH = document_of(allow_each("s3:Get*", "s3:Put*"))


def version(key: str, document: Document | None, **days: Any) -> Version:
    """A version with these days."""
    return Version(key, VersionFacts(id=key, **days), document)


def dated(**documents: Document | None) -> tuple[Version, ...]:
    """Versions by key, oldest first, one published each day; `_` is written for `~`."""
    return tuple(
        version(key.replace("_", "~"), document, published=day(number))
        for number, (key, document) in enumerate(documents.items(), 1)
    )


def policy(*versions: Version, **facts: Any) -> Policy:
    """A policy with these versions, the oldest first."""
    return Policy(PolicyFacts(name="P", arn=None, type="unknown", **facts), versions[::-1])


def all_starts(found: Policy) -> tuple[Start, ...]:
    """The starts of the policy, oldest first."""
    return starts(found, uncompared_history(found))


def gets(document: Document) -> bool:
    """Whether the document allows `s3:Get*`."""
    return any("s3:Get*" in s.actions.patterns for s in document.statements)


def since(found: Policy, holds: Callable[[Document], bool] = gets) -> str:
    """Since when the current version's document holds something, in words."""
    own = all_starts(found)
    last = last_start(own, found.current) if found.current else None
    assert last
    return held_since(own, last, holds).since


# --- what is certain ------------------------------------------------------------------------------

JAN = "2020-01-0"


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (policy(*dated(v1=GET, v2=GET)), f"since v1, {JAN}1"),
        (policy(*dated(v1=PUT, v2=GET, v3=GET)), f"since v2, {JAN}2"),
        (policy(*dated(v9=GET, v10=GET)), f"first seen in v9, {JAN}1, the oldest known document"),
        (policy(*dated(v1=PUT, v3=GET)), f"first seen in v3, {JAN}2; v2 is not known"),
        (policy(*dated(v1=PUT, v5=GET)), f"first seen in v5, {JAN}2; v2 to v4 are not known"),
        (
            policy(*dated(v1=PUT, v2=None, v3=GET)),
            f"first seen in v3, {JAN}3; the document of v2 is not known",
        ),
        (
            policy(*dated(v1=None, v2=GET)),
            f"first seen in v2, {JAN}2, the oldest known document",
        ),
        (policy(*dated(v1=GET, v2=None, v4=GET)), f"since v1, {JAN}1"),
        (policy(*dated(v1=GET, v2=PUT, v3=GET)), f"since v3, {JAN}3"),
    ],
    ids=[
        "v1",
        "its predecessor is known",
        "the oldest known is not v1",
        "a gap",
        "a long gap",
        "a version known by its date only",
        "v1 known by its date only",
        "unknown versions in between",
        "a break",
    ],
)
def test_it_is_since_only_if_the_version_before_is_known(found: Policy, words: str) -> None:
    """Or if there was none; otherwise it was first seen then."""
    assert since(found) == words


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (policy(*dated(v1=GET, v1_2=GET, v2_2=GET)), f"since v1~2, {JAN}2"),
        (
            policy(*dated(v1=GET, v2_2=GET)),
            f"first seen in v2~2, {JAN}2, the oldest known document",
        ),
        (
            policy(*dated(v1=GET, v1_2=None, v2_2=GET)),
            f"first seen in v2~2, {JAN}3, the oldest known document",
        ),
        (
            policy(*dated(v1=GET, v1_2=PUT, v4_2=GET)),
            f"first seen in v4~2, {JAN}3; v2~2 to v3~2 are not known",
        ),
    ],
)
def test_nothing_is_older_than_the_policy(found: Policy, words: str) -> None:
    """One that was created anew holds nothing of its earlier life."""
    assert since(found) == words


def rolled(*versions: Version, to: str, on: int, **more: Any) -> Policy:
    """A policy with one rollback."""
    return policy(*versions, rollbacks=(Rollback(to=to, observed=day(on), **more),))


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (rolled(*dated(v1=GET, v2=PUT), to="v1", on=5), f"since v1 again, first observed {JAN}5"),
        (
            rolled(*dated(v1=GET, v2=PUT), to="v1", on=5, default_since=day(4)),
            f"since v1 again, {JAN}4",
        ),
        (rolled(*dated(v1=GET, v2=BOTH), to="v1", on=5), f"since v1, {JAN}1"),
        (
            rolled(*dated(v1=GET, v2=None), to="v1", on=5),
            f"since v1, {JAN}1",
        ),
        (
            rolled(*dated(v1=PUT, v2=GET, v3=None), to="v2", on=5),
            f"since v2, {JAN}2",
        ),
        (
            rolled(*dated(v1=PUT, v2=GET, v3=PUT, v4=None), to="v2", on=5),
            f"first seen in v2 again, first observed {JAN}5; the document of v4 is not known",
        ),
        (
            rolled(*dated(v1=GET, v2=PUT), version("v4", GET, published=day(8)), to="v1", on=5),
            f"first seen in v1 again, first observed {JAN}5; v3 is not known",
        ),
        (
            rolled(*dated(v1=GET), version("v2", PUT), to="v1", on=5),
            f"first seen in v1 again, first observed {JAN}5; of v2 the day is not known",
        ),
        (
            rolled(
                *dated(v1=PUT, v2=GET),
                version("v3", GET),
                version("v4", GET, published=day(8)),
                to="v1",
                on=5,
            ),
            f"first seen in v4, {JAN}8; of v3 the day is not known",
        ),
    ],
    ids=[
        "to what a version took away",
        "on a known day",
        "nothing was away",
        "after an unknown document that may have had it",
        "after an unknown document, without a break",
        "after an unknown document, with a break",
        "a missing version may have come before it",
        "a version without a day may have come after it",
        "and may be what was before the next one",
    ],
)
def test_a_rollback_ends_and_begins_what_is_held(found: Policy, words: str) -> None:
    """If it is not known what was the default before it, that is said."""
    assert since(found) == words


def test_a_version_missing_from_the_next_life_was_not_before_a_rollback() -> None:
    found = rolled(*dated(v1=GET, v2=PUT), version("v2~2", GET, published=day(8)), to="v1", on=5)
    assert [start.since for start in all_starts(found)][2:] == [
        f"since v1 again, first observed {JAN}5",
        f"first seen in v2~2, {JAN}8, the oldest known document",
    ]


def test_a_default_that_the_data_names_is_the_last_one() -> None:
    """Without a rollback, nobody knows since when."""
    found = policy(*dated(v1=GET, v2=PUT), default="v1")
    assert since(found) == "since v1 again, date unknown"
    assert [start.linked for start in all_starts(found)] == ["v1", "v2", "v1"]


def test_a_document_without_an_id_is_never_certain() -> None:
    """It may be any version, or follow any."""
    guide = Version("2020-01-09", VersionFacts(published=day(9), document="guide"), GET)
    newest = policy(*dated(v1=PUT), guide)
    assert since(newest) == (
        "first seen in the document of 2020-01-09; the version number of the document of "
        "2020-01-09 is not known"
    )
    outside = policy(
        version("v1", PUT, published=day(1)), guide, version("v2", GET, published=day(10))
    )
    assert since(outside) == "since v2, 2020-01-10"


# --- days -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({"published": day(5)}, f"since v2, {JAN}5"),
        ({"published": day(5), "observed": day(9)}, f"since v2, {JAN}5"),
        ({"observed": day(9)}, f"since v2, first observed {JAN}9"),
        ({"published": day(5), "default_since": day(7)}, f"since v2, {JAN}7"),
        ({}, "since v2, date unknown"),
    ],
)
def test_the_day_is_that_on_which_it_became_the_default(days: dict[str, date], words: str) -> None:
    """If it was only observed, that is said."""
    assert since(policy(*dated(v1=PUT), version("v2", GET, **days))) == words


def test_a_version_that_became_the_default_after_another_was_seen_was_observed() -> None:
    """Its publication is not the day."""
    older = version("v1", PUT, published=day(1), observed=day(7))
    newer = version("v2", GET, published=day(5), observed=day(9))
    assert since(policy(older, newer)) == f"since v2, first observed {JAN}9"


def test_what_ended_is_told_with_its_own_doubt() -> None:
    sure, doubtful = (
        all_starts(policy(*dated(**known)))[-1]
        for known in ({"v1": GET, "v2": PUT}, {"v1": GET, "v3": PUT})
    )
    assert sure.until == f"until v2, {JAN}2"
    assert doubtful.until == f"until v3, {JAN}2; v2 is not known"


def test_the_form_is_named_only_if_it_is_younger() -> None:
    old, new = all_starts(policy(*dated(v1=GET, v2=BOTH)))
    assert since_words(old, old) == f"since v1, {JAN}1"
    assert since_words(old, new) == f"since v1, {JAN}1; in this form since v2, {JAN}2"
    assert since_words(None, new) == f"in this form since v2, {JAN}2"
    assert since_words(None, None) == ""


# --- the form of a grant --------------------------------------------------------------------------

TAG, ORG = (
    {"Condition": {"StringEquals": {key: ["a", "b"]}}}
    for key in ("aws:ResourceTag/x", "aws:PrincipalOrgID")
)


@pytest.mark.parametrize(
    ("older", "newer", "key"),
    [
        (allow_each("s3:Get*"), allow_each("s3:Put*", "S3:get*"), "v1"),
        (allow_each("*:*"), allow_each("*"), "v1"),
        (allow_each("s3:Get*", resource=["a", "b"]), allow_each("s3:Get*", resource="b"), "v1"),
        (allow_each("s3:Get*", resource="a"), allow_each("s3:Get*", resource="A"), "v2"),
        (allow_each("s3:Get*"), allow_each("s3:GetObject"), "v2"),
        (allow_each("s3:Get*"), deny_each("s3:Get*"), "v2"),
        (allow_each("s3:Get*"), allow_each("s3:Get*", **TAG), "v2"),
        (allow_each("s3:Get*", **ORG), allow_each("s3:Get*", **TAG), "v2"),
        (
            allow_each("s3:Get*", **TAG),
            allow_each("s3:Get*", Condition={"StringEquals": {"AWS:resourcetag/X": ["b", "a"]}}),
            "v1",
        ),
        (
            {"Effect": "Allow", "NotAction": ["iam:*", "s3:*"], "Resource": "*"},
            {"Effect": "Allow", "NotAction": ["S3:*", "iam:*"], "Resource": "*"},
            "v1",
        ),
        (
            {"Effect": "Allow", "NotAction": ["iam:*"], "Resource": "*"},
            {"Effect": "Allow", "Action": ["iam:*"], "Resource": "*"},
            "v2",
        ),
        (
            {"Effect": "Allow", "Action": "s3:*", "NotResource": ["a", "b"]},
            {"Effect": "Allow", "Action": "s3:*", "NotResource": ["b", "a"]},
            "v1",
        ),
        (
            {"Effect": "Allow", "Action": "s3:*", "NotResource": ["a"]},
            {"Effect": "Allow", "Action": "s3:*", "Resource": ["a"]},
            "v2",
        ),
    ],
)
def test_a_form_is_a_pattern_a_resource_and_a_condition(
    older: dict[str, Any], newer: dict[str, Any], key: str
) -> None:
    """Not the case of an action, the order of what is listed, or the statement."""
    found = all_starts(policy(*dated(v1=document_of(older), v2=document_of(newer))))
    last = found[-1].version.document
    assert last
    *_, start = forms(found, found[-1]).of_grants(last)
    assert start.key == key


def test_variables_in_a_document_of_the_old_language_are_another_form() -> None:
    """`${aws:username}` is a text there."""
    body = allow_each("s3:*", resource="arn:aws:s3:::${aws:username}")
    plain = Term(("arn:aws:s3:::${aws:username}",), variables=False)
    new = document_of(body)
    [statement] = new.statements
    old = structs.replace(new, statements=(structs.replace(statement, resources=plain),))
    found = all_starts(policy(*dated(v1=old, v2=new)))
    assert [start.key for start in forms(found, found[-1]).of_grants(new)] == ["v2"]


def test_a_statement_s_pattern_stands_since_its_last_resource() -> None:
    """The form of several resources is that of all of them."""
    old = document_of(allow_each("s3:Get*", resource="a"))
    new = document_of(allow_each("s3:Get*", resource=["a", "b"]))
    found = all_starts(policy(*dated(v1=old, v2=new)))
    own = forms(found, found[-1])
    [s] = new.statements
    assert [start.key for start in own.of_grants(new)] == ["v1", "v2"]
    assert {p: x.key for p, x in own.of(s.effect, s.actions, s.resources, ()).items()} == {
        "s3:Get*": "v2"
    }


# --- the slow and obviously right way -------------------------------------------------------------


class State(NamedTuple):
    """A default version as it really was: what is known of it, and the number of its life."""

    version: Version
    known: bool
    life: int
    back: bool


class Truth(NamedTuple):
    """All default versions that there were, oldest first, and the policy as far as it is known."""

    states: Sequence[State]
    policy: Policy


def in_form(grant: Grant) -> tuple[object, ...]:
    """What two grants of one form have in common."""
    return (
        grant.effect,
        grant.action.negated,
        frozenset(pattern.lower() for pattern in grant.action.patterns),
        grant.resource.negated,
        frozenset(grant.resource.patterns),
        frozenset((c.operator, c.key.lower(), frozenset(c.values)) for c in grant.condition),
    )


def slowly(truth: Truth, holds: Callable[[Document], bool]) -> tuple[Version, bool]:
    """Since which version the last known state's holds something, and whether that is certain.

    All that is hidden in between is taken to hold it. It is certain if the state just before is
    known, or if there was none.
    """
    last = max(n for n, state in enumerate(truth.states) if state.known)
    first = last
    for n in range(last, -1, -1):
        state = truth.states[n]
        if state.life != truth.states[last].life:
            break
        if state.known:
            assert state.version.document
            if not holds(state.version.document):
                break
            first = n
    before = [s for s in truth.states[:first] if s.life == truth.states[first].life]
    return truth.states[first].version, not before or before[-1].known


PATTERNS = ("s3:GetObject", "S3:getobject", "s3:Get*", "sqs:*")
CONDITIONS = ((), (Clause("Bool", "aws:SecureTransport", ("true",)),))


def random_document(chance: random.Random) -> Document:
    """A document with few grants, so that they often come and go."""
    return document_of(
        *(
            {
                "Effect": chance.choice(("Allow", "Allow", "Deny")),
                chance.choice(("Action", "Action", "NotAction")): chance.sample(PATTERNS, 2),
                chance.choice(("Resource", "NotResource")): chance.sample(
                    "ab", chance.choice((1, 2))
                ),
                **chance.choice(({}, {"Condition": {"Bool": {"aws:SecureTransport": "true"}}})),
            }
            for _ in range(chance.choice((1, 1, 2)))
        )
    )


def random_truth(chance: random.Random) -> Truth:
    """Versions of one or two lives on consecutive days, some hidden, known by date, or without one.

    A policy with rollbacks has neither gaps nor versions without a day, as it is not known then
    which came first.
    """
    backs = chance.random() < 0.4
    documents = [random_document(chance) for _ in range(3)]
    states: list[State] = []
    listed: list[Version] = []
    rollbacks: list[Rollback] = []
    on = 0
    for life in range(1, chance.choice((2, 2, 3))):
        count = chance.choice((1, 2, 4, 6))
        for number in range(1, count + 1):
            on += 1
            how = chance.choice(("known", "known", "known", "date", "missing", "undated"))
            how = "known" if backs and how in ("undated", "missing") else how
            key = f"v{number}" + (f"~{life}" if life > 1 else "")
            known = how in ("known", "undated")
            made = version(
                key,
                chance.choice(documents) if known else None,
                **({} if how == "undated" else {"published": day(on)}),
            )
            states.append(State(made, known, life, back=False))
            if how != "missing":
                listed.append(made)
            own = [v for v in listed if v.life == life]
            if backs and own and chance.random() < 0.3:
                on += 1
                to = chance.choice(own)
                rollbacks.append(Rollback(to=to.key, observed=day(on)))
                states.append(State(to, to.document is not None, life, back=True))
    return Truth(states, policy(*listed, rollbacks=tuple(rollbacks)))


def truths(seed: int) -> Iterator[Truth]:
    """Fifty truths of which the last state is known and is the policy's current version."""
    chance = random.Random(seed)
    left = 50
    while left:
        truth = random_truth(chance)
        if truth.states[-1].known and truth.policy.current is truth.states[-1].version:
            left -= 1
            yield truth


@given(seed=st.integers(0, 2**32))
def test_the_slow_way_finds_the_same(seed: int) -> None:
    """For each grant of the last document in its form."""
    for truth in truths(seed):
        own = all_starts(truth.policy)
        last = own[-1]
        document = last.version.document
        assert document
        found = list(forms(own, last).of_grants(document))
        for grant, start in zip(grants(document), found, strict=True):
            form = in_form(grant)

            def stands(other: Document, form: tuple[object, ...] = form) -> bool:
                return form in map(in_form, grants(other))

            assert (start.version, not start.first_seen) == slowly(truth, stands), (truth, grant)
            again = held_since(own, last, stands)
            assert again is start


@given(seed=st.integers(0, 2**32))
def test_the_slow_way_finds_the_same_for_actions(seed: int) -> None:
    """An action is granted if it is effective."""
    catalogue = small_catalogue()
    for truth in truths(seed):
        found = spans(version_actions(all_starts(truth.policy), catalogue))
        assert truth.policy.current
        assert truth.policy.current.document
        now = effective_names(truth.policy.current.document, catalogue)
        assert now == {name for name, own in found.items() if not own[-1].until}
        for name in now:
            start = found[name][-1].since

            def granted(other: Document, name: str = name) -> bool:
                return name in effective_names(other, catalogue)

            assert (start.version, not start.first_seen) == slowly(truth, granted), (truth, name)


def test_the_slow_way_can_fail() -> None:
    """The random histories have all that makes it hard."""
    found = list(truths(1))
    assert any(s.back for truth in found for s in truth.states)
    assert any(s.life == 2 for truth in found for s in truth.states)
    assert any(not s.known for truth in found for s in truth.states)
    assert any(not v.day for truth in found for v in truth.policy.versions)
    ends = [all_starts(truth.policy)[-1] for truth in found]
    assert {end.first_seen for end in ends} == {True, False}
