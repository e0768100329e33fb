"""Catalogue growth: what wildcards gain, compared with slow implementations."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policybook.analysis.catalogue_growth import (
    AddedAction,
    CatalogueStep,
    Edition,
    PolicyGrowth,
    ServiceGrowth,
    step,
)
from policybook.analysis.default_version import default_at
from policybook.analysis.effective_actions import GrantedBy, expansion
from policybook.analysis.pattern_growth import ListedAction
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load
from policybook.errors import PolicybookError
from policybook.iam.conditions import no_stricter
from policybook.iam.patterns import has_wildcard
from policybook.iam.terms import term_covers
from policybook.model.book import Book
from policybook.model.documents import Document, Statement

from tests.support import oracle
from tests.support.books import DATA, listed, thinned
from tests.support.documents import allow_each as allow
from tests.support.documents import deny_each as deny
from tests.support.documents import document_of as of
from tests.support.policies import policy_of_days
from tests.support.policies import policy_with as policy

OLD = {
    "s3:GetObject": "Read",
    "s3:GetGone": "Read",
    "s3:PutObject": "Write",
    "sqs:ListQueues": "List",
}
NEW = {
    "s3:GetObject": "Read",
    "s3:GetObjectLock": "Read",
    "s3:PutObject": "Write",
    "s3:PutLock": "Permissions management",
    "sqs:ListQueues": "List",
    "bedrock:InvokeModel": "Read",
}


def between(
    *statements: Mapping[str, Any],
    old: Mapping[str, str] = OLD,
    new: Mapping[str, str] = NEW,
    **facts: Any,
) -> CatalogueStep:
    """The growth of the wildcards of a document."""
    before, after = listed("2025-01-01", old), listed("2026-01-01", new)
    return step([policy("P", of(*statements), **facts)], before, after)


def lines(found: CatalogueStep) -> list[tuple[int, str | None, list[str], list[str]]]:
    """Statement, pattern, added and lost actions."""
    return [
        (g.statement, g.pattern, [k.name for k in g.added], [k.name for k in g.gone])
        for growth in found.policies
        for g in growth.patterns
    ]


WHEN = {"Bool": {"aws:SecureTransport": "true"}}

# --- what counts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([allow("s3:GetObject*")], [(1, "s3:GetObject*", ["s3:GetObjectLock"], [])]),
        ([allow("S3:get*")], [(1, "S3:get*", ["s3:GetObjectLock"], ["s3:GetGone"])]),
        ([allow("s3:?utLock", "sqs:*")], [(1, "s3:?utLock", ["s3:PutLock"], [])]),
        ([allow("sqs:*", "s3:GetX", "no:*", "s3:*Gone")], [(1, "s3:*Gone", [], ["s3:GetGone"])]),
        ([allow("bedrock:*")], [(1, "bedrock:*", ["bedrock:InvokeModel"], [])]),
        (
            [allow("*")],
            [(1, "*", ["bedrock:InvokeModel", "s3:GetObjectLock", "s3:PutLock"], ["s3:GetGone"])],
        ),
        (
            [{"Effect": "Allow", "NotAction": ["S3:Get*", "iam:*"], "Resource": "*"}],
            [(1, None, ["bedrock:InvokeModel", "s3:PutLock"], [])],
        ),
        (
            [allow("s3:P*", "s3:P*", "s3:Put*")],
            [(1, "s3:P*", ["s3:PutLock"], []), (1, "s3:Put*", ["s3:PutLock"], [])],
        ),
        (
            [allow("s3:P*"), allow("s3:P*", resource=["a", "*"])],
            [(1, "s3:P*", ["s3:PutLock"], []), (2, "s3:P*", ["s3:PutLock"], [])],
        ),
        ([allow("s3:P*", resource="arn:aws:s3:::a")], []),
        ([deny("s3:*")], []),
    ],
    ids=[
        *("wildcard", "any case", "one character", "only gone", "new service", "everything"),
        *("NotAction", "each pattern once", "each statement", "no such resource", "Deny"),
    ],
)
def test_a_wildcard_gains_what_only_the_newer_catalogue_has(
    statements: list[dict[str, Any]], expected: list[tuple[int, str | None, list[str], list[str]]]
) -> None:
    """In the catalogue's spelling, by statement and pattern."""
    assert lines(between(*statements)) == expected


def test_what_a_document_names_itself_is_no_silent_step() -> None:
    """Only the catalogue is new there: for the name alone, and next to a wildcard."""
    assert lines(between(allow("s3:PutLock", "bedrock:InvokeModel"))) == []
    assert lines(between(allow("s3:Put*"), allow("S3:putlock"))) == []
    assert lines(between(allow("s3:Put*", resource="a", Condition=WHEN), allow("s3:PutLock"))) == []


@pytest.mark.parametrize(
    "named",
    [
        allow("s3:PutLock", resource="arn:aws:s3:::one"),
        allow("s3:PutLock", Condition=WHEN),
        deny("s3:PutLock", resource="arn:aws:s3:::one"),
        allow("s3:PutLoc?", resource="arn:aws:s3:::one"),
        {"Effect": "Allow", "NotAction": "s3:PutLock", "Resource": "arn:aws:s3:::one"},
    ],
    ids=["fewer resources", "a condition", "Deny", "another wildcard", "NotAction"],
)
def test_a_wildcard_gains_what_is_named_for_less(named: dict[str, Any]) -> None:
    """The wildcard applies where the name does not."""
    assert (1, "s3:Put*", ["s3:PutLock"], []) in lines(between(allow("s3:Put*"), named))


@pytest.mark.parametrize(
    ("denying", "left"),
    [
        (deny("s3:PutLock"), []),
        (deny("s3:*Lock"), []),
        ({"Effect": "Deny", "NotAction": "s3:Get*", "Resource": "*"}, []),
        (deny("s3:PutLock", Condition=WHEN), ["s3:PutLock"]),
        (deny("s3:PutLock", resource="arn:aws:s3:::one"), ["s3:PutLock"]),
        (deny("s3:PutObject"), ["s3:PutLock"]),
    ],
)
def test_what_is_denied_everywhere_is_not_gained(denying: dict[str, Any], left: list[str]) -> None:
    """Only by a Deny without a condition, on all resources of the statement."""
    found = between(allow("s3:Put*"), denying)
    assert [name for _, _, added, _ in lines(found) for name in added] == left
    assert found.grown == len(left)


def test_what_is_denied_everywhere_is_not_lost_either() -> None:
    """It was not granted before."""
    assert lines(between(allow("s3:*Gone"), deny("s3:Get*"))) == []


def test_another_level_is_no_growth() -> None:
    """The action existed before."""
    assert lines(between(allow("*"), old=OLD, new={**OLD, "s3:GetObject": "Write"})) == []


@pytest.mark.parametrize(
    ("facts", "older"),
    [
        ({"published": date(2024, 5, 1)}, True),
        ({"published": date(2025, 1, 1)}, True),
        ({"published": date(2025, 1, 2)}, False),
        ({"observed": date(2024, 5, 1)}, True),
        ({}, False),
    ],
)
def test_a_version_that_may_be_newer_than_the_older_catalogue_is_marked(
    facts: dict[str, Any], older: bool
) -> None:
    """It may have been written with the actions in mind."""
    (growth,) = between(allow("s3:*"), **facts).policies
    assert (growth.older, growth.day) == (older, next(iter(facts.values()), None))


@pytest.mark.parametrize(
    ("facts", "checked"),
    [
        ({"published": date(2026, 1, 1)}, 1),
        ({"published": date(2026, 1, 2)}, 0),
        ({"observed": date(2026, 1, 2)}, 1),
    ],
)
def test_a_version_that_is_newer_than_both_catalogues_is_left_out(
    facts: dict[str, Any], checked: int
) -> None:
    """It was not the default then; a version that was only observed later may have been."""
    found = between(allow("s3:*"), **facts)
    assert (found.checked, found.grown, len(found.policies)) == (checked, checked, checked)


# --- totals ---------------------------------------------------------------------------------------


def test_totals_count_distinct_actions() -> None:
    """By policy, by level and by service; a policy without a document is not checked."""
    before, after = listed("2025-01-01", OLD), listed("2026-01-01", NEW)
    policies = [
        policy("Some", of(allow("s3:Put*", "s3:*Lock"), allow("s3:*", resource="a"))),
        policy("All", of(allow("*"))),
        policy("Lost", of(allow("s3:*Gone"))),
        policy("Same", of(allow("sqs:*"))),
        policy("Unknown", None),
    ]
    found = step(policies, before, after)
    assert found.before == Edition("2025-01-01", "a list")
    assert found.after == Edition("2026-01-01", "a list")
    assert (found.added, found.gone, found.checked, found.unknown) == (3, 1, 4, 1)
    assert (found.grown, found.gained) == (2, 3)
    assert [(level.level, level.actions, level.policies) for level in found.levels] == [
        ("Read", 2, 2),
        ("Permissions management", 1, 2),
    ]
    assert [(p.policy, p.version, p.added, p.levels) for p in found.policies] == [
        ("All", "v1", 3, {"Read": 2, "Permissions management": 1}),
        ("Lost", "v1", 0, {}),
        ("Some", "v1", 2, {"Read": 1, "Permissions management": 1}),
    ]
    lock = AddedAction("s3:GetObjectLock", "Read", ("Some",), ("All",))
    put = AddedAction("s3:PutLock", "Permissions management", ("Some",), ("All",))
    model = AddedAction("bedrock:InvokeModel", "Read", (), ("All",))
    gone = (ListedAction("s3:GetGone", "Read"),)
    assert found.services == (
        ServiceGrowth("bedrock", "Service bedrock", True, False, 1, (model,), ()),
        ServiceGrowth("s3", "Service s3", False, False, 2, (lock, put), gone),
    )


def test_what_no_policy_grants_is_listed_too() -> None:
    """With services that AWS retired as a whole, under their old names."""
    found = step([], listed("2025-01-01", {"old:Do": "Write"}), listed("2026-01-01", NEW))
    assert (found.added, found.gone, found.checked, found.gained) == (6, 1, 0, 0)
    (retired,) = (service for service in found.services if service.retired)
    assert (retired.prefix, retired.name, retired.new) == ("old", "Service old", False)
    assert retired.gone == (ListedAction("old:Do", "Write"),)
    assert {s.prefix for s in found.services if s.new} == {"bedrock", "s3", "sqs"}


# --- which version counts -------------------------------------------------------------------------

GRANTS, NAMES_NOTHING = of(allow("s3:*")), of(allow("kms:Decrypt"))


def version_found(*versions: tuple[int, int, Document | None], **more: Any) -> str | None:
    """The version of a policy that gained actions by January 20, 2020; None if none did."""
    before, after = listed("2020-01-10", OLD), listed("2020-01-20", NEW)
    found = step([policy_of_days(*versions, **more)], before, after).policies
    return found[0].version if found else None


@pytest.mark.parametrize(
    ("versions", "backs", "expected"),
    [
        ([(1, 5, GRANTS)], (), "v1"),
        ([(1, 5, GRANTS), (2, 15, GRANTS)], (), "v2"),
        ([(1, 5, GRANTS), (2, 25, NAMES_NOTHING)], (), "v1"),
        ([(1, 5, NAMES_NOTHING), (2, 25, GRANTS)], (), None),
        ([(1, 5, GRANTS), (2, 15, NAMES_NOTHING)], ((1, 18),), "v1"),
        ([(1, 5, GRANTS), (2, 15, NAMES_NOTHING)], ((1, 28),), None),
        ([(1, 25, GRANTS)], (), None),
    ],
    ids=[
        *("the only one", "one between", "the one before a later one", "only a later one"),
        *("rolled back", "rolled back later", "a policy that is younger"),
    ],
)
def test_the_default_version_of_the_newer_day_counts(
    versions: list[tuple[int, int, Document | None]],
    backs: tuple[tuple[int, int], ...],
    expected: str | None,
) -> None:
    """As it was then, whatever is current now."""
    assert version_found(*versions, backs=backs) == expected


def test_a_version_without_a_document_is_unknown() -> None:
    """No older version takes its place; a policy that did not exist is neither."""
    versions = policy_of_days((1, 5, GRANTS), (2, 15, None))
    later = policy_of_days((1, 25, GRANTS))
    found = step([versions, later], listed("2020-01-10", OLD), listed("2020-01-20", NEW))
    assert (found.checked, found.unknown, found.policies) == (0, 1, ())


def test_only_some_services_can_be_asked_about() -> None:
    """Services that one of the catalogues has."""
    before, after = listed("2025-01-01", OLD), listed("2026-01-01", NEW)
    policies = [policy("All", of(allow("*")))]
    found = step(policies, before, after, ["bedrock", "sqs"])
    assert lines(found) == [(1, "*", ["bedrock:InvokeModel"], [])]
    with pytest.raises(PolicybookError, match=r"expected a service prefix .* found 'nowhere'"):
        step(policies, before, after, ["s3", "nowhere"])


@pytest.mark.parametrize("day", ["2026-01-01", "2026-01-02"])
def test_the_older_catalogue_has_to_be_older(day: str) -> None:
    """Catalogues of the same day, or in the wrong order, are refused."""
    with pytest.raises(
        PolicybookError,
        match=rf"^catalogue a list: expected a day before 2026-01-01, .* found {day}$",
    ):
        step([], listed(day, OLD), listed("2026-01-01", NEW))


# --- compared with slow versions ------------------------------------------------------------------

Found = dict[tuple[int, str | None], tuple[set[str], set[str]]]


def found_of(growth: PolicyGrowth | None) -> Found:
    """What the program found, with names in lower case."""
    return {
        (g.statement, g.pattern): (
            {known.name.lower() for known in g.added},
            {known.name.lower() for known in g.gone},
        )
        for g in (growth.patterns if growth else ())
    }


NAMES = ("s3:Get", "s3:GetX", "s3:Put", "sqs:Get", "sqs:Send")
PLACES = ("arn:aws:s3:::a/*", "arn:aws:s3:::b")
TRIED = ("arn:aws:s3:::a/x", "arn:aws:s3:::b", "z")


def holds_wherever(one: Statement, other: Statement) -> bool:
    """Whether the statement is about every resource tried that the other is about."""
    return all(
        oracle.names(one.resources, place)
        for place in TRIED
        if oracle.names(other.resources, place)
    )


def names_in(statement: Statement, pattern: str | None, name: str) -> bool:
    """Whether a pattern of the statement, or for None the statement, names the action."""
    actions = statement.actions
    lower = type(actions)(tuple(p.lower() for p in actions.patterns), actions.negated)
    return oracle.matches(pattern.lower(), name) if pattern else oracle.names(lower, name)


def slow(document: Document, old: set[str], new: set[str]) -> Found:
    """Each action is tried with each pattern, and with each statement that could remove it.

    The actions of these catalogues have no resource types, so they are granted on `*` only.
    """
    found: Found = {}
    for statement in document.statements:
        if statement.effect == "Deny" or "*" not in statement.resources.patterns:
            continue
        negated = statement.actions.negated
        for pattern in [None] if negated else statement.actions.patterns:
            if pattern and not set("*?") & set(pattern):
                continue
            got = {
                name
                for name in old ^ new
                if names_in(statement, pattern, name)
                if not any(takes_away(other, statement, name) for other in document.statements)
            }
            said = {n for n in got if any(says(o, statement, n) for o in document.statements)}
            added, gone = got & new - said, got & old
            if added or gone:
                found[statement.number, pattern] = added, gone
    return found


def takes_away(denying: Statement, statement: Statement, name: str) -> bool:
    """Whether a Deny removes the action, which can only be granted on everything."""
    sure = denying.effect == "Deny" and not denying.condition
    return sure and names_in(denying, None, name) and holds_wherever(denying, statement)


def says(other: Statement, statement: Statement, name: str) -> bool:
    """Whether the other statement names the action literally on all of the resources."""
    listed = other.effect == "Allow" and not other.actions.negated
    if not listed or name not in [p.lower() for p in other.actions.patterns]:
        return False
    always = not other.condition or other.condition == statement.condition
    return always and holds_wherever(other, statement)


patterns = st.sampled_from(
    ["*", "*:*", "s3:*", "S3:Get*", "s3:?et", "s3:*t*", "sqs:*", "s3:Get", "s3:getx", "sqs:send"]
)


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Any]:
    """A statement of any form."""
    resources = st.lists(st.sampled_from(["*", *PLACES]), min_size=1, max_size=2)
    condition = draw(st.sampled_from([{}, {}, WHEN, {"StringEquals": {"aws:x": "y"}}]))
    return {
        "Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"])),
        draw(st.sampled_from(["Action", "Action", "NotAction"])): draw(
            st.lists(patterns, min_size=1, max_size=3)
        ),
        "Resource": draw(resources),
        **({"Condition": condition} if condition else {}),
    }


catalogues = st.sets(st.sampled_from(NAMES))


@given(st.lists(statements(), min_size=1, max_size=4), catalogues, catalogues)
def test_nothing_is_missed_and_nothing_invented(
    bodies: list[dict[str, Any]], old: set[str], new: set[str]
) -> None:
    """Of random documents with random catalogues."""
    document = of(*bodies)
    before = listed("2025-01-01", dict.fromkeys(old, "Read"))
    after = listed("2026-01-01", dict.fromkeys(new, "Read"))
    growths = step([policy("P", document)], before, after).policies
    expected = slow(document, {n.lower() for n in old}, {n.lower() for n in new})
    assert found_of(next(iter(growths), None)) == expected


@given(st.lists(st.lists(statements(), min_size=1, max_size=3), max_size=3), catalogues, catalogues)
def test_each_new_action_has_the_policies_that_granted_it(
    bodies: list[list[dict[str, Any]]], old: set[str], new: set[str]
) -> None:
    """Of random policies with random catalogues; and every action of only one of them is listed."""
    documents = {f"P{number}": of(*body) for number, body in enumerate(bodies)}
    before = listed("2025-01-01", dict.fromkeys(old, "Read"))
    after = listed("2026-01-01", dict.fromkeys(new, "Read"))
    found = step([policy(*known) for known in documents.items()], before, after)
    sets = {n.lower() for n in old}, {n.lower() for n in new}
    lines = [
        (name, action, pattern)
        for name, document in documents.items()
        for (_, pattern), (added, _) in slow(document, *sets).items()
        for action in added
    ]
    for action in (known for service in found.services for known in service.added):
        granting = {(p, pattern) for p, a, pattern in lines if a == action.name.lower()}
        by_service = {p for p, pattern in granting if pattern not in (None, "*", "*:*")}
        assert action.policies == tuple(sorted(by_service))
        assert action.covering_all == tuple(sorted({p for p, _ in granting} - by_service))
    assert [a.name for s in found.services for a in s.added] == sorted(new - old, key=str.lower)
    assert [a.name for s in found.services for a in s.gone] == sorted(old - new, key=str.lower)
    assert found.grown == len({p for p, _, _ in lines})
    assert found.gained == len({action for _, action, _ in lines})


def expanded(document: Document, before: Catalogue, after: Catalogue) -> Found:
    """The difference of the whole document's effective actions with either catalogue."""
    old, new = _by_pattern(document, before), _by_pattern(document, after)
    found: Found = {}
    for number, pattern in _wildcards(document):
        by = GrantedBy(number, pattern or "")
        added = new[by] - old[by] - _said(document, document.statements[number - 1])
        if added or old[by] - new[by]:
            found[number, pattern] = added, old[by] - new[by]
    return found


def _by_pattern(document: Document, catalogue: Catalogue) -> Mapping[GrantedBy, set[str]]:
    """The catalogued effective actions that each pattern grants."""
    found: dict[GrantedBy, set[str]] = defaultdict(set)
    for name, granted in expansion(document, catalogue).items():
        for by in granted if catalogue.action(name) else ():
            found[by].add(name)
    return found


def _wildcards(document: Document) -> Iterator[tuple[int, str | None]]:
    for s in document.statements:
        if s.effect == "Allow" and s.actions.negated:
            yield s.number, None
        elif s.effect == "Allow":
            yield from ((s.number, p) for p in s.actions.patterns if has_wildcard(p))


def _said(document: Document, statement: Statement) -> set[str]:
    return {
        pattern.lower()
        for s in document.statements
        if s.effect == "Allow" and not s.actions.negated
        if term_covers(s.resources, statement.resources)
        if no_stricter(s.condition, statement.condition)[0]
        for pattern in s.actions.patterns
    }


@pytest.fixture(
    scope="module", params=["the repository", pytest.param("all of AWS", marks=pytest.mark.corpus)]
)
def real(request: pytest.FixtureRequest) -> Book:
    """The repository's book, and all of AWS."""
    if request.param == "the repository":
        return load(DATA)
    whole: Book = request.getfixturevalue("aws_book")
    return whole


def test_real_documents_gain_what_their_effective_actions_do(real: Book) -> None:
    """With catalogues from each of which random actions of the package are removed."""
    chance, package = random.Random(1), Catalogue()
    before = thinned(package, "2025-01-01", lambda name: chance.random() > 0.15)
    after = thinned(package, "2030-01-01", lambda name: chance.random() > 0.05)
    growths = {g.policy: g for g in step(real.policies.values(), before, after).policies}
    assert growths
    for name, found in real.policies.items():
        version, _ = default_at(found, date(2030, 1, 1))
        document = version.document if version else None
        expected = expanded(document, before, after) if document else {}
        assert found_of(growths.get(name)) == expected, name
