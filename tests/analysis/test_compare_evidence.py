"""The evidence of a change, exactly: each grant that the grants of the other side do not cover.

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


def kind(grant: Grant, others: Iterable[Grant], denies: Iterable[Grant]) -> str:
    """Why other grants do not cover this one: the element that the nearest grant lacks, or "".

    What the denies take away does not have to be covered.
    """
    own, rivals = of(grant), [*map(of, others)]
    if together(own, [*rivals, *map(of, denies)]):
        return ""
    found = "action"
    for other in rivals:
        if not own.actions <= other.actions:
            continue
        if not own.resources <= other.resources:
            found = "resource" if found == "action" else found
        else:
            found = "condition"
    return found


def together(own: Extent, others: list[Extent]) -> bool:
    """Whether every request of the one is a request of one of the others."""
    by_action = {frozenset(n for n, o in enumerate(others) if a in o.actions) for a in own.actions}
    by_resource = {
        frozenset(n for n, o in enumerate(others) if r in o.resources) for r in own.resources
    }
    return all(
        own.contexts <= {context for n in one & other for context in others[n].contexts}
        for one in by_action
        for other in by_resource
    )


Said = frozenset[tuple[str, str, Extent]]


def expected(here: Document, there: Document) -> Said:
    """What `there` lacks: Allows that it does not cover, and Denies of it that are not covered."""

    def lacking(effect: str, own: Document, other: Document) -> Iterable[tuple[str, str, Extent]]:
        rivals = [grant for grant in grants(other) if grant.effect == effect]
        denies = [g for g in grants(own) if g.effect == "Deny"] if effect == "Allow" else []
        for grant in grants(own):
            if grant.effect == effect and (found := kind(grant, rivals, denies)):
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
def test_without_conditions_the_evidence_is_all_that_is_not_covered(
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
def test_each_loss_has_a_request_that_proves_it(old: Document, new: Document) -> None:
    """Where nothing is denied and nothing is conditional."""
    for piece in compare(old, new).lost:
        own = of(piece.grant)
        rivals = [of(grant) for grant in grants(new)]
        request = min(
            Request(action, resource, {})
            for action in own.actions
            for resource in own.resources
            if not any(action in r.actions and resource in r.resources for r in rivals)
        )
        assert allows(old, request)
        assert not allows(new, request)


# --- Several grants together ----------------------------------------------------------------------


def allowing(*found: Mapping[str, Any]) -> Document:
    """A document that allows s:a on * in each of the forms given."""
    allow = {"Effect": "Allow", "Action": "s:a", "Resource": "*"}
    listed = [{k: v for k, v in {**allow, **one}.items() if v} for one in found]
    return document({"Version": "2012-10-17", "Statement": listed})


def verdicts(old: Document, new: Document) -> tuple[str, str]:
    """The verdict, and that of the reverse change."""
    return compare(old, new).verdict, compare(new, old).verdict


def test_several_grants_cover_together() -> None:
    """A resource and everything else are everything."""
    parts = allowing({"Resource": "x*"}, {"Resource": "", "NotResource": "x*"})
    assert verdicts(allowing({}), parts) == ("equivalent", "equivalent")


def test_several_clauses_on_one_key_count_together() -> None:
    """A key that is present, and has the value a if it is present, has the value a."""
    both = {"StringEqualsIfExists": {"k": "a"}, "Null": {"k": "false"}}
    here, there = (
        allowing({"Condition": both}),
        allowing({"Condition": {"StringEquals": {"k": "a"}}}),
    )
    assert verdicts(here, there) == ("equivalent", "equivalent")


def test_a_deny_counts_by_itself() -> None:
    """Even if the document does not allow what it denies, since other policies may allow it."""
    deny = {"Effect": "Deny", "Action": "t:*"}
    assert verdicts(allowing({}), allowing({}, deny)) == ("narrowed", "widened")


def test_an_allow_that_the_document_denies_is_no_grant() -> None:
    """The Deny counts by itself, as it also limits other policies."""
    none = document({"Version": "2012-10-17", "Statement": []})
    new = allowing({"Action": "t:a"}, {"Effect": "Deny", "Action": "t:*"})
    assert verdicts(none, new) == ("narrowed", "widened")
    assert verdicts(allowing({"Effect": "Deny", "Action": "t:*"}), new) == ("equivalent",) * 2


def test_a_condition_that_never_holds_grants_nothing() -> None:
    """Even if no statement names the action."""
    none = document({"Version": "2012-10-17", "Statement": []})
    never = {"StringEquals": {"k": "a"}, "Null": {"k": "true"}}
    assert verdicts(allowing({"Condition": never}), none) == ("equivalent", "equivalent")


def test_everything_but_a_text_and_that_text_cover_a_variable_together() -> None:
    """Whatever its value is."""
    parts = allowing({"Resource": "x"}, {"Resource": "", "NotResource": "x"})
    variable = allowing({"Resource": "${aws:username}"})
    assert verdicts(variable, parts) == ("widened", "narrowed")


def test_a_wildcard_in_a_prefix_is_of_several_services() -> None:
    """So it covers an action of one."""
    assert verdicts(allowing({}), allowing({"Action": "?:a"})) == ("widened", "narrowed")
