"""Condition blocks: when one is no stricter than another, compared with trying every context."""

from __future__ import annotations

from itertools import islice, product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from policybook.iam.condition_operators import is_known, parsed
from policybook.iam.conditions import implies, no_stricter
from policybook.model.documents import Clause

from tests.support.oracle import Context, contexts, holds, meets, texts
from tests.support.properties import examples

Block = tuple[Clause, ...]


def clause(text: str) -> Clause:
    """The clause of a text such as `StringLike k a*|b`; there may be no values."""
    operator, key, *values = text.split(" ", 2)
    return Clause(operator, key, tuple(values[0].split("|")) if values else ())


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


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("StringEquals", True),
        ("stringnotlikeifexists", True),
        ("ForAnyValue:ArnNotLike", True),
        ("DateGreaterThanEquals", True),
        ("Null", True),
        ("StringMatches", False),
        ("ForSomeValues:StringLike", False),
        ("ForAnyValue:", False),
        ("", False),
    ],
)
def test_known_operators_are_those_of_iam(operator: str, expected: bool) -> None:
    """In any case, with or without a quantifier of IAM and `IfExists`."""
    assert is_known(operator) is expected


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("StringEquals", False),
        ("StringNotEquals", True),
        ("NotIpAddress", True),
        ("StringEqualsIfExists", True),
        ("StringNotEqualsIfExists", True),
        ("ForAllValues:StringEquals", True),
        ("ForAllValues:StringNotEquals", True),
        ("ForAnyValue:StringEquals", False),
        ("ForAnyValue:StringNotEquals", False),
        ("ForAnyValue:StringEqualsIfExists", True),
    ],
)
def test_which_operators_hold_where_the_key_is_absent(operator: str, expected: bool) -> None:
    """Negated operators, `IfExists` and `ForAllValues` do; `ForAnyValue` alone never does."""
    assert parsed(operator).passes_absent is expected
    assert holds(Clause(operator, "k", ("10.0.0.0/8",)), {}) is expected


# --- One clause compared with another -------------------------------------------------------------

IMPLICATIONS: list[tuple[str, str, bool | None]] = [
    # The same, in other words
    ("StringEquals k a", "stringequals K a", True),
    ("StringEquals k a|b", "StringEquals k b|a|a", True),
    ("StringSounds k a", "StringSounds k a", True),
    ("StringSounds k a", "StringSounds k a|b", None),
    # Strings: more values are less strict
    ("StringEquals k a", "StringEquals k a|b", True),
    ("StringEquals k a|b", "StringEquals k a", False),
    ("StringEquals k a", "StringEquals k A", False),
    ("StringEquals k a", "StringEquals k b", False),
    # Like: wildcards count in its own values only
    ("StringEquals k ab", "StringLike k a*", True),
    ("StringLike k a*", "StringEquals k a*", False),
    ("StringEquals k a*", "StringLike k a?", True),
    ("StringLike k ab", "StringEquals k ab", True),
    ("StringLike k a?b", "StringLike k a*b", True),
    ("StringLike k a*b", "StringLike k a?b", False),
    ("StringLike k a*", "StringLike k b*|a*", True),
    ("StringLike k *", "StringLike k **", True),
    # Ignore case
    ("StringEquals k a", "StringEqualsIgnoreCase k A", True),
    ("StringEqualsIgnoreCase k a", "StringEqualsIgnoreCase k A", True),
    ("StringEqualsIgnoreCase k a", "StringEquals k a", False),
    ("StringEqualsIgnoreCase k 12", "StringEquals k 12|a", True),
    ("StringEqualsIgnoreCase k a1", "StringLike k ?1", True),
    ("StringEqualsIgnoreCase k ab", "StringLike k *", True),
    ("StringEqualsIgnoreCase k ab", "StringLike k a*", False),
    ("StringLike k A*", "StringEqualsIgnoreCase k a*", False),
    # Policy variables: the same one, or a star
    ("StringEquals k ${aws:username}", "StringEquals k ${aws:username}|a", True),
    ("StringEquals k ${aws:username}", "StringLike k *", True),
    ("StringEquals k ${aws:username}", "StringEquals k a", False),
    ("StringEquals k a${v}", "StringEquals k *${v}", False),
    ("StringEquals k a${v}", "StringLike k *${v}", True),
    ("StringEqualsIgnoreCase k ${v}", "StringLike k ${v}", False),
    # A wildcard in a part of an ARN matches no colon, and that in a string does
    ("ArnLike k a*b:c:d:e:f:g", "StringLike k a*b:c:d:e:f:g", True),
    ("StringLike k a*b:c:d:e:f:g", "ArnLike k a*b:c:d:e:f:g", False),
    ("ArnLike k a?b:c:d:e:f:g", "ArnNotLike k a:b:c:d:e:f:g", True),
    ("StringEquals k ${*}", "StringEquals k *", True),
    # Negated: fewer values are less strict
    ("StringNotEquals k a|b", "StringNotEquals k a", True),
    ("StringNotEquals k a", "StringNotEquals k a|b", False),
    ("StringNotLike k a*", "StringNotEquals k ab", True),
    ("StringNotEquals k ab", "StringNotLike k a*", False),
    ("StringNotEqualsIgnoreCase k a", "StringNotEquals k A", True),
    ("StringNotEquals k a", "StringNotEqualsIgnoreCase k a", False),
    ("StringNotLike k *", "StringNotEqualsIgnoreCase k a", True),
    # A value that is named is none of those left out
    ("StringEquals k a", "StringNotEquals k b", True),
    ("StringEquals k a", "StringNotEquals k a|b", False),
    ("StringEquals k a", "StringNotEqualsIgnoreCase k A", False),
    ("StringEquals k a", "StringNotEquals k A", True),
    ("StringLike k a*", "StringNotLike k *b", False),
    ("StringLike k a*", "StringNotLike k b*", True),
    ("StringEquals k ${v}", "StringNotEquals k a", False),
    ("StringNotEquals k a", "StringEquals k b", False),
    ("StringNotEquals k a", "StringLike k *", False),
    ("StringNotEquals k a", "StringLikeIfExists k *", True),
    # IfExists
    ("StringEquals k a", "StringEqualsIfExists k a", True),
    ("StringEqualsIfExists k a", "StringEquals k a", False),
    ("StringEqualsIfExists k a", "StringNotEquals k b", True),
    ("StringNotEquals k a", "StringNotEqualsIfExists k a", True),
    ("StringNotEqualsIfExists k a", "StringNotEquals k a", True),
    ("BoolIfExists k true", "Bool k true", False),
    # Quantifiers: compared with the same one only
    ("ForAllValues:StringEquals k a", "ForAllValues:StringEquals k a|b", True),
    ("ForAllValues:StringEquals k a|b", "ForAllValues:StringEquals k a", False),
    ("ForAnyValue:StringEquals k a", "ForAnyValue:StringLike k *", True),
    ("ForAnyValue:StringLike k *", "ForAnyValue:StringEquals k a", False),
    ("ForAnyValue:StringEquals k a", "ForAnyValue:StringNotEquals k b", True),
    ("ForAnyValue:StringNotEquals k a", "ForAnyValue:StringNotEquals k a|b", False),
    ("ForAllValues:StringNotEquals k a|b", "ForAllValues:StringNotEquals k b", True),
    ("ForAllValues:StringEquals k a", "ForAnyValue:StringEquals k a", False),
    ("ForAnyValue:StringEquals k a", "ForAllValues:StringEquals k a", False),
    ("StringEquals k a", "ForAnyValue:StringEquals k a", None),
    ("ForAllValues:StringEquals k a", "StringEquals k a", None),
    # ARNs: part by part
    ("ArnEquals k arn:aws:s3:::a", "ArnLike k arn:aws:s3:::*", True),
    ("ArnLike k arn:aws:s3:::*", "ArnEquals k arn:aws:s3:::*", True),
    ("ArnLike k arn:aws:s3:::a*", "ArnLike k arn:aws:s3:::a", False),
    ("ArnLike k arn:aws:sns:*:1:a:b", "ArnLike k arn:*:sns:*:*:*b", True),
    ("ArnLike k arn:aws:s3:::a", "ArnLike k arn:*:a", None),
    ("ArnLike k *", "ArnLike k *|arn:aws:s3:::a", True),
    ("ArnLike k *", "ArnNotLike k *", None),
    ("ArnNotLike k *|a", "ArnNotLike k *", True),
    ("ArnNotLike k *", "ArnNotLike k *|a", None),
    ("ArnLike k arn:aws:s:${a:b}:1:x", "ArnLike k arn:aws:s:${a:b}:*", None),
    ("ArnLike k arn:aws:s3:::a", "ArnNotLike k arn:aws:s3:::b*", True),
    ("ArnLike k arn:aws:s3:::a", "ArnNotLike k arn:aws:*:::a", False),
    ("ArnNotLike k arn:aws:s3:::*", "ArnNotLike k arn:aws:s3:::a", True),
    ("ArnNotLike k arn:aws:s3:::a", "ArnNotLike k arn:aws:s3:::*", False),
    ("ArnNotLike k arn:*:*:*:*:*", "ArnLikeIfExists k arn:*:*:*:*:*", False),
    ("StringLike k arn:aws:s3:::a", "ArnLike k arn:aws:s3:::a", True),
    # Truth values
    ("Bool k true", "Bool k True", True),
    ("Bool k true", "Bool k false", False),
    ("Bool k true", "Bool k true|false", True),
    ("Bool k true", "StringEquals k true", None),
    # Numbers
    ("NumericEquals k 1", "NumericEquals k 1.0|2", True),
    ("NumericEquals k 10", "NumericNotEquals k 10.0", False),
    ("NumericEquals k 10", "NumericNotEquals k 11", True),
    ("NumericNotEquals k 1|2", "NumericNotEquals k 2.0", True),
    ("NumericNotEquals k 1", "NumericEqualsIfExists k 2", False),
    ("NumericEquals k ten", "NumericEquals k ten|1", True),
    ("NumericEquals k NaN", "NumericEquals k NaN|1", True),
    ("NumericLessThan k 5", "NumericLessThan k 6", True),
    ("NumericLessThan k 6", "NumericLessThan k 5", False),
    ("NumericLessThan k 5", "NumericLessThanEquals k 5.0", True),
    ("NumericLessThanEquals k 5", "NumericLessThan k 5", False),
    ("NumericLessThan k 1|9", "NumericLessThan k 9", True),
    ("NumericLessThan k 1|9", "NumericLessThan k 5", False),
    ("NumericLessThan k 9007199254740993", "NumericLessThan k 9007199254740992", False),
    ("NumericGreaterThan k 6", "NumericGreaterThanEquals k 5", True),
    ("NumericGreaterThan k 10", "NumericGreaterThan k 9", True),
    ("NumericGreaterThan k 9", "NumericGreaterThan k 10", False),
    ("NumericGreaterThanEquals k 5", "NumericGreaterThan k 5", False),
    ("NumericGreaterThan k 5", "NumericLessThan k 9", False),
    ("NumericLessThan k many", "NumericLessThan k 9", None),
    ("NumericLessThan k", "NumericLessThan k 9", True),
    ("NumericLessThanIfExists k 5", "NumericLessThan k 9", False),
    # Dates: by the moments that they name
    ("DateEquals k 2020-01-01", "DateEquals k 2020-01-01|2021-01-01", True),
    ("DateEquals k 2020-01-01", "DateEquals k 2020-01-01T00:00:00Z", True),
    ("DateEquals k 2020-01-01", "DateNotEquals k 2020-01-01T00:00:00Z", False),
    ("DateNotEquals k 2020-01-01|2021-01-01", "DateNotEquals k 2020-01-01", True),
    ("DateNotEquals k 2020-01-01", "DateNotEquals k 2020-01-01|2021-01-01", False),
    ("DateLessThan k 2020-01-01", "DateLessThan k 2020-01-01", True),
    ("DateLessThan k 2020-01-01", "DateLessThan k 2021-01-01", True),
    ("DateLessThan k 2021-01-01", "DateLessThan k 2020-01-01", False),
    ("DateLessThan k 2020-01-01T02:00:00+02:00", "DateLessThan k 1577836800", True),
    ("DateGreaterThan k 2020-01-02", "DateGreaterThanEquals k 2020-01", True),
    ("DateLessThan k soon", "DateLessThan k 2020-01-01", None),
    ("DateEquals k 1", "NumericEquals k 1", None),
    # Addresses
    ("IpAddress k 10.1.0.0/16", "IpAddress k 10.0.0.0/8", True),
    ("IpAddress k 10.0.0.0/8", "IpAddress k 10.1.0.0/16", False),
    ("IpAddress k 10.0.0.1", "IpAddress k 10.0.0.1/32", True),
    ("IpAddress k 2001:db8::/33", "IpAddress k 10.0.0.0/8|2001:db8::/32", True),
    ("IpAddress k 10.0.0.0/8", "IpAddress k ::/0", False),
    ("NotIpAddress k 10.0.0.0/8", "NotIpAddress k 10.1.0.0/16", True),
    ("NotIpAddress k 10.1.0.0/16", "NotIpAddress k 10.0.0.0/8", False),
    ("IpAddress k 10.0.0.0/8", "NotIpAddress k 11.0.0.0/8", True),
    ("IpAddress k 10.0.0.0/8", "NotIpAddress k 10.1.0.0/16", False),
    ("NotIpAddress k 0.0.0.0/0", "IpAddressIfExists k ::/0", True),
    ("IpAddress k here", "IpAddress k 10.0.0.0/8", None),
    # Null says that a key is absent, or present
    ("Null k true", "Null k TRUE", True),
    ("Null k true", "Null k false", False),
    ("Null k true", "StringEquals k a", False),
    ("Null k true", "StringNotEquals k a", True),
    ("Null k true", "StringEqualsIfExists k a", True),
    ("Null k true", "ForAllValues:StringEquals k a", True),
    ("Null k true", "ForAnyValue:StringEquals k a", False),
    ("Null k false", "StringEquals k a", False),
    ("Null k false", "StringNotEquals k a", False),
    ("Null k false", "StringLike k *", True),
    ("Null k false", "StringEquals k *", False),
    ("Null k false", "StringNotLike k *", False),
    ("Null k false", "ArnLike k *", None),
    ("Null k false", "ForAnyValue:StringLike k *", True),
    ("StringLike k *", "Null k false", True),
    ("ForAnyValue:StringEquals k a", "Null k false", True),
    ("ForAllValues:StringEquals k a", "Null k false", False),
    ("StringNotEquals k a", "Null k false", False),
    ("StringEquals k a", "Null k true", False),
    ("Null k maybe", "StringEquals k a", None),
    ("Null k true|false", "StringEquals k a", False),
]


@pytest.mark.parametrize(("strong", "weak", "expected"), IMPLICATIONS)
def test_whether_one_clause_implies_another(strong: str, weak: str, expected: bool | None) -> None:
    """True or False if the operators can be compared, None if they cannot."""
    assert implies(clause(strong), clause(weak)) is expected


# --- Blocks ---------------------------------------------------------------------------------------

BLOCKS: list[tuple[list[str], list[str], bool | None, str]] = [
    # Less: every clause that is there must be implied by one of the other block
    ([], [], True, ""),
    ([], ["StringEquals k a"], True, ""),
    (["StringEquals k a"], [], False, ""),
    (["StringEquals k a"], ["StringEquals k a", "Bool m true"], True, ""),
    (["StringEquals k a", "Bool m true"], ["StringEquals k a"], False, ""),
    (["StringEquals k a|b"], ["StringEquals k c", "StringEquals k a"], True, ""),
    (["StringEquals k a"], ["StringEquals j a"], False, ""),
    (["StringEquals aws:TagKeys a"], ["StringEquals AWS:tagkeys a"], True, ""),
    (["Null k false", "StringLike k *"], ["StringEquals k a"], True, ""),
    # What cannot be compared is named, unless the answer is clear without it
    (["ArnLike k a"], ["StringLike k a"], None, "StringLike beside ArnLike on k"),
    (["ArnLike k a"], ["StringLike k a", "ArnLike k a"], True, ""),
    (["ArnLike k a", "Bool m true"], ["StringLike k a"], False, ""),
    (
        ["ArnLike k a", "Bool m true"],
        ["StringLike k a", "Bool m true"],
        None,
        "StringLike beside ArnLike on k",
    ),
    # Clauses on one key are taken together
    (["StringEquals k a"], ["StringEqualsIfExists k a", "Null k false"], True, ""),
    (["StringEquals k a"], ["StringLike k a|b", "StringNotEquals k b"], True, ""),
    (["NumericEquals k 5"], ["NumericLessThanEquals k 5", "NumericGreaterThan k 4"], False, ""),
    (["NumericEquals k 5"], ["NumericLessThanEquals k 5", "NumericGreaterThan k 5"], True, ""),
    (["NumericEquals k 5"], ["NumericLessThanEquals k 5", "NumericNotEquals k 5"], False, ""),
    (["StringEquals k a"], ["StringEquals j a", "StringEquals j b"], True, ""),  # no request
    # A clause that always holds is no limit
    (["StringLikeIfExists k *"], [], True, ""),
    (["ForAllValues:StringLike k *"], [], True, ""),
    (["ForAnyValue:StringLike k *"], [], False, ""),
]


@pytest.mark.parametrize(("one", "other", "expected", "doubt"), BLOCKS)
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
