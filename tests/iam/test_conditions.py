"""Condition blocks: when one is no stricter than another, compared with trying every context."""

from __future__ import annotations

from itertools import islice, product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from policybook.iam.condition_operators import is_known, parsed
from policybook.iam.conditions import implies, no_stricter
from policybook.model.documents import Clause

from tests.support.case_tables import cases, clause
from tests.support.oracle import Context, contexts, holds, meets, texts
from tests.support.properties import examples

Block = tuple[Clause, ...]


# --- Operators ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operator", "parts"),
    [
        ("StringEquals", ("", "stringequals", False)),
        ("StringLikeIfExists", ("", "stringlike", True)),
        ("ForAllValues:StringLike", ("forallvalues", "stringlike", False)),
        ("foranyvalue:ARNLIKEIFEXISTS", ("foranyvalue", "arnlike", True)),
    ],
)
def test_an_operator_is_taken_apart_without_case(
    operator: str, parts: tuple[str, str, bool]
) -> None:
    """Quantifier, base and whether it ends with `IfExists`."""
    found = parsed(operator)
    assert (found.quantifier, found.base, found.if_exists) == parts


@pytest.mark.parametrize(("operator", "expected"), cases("conditions.yml", "known operators"))
def test_known_operators_are_those_of_iam(operator: str, expected: bool) -> None:
    """In any case, with or without a quantifier of IAM and `IfExists`."""
    assert is_known(operator) is expected


@pytest.mark.parametrize(("operator", "expected"), cases("conditions.yml", "absent keys"))
def test_which_operators_hold_where_the_key_is_absent(operator: str, expected: bool) -> None:
    """Negated operators, `IfExists` and `ForAllValues` do; `ForAnyValue` alone never does."""
    assert parsed(operator).passes_absent is expected
    assert holds(Clause(operator, "k", ("10.0.0.0/8",)), {}) is expected


# --- One clause compared with another -------------------------------------------------------------


@pytest.mark.parametrize(("strong", "weak", "expected"), cases("conditions.yml", "implications"))
def test_whether_one_clause_implies_another(strong: str, weak: str, expected: bool | None) -> None:
    """True or False if the operators can be compared, None if they cannot."""
    assert implies(clause(strong), clause(weak)) is expected


# --- Blocks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("one", "other", "expected", "doubt"), cases("conditions.yml", "blocks"))
def test_whether_a_block_is_no_stricter(
    one: list[str], other: list[str], expected: bool | None, doubt: str
) -> None:
    """All clauses must hold, keys are not case-sensitive, and a doubt names its clauses."""
    assert no_stricter(map(clause, one), map(clause, other)) == (expected, doubt)


# --- Against every context ------------------------------------------------------------------------

QUANTIFIERS = ("", "ForAllValues:", "ForAnyValue:")
UNIVERSES: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    # family: its operators, values for clauses, values that requests carry
    "string": (
        (
            "StringEquals",
            "StringNotEquals",
            "StringEqualsIgnoreCase",
            "StringNotEqualsIgnoreCase",
            "StringLike",
            "StringNotLike",
        ),
        ("a", "A", "b", "ab", "1", "*", "a*", "?", "?b", "*1", "", "${v}", "a${v}", "*${v}"),
        (*texts("aA1z", 2), "b", "ab", "aB", "*", "a*", "zb", "*b", "aab"),
    ),
    "arn": (
        ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"),
        ("*", "x", "arn:a:s:::x", "arn:a:*:::x*", "arn:a:s:*", "arn:*:x", "arn:a:s:r::x:?"),
        ("x", "arn:a:s:::x", "arn:a:s:::xy", "arn:a:t:::x", "arn:a:s:r::x:y", "arn:a:b:s:::x"),
    ),
    "bool": (("Bool",), ("true", "True", "false"), ("true", "false")),
    "numeric": (
        (
            "NumericEquals",
            "NumericNotEquals",
            "NumericLessThan",
            "NumericLessThanEquals",
            "NumericGreaterThan",
            "NumericGreaterThanEquals",
        ),
        ("1", "1.0", "2", "02", "9", "10"),
        ("0", "1", "1.5", "2", "9", "9.5", "10", "11"),
    ),
    "date": (
        ("DateEquals", "DateNotEquals"),
        ("2020-01-01", "2020-01-01T00:00:00Z", "2020-01-01T01:00:00+01:00", "2021-01-01"),
        ("2020-01-01", "2021-01-01", "2022-01-01"),
    ),
    "ip": (
        ("IpAddress", "NotIpAddress"),
        ("0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "::/0", "2001:db8::/32"),
        ("10.1.2.3", "10.1.0.1", "10.2.0.1", "11.0.0.1", "2001:db8::1", "fe80::1"),
    ),
}


def clauses(family: str, quantifier: str) -> st.SearchStrategy[Clause]:
    """Clauses of the family on one key, or `Null` on it."""
    operators, values, _ = UNIVERSES[family]
    compared = st.builds(
        Clause,
        st.tuples(st.sampled_from(operators), st.sampled_from(("", "IfExists"))).map(
            lambda parts: quantifier + "".join(parts)
        ),
        st.sampled_from(("k", "K")),
        st.lists(st.sampled_from(values), min_size=1, max_size=3).map(tuple),
    )
    null = st.builds(
        Clause, st.just("Null"), st.just("k"), st.sampled_from((("true",), ("false",)))
    )
    return st.one_of(compared, compared, compared, null)


def requests(family: str, quantifier: str) -> list[Context]:
    """Contexts without the key, with one value and, for quantifiers, with several."""
    values = UNIVERSES[family][2]
    known: list[Context] = [{"v": (v,)} for v in (("", "b", "1b") if family == "string" else ("",))]
    found = contexts({"k": values}, most=2 if quantifier else 1)
    return [{**context, **variable} for context, variable in product(found, known)]


@pytest.mark.parametrize("quantifier", QUANTIFIERS)
@pytest.mark.parametrize("family", UNIVERSES)
def test_a_block_said_to_be_no_stricter_is_met_wherever_the_other_is(
    family: str, quantifier: str
) -> None:
    """Tried with contexts without the key, with one value and, for quantifiers, with several."""
    universe = requests(family, quantifier)
    block = st.lists(clauses(family, quantifier), max_size=2).map(tuple)

    @examples(1.5)
    @given(one=block, other=block)
    def sound(one: Block, other: Block) -> None:
        answer, _ = no_stricter(one, other)
        assume(answer)
        assert all(meets(one, context) for context in universe if meets(other, context))

    sound()


@pytest.mark.parametrize("quantifier", QUANTIFIERS)
@pytest.mark.parametrize("family", UNIVERSES)
@pytest.mark.parametrize(
    "step",
    [
        pytest.param(7, id="one of seven"),  # no number of clauses is a multiple of it
        pytest.param(1, id="all", marks=pytest.mark.exhaustive),
    ],
)
def test_no_clause_of_one_value_is_wrongly_said_to_imply_another(
    family: str, quantifier: str, step: int
) -> None:
    """Every two operators of the family with every two values, on single and absent values."""
    operators, values, _ = UNIVERSES[family]
    universe = requests(family, "")
    found = [
        Clause(f"{quantifier}{operator}{suffix}", "k", (value,))
        for operator, suffix, value in product(operators, ("", "IfExists"), values)
    ] + [Clause("Null", "k", (value,)) for value in ("true", "false")]
    where = {
        clause: sum(1 << n for n, context in enumerate(universe) if holds(clause, context))
        for clause in found
    }
    assert step == 1 or len(found) % step
    for strong, weak in islice(product(found, repeat=2), 0, None, step):
        if implies(strong, weak):
            assert not where[strong] & ~where[weak], (strong, weak)


def test_mixed_families_and_quantifiers_are_never_wrongly_said_to_imply() -> None:
    """A value that is a valid string, number and boolean, with operators of every family."""
    bases = ("StringEquals", "StringNotLike", "NumericEquals", "NumericLessThan", "Bool", "Null")
    found = [
        Clause(quantifier + base + suffix, "k", (value,))
        for quantifier, base, suffix in product(QUANTIFIERS, bases, ("", "IfExists"))
        for value in ("1", "true")
        if (base == "Null") == (value == "true") and (base != "Null" or not quantifier + suffix)
    ]
    universe = list(contexts({"k": ("1", "01", "2")}, most=1))
    several = list(contexts({"k": ("1", "01", "2")}, most=3))
    for strong, weak in product(found, repeat=2):
        if implies(strong, weak):
            plain = ":" not in strong.operator + weak.operator
            for context in universe if plain else several:
                assert not holds(strong, context) or holds(weak, context), (strong, weak, context)


@pytest.mark.parametrize("quantifier", QUANTIFIERS)
def test_where_a_string_clause_is_said_not_to_imply_another_some_request_shows_it(
    quantifier: str,
) -> None:
    """A False for two single values has a witness: the key absent, or one value of it.

    Left out is the strong clause that no value meets, as it leaves out `*`: it says only that the
    key is absent, which is not seen.
    """
    operators, _, _ = UNIVERSES["string"]
    universe = [{}, *({"k": (text,)} for text in texts("aAbBz1*?", 2))]
    found = [
        Clause(f"{quantifier}{operator}{suffix}", "k", (value,))
        for operator, suffix in product(operators, ("", "IfExists"))
        for value in ("a", "A", "ab", "1", "*", "a*", "?b")
    ]
    null = [Clause("Null", "k", (value,)) for value in ("true", "false")]
    where = {
        clause: sum(1 << n for n, context in enumerate(universe) if holds(clause, context))
        for clause in (*found, *null)
    }
    for strong, weak in product(where, repeat=2):
        if "NotLike" in strong.operator and strong.values == ("*",):
            continue
        if implies(strong, weak) is False:
            assert where[strong] & ~where[weak], (strong, weak)
