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

from tests.support.oracle import contexts, meets, names, texts
from tests.support.properties import examples


def box(actions: str, resources: str, *condition: str) -> Box:
    """The box of two terms, each negated by a leading `!`, and of clauses such as `Bool k true`."""
    return Box(term(actions), term(resources), tuple(clause(text) for text in condition))


def term(text: str) -> Term:
    """The term of a text such as `!s3:* iam:*`."""
    return Term(tuple(text.removeprefix("!").split()), text.startswith("!"))


def clause(text: str) -> Clause:
    """The clause of a text such as `StringLike k a*|b`."""
    operator, key, values = text.split(" ")
    return Clause(operator, key, tuple(values.split("|")))


S3 = "s3:*"
CASES: list[tuple[str, Box, list[Box], bool | None]] = [
    ("one is enough", box("s3:get*", "a"), [box(S3, "*")], True),
    ("two halves of the resources", box(S3, "*"), [box(S3, "a*"), box(S3, "!a*")], True),
    ("two halves of the actions", box(S3, "*"), [box("s3:get*", "*"), box("!s3:get*", "*")], True),
    (
        "quarters",
        box(S3, "*"),
        [
            box("s3:get*", "a*"),
            box("!s3:get*", "a*"),
            box("s3:get*", "!a*"),
            box("!s3:get*", "!a*"),
        ],
        True,
    ),
    (
        "three quarters",
        box(S3, "*"),
        [box("s3:get*", "a*"), box("!s3:get*", "a*"), box("s3:get*", "!a*")],
        False,
    ),
    ("nothing", box("!*", "*"), [], True),
    ("a list is no wildcard", box("s3:get*", "*"), [box("s3:geta s3:getb", "*")], False),
    ("the rest of a list", box("!iam:*", "*"), [box("!iam:* s3:*", "*"), box(S3, "*")], True),
    (
        "values of one key",
        box(S3, "*", "StringEquals k a|b"),
        [box(S3, "*", "StringEquals k a"), box(S3, "*", "StringEquals K b")],
        True,
    ),
    (
        "a value and all others",
        box(S3, "*"),
        [box(S3, "*", "StringEquals k a"), box(S3, "*", "StringNotEquals k a")],
        True,
    ),
    (
        "a value that is absent",
        box(S3, "*"),
        [box(S3, "*", "StringEquals k a"), box(S3, "*", "ForAnyValue:StringNotEquals k a")],
        None,
    ),
    (
        "negated values hold together, so two statements are wider than their union",
        box(S3, "*", "StringNotEquals k a"),
        [box(S3, "*", "StringNotEquals k a|b")],
        False,
    ),
    (
        "two negated statements let through everything",
        box(S3, "*"),
        [box(S3, "*", "StringNotEquals k a"), box(S3, "*", "StringNotEquals k b")],
        True,
    ),
    (
        "one list of all values is wider than two lists",
        box(S3, "*", "ForAllValues:StringEquals k a|b"),
        [
            box(S3, "*", "ForAllValues:StringEquals k a"),
            box(S3, "*", "ForAllValues:StringEquals k b"),
        ],
        False,
    ),
    (
        "any value merges",
        box(S3, "*", "ForAnyValue:StringEquals k a|b"),
        [
            box(S3, "*", "ForAnyValue:StringEquals k a"),
            box(S3, "*", "ForAnyValue:StringEquals k b"),
        ],
        True,
    ),
    (
        "true and false, if the key is there",
        box(S3, "*", "Null k false"),
        [box(S3, "*", "Bool k true"), box(S3, "*", "Bool k false")],
        True,
    ),
    (
        "true and false, but the key may be absent",
        box(S3, "*"),
        [box(S3, "*", "Bool k true"), box(S3, "*", "Bool k false")],
        False,
    ),
    (
        "halves of a block of addresses",
        box(S3, "*", "IpAddress k 192.0.2.0/24"),
        [box(S3, "*", "IpAddress k 192.0.2.0/25"), box(S3, "*", "IpAddress k 192.0.2.128/25")],
        True,
    ),
    (
        "numbers below and above",
        box(S3, "*", "Null k false"),
        [box(S3, "*", "NumericLessThan k 5"), box(S3, "*", "NumericGreaterThanEquals k 5.0")],
        True,
    ),
    (
        "days before and after",
        box(S3, "*", "DateGreaterThan k 2020-01-01"),
        [
            box(S3, "*", "DateLessThan k 2021-01-01"),
            box(S3, "*", "DateGreaterThanEquals k 2021-01-01T00:00:00Z"),
        ],
        True,
    ),
    (
        "two keys",
        box(S3, "*", "StringEquals k a|b", "StringEquals m c"),
        [
            box(S3, "*", "StringEquals k a"),
            box(S3, "*", "StringEquals k b", "StringEquals m c|d"),
        ],
        True,
    ),
    (
        "two keys, one of them too narrow",
        box(S3, "*", "StringEquals k a|b"),
        [box(S3, "*", "StringEquals k a"), box(S3, "*", "StringEquals k b", "StringEquals m c")],
        False,
    ),
    (
        "an operator that is unknown",
        box(S3, "*", "StringSounds k a"),
        [box(S3, "*", "StringSounds k a|b")],
        None,
    ),
    (
        "an unknown operator that does not matter",
        box(S3, "*", "StringSounds k a"),
        [box(S3, "*", "StringSounds k b"), box(S3, "*")],
        True,
    ),
    (
        "the same variable",
        box(S3, "a/${aws:username}"),
        [box(S3, "a/${aws:UserName}"), box(S3, "b")],
        True,
    ),
    ("another variable", box(S3, "${aws:username}"), [box(S3, "${aws:userid}")], False),
    ("a variable may be left out", box(S3, "a"), [box(S3, "!${aws:username}")], False),
    ("an action without a colon is none", box("s3", "*"), [], True),
    (
        "a text with two colons is no action",
        box(S3, "*"),
        [box("s3:get*", "*"), box("!s3:get* *:*:*", "*")],
        True,
    ),
    (
        "too many patterns that may match one text",
        box(S3, "*"),
        [box(S3, "*a*"), box(S3, "!*a*"), *(box(S3, f"*{letter}*") for letter in "bcdefghijklmn")],
        None,
    ),
]


@pytest.mark.parametrize(
    ("one", "others", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_whether_grants_cover_one_together(
    one: Box, others: list[Box], expected: bool | None
) -> None:
    """True or False if that is certain, else None with a reason."""
    answer, doubt = covered(one, others)
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
