"""What a document allows and denies, counted in actions: the facts of the sentence about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Literal, get_args

from msgspec import Struct
from msgspec.structs import replace

from policybook.catalogue.catalogue import Catalogue
from policybook.iam.denies import certainties_with, granted
from policybook.iam.grants import EVERYTHING, prefix_of
from policybook.model.documents import Document, Statement, Term

Limit = Literal["none", "not resource", "resource", "deny", "condition"]
"""What limits a grant of an action, the weakest limit first.

- `none`: it is on `*`, without a condition, and no Deny may apply;
- `not resource`, `resource`: the same, but it is with NotResource, or on other resource patterns;
- `deny`: its statement has no condition, but a Deny may apply;
- `condition`: its statement has a condition.
"""
LIMITS: tuple[Limit, ...] = get_args(Limit)

_ANY = Term((EVERYTHING,))


class Reach(Struct, frozen=True):
    """What a document allows and denies. Actions are full names in lower case.

    Attributes:
        levels: The effective actions with their access levels.
        limits: The number of effective actions by the weakest limit of any grant of them.
        allows: Whether there is an Allow statement.
        everything: Whether an Allow statement is about all services.
        not_action: The patterns of NotAction in Allow statements, sorted.
        unmatched: Without effective actions, the number of allowed patterns that match no action.
        conditions: Whether any statement has a condition.
        denied: The actions that are denied on `*` without a condition, with their access levels.
        other_denies: The number of Deny statements with a condition or with other resources.
        listed: The number of actions in AWS's action list; 0 if no statement could be about all.
    """

    levels: Mapping[str, str]
    limits: Mapping[Limit, int]
    allows: bool
    everything: bool
    not_action: tuple[str, ...]
    unmatched: int
    conditions: bool
    denied: Mapping[str, str]
    other_denies: int
    listed: int


def reach(document: Document, catalogue: Catalogue) -> Reach:
    """What the document allows and denies, with wildcards expanded over the catalogue."""
    allowing = [s for s in document.statements if s.effect == "Allow"]
    denying = [s for s in document.statements if s.effect == "Deny"]
    always = [s for s in denying if not s.condition and _ANY in dict(_parts(s.resources)).values()]
    negated = [s.actions for s in allowing if s.actions.negated]
    levels, limits = _effective(allowing, denying, catalogue)
    everything = any(map(_is_about_all_services, allowing))
    return Reach(
        levels=levels,
        limits=limits,
        allows=bool(allowing),
        everything=everything,
        not_action=tuple(sorted({pattern for term in negated for pattern in term.patterns})),
        unmatched=0 if levels else len(_unmatched(allowing, catalogue)),
        conditions=any(s.condition for s in document.statements),
        denied={name: level for s in always for name, level in catalogue.named(s.actions).items()},
        other_denies=len(denying) - len(always),
        listed=len(catalogue.named(_ANY)) if everything or always else 0,
    )


def _unmatched(allowing: Iterable[Statement], catalogue: Catalogue) -> set[str]:
    return {pattern for s in allowing for pattern in catalogue.unmatched(s.actions)}


def _is_about_all_services(statement: Statement) -> bool:
    patterns = statement.actions.patterns
    return statement.actions.negated or any(prefix_of(p) == EVERYTHING for p in patterns)


def _effective(
    allowing: Iterable[Statement], denying: Sequence[Statement], catalogue: Catalogue
) -> tuple[Mapping[str, str], Mapping[Limit, int]]:
    """The effective actions with their levels, and their number by limit."""
    levels: dict[str, str] = {}
    by_limit: dict[Limit, set[str]] = {limit: set() for limit in LIMITS}
    for statement in allowing:
        named = granted(statement, denying, catalogue)
        levels.update(named)
        for limit, names in _by_limit(statement, named, denying, catalogue):
            by_limit[limit].update(names)
    counts: dict[Limit, int] = {}
    counted: set[str] = set()
    for limit, names in by_limit.items():
        counts[limit] = len(names - counted)
        counted |= names
    return levels, counts


def _by_limit(
    statement: Statement,
    named: Mapping[str, str],
    denying: Sequence[Statement],
    catalogue: Catalogue,
) -> Iterator[tuple[Limit, Iterable[str]]]:
    """The effective actions of an Allow statement by limit; an action may have several."""
    if statement.condition:
        yield "condition", named
        return
    left: Set[str] = named.keys()
    for limit, resources in _parts(statement.resources):
        if not denying:
            yield limit, named
            return
        certainty = certainties_with(replace(statement, resources=resources), denying, catalogue)
        sure = {name for name in left if certainty(name, named[name]) == "yes"}
        yield limit, sure
        left = left - sure
    yield "deny", left


def _parts(resources: Term) -> Iterator[tuple[Limit, Term]]:
    """A statement's resources: `*`, then the others, each with how it limits a grant."""
    if resources.negated:
        yield "not resource", resources
        return
    others = tuple(pattern for pattern in resources.patterns if pattern.strip("*"))
    if len(others) < len(resources.patterns):
        yield "none", _ANY
    if others:
        yield "resource", replace(resources, patterns=others)
