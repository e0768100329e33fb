"""Which version is or was the default, where the data leaves it open."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from policybook.analysis.action_grants import UncertainPolicy, who_grants
from policybook.analysis.default_version import default_at, default_now, default_spans
from policybook.catalogue.catalogue import Catalogue
from policybook.model.book import Book, BookFile
from policybook.model.deprecation import DeprecationFacts
from policybook.model.descriptions import Description
from policybook.model.policies import (
    Policy,
    PolicyFacts,
    Rollback,
    Version,
    VersionFacts,
)

from tests.support.documents import allow
from tests.support.documents import bare_document as of
from tests.support.policies import day


def version(key: str, *, known: bool = True, **days: Any) -> Version:
    """A version with these days, and with a document if it is known."""
    return Version(key, VersionFacts(id=key, **days), of(allow("s3:GetObject")) if known else None)


def policy(*versions: Version, **facts: Any) -> Policy:
    """A policy of these versions, newest first."""
    return Policy(PolicyFacts(name="P", arn=None, type="aws-managed", **facts), versions)


def then(found: Policy, on: int) -> tuple[str, str]:
    """The default version on a day of January 2020, and the doubts about it."""
    default, why = default_at(found, day(on))
    return default.key if default else "", why


# --- on every day ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "found",
    [
        policy(),
        policy(version("v1")),
        policy(version("v2", published=day(5)), version("v1", published=day(2))),
        policy(version("v2", published=day(5), observed=day(9)), version("v1", observed=day(7))),
        policy(version("v3", published=day(9)), version("v1", published=day(3)), created=day(2)),
        policy(version("v2", published=day(5), known=False), version("v1", published=day(1))),
        policy(
            version("v2", published=day(4), observed=day(4)),
            version("v1", published=day(1), observed=day(1)),
            rollbacks=(Rollback(to="v1", observed=day(9)),),
        ),
        policy(version("v1", published=day(3)), deprecated=DeprecationFacts(date=day(8))),
    ],
)
def test_spans_say_of_every_day_what_the_day_itself_says(found: Policy) -> None:
    """And each begins where the answer changes."""
    spans = default_spans(found)
    assert spans[0].since is None
    for on in range(1, 15):
        span = [s for s in spans if s.since is None or s.since <= day(on)][-1]
        assert (span.version, span.unsure) == default_at(found, day(on)), on
    answers = [(span.version, span.unsure) for span in spans]
    assert all(one != other for one, other in pairwise(answers))


# --- on a day -------------------------------------------------------------------------------------


def test_a_version_is_the_default_since_it_was_made_so() -> None:
    """Its publication does not count then."""
    later = version("v2", published=day(5), observed=day(9), default_since=day(8))
    found = policy(later, version("v1", published=day(1)))
    assert [then(found, on) for on in (4, 5, 7, 8, 9)] == [("v1", "")] * 3 + [("v2", "")] * 2


def test_a_version_is_the_default_since_its_publication_where_nothing_says_otherwise() -> None:
    """The first observation is only later than that."""
    newer = version("v2", published=day(5), observed=day(9))
    found = policy(newer, version("v1", published=day(1), observed=day(4)))
    assert [then(found, on) for on in (4, 5, 9)] == [("v1", ""), ("v2", ""), ("v2", "")]


def test_an_older_version_that_was_seen_after_the_publication_leaves_an_interval() -> None:
    """Somewhere in it the newer version became the default."""
    newer = version("v2", published=day(5), observed=day(9))
    found = policy(newer, version("v1", published=day(1), observed=day(7)))
    why = (
        f"v2 was published on {day(5)} and first observed as the default on {day(9)}, "
        "since when it was is not known"
    )
    assert [then(found, on) for on in (4, 5, 8, 9)] == [
        ("v1", ""),
        ("v1", why),
        ("v1", why),
        ("v2", ""),
    ]


@pytest.mark.parametrize("seen", [5, 9])
def test_an_older_version_seen_on_one_of_both_days_leaves_no_interval(seen: int) -> None:
    """Days are as fine as the data is: the older one may have been seen in the morning."""
    newer = version("v2", published=day(5), observed=day(9))
    found = policy(newer, version("v1", published=day(1), observed=day(seen)))
    assert [then(found, on) for on in (4, 5, 9)] == [("v1", ""), ("v2", ""), ("v2", "")]


def test_a_version_that_was_only_observed_leaves_an_interval() -> None:
    """It begins after the day on which the version before it was seen last."""
    found = policy(
        version("v3", observed=day(20)),
        version("v2", published=day(5), observed=day(9)),
        version("v1", observed=day(3)),
    )
    third = f"v3 was first observed on {day(20)}, since when it was the default is not known"
    first = f"v1 was first observed on {day(3)}, since when it was the default is not known"
    assert [then(found, on) for on in (2, 3, 4, 5, 9, 10, 19, 20)] == [
        ("", first),
        ("v1", ""),
        ("v1", ""),
        ("v2", ""),
        ("v2", ""),
        ("v2", third),
        ("v2", third),
        ("v3", ""),
    ]


@pytest.mark.parametrize(
    ("since", "keys", "unsure"),
    [
        (None, ["v2", "v2", "v2", "v2", "v1"], [7, 8, 9]),
        (day(8), ["v2", "v2", "v1", "v1", "v1"], []),
    ],
)
def test_a_rollback_happened_on_a_day_or_in_an_interval(
    since: date | None, keys: list[str], unsure: list[int]
) -> None:
    """Without its day, it was after the last day on which the other version was seen."""
    back = Rollback(to="v1", observed=day(10), default_since=since)
    newer = version("v2", published=day(5), observed=day(6))
    found = policy(newer, version("v1", published=day(1)), rollbacks=(back,))
    answers = {on: then(found, on) for on in (6, 7, 8, 9, 10)}
    assert [key for key, _ in answers.values()] == keys
    assert [on for on, (_, why) in answers.items() if why] == unsure


def test_versions_of_two_lives_are_the_default_one_after_the_other() -> None:
    """Between them the policy was deleted, on a day that is not known."""
    found = policy(
        version("v2~2", published=day(22)),
        version("v1~2", published=day(20)),
        version("v3", published=day(3)),
        version("v1", published=day(1)),
    )
    gone = (
        f"the policy was deleted after v3 on a day that is not known, and re-created as v1~2 on "
        f"{day(20)}"
    )
    missing = "v2 is not known and may have been the default after v1"
    assert [then(found, on) for on in (2, 3, 19, 20, 22)] == [
        ("v1", missing),
        ("v3", gone),
        ("v3", gone),
        ("v1~2", ""),
        ("v2~2", ""),
    ]


def test_missing_numbers_are_those_of_a_life() -> None:
    """Each life begins with 1."""
    found = policy(version("v3~2", published=day(20)), version("v1~2", published=day(9)))
    assert then(found, 10) == (
        "v1~2",
        "v2~2 is not known and may have been the default after v1~2",
    )


def test_a_policy_without_a_version_is_unknown_on_every_day() -> None:
    assert then(policy(), 5) == ("", "no version of it is known")


# --- now ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("versions", "facts", "key", "why"),
    [
        (("v2", "v1"), {}, "v2", ""),
        (("v2?", "v1"), {}, "v2", "the document of the default version v2 is not known"),
        (("v2?",), {}, "v2", "the document of the default version v2 is not known"),
        (("v2", "v1?"), {}, "v2", ""),
        (("v2", "v1?"), {"default": "v1"}, "v1", "the document of the default version v1"),
        (
            ("v2", "v1?"),
            {"rollbacks": (Rollback(to="v1", observed=day(9)),)},
            "v1",
            "the document of the default version v1 is not known",
        ),
        (("v2?", "v1"), {"default": "v1"}, "v1", ""),
        ((), {}, None, "no version of it is known"),
    ],
)
def test_no_older_version_takes_the_place_of_one_whose_document_is_unknown(
    versions: tuple[str, ...], facts: dict[str, Any], key: str | None, why: str
) -> None:
    """Whatever makes it the default; `?` marks an unknown document."""
    listed = (
        version(name.rstrip("?"), known="?" not in name, published=day(8 - place))
        for place, name in enumerate(versions)
    )
    found, doubt = default_now(policy(*listed, **facts))
    assert (found.key if found else None) == key
    assert doubt.startswith(why)
    assert bool(doubt) == bool(why)


BACK = {"rollbacks": (Rollback(to="v2", observed=day(9)),)}


@pytest.mark.parametrize(
    ("said", "facts", "key", "doubt"),
    [
        ({"default": "v1", "newest": "v3"}, {}, "v1", "v1 is the default instead of v3"),
        ({"default": "v1", "newest": "v2"}, {}, "v3", ""),  # it had no v3
        ({"default": "v1"}, {}, "v3", ""),
        ({"default": "v3"}, BACK, "v3", "v3 is the default instead of v2"),
        ({"text": "x"}, BACK, "v2", ""),
        (
            {"default": "v1", "newest": "v3"},
            {"default": "v2"},
            "v2",
            "v2 is the default instead of v3",
        ),
    ],
)
def test_a_source_states_the_default_if_it_had_the_newest_version(
    said: dict[str, Any], facts: dict[str, Any], key: str, doubt: str
) -> None:
    """It says more than an observed rollback, and less than a person. Since when is not known."""
    listed = (version(f"v{n}", published=day(n)) for n in (3, 2, 1))
    found = policy(*listed, descriptions={"account": Description(**said)}, **facts)
    assert found.current
    assert found.current.key == key
    since = f"{doubt}, since when is not known" if doubt else ""
    assert then(found, 20) == (key, since)


def test_a_policy_with_an_unknown_default_is_listed_as_unsure() -> None:
    """It does not grant what its older version did."""
    found = policy(version("v2", known=False, published=day(5)), version("v1", published=day(1)))
    book = Book(BookFile(title="x", introduction=()), {"P": found})
    grants = who_grants(book, Catalogue(), "s3:GetObject")
    assert grants.granting == ()
    why = "the document of the default version v2 is not known"
    assert grants.unsure == (UncertainPolicy("P", why),)


def test_an_action_is_granted_since_a_version_of_the_same_life() -> None:
    """Between two lives nobody had the policy."""
    versions = (version(key, published=day(9 - n)) for n, key in enumerate(("v2~2", "v1~2", "v1")))
    book = Book(BookFile(title="x", introduction=()), {"P": policy(*versions)})
    (granting,) = who_grants(book, Catalogue(), "s3:GetObject").granting
    assert granting.since.key == "v1~2"


def test_a_policy_is_deprecated_from_that_day_on() -> None:
    found = policy(version("v1", published=day(1)), deprecated=DeprecationFacts(date=day(5)))
    assert [then(found, on)[1] for on in (4, 5)] == ["", f"it was deprecated on {day(5)}"]


def test_an_older_version_that_is_the_default_now_says_nothing_of_the_time_before() -> None:
    """Before the newest version was published."""
    older = (version(f"v{number}", published=day(on)) for number, on in ((2, 5), (1, 1)))
    found = policy(version("v3", published=day(9)), *older, default="v1")
    assert then(found, 8) == ("v2", "")
    assert then(found, 9)[0] == "v1"


def test_a_rollback_to_a_version_leaves_no_interval_before_it() -> None:
    """Its observation then is one of the version itself."""
    newer = version("v2", published=day(5), observed=day(9))
    back = Rollback(to="v2", observed=day(7))
    found = policy(newer, version("v1", published=day(1)), rollbacks=(back,))
    assert then(found, 6) == ("v2", "")
