"""Whether a policy is deprecated: the one answer that follows from what several sources say."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest
from policybook.model.deprecation import (
    CURRENT,
    OWN,
    Deprecation,
    DeprecationFacts,
    DeprecationStatement,
    ReviewedDeprecation,
    SourceDeprecation,
    deprecation,
)
from policybook.model.links import Link

PAGE = Link(title="A page", url="https://example.com/page")
OUT, GONE = "on-the-way-out", "deprecated"


def day(number: int) -> date:
    """A day of January 2020."""
    return date(2020, 1, number)


def reviewed(state: str = GONE, on: int = 0, *successors: str) -> ReviewedDeprecation:
    """An entry of `successors.yml`."""
    return ReviewedDeprecation(
        name="P",
        state=state,  # type: ignore[arg-type]  # one of the two
        source=PAGE,
        date=day(on) if on else None,
        successors=successors,
        note="A note.",
    )


def sources(**found: SourceDeprecation) -> DeprecationFacts:
    """What imported sources say, and nothing else."""
    return DeprecationFacts(sources=found)


NAMED = SourceDeprecation(state="deprecated", observed=day(9))
STATED = SourceDeprecation(state="deprecated", date=day(7), observed=day(9))
ABSENT = SourceDeprecation(not_listed=day(5))
BARRED = SourceDeprecation(not_attachable=day(6))
LEAVING = SourceDeprecation(state="on-the-way-out", date=day(1), successors=("Q",))
ADVICE = SourceDeprecation(successors=("Q", "R"))


@pytest.mark.parametrize(
    ("facts", "entry", "state", "on", "precision"),
    [
        # nobody says anything
        (None, None, "current", 0, "unknown"),
        # a person does, in policy.yml
        (DeprecationFacts(), None, GONE, 0, "unknown"),
        (DeprecationFacts(date=day(3)), None, GONE, 3, "exact"),
        (DeprecationFacts(state="on-the-way-out"), None, OUT, 0, "unknown"),
        # or in successors.yml
        (None, reviewed(), GONE, 0, "unknown"),
        (None, reviewed(OUT, 4), OUT, 4, "exact"),
        # an archive names it, lacks it, or says that it cannot be attached
        (sources(git=NAMED), None, GONE, 9, "at-latest"),
        (sources(git=STATED), None, GONE, 7, "exact"),
        (sources(git=ABSENT), None, GONE, 5, "at-latest"),
        (sources(git=BARRED), None, GONE, 6, "at-latest"),
        # a description names another one to use
        (sources(guide=ADVICE), None, OUT, 0, "unknown"),
        # the furthest state counts, and the earliest day of that state
        (sources(guide=LEAVING, git=ABSENT), None, GONE, 5, "at-latest"),
        (sources(a=STATED, git=ABSENT), None, GONE, 5, "at-latest"),
        (sources(a=STATED, git=NAMED), None, GONE, 7, "exact"),
        (sources(git=ABSENT), reviewed(GONE, 4), GONE, 4, "exact"),
        (sources(git=ABSENT), reviewed(OUT, 4), GONE, 5, "at-latest"),
        (sources(guide=LEAVING), reviewed(GONE), GONE, 0, "unknown"),
        # what a person wrote wins key by key
        (DeprecationFacts(state="current", sources={"git": ABSENT}), None, "current", 0, "unknown"),
        (DeprecationFacts(state="current"), reviewed(GONE, 4), "current", 0, "unknown"),
        (DeprecationFacts(date=day(2), sources={"git": ABSENT}), None, GONE, 2, "exact"),
        (DeprecationFacts(successors=("Q",), sources={"git": ABSENT}), None, GONE, 5, "at-latest"),
    ],
)
def test_state_and_day_follow_from_all_that_is_said(
    facts: DeprecationFacts | None,
    entry: ReviewedDeprecation | None,
    state: str,
    on: int,
    precision: str,
) -> None:
    """By the rule of the module."""
    found = deprecation(facts, entry)
    assert (found.state, found.date) == (state, day(on) if on else None)
    assert found.precision == precision
    assert found.is_current == (state == "current")


def test_nothing_said_is_current() -> None:
    """Without any statement."""
    assert deprecation(None, None) == CURRENT == Deprecation()


def test_a_persons_successors_come_before_the_reviewed_ones_and_those_of_sources() -> None:
    """The first who names any names all."""
    said = {"b": SourceDeprecation(successors=("S", "Q")), "a": ADVICE}
    own = DeprecationFacts(successors=("Own",), sources=said)
    assert deprecation(own, reviewed(GONE, 0, "Known")).successors == ("Own",)
    assert deprecation(sources(**said), reviewed(GONE, 0, "Known")).successors == ("Known",)
    assert deprecation(sources(**said), reviewed()).successors == ("Q", "R", "S")


def test_the_order_of_sources_does_not_matter() -> None:
    """They are read by name."""
    said = {"a": STATED, "b": ABSENT, "c": LEAVING, "d": ADVICE}
    answers = [
        deprecation(DeprecationFacts(sources={name: said[name] for name in order}), reviewed())
        for order in permutations(said)
    ]
    assert all(answer == answers[0] for answer in answers)


def test_each_source_is_named_with_what_it_says() -> None:
    """A person, a page, and each observation of an archive apart."""
    both = SourceDeprecation(state="deprecated", observed=day(9), not_listed=day(8))
    own = DeprecationFacts(date=day(2), successors=("Q",), sources={"git": both})
    found = deprecation(own, reviewed(OUT, 4, "R"))
    assert found.statements == (
        DeprecationStatement("deprecated", OWN, date=day(2), precision="exact", successors=("Q",)),
        DeprecationStatement(
            says="on-the-way-out",
            by="A page",
            url="https://example.com/page",
            date=day(4),
            precision="exact",
            successors=("R",),
            note="A note.",
        ),
        DeprecationStatement("deprecated", "git", date=day(9), precision="at-latest"),
        DeprecationStatement("not-listed", "git", date=day(8), precision="at-latest"),
    )
    assert [statement.by for statement in found.naming("R")] == ["A page"]
