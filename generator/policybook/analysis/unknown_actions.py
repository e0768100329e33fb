"""Actions of a document that AWS's action list does not have, and the names most like them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate, islice

from msgspec import Struct

from policybook.catalogue.catalogue import Catalogue
from policybook.iam.patterns import has_wildcard
from policybook.model.documents import Document, Term
from policybook.wording import close_names, did_you_mean

MOST_ASKED = 200
"""Actions of a document for which similar names are looked for."""

_MOST = 3
_LONGEST = 128


class UnknownAction(Struct, frozen=True):
    """An action or pattern for which AWS's action list has no action.

    Attributes:
        action: As the document has it.
        statements: The numbers of the statements with it.
        nearest: The actions whose names differ by least, the nearest first; at most three, and
            none for patterns and after the first 200 actions.
    """

    action: str
    statements: tuple[int, ...]
    nearest: tuple[str, ...]


def unknown_actions(document: Document, catalogue: Catalogue) -> tuple[UnknownAction, ...]:
    """The actions of a document that AWS's action list does not have, in its order, each once."""
    places: dict[str, list[int]] = {}
    for statement in document.statements:
        for action in statement.actions.patterns:
            if _is_unknown(action, catalogue):
                places.setdefault(action, []).append(statement.number)
    return tuple(
        UnknownAction(
            action,
            tuple(numbers),
            nearest_actions(action, catalogue) if place < MOST_ASKED else (),
        )
        for place, (action, numbers) in enumerate(places.items())
    )


def _is_unknown(action: str, catalogue: Catalogue) -> bool:
    if has_wildcard(action):
        return bool(catalogue.unmatched(Term((action,))))
    return catalogue.action(action) is None


def nearest_actions(action: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The actions whose names differ by least from a name, at most three, the nearest first.

    They are those of the same service with a similar name, and those of the same name in other
    services. A pattern has none.

    Args:
        action: The full name that is not in the catalogue.
        catalogue: The actions that AWS has.
    """
    prefix, colon, name = action.lower().partition(":")
    if has_wildcard(action) or not colon or len(name) > _LONGEST:
        return ()
    found = sorted(_near(prefix, name, catalogue))
    return tuple(spelled for _, spelled in found[:_MOST])


def action_hint(action: str, catalogue: Catalogue) -> str:
    """What an action or pattern that is unknown was most likely meant to be, as a question; or "".

    Args:
        action: The text, which may lack a service or have another separator.
        catalogue: The actions that AWS has.
    """
    parts = action.replace(";", ",").replace(",", " ").split()
    if len(parts) > 1:
        every = all(":" in part[:-1] for part in parts)
        joined = "".join(parts)
        return "write each action as an entry of a list" if every else _question([joined])
    prefix, colon, name = action.strip().partition(":")
    if not colon:
        before, separator, after = action.strip().partition(".")
        return _question(_of_any_service(after or before, before if separator else "", catalogue))
    if has_wildcard(action):
        return _question(_near_patterns(prefix.lower(), name, catalogue))
    names = nearest_actions(action, catalogue)
    return _question(names or [f"{near}:{name}" for near in _prefixes(prefix, catalogue)])


def _question(names: Iterable[str]) -> str:
    return did_you_mean(tuple(names)).removeprefix("; ")


def _of_any_service(name: str, prefix: str, catalogue: Catalogue) -> Iterator[str]:
    """The actions of this name, at most three; of the one service if its prefix is given."""
    prefixes = [prefix.lower()] if prefix else catalogue.prefixes
    found = (catalogue.spelled(f"{each}:{name}".lower()) for each in prefixes)
    return islice(filter(None, found), _MOST)


def _near_patterns(prefix: str, name: str, catalogue: Catalogue) -> Iterator[str]:
    """Patterns that match actions: of a near service, or with a near begin of an action's name."""
    service = catalogue.service(prefix)
    if not service:
        yield from (f"{near}:{name}" for near in _prefixes(prefix, catalogue))
        return
    start = name[: min(map(name.find, filter(name.count, "*?")))].lower()
    most = _changes(start)
    near = {
        beginning: distance(start, beginning.lower(), most)
        for action in service.actions.values()
        for beginning in accumulate(re.findall(r"[A-Z0-9]*[^A-Z0-9]+|[A-Z0-9]+", action.name))
    }
    found = sorted((changes, name) for name, changes in near.items() if changes <= most)
    yield from (f"{prefix}:{name}*" for _, name in found[:1])


def _prefixes(prefix: str, catalogue: Catalogue) -> tuple[str, ...]:
    return () if catalogue.service(prefix.lower()) else close_names(prefix, catalogue.prefixes)


def _near(prefix: str, name: str, catalogue: Catalogue) -> Iterator[tuple[int, str]]:
    """Actions with the number of changes between the names; of other services after all own."""
    own = catalogue.service(prefix)
    most = _changes(name)
    for key, action in own.actions.items() if own else ():
        changes = distance(name, key, most)
        if changes <= most:
            yield changes, f"{prefix}:{action.name}"
    for other in catalogue.prefixes:
        service = catalogue.service(other)
        if service and other != prefix and name in service.actions:
            near = _LONGEST + distance(prefix, other, _LONGEST)
            yield near, f"{other}:{service.actions[name].name}"


def _changes(name: str) -> int:
    """The most changes after which a name is still similar, as in the finder."""
    if len(name) < 2:
        return 0
    if len(name) < 4:
        return 1
    return 2 if len(name) < 9 else 3


def distance(one: str, other: str, most: int) -> int:
    """How many characters have to be changed, added, left out or exchanged with the next one.

    This is the optimal string alignment distance.

    Args:
        one: A text.
        other: Another text.
        most: The result is one more than this if there are more changes.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i in range(1, len(one) + 1):
        row = [i]
        for j in range(1, len(other) + 1):
            here = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (one[i - 1] != other[j - 1]))
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                here = min(here, before[j - 2] + 1)
            row.append(here)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return last[-1]
