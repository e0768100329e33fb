"""Whether several grants together cover one, compared with trying every request."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policybook.iam.aws_reference import NoReference
from policybook.iam.coverage import Box, covered
from policybook.model.documents import Clause, Term

from tests.support.case_tables import box, cases
from tests.support.oracle import contexts, meets, names, texts
from tests.support.properties import examples

S3 = "s3:*"
COVERED = cases("coverage.yml", "covered")


@pytest.mark.parametrize(
    ("one", "others", "expected"),
    [case[1:] for case in COVERED],
    ids=[case[0] for case in COVERED],
)
def test_whether_grants_cover_one_together(
    one: list[str], others: list[list[str]], expected: bool | None
) -> None:
    """True or False if that is certain, else None with a reason."""
    answer, doubt = covered(box(*one), [box(*other) for other in others])
    assert answer is expected
    assert bool(doubt) == (expected is None)


class Told(NoReference):
    """A reference that tells two patterns apart, and no others."""

    def apart(self, one: str, other: str) -> bool:
        """Whether these are the two."""
        return {one, other} == {"a*", "*b"}


def test_an_exception_that_no_real_resource_meets_leaves_out_nothing() -> None:
    """Although as text it overlaps with the resources that have to be covered."""
    one, others = box(S3, "a*"), [box(S3, "!*b")]
    assert covered(one, others) == (False, "")
    assert covered(one, others, Told()) == (True, "")


# --- against every request ------------------------------------------------------------------------

ACTIONS = [f"{prefix}:{name}" for prefix in "stu" for name in texts("abz", 2)]
RESOURCES = list(texts("xyz", 3))
CONTEXTS = list(contexts(dict.fromkeys("km", ("a", "b", "ab", "z", "zz", "a*", "?"))))
OPERATORS = ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike")


def terms(patterns: tuple[str, ...]) -> st.SearchStrategy[Term]:
    """Some of the patterns, or everything else."""
    some = st.lists(st.sampled_from(patterns), min_size=1, max_size=2).map(tuple)
    return st.builds(Term, some, st.booleans())


clauses = st.one_of(
    st.builds(
        Clause,
        st.builds(
            "".join, st.tuples(st.sampled_from(OPERATORS), st.sampled_from(("", "IfExists")))
        ),
        st.sampled_from(("k", "m")),
        st.lists(st.sampled_from(("a", "b", "a*", "?")), min_size=1, max_size=2).map(tuple),
    ),
    st.builds(Clause, st.just("Null"), st.just("k"), st.sampled_from((("true",), ("false",)))),
)
boxes = st.builds(
    Box,
    terms(("*", "s:*", "s:a", "s:?", "*b", "s:a*", "t:*")),
    terms(("*", "x", "x*", "*x", "?", "y?", "x*y")),
    st.lists(clauses, max_size=2).map(tuple),
)


class Requests(NamedTuple):
    """The requests of a box, by trying each action, resource and context."""

    actions: frozenset[str]
    resources: frozenset[str]
    contexts: frozenset[int]


@cache
def requests(one: Box) -> Requests:
    """The requests of a box."""
    return Requests(
        frozenset(action for action in ACTIONS if names(one.actions, action)),
        frozenset(resource for resource in RESOURCES if names(one.resources, resource)),
        frozenset(n for n, context in enumerate(CONTEXTS) if meets(one.condition, context)),
    )


def everything_in(own: Requests, others: list[Requests]) -> bool:
    """Whether each request of the one is a request of one of the others."""
    actions = {frozenset(o for o in others if a in o.actions) for a in own.actions}
    resources = {frozenset(o for o in others if r in o.resources) for r in own.resources}
    return all(
        own.contexts <= {context for other in here & there for context in other.contexts}
        for here in actions
        for there in resources
    )


@examples(4)
@given(one=boxes, others=st.lists(boxes, max_size=4))
def test_the_answer_is_what_trying_every_request_gives(one: Box, others: list[Box]) -> None:
    """Requests with an absent key are among them."""
    answer, _ = covered(one, others)
    assert answer is everything_in(requests(one), [*map(requests, others)])
