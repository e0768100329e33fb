"""IAM patterns: matching, covering and overlapping, each compared with trying every text."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policybook.iam import patterns as automaton
from policybook.iam.patterns import (
    compiled,
    completed,
    covers,
    covers_tokens,
    has_wildcard,
    literal,
    overlaps,
    overlaps_tokens,
    tokens,
)
from policybook.iam.terms import term_covers, term_overlaps
from policybook.model.documents import Term

from tests.support.case_tables import cases
from tests.support.oracle import matches, names, texts
from tests.support.properties import examples

# Two letters of the patterns and one that no pattern holds.
TEXTS = tuple(texts("abz", 7))
SHORT_TEXTS = tuple(texts("abz", 5))
SMALL = tuple(texts("ab*?", 3))
SMALL_WITH_ONE_LETTER = tuple(texts("a*?", 4))

patterns = st.text("ab*?", max_size=5)
terms = st.builds(Term, st.lists(st.text("ab*?", max_size=3), max_size=3).map(tuple), st.booleans())


def matched(pattern: str, among: tuple[str, ...]) -> int:
    """The texts that the pattern matches, as the bits of an integer."""
    return sum(1 << place for place, text in enumerate(among) if matches(pattern, text))


# --- Matching -------------------------------------------------------------------------------------


def test_compiled_matches_what_the_pattern_matches() -> None:
    """Every short pattern with every short text."""
    for pattern, text in product(SMALL, SHORT_TEXTS):
        found = compiled(pattern).fullmatch(text) is not None
        assert found == matches(pattern, text), (pattern, text)


@pytest.mark.parametrize("char", [".", "+", "[", "\\", "\n", "^", "$", "(", "é"])
def test_compiled_takes_other_characters_as_themselves(char: str) -> None:
    """Only `*` and `?` are special; both match any character, including line breaks."""
    assert compiled(f"a{char}*").fullmatch(f"a{char}b")
    assert not compiled(f"a{char}").fullmatch("ab")
    assert compiled("a?").fullmatch(f"a{char}")
    assert compiled("a*").fullmatch(f"a{char}{char}")


# --- Tokens ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("pattern", "expected"), cases("patterns.json", "tokens"))
def test_tokens_put_wildcards_in_one_order_and_keep_variables_whole(
    pattern: str, expected: list[str]
) -> None:
    """A run of wildcards is its `?`s and then one `*`; `${…}` is one token, or the escaped one."""
    assert tokens(pattern) == tuple(expected)


def test_literal_knows_variables_but_no_wildcards() -> None:
    """In values that are compared literally, `*` and `?` are ordinary characters."""
    assert literal("a*?${aws:username}${*}") == ("a", "*", "?", "${aws:username}", "*")


# --- Covering and overlapping ---------------------------------------------------------------------


@pytest.mark.parametrize("small", [SMALL, SMALL_WITH_ONE_LETTER], ids=["two", "one"])
def test_covers_and_overlaps_are_exact_for_every_two_small_patterns(small: tuple[str, ...]) -> None:
    """`covers` is inclusion of what is matched, `overlaps` is having a text in common.

    A text of seven characters is long enough: it has room for a character of either pattern's
    and for one of none in every `*` of patterns of up to three (or four of one letter).
    """
    by_pattern = {pattern: matched(pattern, TEXTS) for pattern in small}
    for wide, narrow in product(small, repeat=2):
        in_wide, in_narrow = by_pattern[wide], by_pattern[narrow]
        assert covers(wide, narrow) == (in_narrow & ~in_wide == 0), (wide, narrow)
        assert overlaps(wide, narrow) == (in_narrow & in_wide != 0), (wide, narrow)


@examples(3)
@given(wide=patterns, narrow=patterns)
def test_covers_and_overlaps_are_exact_for_larger_patterns(wide: str, narrow: str) -> None:
    """The same for patterns of up to five characters."""
    inside = all(matches(wide, text) for text in TEXTS if matches(narrow, text))
    assert covers(wide, narrow) == inside
    assert overlaps(wide, narrow) == any(
        matches(wide, text) and matches(narrow, text) for text in TEXTS
    )


@examples(3)
@given(wide=st.text("ab*?", max_size=12), narrow=st.text("ab*?", max_size=12))
def test_covers_never_claims_a_text_that_is_not_matched(wide: str, narrow: str) -> None:
    """For longer patterns: texts drawn from the narrow one refute a wrong answer, either way."""
    drawn = [
        narrow.replace("?", one).replace("*", many)
        for one, many in product("abz", ("", "z", "a", "b", "zz", "zab", "zzzzzzzzzzzzz"))
    ]
    if covers(wide, narrow):
        assert all(matches(wide, text) for text in drawn)
    if any(matches(wide, text) for text in drawn):
        assert overlaps(wide, narrow)


@given(pattern=patterns)
def test_every_pattern_covers_itself_and_is_covered_by_a_star(pattern: str) -> None:
    """Covering is reflexive, and `*` covers everything."""
    assert covers(pattern, pattern)
    assert covers("*", pattern)
    assert covers(pattern, "*") == (pattern != "" and set(pattern) == {"*"})


def test_covering_is_transitive() -> None:
    """Covering is transitive."""
    small = tuple(texts("a*?", 3))
    for one, two, three in product(small, repeat=3):
        if covers(one, two) and covers(two, three):
            assert covers(one, three), (one, two, three)


@given(one=patterns, other=patterns)
def test_a_covered_pattern_overlaps_since_every_pattern_matches_some_text(
    one: str, other: str
) -> None:
    """Covering implies overlapping, and overlapping is symmetric."""
    assert not covers(one, other) or overlaps(one, other)
    assert overlaps(one, other) == overlaps(other, one)


@given(before=st.text("ab*?", max_size=3), run=st.text("*?", max_size=5), after=st.text("ab*?"))
def test_the_order_of_adjacent_wildcards_does_not_matter(before: str, run: str, after: str) -> None:
    """`*?` equals `?*`, and likewise for every run of wildcards."""
    one, other = before + run + after, before + "".join(sorted(run)) + after
    assert covers(one, other)
    assert covers(other, one)


@pytest.mark.parametrize(("wide", "narrow", "expected"), cases("patterns.json", "covers"))
def test_covers_on_patterns_as_policies_have_them(wide: str, narrow: str, expected: bool) -> None:
    """Colons and slashes are ordinary characters, and matching is case-sensitive."""
    assert covers(wide, narrow) is expected


def test_many_wildcards_do_not_make_covering_slow_or_deep() -> None:
    """Runs of `?` between many `*`, and thousands of `*`, are decided too."""
    assert covers("*a" + "?" * 40 + "*", "*a" * 40 + "?" * 40 + "*")
    assert not covers("*a" + "?" * 40 + "*", "*a" * 20 + "?" * 10 + "*")
    assert covers("*" + "a*" * 1_000, "*" + "ab*" * 1_000)
    assert not covers("*" + "a*" * 1_001, "*" + "ab*" * 1_000)


# --- Policy variables -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wide", "narrow", "covered"), cases("patterns.json", "covers with variables")
)
def test_a_variable_is_sure_to_be_matched_by_a_star_or_itself_only(
    wide: str, narrow: str, covered: bool
) -> None:
    """Its value is unknown and may be empty, so `?` does not match it."""
    assert covers(wide, narrow) is covered


@examples(3)
@given(
    wide=st.lists(st.sampled_from(["a", "b", "*", "?", "${v}", "${w}"]), max_size=5).map("".join),
    narrow=st.lists(st.sampled_from(["a", "b", "*", "?", "${v}", "${w}"]), max_size=5).map("".join),
)
def test_what_is_said_of_variables_holds_for_each_of_their_values(wide: str, narrow: str) -> None:
    """Covering holds for all values of the variables; overlapping holds for some."""
    for v, w in product(("", "a", "zb"), repeat=2):
        one, other = (p.replace("${v}", v).replace("${w}", w) for p in (wide, narrow))
        assert not covers(wide, narrow) or covers(one, other)
        assert not overlaps(one, other) or overlaps(wide, narrow)


@pytest.mark.parametrize(("one", "other", "overlapping"), cases("patterns.json", "overlaps"))
def test_overlapping_does_not_depend_on_which_pattern_comes_first(
    one: str, other: str, overlapping: bool
) -> None:
    """A variable may stand for any text: patterns overlap if some value of it lets them."""
    assert overlaps(one, other) is overlapping
    assert overlaps(other, one) is overlapping


@pytest.mark.parametrize(
    ("wide", "narrow", "covered"), cases("patterns.json", "covers with escapes")
)
def test_escaped_wildcards_are_covered_as_ordinary_characters(
    wide: str, narrow: str, covered: bool
) -> None:
    """`${*}` is a star, which `*` and `?` match, and itself matches nothing else."""
    assert covers(wide, narrow) is covered


def test_escaped_wildcards_are_ordinary_characters() -> None:
    """`${*}` matches only a star, and `${?}` only a question mark."""
    assert compiled("a${*}").fullmatch("a*")
    assert not compiled("a${*}").fullmatch("ab")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("a", False), ("a*", True), ("a?", True), ("a${*}", False), ("${*}?", True), ("", False)],
)
def test_has_wildcard_sees_wildcards_that_are_not_escaped(pattern: str, expected: bool) -> None:
    """Whether the pattern has an unescaped `*` or `?`."""
    assert has_wildcard(pattern) is expected


# --- Terms ----------------------------------------------------------------------------------------


@examples(5)
@given(wide=terms, narrow=terms)
def test_a_term_said_to_cover_names_all_that_the_other_names(wide: Term, narrow: Term) -> None:
    """True is always right, with and without negation."""
    if term_covers(wide, narrow):
        assert all(names(wide, text) for text in SHORT_TEXTS if names(narrow, text))


@examples(3)
@given(
    wide=patterns,
    narrow=patterns,
    others=st.lists(st.text("ab*?", max_size=4), max_size=3).map(tuple),
)
def test_terms_are_exact_for_two_patterns_and_for_a_pattern_in_everything_but(
    wide: str, narrow: str, others: tuple[str, ...]
) -> None:
    """In these two forms the answer is exact."""
    for outer in (Term((wide,)), Term(others, negated=True)):
        inner = Term((narrow,))
        inside = all(names(outer, text) for text in TEXTS if names(inner, text))
        assert term_covers(outer, inner) == inside


@pytest.mark.parametrize(
    ("wide", "narrow", "expected"),
    [
        (Term(("*",)), Term(("a",), negated=True), True),
        (Term(("b",), negated=True), Term(("a", "b*"), negated=True), True),
        (Term(("b*",), negated=True), Term(("b",), negated=True), False),
        (Term((), negated=True), Term(("*",)), True),
        (Term(("a",)), Term(()), True),
        # Not exact, and False for it: several patterns that cover only together.
        (Term(("", "?*")), Term(("*",)), False),
        (Term(("", "?*")), Term(("a",), negated=True), False),
        (Term(("*",), negated=True), Term(("", "?*"), negated=True), False),
        # Not exact, and False for it: "everything but" everything names nothing.
        (Term(("a",)), Term(("*",), negated=True), False),
        # A text need not hold a colon; only actions do.
        (Term(("*:*",)), Term(("a:b",), negated=True), False),
    ],
)
def test_terms_in_their_forms(wide: Term, narrow: Term, expected: bool) -> None:
    """If only several patterns together cover the term, the answer is False."""
    assert term_covers(wide, narrow) is expected


@pytest.mark.parametrize(("pattern", "text", "named"), cases("patterns.json", "names some of"))
def test_a_term_names_some_of_the_resources_of_a_pattern(
    pattern: str | list[str], text: str, named: bool
) -> None:
    """A list stands for everything but its patterns, as in the finder's index."""
    negated = isinstance(pattern, list)
    term = Term(tuple(pattern) if isinstance(pattern, list) else (pattern,), negated=negated)
    assert term_overlaps(term, Term((text,))) is named


# --- steps ----------------------------------------------------------------------------------------

long_patterns = st.sampled_from(("*a", "*?a", "*ab", "*?ab", "*??a")).flatmap(
    lambda letters: st.text(letters, max_size=60)
)


@examples(2)
@given(one=long_patterns, other=long_patterns)
def test_comparing_takes_steps_in_proportion_to_the_product_of_the_lengths(
    one: str, other: str
) -> None:
    """Whatever the number of wildcards. A step is what an automaton does for one letter."""
    steps = 0

    def counted(step: Callable[..., int]) -> Callable[..., int]:
        def count(*given: object) -> int:
            nonlocal steps
            steps += 1
            return step(*given)

        return count

    with pytest.MonkeyPatch.context() as patch:
        for name in ("step", "step_any", "skip"):
            machine = automaton._Machine  # it is what makes the steps
            patch.setattr(machine, name, counted(getattr(machine, name)))
        covers_tokens(tokens(one), tokens(other))
        overlaps_tokens(tokens(one), tokens(other))
    assert steps <= 2 * (len(one) + 1) * (len(other) + 1)


@given(pattern=st.text("ab*?", max_size=40))
def test_a_compiled_pattern_never_goes_back(pattern: str) -> None:
    """Every part that may match in several ways is atomic."""
    rest = re.sub(
        r"\(\?>\.\*\?[^()]*\)|\(\?>\.\{\d+,\}\)\(\?<=[^()]*\)", "", compiled(pattern).pattern
    )
    assert not set(rest) & set("*+{(")


@pytest.mark.parametrize("stars", [10, 200])
def test_a_text_that_almost_matches_many_wildcards_is_told_at_once(stars: int) -> None:
    """A matcher that goes back takes longer than any test may."""
    assert not covers("*a" * stars + "*b", "a" * 2 * stars)
    assert not covers("*a" * stars + "*b", "*a" * stars)
    assert covers("*a" * stars + "*", "*a" * 2 * stars)


# --- what a pattern stands for --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "whole"),
    [
        ("arn:aws:sqs", "arn:aws:sqs:*:*:*"),
        ("arn:aws:s3:docs", "arn:aws:s3:docs:*:*"),
        ("arn:aws:rds:*", "arn:aws:rds:*:*:*"),
        ("arn:aws:s3:::docs", "arn:aws:s3:::docs"),
        ("arn:aws:iam::1:user/${a:b}", "arn:aws:iam::1:user/${a:b}"),
        ("arn:aws:${a:b:c}", "arn:aws:${a:b:c}:*:*:*"),
        ("*", "*"),
        ("arn*", "arn*"),
    ],
)
def test_an_arn_is_completed(pattern: str, whole: str) -> None:
    """Each missing field of six is `*`; other texts are left alone."""
    assert completed(pattern) == whole
    assert covers(pattern, whole)
    assert covers(whole, pattern)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("${aws:username}", "${aws:UserName}", True),
        ("${aws:userid, 'none'}", "${AWS:UserId,'none'}", True),
        ("${aws:userid, 'none'}", "${aws:userid, 'None'}", False),
        ("${aws:userid, 'none'}", "${aws:userid}", False),
        ("a/${aws:username}", "A/${aws:username}", False),
    ],
)
def test_names_of_variables_have_no_case(one: str, other: str, same: bool) -> None:
    """But their default values do, and so does the text around them."""
    assert covers(one, other) is same
    assert covers(other, one) is same


def test_a_term_without_variables_is_text() -> None:
    """As in a document of Version 2008-10-17."""
    plain, variable = Term(("a/${v}",), variables=False), Term(("a/${v}",))
    assert term_covers(plain, Term(("a/${$}{v}",)))
    assert not term_overlaps(plain, Term(("a/x",)))
    assert term_overlaps(variable, Term(("a/x",)))
    assert not term_covers(variable, plain)
