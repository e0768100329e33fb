"""What the wildcards of a document name, and the shortest pattern that names the same.

Patterns are compared over the actions of one service in the catalogue of today. A shorter pattern
that names the same actions now may name others later, as may the one that is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from policybook.catalogue.catalogue import Catalogue
from policybook.iam.patterns import has_wildcard
from policybook.model.documents import Document

MOST_SHORTENED = 200
"""Patterns of a document for which a shorter one is looked for: more than IAM's limits allow."""


class Wildcard(Struct, frozen=True):
    """An action pattern with wildcards.

    Attributes:
        pattern: As the document has it.
        statements: The numbers of the statements with it.
        actions: The actions that it names, as AWS spells them; those of the service that it names,
            or none for a pattern about every service.
        every: Whether it is about every service.
        shortest: The shortest pattern of the forms `a*`, `*a`, `a*b` and `*a*` that names the same
            actions; "" if it is not shorter than `pattern`.
    """

    pattern: str
    statements: tuple[int, ...]
    actions: tuple[str, ...]
    every: bool
    shortest: str


def wildcards(document: Document, catalogue: Catalogue) -> tuple[Wildcard, ...]:
    """The action patterns of a document that have wildcards, in its order, each once."""
    places: dict[str, list[int]] = {}
    for statement in document.statements:
        for pattern in filter(has_wildcard, statement.actions.patterns):
            places.setdefault(pattern, []).append(statement.number)
    return tuple(
        _wildcard(pattern, statements, catalogue, shorten=place < MOST_SHORTENED)
        for place, (pattern, statements) in enumerate(places.items())
    )


def _wildcard(
    pattern: str, statements: Sequence[int], catalogue: Catalogue, *, shorten: bool
) -> Wildcard:
    prefix = pattern.partition(":")[0]
    found = catalogue.expand(pattern)
    names = tuple(f"{prefix.lower()}:{action.name}" for action in found)
    service = catalogue.service(prefix.lower())
    shortest = ""
    if shorten and found and service:
        own = [action.name for action in found]
        others = [a.name for a in service.actions.values() if a not in found]
        shortest = shortest_pattern(own, others, len(pattern) - len(prefix) - 1)
    every = pattern in ("*", "*:*")
    return Wildcard(
        pattern, tuple(statements), names, every, f"{prefix}:{shortest}" if shortest else ""
    )


def shortest_pattern(names: Sequence[str], others: Sequence[str], below: int) -> str:
    """The shortest pattern that matches all of some names and none of the others.

    Of two equally short ones that of the form `a*` comes before `a*b`, `*a` and `*a*`, and then the
    one that has more before its first `*`.

    Args:
        names: The names to match, at least one.
        others: The names not to match.
        below: The length, in characters, that it must stay below.

    Returns:
        The pattern in the case of the first name; "" if there is none.
    """
    first, *_ = names
    lower, rest = [n.lower() for n in names], [n.lower() for n in others]
    head, tail = _shared(lower), _shared([n[::-1] for n in lower])
    shortest = min(map(len, lower))
    reach = {(_shared_length(head, n), _shared_length(tail, n[::-1]), len(n)) for n in rest}
    for length in range(below - 1):
        for before in range(min(length, len(head)), -1, -1):
            after = length - before
            if after > len(tail) or length > shortest:
                continue
            if not any(b >= before and a >= after and n >= length for b, a, n in reach):
                return f"{first[:before]}*{first[len(first) - after :]}"
        if length > 1:
            for inner in _parts(lower, length - 1):
                if not any(inner in name for name in rest):
                    place = lower[0].index(inner)
                    return f"*{first[place : place + length - 1]}*"
    return ""


def _parts(names: Sequence[str], length: int) -> Iterator[str]:
    """The texts of a length that all names contain, in the order of the first name."""
    first, *others = names
    for place in range(len(first) - length + 1):
        part = first[place : place + length]
        if all(part in name for name in others):
            yield part


def _shared(names: Sequence[str]) -> str:
    """What all names begin with."""
    first, last = min(names), max(names)
    return first[: _shared_length(first, last)]


def _shared_length(one: Iterable[str], other: Iterable[str]) -> int:
    length = 0
    for here, there in zip(one, other, strict=False):
        if here != there:
            break
        length += 1
    return length
