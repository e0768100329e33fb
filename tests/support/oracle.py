"""Slow, obviously right versions of what the engine computes, for tests to compare it with.

Nothing here looks at the form of patterns, conditions or documents: texts and requests are tried
one by one, less those texts that do not even begin as a pattern does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from ipaddress import ip_address, ip_network
from itertools import combinations, product
from typing import Any, NamedTuple

from msgspec import structs
from policybook.data.validation import typed
from policybook.iam.statements import document_of
from policybook.model.documents import Clause, Document, DocumentFile, Grant, StatementFile, Term

Context = Mapping[str, tuple[str, ...]]
"""The values of each key that a request carries; the keys in lower case."""


class Request(NamedTuple):
    """A request of a principal."""

    action: str
    resource: str
    context: Context


# --- Patterns -------------------------------------------------------------------------------------


def texts(alphabet: str, longest: int) -> Iterator[str]:
    """Every text over the alphabet, the shortest first."""
    for length in range(longest + 1):
        yield from map("".join, product(alphabet, repeat=length))


@cache
def matches(pattern: str, text: str) -> bool:
    """Whether the pattern of characters, `*` and `?` matches the text, one character at a time."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return matches(pattern[1:], text) or (bool(text) and matches(pattern, text[1:]))
    return bool(text) and pattern[0] in ("?", text[0]) and matches(pattern[1:], text[1:])


def names(term: Term, text: str) -> bool:
    """Whether the term names the text."""
    begun = (p for p in term.patterns if text.startswith(_beginning(p)))
    return any(matches(pattern, text) for pattern in begun) != term.negated


@cache
def _beginning(pattern: str) -> str:
    """The text before the first wildcard, with which every matching text begins."""
    return pattern.partition("*")[0].partition("?")[0]


# --- Conditions -----------------------------------------------------------------------------------


def meets(block: Iterable[Clause], context: Context) -> bool:
    """Whether the request's context meets every clause of the block."""
    return all(holds(clause, context) for clause in block)


def holds(clause: Clause, context: Context) -> bool:
    """Whether the context meets the clause, by the rules of the IAM guide's "Condition operators".

    An operator without quantifier looks at the first value, as it is for keys with one value.
    """
    quantifier, _, operator = clause.operator.lower().rpartition(":")
    base = operator.removesuffix("ifexists")
    values = context.get(clause.key.lower(), ())
    if base == "null":
        return any((value.lower() == "true") == (not values) for value in clause.values)
    negated = "not" in base
    if not values:
        return base != operator or quantifier == "forallvalues" or (negated and not quantifier)
    base = base.replace("not", "")
    results = [
        any(_single(base, expected, value, context) for expected in clause.values) != negated
        for value in values
    ]
    match quantifier:
        case "forallvalues":
            return all(results)
        case "foranyvalue":
            return any(results)
        case _:
            return results[0]


def _single(base: str, expected: str, value: str, context: Context) -> bool:
    """Whether one value of the request matches one value of the clause."""
    match base:
        case "stringequals":
            return value == _filled(expected, context)
        case "stringequalsignorecase":
            return value.lower() == _filled(expected, context).lower()
        case "stringlike":
            return matches(_filled(expected, context), value)
        case "arnequals" | "arnlike":
            wanted, given = expected.split(":", 5), value.split(":", 5)
            return len(wanted) == len(given) == 6 and all(map(matches, wanted, given))
        case "bool":
            return value.lower() == expected.lower()
        case "numericequals":
            return Decimal(value) == Decimal(expected)
        case "numericlessthan":
            return Decimal(value) < Decimal(expected)
        case "numericlessthanequals":
            return Decimal(value) <= Decimal(expected)
        case "numericgreaterthan":
            return Decimal(value) > Decimal(expected)
        case "numericgreaterthanequals":
            return Decimal(value) >= Decimal(expected)
        case "dateequals":
            return _moment(value) == _moment(expected)
        case "ipaddress":
            return ip_address(value) in ip_network(expected, strict=False)
    raise ValueError(base)


def _filled(value: str, context: Context) -> str:
    """The value with the variables `${key}` replaced by what the request carries."""
    for key, found in context.items():
        value = value.replace("${" + key + "}", found[0])
    return value


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def contexts(universe: Mapping[str, Iterable[str]], most: int = 1) -> Iterator[Context]:
    """Every context in which each key is absent or has up to `most` of its values."""
    choices = [
        [
            (key, chosen)
            for size in range(most + 1)
            for chosen in combinations(tuple(universe[key]), size)
        ]
        for key in universe
    ]
    for chosen in product(*choices):
        yield {key.lower(): values for key, values in chosen if values}


# --- Documents ------------------------------------------------------------------------------------


def document(value: Mapping[str, Any]) -> Document:
    """The document of a plain value, such as one defined in a test."""
    found, errors = typed(dict(value), DocumentFile)
    assert found is not None, errors
    listed = found.statement
    return document_of((listed,) if isinstance(listed, StatementFile) else listed, value)


def allows(found: Document, request: Request) -> bool:
    """Whether the document by itself allows the request: some Allow applies, and no Deny does."""
    effects = {
        statement.effect
        for statement in found.statements
        if names(lower(statement.actions), request.action.lower())
        and names(statement.resources, request.resource)
        and meets(statement.condition, request.context)
    }
    return effects == {"Allow"}


def about(found: Document, action: str) -> Document:
    """What the document says of one action: the statements that name it, with it alone."""
    return Document(
        tuple(
            structs.replace(statement, actions=Term((action,)))
            for statement in found.statements
            if names(lower(statement.actions), action.lower())
        ),
        {},
    )


def speaks_of(grant: Grant, request: Request) -> bool:
    """Whether the request is one that the grant allows or denies."""
    return (
        names(lower(grant.action), request.action.lower())
        and names(grant.resource, request.resource)
        and meets(grant.condition, request.context)
    )


@cache
def lower(term: Term) -> Term:
    """The term in lower case, as actions are compared."""
    return Term(tuple(pattern.lower() for pattern in term.patterns), term.negated)
