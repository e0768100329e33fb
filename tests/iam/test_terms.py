"""Terms of several patterns, or of everything except them: a table, and trying every text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policybook.iam.terms import term_covers, term_overlaps
from policybook.model.documents import Term

from tests.support.case_tables import cases, term
from tests.support.oracle import names, texts
from tests.support.properties import examples

TEXTS = list(texts("abz", 4))


@pytest.mark.parametrize(("one", "other", "expected"), cases("terms.yml", "overlapping terms"))
def test_terms_overlap_if_one_pattern_of_each_does(one: str, other: str, expected: bool) -> None:
    """In either order; a pattern that an exception covers does not count."""
    assert term_overlaps(term(one), term(other)) is expected
    assert term_overlaps(term(other), term(one)) is expected


def test_exceptions_without_variables_are_text() -> None:
    """Such an exception leaves every other text, and is left by others as text."""
    as_text, variable = term("!a/${v}", variables=False), term("a/${v}")
    assert term_overlaps(as_text, variable)
    assert not term_overlaps(term("!a/${v}"), variable)
    assert not term_overlaps(term("!a/${$}{v}"), term("a/${v}", variables=False))


patterns = st.lists(st.sampled_from(("*", "a", "b", "a*", "*b", "?", "ab", "a?")), max_size=3)


@examples(4)
@given(one=st.builds(Term, patterns.map(tuple), st.booleans()), other=st.data())
def test_what_every_text_shows_about_two_terms(one: Term, other: st.DataObject) -> None:
    """A cover leaves out no text, and terms without an overlap share none."""
    rest = other.draw(st.builds(Term, patterns.map(tuple), st.booleans()))
    here = {text for text in TEXTS if names(one, text)}
    there = {text for text in TEXTS if names(rest, text)}
    assert not term_covers(one, rest) or there <= here
    assert term_overlaps(one, rest) or not here & there
    if len(one.patterns) == len(rest.patterns) == 1 and not (one.negated or rest.negated):
        assert term_covers(one, rest) == (there <= here)
        assert term_overlaps(one, rest) == bool(here & there)
