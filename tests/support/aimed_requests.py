"""Requests aimed at a grant: one that it matches, and others that narrowly miss it.

The others have an action or a resource that nearly matches the pattern, or a context with another
value, with a key less or more, or with several values. The values are taken from the clauses of all
statements on the same action.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from itertools import islice

from policybook.model.documents import Clause, Grant, Statement, Term

from tests.support.oracle import Context, Request, holds, names

Values = tuple[str, ...]
Universe = Mapping[str, list[Values]]
"""For each key in lower case the values that a request may have; the first are none."""

FILLINGS = ("x", "", "x/y:z")
ELSEWHERE = ("zz:Zz", "arn:aws:zz:::zz")
MOST_VALUES = 40
MOST_CONTEXTS = 120
OTHER = "arn:aws:zz::1:other"


def filled(pattern: str, star: str) -> str:
    """An example of the pattern."""
    return pattern.replace("*", star).replace("?", "x")


def texts(term: Term, others: Iterable[Term] = ()) -> list[str]:
    """Texts that match the term, and then some that narrowly miss it.

    Args:
        term: The term.
        others: Other terms; texts that match the patterns of negated ones are added.

    """
    patterns = (*term.patterns[:2], *term.patterns[-1:])
    found = [filled(pattern, star) for pattern in patterns for star in FILLINGS]
    near = [found[0] + "x", found[0][:-1], "x" + found[0]]
    for pattern in dict.fromkeys(p for other in others if other.negated for p in other.patterns):
        near += [filled(pattern, "x"), *(_within(own, pattern) for own in patterns)]
    every = (*ELSEWHERE, *found, *near) if term.negated else (*found, *near)
    return sorted(dict.fromkeys(every), key=lambda text: not names(term, text))


def _within(pattern: str, other: str) -> str:
    """An example of the pattern that goes on, in place of its last star, as the other one ends."""
    begun, star, end = pattern.rpartition("*")
    pieces = ["", *other.split("*")]
    tail = pieces[-1] or pieces[-2] + "x"
    return filled(begun, "x") + ("x" + tail if star else "") + end


def _universe(clauses: Iterable[Clause]) -> Universe:
    """The values that requests may have for each key of the clauses."""
    by_key: dict[str, list[Clause]] = {}
    for clause in dict.fromkeys(clauses):
        by_key.setdefault(clause.key.lower(), []).append(clause)
    return {key: list(_values(found)) for key, found in by_key.items()}


def _values(clauses: list[Clause]) -> Iterator[Values]:
    """No value, examples of every clause's values, another; several for quantifiers."""
    every = list(dict.fromkeys(value for clause in clauses for value in clause.values))
    singles = [filled(value, "x") for value in every[:MOST_VALUES]]
    near = [t for v in every[:2] for t in (filled(v, ""), v.swapcase(), _next(v), filled(v, "x:y"))]
    known = [t for t in dict.fromkeys((*singles, *near, OTHER)) if _fits(t, clauses)]
    yield ()
    yield from ((text,) for text in known)
    if any(":" in clause.operator for clause in clauses):
        yield from ((known[0], text) for text in known[1:4])
        yield (known[-1], known[0])


def _next(value: str) -> str:
    return str(Decimal(value) + 1) if _number(value) else value + "x"


def _number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _fits(text: str, clauses: Iterable[Clause]) -> bool:
    """Whether the operators can look at the text: numbers are compared with numbers only."""
    return _number(text) or not any("numeric" in clause.operator.lower() for clause in clauses)


def contexts(grant: Grant, others: Iterable[Clause]) -> Iterator[Context]:
    """Yields a context that meets the grant, and then each that differs from it in one key.

    `others` are clauses of other statements; their keys are absent, met, not met, and changed.
    """
    rivals = tuple(others)
    known = _universe((*grant.condition, *rivals))
    own: dict[str, list[Clause]] = {}
    more: dict[str, list[Clause]] = {}
    for clause in grant.condition:
        own.setdefault(clause.key.lower(), []).append(clause)
    for clause in rivals:
        if clause.key.lower() not in own:
            more.setdefault(clause.key.lower(), []).append(clause)
    base = _met(own, known)
    rich = {**_met(more, known), **base}
    poor = {**_met(more, known, sign=-1), **base}
    changed = (
        {**start, key: values}
        for start in (base, rich, poor)
        for key in (*own, *more)
        for values in known[key]
    )
    for found in (base, rich, poor, *changed):
        yield {key: values for key, values in found.items() if values}


def _met(clauses: Mapping[str, list[Clause]], known: Universe, sign: int = 1) -> dict[str, Values]:
    """For each key values that meet as many of its clauses as can be; or, for -1, as few."""

    def met(key: str, values: Values) -> tuple[int, int]:
        return sign * sum(holds(c, {key: values}) for c in clauses[key]), len(values)

    return {key: max(known[key], key=lambda values: met(key, values)) for key in clauses}


def requests(grant: Grant, others: Iterable[Statement]) -> Iterator[Request]:
    """Yields requests aimed at the grant; the first one matches it if its condition can be met.

    `others` are the statements of both documents that may match the requests too.
    """
    rivals = tuple(others)
    actions = texts(grant.action, (statement.actions for statement in rivals))
    resources = texts(grant.resource, (statement.resources for statement in rivals))
    clauses = [clause for statement in rivals for clause in statement.condition]
    found = list(islice(contexts(grant, clauses), MOST_CONTEXTS))
    yield from (Request(actions[0], resources[0], context) for context in found)
    yield from (Request(actions[0], resource, found[0]) for resource in resources[1:])
    yield from (Request(action, resources[0], found[0]) for action in actions[1:])
