"""How certain a grant is, given its Denies: a table of cases, and trying every request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policybook.iam.arn_formats import ArnFormat, Formats, supported
from policybook.iam.denies import (
    CERTAINTIES,
    Certainty,
    DeniedActions,
    certainties_with,
    certainty_after,
    certainty_with,
    granted,
    removes,
    removing,
    surest,
    weakest,
)
from policybook.iam.grants import names_action, single_terms
from policybook.model.documents import Document, Statement, Term

from tests.support.case_tables import cases, table_in, term
from tests.support.oracle import document, lower, names
from tests.support.properties import examples

CONDITION = {"Condition": {"StringEquals": {"aws:x": "1"}}}


def statement(effect: str, action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return statement("Allow", action, resource, **more)


def deny(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return statement("Deny", action, resource, **more)


def statements(*written: Mapping[str, Any]) -> tuple[Statement, ...]:
    return document({"Statement": list(written)}).statements


def others(resource: Any, **more: Any) -> dict[str, Any]:
    """A Deny of all resources except some."""
    return {"Effect": "Deny", "Action": "s:a", "NotResource": resource, **more}


# --- one Deny -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("granted_on", "written", "left"),
    [
        # The Deny's resources include all of the grant's.
        ("x*", deny("s:a", "*"), "no"),
        ("x*", deny("s:a", "x*"), "no"),
        ("x*", deny("s:a", ["y", "x*"]), "no"),
        ("xy", deny("s:a", "x?"), "no"),
        ("x*", others("y*"), "no"),
        # They overlap.
        ("x*", deny("s:a", "xy"), "conditional"),
        ("x*", deny("s:a", "*y"), "conditional"),
        ("*", deny("s:a", ["x*", "y*"]), "conditional"),
        ("x*", others("xy"), "conditional"),
        ("x/${aws:username}", deny("s:a", "x/ann"), "conditional"),
        # They share nothing.
        ("x*", deny("s:a", "y*"), "yes"),
        ("x", deny("s:a", "x?"), "yes"),
        ("xy", others("x*"), "yes"),
        # A Deny with a condition never removes anything for certain.
        ("x*", deny("s:a", "*", **CONDITION), "conditional"),
        ("x*", deny("s:a", "xy", **CONDITION), "conditional"),
        ("x*", deny("s:a", "y*", **CONDITION), "yes"),
        ("x*", others("y*", **CONDITION), "conditional"),
    ],
)
def test_one_deny_leaves_what_its_resources_and_condition_say(
    granted_on: str, written: dict[str, Any], left: Certainty
) -> None:
    (found,) = statements(written)
    assert certainty_after(found, Term((granted_on,))) == left
    assert removes(found, Term((granted_on,))) == (left == "no")
    assert removing([found], Term((granted_on,))) == ([found] if left == "no" else [])


def test_all_except_some_resources_can_be_removed_too() -> None:
    """By a Deny that excludes no more resources than the grant does, or by one on `*`."""
    granted_on = Term(("x", "y"), negated=True)
    written = [others(["x"]), others(["x", "y", "z"]), deny("s:a"), deny("s:a", "x")]
    left = [certainty_after(found, granted_on) for found in statements(*written)]
    # Whether "x" overlaps with all resources except "x" and "y" is decided exactly.
    assert left == ["no", "conditional", "no", "yes"]


def test_a_statement_without_resources_grants_nothing_that_a_deny_would_leave() -> None:
    (found,) = statements(deny("s:a", "x"))
    assert certainty_after(found, Term(())) == "no"


# --- several --------------------------------------------------------------------------------------


def test_the_certainties_are_in_order() -> None:
    assert CERTAINTIES == ("yes", "conditional", "unsupported", "no")
    assert weakest(["yes", "no", "conditional"]) == "no"
    assert weakest(["conditional", "unsupported"]) == "unsupported"
    assert weakest([]) == "yes"
    assert surest(["no", "unsupported", "conditional"]) == "conditional"
    assert surest(["no", "unsupported"]) == "unsupported"
    assert surest([]) is None


@pytest.mark.parametrize(
    ("denied", "alone", "expected"),
    [
        ([], "yes", ("yes", ())),
        ([], "conditional", ("conditional", ())),
        ([deny("s:a", "y")], "yes", ("yes", ())),
        ([deny("s:a", "y")], "conditional", ("conditional", ())),
        ([deny("s:a", "x1")], "yes", ("conditional", (1,))),
        ([deny("s:a", "y"), deny("s:a", "x1"), deny("s:a")], "yes", ("no", (2, 3))),
        ([deny("s:a")], "conditional", ("no", (1,))),
        # Only together do these two include all of `x*`: each counts by itself.
        ([deny("s:a", "x1*"), others("x1*")], "yes", ("conditional", (1, 2))),
    ],
)
def test_a_grant_is_as_certain_as_beside_the_strictest_deny(
    denied: list[dict[str, Any]], alone: Certainty, expected: tuple[Certainty, tuple[int, ...]]
) -> None:
    assert certainty_with(statements(*denied), Term(("x*",)), alone) == expected


# --- sets of actions ------------------------------------------------------------------------------

ACTIONS = ("s:a", "s:ab", "s:b", "t:a")
RESOURCES = ("x", "xy", "y")
LEVELS = dict.fromkeys(ACTIONS, "Read")
LACKING = "Uncatalogued"


def expanded(actions: Term) -> DeniedActions:
    """A Deny's actions over a catalogue of the four actions."""
    listed = Term(actions.patterns)
    found = {name for name in ACTIONS if names(lower(listed), name)}
    return DeniedActions(actions, found, LACKING)


class Known:
    """The four actions, with formats of the ARNs of some of them."""

    def __init__(self, formats: Mapping[str, Formats] | None = None) -> None:
        self._formats = formats or {}

    def denied(self, actions: Term) -> DeniedActions:
        return expanded(actions)

    def formats(self, name: str) -> Formats:
        return self._formats.get(name)

    def supporting(self, actions: Term, resources: Term) -> Mapping[str, str]:
        named = [name for name in ACTIONS if names(lower(actions), name)]
        return {n: LEVELS[n] for n in named if supported(resources, self.formats(n))}


@pytest.mark.parametrize(
    ("patterns", "negated", "left"),
    [
        (("S:A",), False, ("s:ab", "s:b", "t:a")),
        (("s:a*", "t:*"), False, ("s:b",)),
        (("*",), False, ()),
        (("u:*",), False, ACTIONS),
        (("s:a",), True, ("s:a",)),
        (("s:*", "u:*"), True, ("s:a", "s:ab", "s:b")),
        (("*",), True, ACTIONS),
    ],
)
def test_a_deny_leaves_the_actions_that_it_does_not_name(
    patterns: tuple[str, ...], negated: bool, left: tuple[str, ...]
) -> None:
    assert tuple(expanded(Term(patterns, negated)).without(LEVELS)) == left


@pytest.mark.parametrize(
    ("name", "patterns", "negated", "named"),
    [
        ("u:one", ("u:*",), False, True),
        ("u:one", ("U:On?",), False, True),
        ("u:on*", ("u:o*",), False, True),
        ("u:on*", ("u:one",), False, False),
        ("u:one", ("*:*",), False, True),
        ("u:one", ("s:*",), True, True),
        ("u:on*", ("u:one",), True, False),
    ],
)
def test_a_name_that_the_catalogue_lacks_is_matched_by_its_text(
    name: str, patterns: tuple[str, ...], negated: bool, named: bool
) -> None:
    """A pattern is named only by what names all of it."""
    assert expanded(Term(patterns, negated)).names(name, LACKING) == named


def test_only_denies_that_remove_the_grant_on_each_resource_remove_an_action() -> None:
    """Each resource may be removed by another Deny."""
    allowing, *denies = statements(
        allow("*", ["x", "xy"]),
        deny("s:a", "x*"),
        deny("s:ab", "xy"),
        deny("s:b", **CONDITION),
        deny("t:a", "x"),
        deny("t:*", "?y"),
    )
    assert dict(granted(allowing, denies, Known())) == {"s:ab": "Read", "s:b": "Read"}
    assert dict(granted(allowing, denies, Known(), Term(("s:a*",)))) == {"s:ab": "Read"}


NOTHING: Formats = ()
THINGS = (ArnFormat("arn:${Partition}:s:::thing/${Id}"),)
BOTH = (*THINGS, ArnFormat("arn:${Partition}:s:::place/${Id}"))
THING, PLACE = "arn:aws:s:::thing/*", "arn:aws:s:::place/*"


@pytest.mark.parametrize(
    ("granted_on", "denied", "forms", "left"), cases("arns.yml", "after a Deny")
)
def test_a_deny_leaves_what_is_not_among_the_resources_of_the_action(
    granted_on: str, denied: str, forms: list[str] | None, left: Certainty
) -> None:
    """For one action and for sets; an Allow on several resources is on each of them."""
    known = table_in("arns.yml", "formats")
    formats = None if forms is None else tuple(ArnFormat(*known[form]) for form in forms)
    allowing = Statement(1, None, "Allow", Term(("s:a",)), term(granted_on), ())
    denying = Statement(2, None, "Deny", Term(("s:a",)), term(denied), ())
    assert certainty_after(denying, allowing.resources, formats) == left
    listed = Known({"s:a": formats})
    assert certainties_with(allowing, [denying], listed)("s:a", "Read") == left
    assert ("s:a" in granted(allowing, [denying], listed)) == (left != "no")


@pytest.mark.parametrize(
    ("formats", "resource", "denied", "expected"),
    [
        (THINGS, THING, [], "yes"),
        (THINGS, PLACE, [], "unsupported"),
        (THINGS, [PLACE, THING], [], "yes"),
        (NOTHING, THING, [], "unsupported"),
        (NOTHING, "*", [], "yes"),
        (None, PLACE, [], "yes"),
        # A Deny of what the action cannot have does not reach it.
        (THINGS, "*", [deny("s:a", PLACE)], "yes"),
        (THINGS, "*", [deny("s:a", [PLACE, THING])], "conditional"),
        (THINGS, "arn:aws:s:::*", [deny("s:a", "arn:aws:s:::p*")], "yes"),
        (NOTHING, "*", [deny("s:a", THING)], "yes"),
        (NOTHING, "*", [deny("s:a", THING, **CONDITION)], "yes"),
        (None, "*", [deny("s:a", THING)], "conditional"),
        (THINGS, "*", [{"Effect": "Deny", "Action": "s:a", "NotResource": "arn:*:s:::t*"}], "yes"),
        (THINGS, THING, [deny("s:a", PLACE), deny("s:a", THING)], "no"),
        # It does not make what is unsupported more certain, and a Deny of everything counts.
        (THINGS, PLACE, [deny("s:a", PLACE)], "unsupported"),
        (THINGS, PLACE, [deny("s:a", **CONDITION)], "unsupported"),
        (THINGS, PLACE, [deny("s:a")], "no"),
        # What is left after a Deny on the only resource that the action can have.
        (THINGS, [PLACE, THING], [deny("s:a", THING)], "unsupported"),
        (BOTH, [PLACE, THING], [deny("s:a", THING)], "yes"),
    ],
)
def test_an_action_is_granted_only_on_what_it_can_have(
    formats: Formats, resource: Any, denied: list[dict[str, Any]], expected: Certainty
) -> None:
    """For one action and for sets."""
    allowing, *denies = statements(allow("s:*", resource), *denied)
    known = Known({"s:a": formats})
    assert certainties_with(allowing, denies, known)("s:a", "Read") == expected
    single = [
        certainty_with(denies, one, "yes" if supported(one, formats) else "unsupported", formats)
        for one in single_terms(allowing.resources)
    ]
    assert surest(certainty for certainty, _ in single) == expected
    assert ("s:a" in granted(allowing, denies, known)) == (expected in ("yes", "conditional"))


def test_an_action_is_as_certain_as_on_its_most_certain_resource() -> None:
    allowing, *denies = statements(
        allow("*", ["x", "y"]), deny("s:a", "x"), deny("s:b"), deny("s:ab", "x", **CONDITION)
    )
    certainty = certainties_with(allowing, denies, Known())
    found = {name: certainty(name, level) for name, level in LEVELS.items()}
    assert found == {"s:a": "yes", "s:ab": "yes", "s:b": "no", "t:a": "yes"}


# --- by trying ------------------------------------------------------------------------------------

patterns = st.sampled_from(["s:*", "s:a", "s:b", "S:A?", "s:*b", "*", "*:*", "t:a"])
places = st.sampled_from(["*", "x*", "xy", "x?", "*y", "y", "x"])


@st.composite
def bodies(draw: st.DrawFn) -> Document:
    """A document of an Allow and up to three Denies of any form, each perhaps with a condition."""
    written = []
    for effect in ("Allow", *draw(st.lists(st.just("Deny"), max_size=3))):
        form: dict[str, Any] = {"Effect": effect}
        for element, texts in (("Action", patterns), ("Resource", places)):
            key = draw(st.sampled_from([element, element, f"Not{element}"]))
            form[key] = draw(st.lists(texts, min_size=1, max_size=2, unique=True))
        written.append(form | (CONDITION if draw(st.integers(0, 2)) == 0 else {}))
    return document({"Statement": written})


def outcomes(found: Document, action: str, resource: str) -> set[bool]:
    """Whether a request is allowed, with each condition met and not met in every combination."""
    about = [s for s in found.statements if names(lower(s.actions), action)]
    about = [s for s in about if names(s.resources, resource)]
    conditions = [s.number for s in about if s.condition]
    tried = set()
    for truth in product([True, False], repeat=len(conditions)):
        unmet = {number for number, holds in zip(conditions, truth, strict=True) if not holds}
        tried.add({s.effect for s in about if s.number not in unmet} == {"Allow"})
    return tried


def split(found: Document) -> tuple[Statement, list[Statement]]:
    granted, *denies = found.statements
    return granted, denies


def grants(granted: Statement) -> Iterator[tuple[str, str]]:
    """The requests that the Allow is about."""
    for action, resource in product(ACTIONS, RESOURCES):
        if names(lower(granted.actions), action) and names(granted.resources, resource):
            yield action, resource


def naming(denies: Iterable[Statement], action: str) -> list[Statement]:
    return [found for found in denies if names_action(found.actions, Term((action,)))]


@examples(3)
@given(found=bodies())
def test_the_certainty_on_one_resource_is_what_trying_gives(found: Document) -> None:
    granted, denies = split(found)
    alone: Certainty = "conditional" if granted.condition else "yes"
    for action, resource in grants(granted):
        certainty, limiting = certainty_with(naming(denies, action), Term((resource,)), alone)
        tried = outcomes(found, action, resource)
        expected = "conditional" if len(tried) == 2 else "yes" if tried == {True} else "no"
        assert certainty == expected, (action, resource)
        applying = tuple(d.number for d in naming(denies, action) if names(d.resources, resource))
        assert limiting == applying


@examples(3)
@given(found=bodies())
def test_the_certainty_on_a_pattern_holds_of_each_resource_in_it(found: Document) -> None:
    """`yes` and `no` are true of every request; `conditional` promises nothing."""
    granted, denies = split(found)
    alone: Certainty = "conditional" if granted.condition else "yes"
    for one in single_terms(granted.resources):
        for action, resource in grants(granted):
            if names(one, resource):
                certainty, _ = certainty_with(naming(denies, action), one, alone)
                tried = outcomes(found, action, resource)
                assert certainty != "yes" or tried == {True}, (action, resource)
                assert certainty != "no" or tried == {False}, (action, resource)


@examples(3)
@given(found=bodies())
def test_sets_of_actions_get_the_answers_of_single_ones(found: Document) -> None:
    """Expanded names and the text of patterns give the same answer."""
    allowing, denies = split(found)
    alone: Certainty = "conditional" if allowing.condition else "yes"
    certainty = certainties_with(allowing, denies, Known())
    for action in ACTIONS:
        single = (
            certainty_with(
                naming(denies, action), term, alone if supported(term, None) else "unsupported"
            )[0]
            for term in single_terms(allowing.resources)
        )
        assert certainty(action, "Read") == surest(single)


@examples(3)
@given(found=bodies())
def test_no_request_for_a_removed_action_is_ever_allowed(found: Document) -> None:
    """No single Deny covers one of the resources of an action that remains."""
    allowing, denies = split(found)
    left = granted(allowing, denies, Known())
    for action, resource in grants(allowing):
        if action not in left:
            assert outcomes(found, action, resource) == {False}
    for action in left:
        removing_it = naming(denies, action)
        assert any(
            all(certainty_after(d, one) != "no" for d in removing_it)
            for one in single_terms(allowing.resources)
        )
