"""The evidence of a change, exactly: each grant that no single grant of the other side covers.

Documents are made of few patterns, and what a pattern names is found by trying every text. So the
whole evidence can be said beforehand, with its kinds, and nothing may be missing or too much.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st
from policybook.analysis.compare import compare
from policybook.iam.grants import grants
from policybook.model.changes import Evidence
from policybook.model.documents import Clause, Document, Grant, Term

from tests.support.oracle import Request, allows, contexts, document, lower, meets, names, texts
from tests.support.properties import examples

# Longer than any pattern needs, with letters that no pattern has.
ACTIONS = [f"{prefix}:{name}" for prefix in "stu" for name in texts("abc", 3)]
RESOURCES = list(texts("xyz", 3))
CONTEXTS = list(contexts({"k": ("a", "b", "c", "zz"), "m": ("a", "z")}, 2))

ACTION_PATTERNS = ("*", "*:*", "s:*", "S:a*", "s:?", "s:ab", "s:AB", "s:*b", "*:a*", "t:*", "t:a")
RESOURCE_PATTERNS = ("*", "x", "x*", "?", "*y", "x?", "xy", "x*y")
CONDITIONS: tuple[Mapping[str, Mapping[str, Any]], ...] = (
    {},
    {},
    {"StringEquals": {"k": "a"}},
    {"StringEquals": {"K": ["b", "a"]}},
    {"StringLike": {"k": "*"}},
    {"StringNotEquals": {"k": "a"}},
    {"StringNotEquals": {"k": ["a", "b"]}},
    {"StringNotLike": {"k": "?"}},
    {"StringEqualsIfExists": {"k": "a"}},
    {"Null": {"k": "true"}},
    {"Null": {"k": "false"}},
    {"StringEquals": {"k": "a", "m": "a"}},
    {"StringEquals": {"m": "a"}},
    {"ForAllValues:StringEquals": {"k": "a"}},
    {"ForAllValues:StringLike": {"k": ["a", "b"]}},
    {"ForAnyValue:StringEquals": {"k": "a"}},
    {"ForAnyValue:StringLike": {"k": "?"}},
)


# --- What a grant names, by trying everything -----------------------------------------------------


class Extent(NamedTuple):
    """Everything that a grant is about."""

    actions: frozenset[str]
    resources: frozenset[str]
    contexts: frozenset[int]


@cache
def extent(action: Term, resource: Term, condition: tuple[Clause, ...]) -> Extent:
    """What the three parts of a grant name."""
    return Extent(
        frozenset(text for text in ACTIONS if names(lower(action), text)),
        frozenset(text for text in RESOURCES if names(resource, text)),
        frozenset(n for n, context in enumerate(CONTEXTS) if meets(condition, context)),
    )


def of(grant: Grant) -> Extent:
    """What the grant is about."""
    return extent(grant.action, grant.resource, grant.condition)


def kind(grant: Grant, others: Iterable[Grant]) -> str:
    """Why no other grant covers this one: the element that the nearest grant lacks, or ""."""
    own = of(grant)
    found = "action"
    for other in map(of, others):
        if not own.actions <= other.actions:
            continue
        if not own.resources <= other.resources:
            found = "resource" if found == "action" else found
        elif own.contexts <= other.contexts:
            return ""
        else:
            found = "condition"
    return found


Said = frozenset[tuple[str, str, Extent]]


def expected(here: Document, there: Document) -> Said:
    """What `there` lacks: Allows that it does not cover, and Denies of it that are not covered."""

    def lacking(effect: str, own: Document, other: Document) -> Iterable[tuple[str, str, Extent]]:
        rivals = [grant for grant in grants(other) if grant.effect == effect]
        for grant in grants(own):
            if grant.effect == effect and (found := kind(grant, rivals)):
                yield effect, "deny" if effect == "Deny" else found, of(grant)

    return frozenset((*lacking("Allow", here, there), *lacking("Deny", there, here)))


def said(evidence: Iterable[Evidence]) -> Said:
    """The evidence by what its grants name, not by how they are written."""
    return frozenset((e.grant.effect, e.kind, of(e.grant)) for e in evidence)


# --- Documents ------------------------------------------------------------------------------------


def several(patterns: tuple[str, ...], most: int) -> st.SearchStrategy[list[str]]:
    """One or some of the patterns."""
    return st.lists(st.sampled_from(patterns), min_size=1, max_size=most)


@st.composite
def statements(
    draw: st.DrawFn, effects: tuple[str, ...], conditions: tuple[Mapping[str, Any], ...]
) -> dict[str, Any]:
    """A statement; NotAction and NotResource never exclude everything."""

    def side(name: str, patterns: tuple[str, ...]) -> tuple[str, list[str]]:
        if draw(st.integers(0, 3)):
            return name, draw(several(patterns, 3))
        return f"Not{name}", draw(several(tuple(p for p in patterns if set(p) - {*"*:"}), 2))

    found = dict((side("Action", ACTION_PATTERNS), side("Resource", RESOURCE_PATTERNS)))
    condition = draw(st.sampled_from(conditions))
    extra = {"Condition": condition} if condition else {}
    return {"Effect": draw(st.sampled_from(effects)), **found, **extra}


def documents(
    effects: tuple[str, ...] = ("Allow",), conditions: tuple[Mapping[str, Any], ...] = ({},)
) -> st.SearchStrategy[Document]:
    """Documents of up to three such statements."""
    body = st.lists(statements(effects, conditions), max_size=3)
    return body.map(lambda found: document({"Version": "2012-10-17", "Statement": found}))


# --- The evidence is exactly that -----------------------------------------------------------------


@examples(4)
@given(old=documents(("Allow", "Allow", "Deny")), new=documents(("Allow", "Allow", "Deny")))
def test_without_conditions_the_evidence_is_all_that_no_single_grant_covers(
    old: Document, new: Document
) -> None:
    """No false loss or gain, none missing, and each of the right kind."""
    change = compare(old, new)
    assert not change.undecided
    assert said(change.lost) == expected(old, new)
    assert said(change.gained) == expected(new, old)


@examples(4)
@given(
    old=documents(("Allow", "Allow", "Deny"), CONDITIONS),
    new=documents(("Allow", "Allow", "Deny"), CONDITIONS),
)
def test_with_conditions_too_where_none_is_left_undecided(old: Document, new: Document) -> None:
    """Undecided evidence may be missing; what is reported is true."""
    change = compare(old, new)
    for found, here, there in ((change.lost, old, new), (change.gained, new, old)):
        assert said(found) <= expected(here, there)
        assert change.undecided or said(found) == expected(here, there)


@examples(3)
@given(old=documents(), new=documents())
def test_each_loss_has_a_request_that_proves_it_or_several_grants_make_up_for_it(
    old: Document, new: Document
) -> None:
    """Where nothing is denied and nothing is conditional.

    A request of the lost grant's own is not allowed any more; the one exception is by design: each
    of its requests is allowed by some grant of the new document, and all of them by none.
    """
    for piece in compare(old, new).lost:
        own = of(piece.grant)
        rivals = [of(grant) for grant in grants(new)]
        left = [
            (action, resource)
            for action in own.actions
            for resource in own.resources
            if not any(action in r.actions and resource in r.resources for r in rivals)
        ]
        if left:
            request = Request(*min(left), {})
            assert allows(old, request)
            assert not allows(new, request)
        else:
            partly = [r for r in rivals if own.actions & r.actions and own.resources & r.resources]
            assert len(partly) > 1


# --- The exceptions, by design --------------------------------------------------------------------


def allowing(*found: Mapping[str, Any]) -> Document:
    """A document that allows s:a on * in each of the forms given."""
    allow = {"Effect": "Allow", "Action": "s:a", "Resource": "*"}
    listed = [{k: v for k, v in {**allow, **one}.items() if v} for one in found]
    return document({"Version": "2012-10-17", "Statement": listed})


def verdicts(old: Document, new: Document) -> tuple[str, str]:
    """The verdict, and that of the reverse change."""
    return compare(old, new).verdict, compare(new, old).verdict


def test_what_several_grants_cover_only_together_counts_as_lost() -> None:
    """A resource and its complement are everything together, but not separately."""
    parts = allowing({"Resource": "x*"}, {"Resource": "", "NotResource": "x*"})
    assert verdicts(allowing({}), parts) == ("narrowed", "widened")


def test_what_several_clauses_imply_only_together_counts_as_lost() -> None:
    """A key that is present, and has the value a if it is present, has the value a."""
    both = {"StringEqualsIfExists": {"k": "a"}, "Null": {"k": "false"}}
    here, there = (
        allowing({"Condition": both}),
        allowing({"Condition": {"StringEquals": {"k": "a"}}}),
    )
    assert verdicts(here, there) == ("narrowed", "widened")


def test_a_deny_counts_by_itself() -> None:
    """Even if the document does not allow what it denies, since other policies may allow it."""
    deny = {"Effect": "Deny", "Action": "t:*"}
    assert verdicts(allowing({}), allowing({}, deny)) == ("narrowed", "widened")


def test_a_grant_that_a_deny_takes_away_counts_as_gained() -> None:
    """So an action that is both allowed and denied anew counts as both."""
    new = allowing({"Action": "t:a"}, {"Effect": "Deny", "Action": "t:a"})
    assert verdicts(document({"Version": "2012-10-17", "Statement": []}), new) == ("mixed", "mixed")
