"""The kind of transition between two documents, determined from their JSON alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

Json = Mapping[str, Any]


class Plain(NamedTuple):
    """A grant as plain text; a NotAction or NotResource is one text that begins with "!"."""

    effect: str
    action: str
    resource: str
    condition: str


def listed(value: Any) -> list[Any]:
    """The value as a list, as IAM reads it."""
    return value if isinstance(value, list) else [value]


def statements(document: Json) -> list[dict[str, Any]]:
    """The document's statements."""
    return listed(document["Statement"])


def _texts(statement: Json, side: str) -> list[str]:
    if side in statement:
        return [str(text) for text in listed(statement[side])]
    return ["! " + " ".join(sorted(map(str, listed(statement[f"Not{side}"]))))]


def _condition(statement: Json) -> str:
    return repr(
        sorted(
            (operator.lower(), key.lower(), sorted(str(value) for value in listed(values)))
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        )
    )


def plain(document: Json) -> set[Plain]:
    """Every grant, the actions without case and white space around them."""
    return {
        Plain(s["Effect"], action.strip().lower(), resource, _condition(s))
        for s in statements(document)
        for action in _texts(s, "Action")
        for resource in _texts(s, "Resource")
    }


def _actions(document: Json) -> set[str]:
    return {action for s in statements(document) for action in _texts(s, "Action")}


def _differ(old: Json, new: Json, has: Callable[[Plain], bool]) -> bool:
    """Whether the grants with a property differ."""
    return set(filter(has, plain(old))) != set(filter(has, plain(new)))


def _written_otherwise(old: Json, new: Json, alike: Callable[[str], str]) -> bool:
    """Whether an action of the old document is in the new one only in another spelling."""
    here, there = _actions(old), _actions(new)
    kin = {alike(action) for action in there}
    return any(action not in there and alike(action) in kin for action in here)


def _shapes(document: Json) -> Counter[tuple[str, str, str]]:
    """Every single value with its location and whether it is in a list."""

    def single(where: str, value: Any) -> Iterator[tuple[str, str, str]]:
        if len(listed(value)) == 1:
            yield where, str(listed(value)[0]), type(value).__name__

    def all_of() -> Iterator[tuple[str, str, str]]:
        yield "Statement", "", type(document["Statement"]).__name__
        for s in statements(document):
            for side in ("Action", "NotAction", "Resource", "NotResource"):
                yield from single(side, s.get(side, []))
            for operator, keys in s.get("Condition", {}).items():
                for key, values in keys.items():
                    yield from single(f"{operator} {key}", values)

    return Counter(all_of())


def _list_against_string(old: Json, new: Json) -> bool:
    """Whether a value is in a list in one document and a single value in the other."""
    here, there = set(_shapes(old)), set(_shapes(new))

    def only(found: set[tuple[str, str, str]], shape: tuple[str, str, str]) -> bool:
        return shape in found and not any(s != shape and s[:2] == shape[:2] for s in found)

    return any(
        only(here, (where, value, one)) and only(there, (where, value, other))
        for where, value, one in here
        for other in {"list", "str", "dict"} - {one}
    )


def _enumerated(old: Json, new: Json) -> bool:
    """Whether an action pattern is gone that matches two or more new actions."""
    here, there = ({g.action for g in plain(d) if g.effect == "Allow"} for d in (old, new))
    return any(
        sum(bool(re.fullmatch(_pattern(wide), action)) for action in there - here) >= 2
        for wide in here - there
        if "*" in wide and not wide.startswith("!")
    )


def _pattern(text: str) -> str:
    return re.escape(text).replace(r"\*", ".*").replace(r"\?", ".")


def _prefixes(document: Json) -> set[str]:
    allowed = (g.action for g in plain(document) if g.effect == "Allow")
    return {action.partition(":")[0] for action in allowed if not action.startswith("!")}


def _repeats(document: Json) -> int:
    return sum(len(found) - len(set(found)) for s in statements(document) for found in _lists(s))


def _lists(statement: Json) -> Iterator[list[str]]:
    for side in ("Action", "Resource"):
        yield [text.lower() for text in _texts(statement, side)]


def traits(old: Json, new: Json) -> set[str]:
    """Every trait of the transition from one document to another, but `gap` and `rollback`.

    - `no-op`: the grants are the same and the documents are not
    - `deny`, `not-action`, `not-resource`: statements of that form differ
    - `condition-only`, `resource-only`: the grants differ, and without that part they do not
    - `case`, `spaces`: an action differs only in this respect
    - `list-against-string`: a single value or statement is in a list in one of them
    - `repeats`: one of them names more things twice
    - `replaced-by-enumeration`: a pattern is gone, and examples of it are new
    - `service-removed`: a service prefix that was allowed by name is gone
    """
    same = plain(old) == plain(new)

    def without(part: str) -> bool:
        sides = ({g._replace(**{part: ""}) for g in plain(document)} for document in (old, new))
        return not same and len({frozenset(side) for side in sides}) == 1

    found = {
        "no-op": same and old != new,
        "deny": _differ(old, new, lambda grant: grant.effect == "Deny"),
        "not-action": _differ(old, new, lambda grant: grant.action.startswith("!")),
        "not-resource": _differ(old, new, lambda grant: grant.resource.startswith("!")),
        "condition-only": without("condition"),
        "resource-only": without("resource"),
        "case": _written_otherwise(old, new, str.lower),
        "spaces": _written_otherwise(old, new, lambda action: "".join(action.split())),
        "list-against-string": _list_against_string(old, new),
        "repeats": _repeats(old) != _repeats(new),
        "replaced-by-enumeration": _enumerated(old, new),
        "service-removed": bool(_prefixes(old) - _prefixes(new)),
    }
    return {name for name, present in found.items() if present}
