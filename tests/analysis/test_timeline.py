"""A policy's versions and rollbacks through time, each compared with the previous default."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policybook.analysis.default_version import default_at
from policybook.analysis.timeline import Transition, transitions, unlisted, with_rollbacks
from policybook.model.documents import Document
from policybook.model.policies import Policy, PolicyFacts, Version, VersionFacts

from tests.support.documents import granting
from tests.support.policies import day
from tests.support.policies import policy_of_days as policy

NARROW, WIDE = granting("s3:GetObject"), granting("s3:GetObject s3:PutObject")


def history(found: Policy) -> tuple[Transition, ...]:
    """The transitions of the policy with its rollbacks."""
    return with_rollbacks(found, transitions(found))


def in_words(found: Policy) -> list[str]:
    """Key, previous version and verdict of each transition."""
    return [
        f"{t.key} after {t.before.key if t.before else 'nothing'}: "
        f"{t.change.verdict if t.change else 'none'}"
        for t in history(found)
    ]


def test_without_rollbacks_the_history_is_the_versions() -> None:
    found = policy((1, 1, NARROW), (2, 2, WIDE))
    assert history(found) == transitions(found)


def test_a_rollback_is_compared_with_the_default_until_then() -> None:
    """It removes what that had gained; the next version is compared with the one before it."""
    found = policy((1, 1, NARROW), (2, 2, WIDE), (3, 9, WIDE), backs=((1, 4),))
    assert in_words(found) == [
        "v3 after v2: identical",
        "v1-again-2020-01-04 after v2: narrowed",
        "v2 after v1: widened",
        "v1 after nothing: none",
    ]


def test_a_rollback_comes_after_every_version_of_its_day() -> None:
    """For example, if a version is withdrawn on the day of its release."""
    found = policy((1, 1, NARROW), (2, 4, WIDE), backs=((1, 4),))
    assert [t.key for t in history(found)] == ["v1-again-2020-01-04", "v2", "v1"]
    assert [t.day for t in history(found)] == [day(4), day(4), day(1)]


def test_going_back_and_forth_is_told_each_time() -> None:
    """Each is compared with the default that the last one set."""
    found = policy((1, 1, NARROW), (2, 2, WIDE), backs=((1, 4), (2, 6)))
    assert in_words(found)[:2] == [
        "v2-again-2020-01-06 after v1: widened",
        "v1-again-2020-01-04 after v2: narrowed",
    ]


@pytest.mark.parametrize(
    ("found", "key"),
    [
        (policy((1, 1, NARROW), (2, 2, None), backs=((1, 4),)), "v1-again-2020-01-04"),
        (policy((1, 1, None), (2, 2, WIDE), backs=((1, 4),)), "v1-again-2020-01-04"),
        (policy((1, 1, NARROW), backs=((1, 4),)), "v1-again-2020-01-04"),
    ],
    ids=["from an unknown document", "to an unknown document", "from itself"],
)
def test_where_a_rollback_cannot_be_compared_nothing_is_said(found: Policy, key: str) -> None:
    """It is in the history without a verdict."""
    first = history(found)[0]
    assert (first.key, first.before, first.change) == (key, None, None)


@given(
    days=st.sets(st.integers(1, 25), min_size=1, max_size=6),
    backs=st.dictionaries(st.integers(1, 25), st.integers(1, 6), max_size=4),
    on=st.integers(1, 25),
)
def test_the_story_s_last_part_is_the_default_of_the_day(
    days: set[int], backs: dict[int, int], on: int
) -> None:
    """`default_at` finds the same in another way; a rollback is to an existing version."""
    versions = tuple((number, when, NARROW) for number, when in enumerate(sorted(days), 1))
    real = tuple(
        (to, when)
        for when, to in sorted(backs.items())
        if any(n == to and since < when for n, since, _ in versions)
    )
    found = policy(*versions, backs=real)
    then = [t for t in history(found) if t.day and t.day <= day(on)]
    version, _ = default_at(found, day(on))
    assert (then[0].version if then else None) == version


def test_a_guide_s_document_is_never_the_default_nor_beside_a_rollback() -> None:
    """It is outside the sequence as soon as a numbered version is newer."""
    found = policy((1, 1, NARROW), (2, 2, WIDE), (3, 9, WIDE), backs=((1, 5),))
    guide = Version("2020-01-04", VersionFacts(published=day(4), document="guide"), granting("x:Y"))
    newer, older = found.versions[:1], found.versions[1:]
    mixed = Policy(found.facts, (*newer, guide, *older))
    assert in_words(mixed) == [
        "v3 after v2: identical",
        "v1-again-2020-01-05 after v2: narrowed",
        "2020-01-04 after nothing: none",
        "v2 after v1: widened",
        "v1 after nothing: none",
    ]
    version, _ = default_at(mixed, day(4))
    assert version
    assert version.key == "v2"


# --- two lives ------------------------------------------------------------------------------------


def of_lives(**documents: Document | None) -> Policy:
    """Versions by id, newest first; `_` is written for `~`."""
    listed = (
        Version(id_, VersionFacts(id=id_, published=day(9 - place)), document)
        for place, (name, document) in enumerate(documents.items())
        for id_ in [name.replace("_", "~")]
    )
    return Policy(PolicyFacts(name="P", arn=None, type="unknown"), tuple(listed))


def test_the_first_version_of_a_second_life_is_compared_and_said_to_be_recreated() -> None:
    """With the last document of the first life, as every version is."""
    found = of_lives(v2_2=WIDE, v1_2=NARROW, v3=WIDE, v1=NARROW)
    assert in_words(found) == [
        "v2~2 after v1~2: widened",
        "v1~2 after v3: narrowed",
        "v3 after v1: widened",
        "v1 after nothing: none",
    ]
    assert [t.key for t in history(found) if t.recreated] == ["v1~2"]
    assert [t.missing for t in history(found)] == [(), (), (2,), ()]


def test_numbers_are_missing_within_a_life() -> None:
    """Each life begins with 1, and what came after the first one's last version is not known."""
    found = of_lives(v3_2=WIDE, v2=NARROW)
    assert [(t.key, t.missing, t.recreated) for t in history(found)] == [
        ("v3~2", (1, 2), True),
        ("v2", (1,), False),
    ]


def test_a_second_life_whose_first_document_is_unknown_is_recreated_too() -> None:
    """Also if no version of the first life is known."""
    found = of_lives(v2_2=WIDE, v1_2=None)
    assert [(t.key, t.recreated) for t in history(found)] == [("v2~2", False), ("v1~2", True)]


def test_no_number_is_missing_next_to_a_version_without_an_id() -> None:
    """It may be that version. Where it is outside the sequence it changes nothing."""
    guide = Version("2020-01-04", VersionFacts(published=day(4), document="guide"), WIDE)
    for newest, numbers in ((NARROW, (1, 3, 4)), (None, (1,))):
        found = policy((2, 2, NARROW), (5, 9, newest))
        newer, older = found.versions
        assert unlisted(found) == (1, 3, 4)
        assert unlisted(Policy(found.facts, (newer, guide, older))) == numbers


def test_a_version_without_an_id_begins_no_life() -> None:
    """Nor does the one after it, if it is of the life before."""
    found = of_lives(v2_2=None, v1_2=NARROW, v1=WIDE)
    guide = Version("2020-01-08", VersionFacts(published=day(8), document="guide"), WIDE)
    newest, *older = found.versions
    mixed = Policy(found.facts, (newest, guide, *older))
    assert [t.key for t in history(mixed) if t.recreated] == ["v1~2"]
