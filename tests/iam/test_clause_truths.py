"""Which clauses on one key hold together for some value: a table that can be checked by hand."""

from __future__ import annotations

import pytest
from policybook.iam.clause_truths import truths
from policybook.model.documents import Clause


def clauses(*texts: str) -> tuple[Clause, ...]:
    """The clauses on the key `k` of texts such as `StringLike a*|b`."""
    parts = (text.split(" ") for text in texts)
    return tuple(Clause(operator, "k", tuple(values.split("|"))) for operator, values in parts)


def without_values(*operators: str) -> tuple[Clause, ...]:
    """Clauses on the key `k` with empty lists of values."""
    return tuple(Clause(operator, "k", ()) for operator in operators)


@pytest.mark.parametrize(
    ("found", "array", "expected"),
    [
        # Of several values one may be a and one b; one value is not both.
        (clauses("ForAnyValue:StringEquals a", "ForAnyValue:StringEquals b"), None, {0, 1, 2, 3}),
        (clauses("ForAnyValue:StringEquals a", "ForAnyValue:StringEquals b"), False, {0, 1, 2}),
        # What an operator for one value says of several is not known, but `Null` asks for any.
        (clauses("StringEquals a"), True, None),
        (clauses("StringEquals a"), None, {0, 1}),
        (clauses("Null true"), True, {0, 1}),
        # The block has one address more, the last one of all.
        (clauses("IpAddress 255.255.255.254/31", "IpAddress 255.255.255.254"), None, {0, 1, 3}),
        # A clause without values holds for none; one that is negated holds for all.
        (without_values("NumericEquals", "NumericNotEquals"), None, {2}),
        (without_values("StringEquals", "StringNotEquals"), None, {2}),
        (without_values("DateLessThan"), None, {0}),
        # A wildcard in a part of an ARN matches no colon, and that in a string does.
        (clauses("StringLike a?b:c:d:e:f:g", "ArnLike a?b:c:d:e:f:g"), None, {0, 1, 3}),
    ],
)
def test_which_clauses_hold_together(
    found: tuple[Clause, ...], array: bool | None, expected: set[int] | None
) -> None:
    """Bit n is clause n; 0 is a request that meets none."""
    assert truths(found, array) == expected


def test_a_variable_is_text_in_a_clause_without_variables() -> None:
    """It matches that text, and not any."""
    text, other = Clause("StringLike", "k", ("${v}",), False), Clause("StringEquals", "k", ("x",))
    assert truths((text, other)) == frozenset({0, 1, 2})
    assert truths((Clause("StringLike", "k", ("${v}",)), other)) == frozenset({0, 1, 2, 3})
