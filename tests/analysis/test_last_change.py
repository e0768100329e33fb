"""The last change with an effect, and the words for policies that have none."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policybook.analysis.compare import compare
from policybook.analysis.last_change import LastChange, last_change
from policybook.analysis.timeline import transitions, with_rollbacks
from policybook.model.documents import Document
from policybook.model.policies import Policy, PolicyFacts, Version, VersionFacts

from tests.support.documents import allow_each, document_of, granting
from tests.support.policies import day
from tests.support.policies import policy_of_days as policy

GET, GOT = granting("s3:GetObject"), granting("S3:getobject")
BOTH, ALL = granting("s3:GetObject s3:PutObject"), granting("*")


def found(of: Policy) -> LastChange:
    """The last change of the policy."""
    return last_change(with_rollbacks(of, transitions(of)))


def in_words(of: Policy) -> tuple[str, str]:
    """The last change, and what came since then."""
    return found(of).words, found(of).since_then


@pytest.mark.parametrize(
    ("of", "words"),
    [
        (policy((1, 1, GET), (2, 2, BOTH)), ("widened with v2, 2020-01-02", "")),
        (
            policy((1, 1, GET), (2, 2, BOTH), (3, 3, BOTH)),
            ("widened with v2, 2020-01-02", "v3 reissued without change, 2020-01-03"),
        ),
        (
            policy((1, 1, BOTH), (2, 2, GET), (3, 3, GOT), (4, 4, GET)),
            ("narrowed with v2, 2020-01-02", "2 versions reissued without change, last 2020-01-04"),
        ),
        (
            policy((1, 1, GET), (2, 2, GOT)),
            ("only reissues", "v2 reissued without change, 2020-01-02"),
        ),
        (policy((1, 1, GET)), ("one known document: v1, 2020-01-01", "")),
        (policy((9, 1, GET)), ("one known document: v9, 2020-01-01", "")),
        (policy((1, 1, None)), ("no known change", "document of v1 unknown")),
        (policy(), ("no known change", "")),
        (
            policy((1, 1, GET), (2, 2, BOTH), (3, 3, None)),
            ("widened with v2, 2020-01-02", "document of v3 unknown"),
        ),
        (
            policy((1, 1, GET), (2, 2, BOTH), backs=((1, 4),)),
            ("narrowed with v1 again, 2020-01-04", ""),
        ),
        (
            policy((1, 1, GET), (2, 2, GOT), backs=((1, 4),)),
            ("only reissues", "v2 reissued without change, 2020-01-02"),
        ),
        (
            policy((1, 1, GET), (2, 2, BOTH), (3, 3, None), backs=((1, 4),)),
            (
                "widened with v2, 2020-01-02",
                "document of v3 unknown; rollback to v1 not compared",
            ),
        ),
    ],
    ids=[
        "the newest",
        "reissued once",
        "reissued twice, once in other words",
        "only reissued",
        "one document",
        "one document that is not v1",
        "no document",
        "no version",
        "a newer version is known by its date only",
        "a rollback",
        "a rollback without effect is no reissue",
        "a rollback after an unknown document",
    ],
)
def test_the_last_change_is_the_newest_with_an_effect(of: Policy, words: tuple[str, str]) -> None:
    """And there are words for what came since then, and for policies without such a change."""
    assert in_words(of) == words


def test_an_undetermined_change_may_have_an_effect() -> None:
    """It counts as one, and that is said."""
    odd = {"Condition": {"NewOperator": {"aws:PrincipalOrgID": "o-1"}}}
    of = policy(
        (1, 1, document_of(allow_each("s3:Get*", **odd))),
        (2, 2, document_of(allow_each("s3:Get*", Condition={"StringLike": {"aws:x": "o-*"}}))),
    )
    assert found(of).outcome == "undetermined"
    assert in_words(of) == ("undetermined (may have an effect) with v2, 2020-01-02", "")


def test_a_guide_s_document_outside_the_sequence_is_no_change() -> None:
    plain = policy((1, 1, GET), (2, 9, GET))
    guide = Version("2020-01-04", VersionFacts(published=day(4), document="guide"), ALL)
    newest, oldest = plain.versions
    of = Policy(plain.facts, (newest, guide, oldest))
    assert in_words(of) == ("only reissues", "v2 reissued without change, 2020-01-09")
    alone = Policy(plain.facts, (newest, guide))
    assert in_words(alone) == ("one known document: v2, 2020-01-09", "")


def test_the_days_are_kept_apart() -> None:
    """A version that was only observed has no publication, nor has a rollback."""

    def of(**days: Any) -> LastChange:
        older = Version("v1", VersionFacts(id="v1", published=day(1)), GET)
        newer = Version("v2", VersionFacts(id="v2", **days), BOTH)
        return found(Policy(PolicyFacts(name="P", arn=None, type="unknown"), (newer, older)))

    published = of(published=day(3), observed=day(5)).effective
    observed = of(observed=day(5)).effective
    undated = of().effective
    back = found(policy((1, 1, GET), (2, 2, BOTH), backs=((1, 4),))).effective
    assert [c and (c.key, c.day, c.published) for c in (published, observed, undated, back)] == [
        ("v2", day(3), day(3)),
        ("v2", day(5), None),
        ("v2", None, None),
        ("v1-again-2020-01-04", day(4), None),
    ]
    assert undated
    assert undated.label == "v2, date unknown"


@given(seed=st.integers(0, 2**32))
def test_the_slow_way_finds_the_same(seed: int) -> None:
    """Compare each known document with the one before it, and take the newest that differs."""
    chance = random.Random(seed)
    documents: list[Document | None] = [
        chance.choice((GET, GOT, BOTH, ALL, None)) for _ in range(chance.randint(1, 7))
    ]
    of = policy(*((n, n, document) for n, document in enumerate(documents, 1)))
    known = [(n, document) for n, document in enumerate(documents, 1) if document]
    changed = [
        f"v{n}"
        for (_, older), (n, newer) in pairwise(known)
        if compare(older, newer).verdict in ("widened", "narrowed", "mixed", "undetermined")
    ]
    last = found(of)
    assert (last.effective.key if last.effective else None) == (changed[-1] if changed else None)
    assert (last.outcome == "single") == (len(known) == 1)
    assert (last.outcome == "none") == (not known)
    assert (last.outcome == "reissued") == (len(known) > 1 and not changed)
