"""For which values of a condition key several clauses hold, each for itself.

A clause holds if one of its values matches (IAM User Guide, "IAM JSON policy elements: Condition
operators" and "Multivalued context keys"). The values that a request may have are infinitely many,
but the clauses tell only a few kinds of them apart. `truths` tries one value of each kind, and the
request without the key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import zip_longest

from policybook.iam.condition_operators import Operator, parsed
from policybook.iam.condition_values import boolean, moment, network, number
from policybook.iam.patterns import OTHER, as_text, literal, tokens
from policybook.iam.text_sets import TextPattern, TextSet, Undecided, text_truths
from policybook.model.documents import Clause

MOST_SETS = 4_000  # different sets of values of a key that has several


@lru_cache(maxsize=65_536)
def truths(
    clauses: tuple[Clause, ...], array: bool | None = None, must: int = 0
) -> frozenset[int] | None:
    """The sets of clauses that hold together for some value of their key; bit n is clause n.

    Args:
        clauses: Clauses with the same condition key.
        array: Whether the key has several values. None if that is not known: then a clause with
            `ForAllValues` or `ForAnyValue` says that it has.
        must: Clauses, as bits, that have to hold; other sets may be left out.

    Returns:
        The sets, or None if the clauses cannot be compared: they compare values of different
        kinds, a value is none of its operator, or there are too many sets.
    """
    operators = [parsed(clause.operator) for clause in clauses]
    quantifiers = {op.quantifier for op in operators if op.family != "null"}
    several = array is not False and bool(quantifiers - {""})
    if (several or array) and "" in quantifiers:
        return None
    try:
        absent = _absent(clauses, operators)
        found = {*_present(clauses, operators, 0 if several else must)}
        if several:
            found = _of_sets(found, operators)
    except Undecided:
        return None
    return frozenset(bits for bits in (*found, absent) if bits & must == must)


def _bits(holding: Iterable[bool]) -> int:
    return sum(1 << place for place, holds in enumerate(holding) if holds)


def _absent(clauses: Sequence[Clause], operators: Sequence[Operator]) -> int:
    """The clauses that hold for a request without the key."""
    return _bits(
        _says(clause, "true") if op.family == "null" else op.passes_absent
        for clause, op in zip(clauses, operators, strict=True)
    )


def _says(clause: Clause, wanted: str) -> bool:
    """Whether a `Null` clause has the value."""
    values = {value.lower() for value in clause.values}
    if not values <= {"true", "false"}:
        raise Undecided
    return wanted in values


def _present(clauses: Sequence[Clause], operators: Sequence[Operator], must: int) -> Iterator[int]:
    """The clauses that hold for one value, for a value of each kind."""
    families = {op.family for op in operators} - {"null"}
    present = _bits(
        op.family == "null" and _says(clause, "false")
        for clause, op in zip(clauses, operators, strict=True)
    )
    compared = [
        (place, clause, op)
        for place, (clause, op) in enumerate(zip(clauses, operators, strict=True))
        if op.family != "null"
    ]
    if families <= {"string", "arn"}:
        sets = [_text_set(clause, op) for _, clause, op in compared]
        needed = _bits(bool(must >> place & 1) for place, _, _ in compared)
        found = text_truths(sets, needed)
    elif len(families) == 1:
        found = _of_values(families.pop(), [(clause, op) for _, clause, op in compared])
    else:
        raise Undecided
    for bits in found:
        yield present | sum(1 << place for n, (place, _, _) in enumerate(compared) if bits >> n & 1)


def _of_sets(single: set[int], operators: Sequence[Operator]) -> set[int]:
    """The clauses that hold for a set of values, from those that hold for each of its values.

    `ForAllValues` holds if it holds for all of them, `ForAnyValue` if it does for any. `Null` does
    not depend on the number of values.
    """
    every = _bits(op.quantifier != "foranyvalue" for op in operators)
    found, waiting = set(single), list(single)
    while waiting:
        one = waiting.pop()
        for other in single:
            both = one & other & every | (one | other) & ~every
            if both not in found:
                if len(found) >= MOST_SETS:
                    raise Undecided
                found.add(both)
                waiting.append(both)
    return found


# --- strings and ARNs -----------------------------------------------------------------------------


def _text_set(clause: Clause, operator: Operator) -> TextSet:
    """The values for which a clause on strings or ARNs holds.

    The six parts of an ARN are compared one by one, so a wildcard does not match the colons between
    them (IAM User Guide, "Amazon Resource Name (ARN) condition operators").
    """
    arn, fold = operator.family == "arn", operator.base.endswith("ignorecase")
    read = tokens if arn or operator.base.endswith("like") else literal
    values = clause.values if clause.variables else map(as_text, clause.values)
    found = [read(value) for value in values]
    if arn and any(pattern.count(":") < _COLONS for pattern in found):
        raise Undecided
    patterns = (TextPattern(p, _COLONS if arn and not _ends_plain(p) else 0, fold) for p in found)
    return TextSet(tuple(patterns), operator.negated)


_COLONS = 5  # between the six parts of an ARN


def _ends_plain(pattern: tuple[str, ...]) -> bool:
    """Whether only the last part of an ARN's pattern has wildcards or variables, or none has."""
    colons = 0
    for token in pattern:
        if len(token) > 1:
            return colons >= _COLONS
        colons += token == ":"
    return True


# --- values of other kinds ------------------------------------------------------------------------

_Range = tuple[int, int, int]
"""The IP version of addresses, and the first and the last of them as numbers."""
_Value = Fraction | bool | str | _Range
MOST_COMPARED = 1_000_000  # values of requests with expected values


def _of_values(family: str, compared: Sequence[tuple[Clause, Operator]]) -> Iterator[int]:
    expected = [[_read(family, value) for value in clause.values] for clause, _ in compared]
    every = list(dict.fromkeys(one for listed in expected for one in listed))
    kinds = list(dict.fromkeys(_kinds(family, every)))
    if len(kinds) * len(every) > MOST_COMPARED:
        raise Undecided
    for value in kinds:
        yield _bits(
            any(_matches(op.base, value, one) for one in listed) != op.negated
            for (_, op), listed in zip(compared, expected, strict=True)
        )


def _read(family: str, text: str) -> _Value:
    """What a value of a clause stands for.

    Raises:
        Undecided: It stands for no value of the family.
    """
    found: _Value | None
    match family:
        case "number":
            found = number(text)
        case "date":
            found = moment(text)
        case "ip":
            block = network(text)
            found = (block.version, int(block[0]), int(block[-1])) if block else None
        case "bool":
            found = boolean(text)
        case "binary":
            found = text
        case _:
            found = None
    if found is None:
        raise Undecided
    return found


def _kinds(family: str, expected: Sequence[_Value]) -> Iterator[_Value]:
    """One value of a request of each kind that the expected values tell apart."""
    match family:
        case "bool":
            yield from (True, False)
        case "binary":
            yield from (OTHER, *(text for text in expected if isinstance(text, str)))
        case "ip":
            yield from ((4, 0, 0), (6, 0, 0))
            for block in expected:
                if isinstance(block, tuple):
                    version, first, last = block
                    yield version, first, first
                    if last + 1 < 1 << _BITS[version]:
                        yield version, last + 1, last + 1
        case _:
            points = sorted({point for point in expected if isinstance(point, Fraction)})
            yield points[0] - 1 if points else Fraction(0)
            for point, after in zip_longest(points, points[1:]):
                yield from (point, point + 1 if after is None else (point + after) / 2)


_BITS = {4: 32, 6: 128}


def _matches(base: str, value: _Value, expected: _Value) -> bool:
    """Whether a value of a request matches one value of a clause, before negation."""
    match value, expected:
        case Fraction(), Fraction() if "less" in base:
            return value <= expected if base.endswith("equals") else value < expected
        case Fraction(), Fraction() if "greater" in base:
            return value >= expected if base.endswith("equals") else value > expected
        case (tuple(), tuple()):
            return value[0] == expected[0] and expected[1] <= value[1] <= expected[2]
        case _:
            return value == expected
