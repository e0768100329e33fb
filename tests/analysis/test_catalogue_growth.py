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
    Edition,
    PolicyGrowth,
    ServiceGrowth,
    Widening,
    widening,
)
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
) -> Widening:
    """The growth of the wildcards of a document."""
    before, after = listed("2025-01-01", old), listed("2026-01-01", new)
    return widening([policy("P", of(*statements), **facts)], before, after)


def lines(found: Widening) -> list[tuple[int, str | None, list[str], list[str]]]:
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


def test_what_a_document_names_itself_is_no_silent_widening() -> None:
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
    """It cannot have grown; a version that was only observed later may be older."""
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
    found = widening(policies, before, after)
    assert found.before == Edition("2025-01-01", "a list")
    assert found.after == Edition("2026-01-01", "a list")
    assert (found.checked, found.grown, found.actions) == (4, 2, 3)
    assert [(level.level, level.actions, level.policies) for level in found.levels] == [
        ("Read", 2, 2),
        ("Permissions management", 1, 2),
    ]
    assert [(p.policy, p.version, p.added, p.levels) for p in found.policies] == [
        ("All", "v1", 3, {"Read": 2, "Permissions management": 1}),
        ("Lost", "v1", 0, {}),
        ("Some", "v1", 2, {"Read": 1, "Permissions management": 1}),
    ]
    lock, put = (
        ListedAction("s3:GetObjectLock", "Read"),
        ListedAction("s3:PutLock", "Permissions management"),
    )
    model = ListedAction("bedrock:InvokeModel", "Read")
    assert found.services == (
        ServiceGrowth("bedrock", "Service bedrock", True, 1, {"Read": 1}, (model,)),
        ServiceGrowth(
            "s3", "Service s3", False, 2, {"Read": 1, "Permissions management": 1}, (lock, put)
        ),
    )


def test_only_some_services_can_be_asked_about() -> None:
    """Services that one of the catalogues has."""
    before, after = listed("2025-01-01", OLD), listed("2026-01-01", NEW)
    policies = [policy("All", of(allow("*")))]
    found = widening(policies, before, after, ["bedrock", "sqs"])
    assert lines(found) == [(1, "*", ["bedrock:InvokeModel"], [])]
    with pytest.raises(PolicybookError, match=r"expected a service prefix .* found 'nowhere'"):
        widening(policies, before, after, ["s3", "nowhere"])


@pytest.mark.parametrize("day", ["2026-01-01", "2026-01-02"])
def test_the_older_catalogue_has_to_be_older(day: str) -> None:
    """Catalogues of the same day, or in the wrong order, are refused."""
    with pytest.raises(
        PolicybookError,
        match=rf"^catalogue a list: expected a day before 2026-01-01, .* found {day}$",
    ):
        widening([], listed(day, OLD), listed("2026-01-01", NEW))


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
    growths = widening([policy("P", document)], before, after).policies
    expected = slow(document, {n.lower() for n in old}, {n.lower() for n in new})
    assert found_of(next(iter(growths), None)) == expected


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
    return load(request.getfixturevalue("aws_data"))


def test_real_documents_gain_what_their_effective_actions_do(real: Book) -> None:
    """With catalogues from each of which random actions of the package are removed."""
    chance, package = random.Random(1), Catalogue()
    before = thinned(package, "2025-01-01", lambda name: chance.random() > 0.15)
    after = thinned(package, "2030-01-01", lambda name: chance.random() > 0.05)
    growths = {g.policy: g for g in widening(real.policies.values(), before, after).policies}
    assert growths
    for name, found in real.policies.items():
        document = found.current.document if found.current else None
        expected = expanded(document, before, after) if document else {}
        assert found_of(growths.get(name)) == expected, name
