"""Which policies replace a deprecated one, how that is known, and what each drops and adds.

Successors are `named` if a source names them. Otherwise there is an `evident` one if exactly one
newer policy, which must be current, has the same name. Names are the same if they differ only in
case, `_`, `-` and a version suffix such as `V2`, `_v2` or `-v2`; a name without a suffix has number
1. Newer is the policy with the next higher number, or with the same number and another spelling if
it was created no earlier than the first day on which the deprecated policy is known to exist. If
there are two such policies, or the day is unknown, there is no successor.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Literal

from msgspec import Struct

from policybook.analysis.compare import Covering, compare
from policybook.analysis.effective_actions import effective_levels
from policybook.catalogue.catalogue import UNCATALOGUED, Catalogue
from policybook.model.book import Book
from policybook.model.changes import Change
from policybook.model.documents import Document
from policybook.model.policies import Policy

# A lower-case v belongs to a word (`Dev2`) unless `_` or `-` separates it.
_NUMBER = re.compile(r"(?:V|[_-]v)([0-9]+)$")

HowKnown = Literal["named", "evident"]


class Successor(Struct, frozen=True):
    """The name of a policy's successor, which the book may lack, and how it is known."""

    name: str
    how: HowKnown


class Succession(Struct, frozen=True):
    """The difference between a policy's document and its successor's.

    What `change` lost, the successor lacks; what it gained, the successor adds. `lacks` and `adds`
    are effective actions, full names in lower case and in order.
    """

    change: Change
    lacks: tuple[str, ...]
    adds: tuple[str, ...]


Alike = Mapping[str, Sequence[tuple[int, str]]]
"""The names of policies by `plain_name`, each with the number of its version suffix."""


def alike(names: Iterable[str]) -> Alike:
    """The names of policies that differ in case, `_`, `-` or a version suffix only."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for name in names:
        base, number = plain_name(name)
        found[base].append((number, name))
    return found


def successors(book: Book) -> Mapping[str, tuple[Successor, ...]]:
    """The successors of each policy that is not current and has any, by that policy's name."""
    names = alike(book.policies)
    outgoing = book.policies if book.outgoing is None else book.outgoing
    found = {name: successors_of(book, book.policies[name], names) for name in outgoing}
    return {name: named for name, named in found.items() if named}


def successors_of(book: Book, policy: Policy, names: Alike) -> tuple[Successor, ...]:
    """The successors of a policy; none if it is current.

    Args:
        book: The book.
        policy: The policy.
        names: The names of the book's policies.
    """
    gone = policy.deprecation
    if gone.is_current:
        return ()
    if gone.successors:
        return tuple(Successor(name, "named") for name in gone.successors)
    near = [(number, book.policies[name]) for number, name in names[plain_name(policy.name)[0]]]
    name = _evident(policy, near)
    return (Successor(name, "evident"),) if name else ()


def plain_name(name: str) -> tuple[str, int]:
    """The name normalised for comparison, and the number of its version suffix; 1 without one."""
    number = _NUMBER.search(name)
    base = name[: number.start()] if number else name
    return re.sub(r"[_-]", "", base).lower(), int(number[1]) if number else 1


def _evident(old: Policy, alike: Iterable[tuple[int, Policy]]) -> str | None:
    own = plain_name(old.name)[1]
    later = [
        (number, policy.name)
        for number, policy in alike
        if policy.deprecation.is_current
        and _is_customers(policy) == _is_customers(old)
        and (number > own or (number == own and _is_no_older(policy, old)))
    ]
    nearest = [name for number, name in later if number == min(later)[0]]
    return nearest[0] if len(nearest) == 1 else None


def _is_customers(policy: Policy) -> bool:
    return policy.is_of_customer


def _is_no_older(policy: Policy, old: Policy) -> bool:
    created, known = _created(policy), _known_from(old)
    return created is not None and known is not None and created >= known


def _created(policy: Policy) -> date | None:
    first = policy.version("v1")
    return policy.facts.created or (first.facts.published if first else None)


def _known_from(policy: Policy) -> date | None:
    """The first day on which the policy is known to exist."""
    return _created(policy) or min((v.day for v in policy.versions if v.day), default=None)


def succession(old: Document, new: Document, catalogue: Catalogue) -> Succession:
    """What the successor's document lacks and adds, compared with the old one.

    Args:
        old: The document of the deprecated policy.
        new: The document of its successor.
        catalogue: Expands wildcards.
    """
    covering = Covering({"old": old, "new": new}, catalogue)
    here, there = effective_levels(old, catalogue), effective_levels(new, catalogue)
    return Succession(
        compare(old, new, catalogue),
        _only(here, there, covering, "new"),
        _only(there, here, covering, "old"),
    )


def _only(
    here: Mapping[str, str], there: Mapping[str, str], covering: Covering, other: str
) -> tuple[str, ...]:
    """The effective actions of only one document, in order.

    A name that the catalogue lacks is also compared with the patterns of the other document.
    """
    return tuple(
        sorted(
            name
            for name in here.keys() - there.keys()
            if here[name] != UNCATALOGUED or not covering.grants(other, name)
        )
    )
