"""What wildcards gained without a new version: actions that an older catalogue does not have.

A pattern with a wildcard, or everything but others, names whatever services come to have (IAM
guide, "IAM JSON policy elements: Action"). Two catalogues of different days show what that was. The
day on which a catalogue lists an action is not that on which a service began to have it.

What an unconditional Deny takes away on all resources of a statement is left out. So is an action
that the document names without wildcards on at least the same resources, under no stricter
condition: there the catalogue merely began to know it. And so is a policy whose current version was
published after the newer catalogue's day. What conditions and resources leave of the rest is not
looked at: it is an upper bound.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from msgspec import Struct

from policybook.catalogue.catalogue import Catalogue
from policybook.catalogue.services import LEVELS
from policybook.errors import PolicybookError
from policybook.iam.conditions import no_stricter
from policybook.iam.patterns import compiled, has_wildcard, term_covers
from policybook.model.documents import Document, Statement, Term
from policybook.model.policies import Policy, Version


class Edition(Struct, frozen=True):
    """A catalogue's day, YYYY-MM-DD, and what it is."""

    date: str
    source: str


class Known(Struct, frozen=True):
    """An action that a catalogue has: its full name, as that spells it, and its primary level."""

    name: str
    level: str


class Growth(Struct, frozen=True):
    """What a pattern of an Allow statement names more in the newer catalogue, and no longer.

    The pattern is as the document writes it, and None for everything but `not_action`. Both lists
    are in order of name.
    """

    statement: int
    pattern: str | None
    not_action: tuple[str, ...] | None
    added: tuple[Known, ...]
    gone: tuple[Known, ...]


class PolicyGrowth(Struct, frozen=True):
    """What the patterns of a policy's current version came to name, and no longer name.

    `added` counts distinct actions, `levels` by level, the weakest first. `older` says whether the
    version is dated, and no later than the older catalogue. Where it is not, the actions may have
    been there when it was written.
    """

    policy: str
    version: str
    day: date | None
    older: bool
    added: int
    levels: Mapping[str, int]
    patterns: tuple[Growth, ...]


class LevelGrowth(Struct, frozen=True):
    """How many actions of an access level were added, and to how many policies."""

    level: str
    actions: int
    policies: int


class ServiceGrowth(Struct, frozen=True):
    """The actions of a service that were added to policies, and to how many.

    `new` says whether the older catalogue lacks the service, and its name is the newer one's.
    """

    prefix: str
    name: str
    new: bool
    policies: int
    levels: Mapping[str, int]
    actions: tuple[Known, ...]


class Widening(Struct, frozen=True):
    """What grew from one catalogue to the next, in order of policy and of service.

    `checked` counts the policies with a known document that is no later than the newer catalogue,
    `grown` those to which actions were added, and `actions` the distinct actions. Policies of which
    patterns only lost actions stand in the list too.
    """

    before: Edition
    after: Edition
    checked: int
    grown: int
    actions: int
    levels: tuple[LevelGrowth, ...]
    services: tuple[ServiceGrowth, ...]
    policies: tuple[PolicyGrowth, ...]


def widening(
    policies: Iterable[Policy],
    before: Catalogue,
    after: Catalogue,
    services: Collection[str] = (),
) -> Widening:
    """What the wildcards of the policies' current documents gained from one catalogue to the next.

    With `services`, prefixes in lower case, only their actions are looked at. Raises
    PolicybookError where the catalogues are of the same day, or the wrong way round, or have no
    such service.
    """
    in_order(before, after)
    _catalogued(services, before, after)
    added, gone = _Only(after, before, services), _Only(before, after, services)
    known = [
        (policy.name, version, version.document)
        for policy in policies
        if (version := policy.current) and version.document
        if not _is_later(version, after.date)
    ]
    grown = [
        _policy(name, version, patterns, before.date)
        for name, version, document in known
        if (patterns := tuple(_growths(document, added, gone)))
    ]
    found = {growth.policy: _distinct(growth.patterns) for growth in grown}
    everything = frozenset().union(*found.values())
    return Widening(
        Edition(before.date, before.source),
        Edition(after.date, after.source),
        len(known),
        sum(map(bool, found.values())),
        len(everything),
        tuple(_levels(found.values(), everything)),
        tuple(_services(found.values(), before, after)),
        tuple(sorted(grown, key=lambda growth: growth.policy)),
    )


def in_order(before: Catalogue, after: Catalogue) -> None:
    """Raises PolicybookError unless the first catalogue is of an earlier day than the second."""
    if before.date >= after.date:
        raise PolicybookError(
            f"catalogue {before.source}: expected a day before {after.date}, that of "
            f"{after.source}, found {before.date}"
        )


def _is_later(version: Version, day: str) -> bool:
    """Whether the version was surely published after the day."""
    return version.facts.published is not None and version.facts.published.isoformat() > day


def _catalogued(services: Iterable[str], *catalogues: Catalogue) -> None:
    for prefix in services:
        if not any(catalogue.service(prefix) for catalogue in catalogues):
            raise PolicybookError(
                f"expected a service prefix that one of the catalogues has, found {prefix!r}"
            )


# --- what only one catalogue has ------------------------------------------------------------------


class _Only:
    """The actions that one catalogue has and another has not, and which of them terms name."""

    def __init__(self, one: Catalogue, other: Catalogue, services: Collection[str]) -> None:
        self._by_prefix = {
            prefix: found
            for prefix in one.prefixes
            if not services or prefix in services
            if (found := _missing(prefix, one, other))
        }
        self._all = {
            name: known for part in self._by_prefix.values() for name, known in part.items()
        }
        self._named: dict[Term, Mapping[str, Known]] = {}

    def named(self, actions: Term) -> Mapping[str, Known]:
        """Those that the term names, by full name in lower case, in order within each pattern."""
        found = self._named.get(actions)
        if found is None:
            patterns = map(str.lower, actions.patterns)
            found = {name: known for p in patterns for name, known in self._matching(p)}
            if actions.negated:
                found = {name: known for name, known in self._all.items() if name not in found}
            self._named[actions] = found
        return found

    def _matching(self, pattern: str) -> Iterable[tuple[str, Known]]:
        if pattern in ("*", "*:*"):
            return self._all.items()
        prefix, _, name = pattern.partition(":")
        matches, skip = compiled(name).fullmatch, len(prefix) + 1
        actions = self._by_prefix.get(prefix, {}).items()
        return [(full, known) for full, known in actions if matches(full[skip:])]


def _missing(prefix: str, one: Catalogue, other: Catalogue) -> dict[str, Known]:
    here, there = one.service(prefix), other.service(prefix)
    known = there.actions if there else {}
    return {
        f"{prefix}:{key}": Known(f"{prefix}:{action.name}", action.level)
        for key, action in (here.actions if here else {}).items()
        if key not in known
    }


# --- what a document's patterns name of it --------------------------------------------------------


def _growths(document: Document, added: _Only, gone: _Only) -> Iterator[Growth]:
    """The growth of each pattern of each Allow statement, in the document's order."""
    for statement in document.statements:
        for term in _wildcards(statement) if statement.effect == "Allow" else ():
            more, less = added.named(term), gone.named(term)
            if not more and not less:
                continue  # as of nearly all
            denied = _denied(document, statement)
            more = _without(more, [added.named(actions) for actions in denied])
            more = _without(more, [_said(document, statement)])
            less = _without(less, [gone.named(actions) for actions in denied])
            if more or less:
                yield Growth(
                    statement.number,
                    None if term.negated else term.patterns[0],
                    term.patterns if term.negated else None,
                    tuple(more[name] for name in sorted(more)),
                    tuple(less[name] for name in sorted(less)),
                )


def _wildcards(statement: Statement) -> tuple[Term, ...]:
    """The statement's patterns with wildcards, each once; everything but others is one."""
    if statement.actions.negated:
        return (statement.actions,)
    patterns = dict.fromkeys(filter(has_wildcard, statement.actions.patterns))
    return tuple(Term((pattern,)) for pattern in patterns)


def _denied(document: Document, allowing: Statement) -> list[Term]:
    """The actions that the document takes away wherever the statement allows them."""
    return [
        statement.actions
        for statement in document.statements
        if statement.effect == "Deny" and not statement.condition
        if term_covers(statement.resources, allowing.resources)
    ]


def _said(document: Document, allowing: Statement) -> set[str]:
    """The actions that the document names without wildcards wherever the statement allows them."""
    return {
        pattern.lower()
        for statement in document.statements
        if statement.effect == "Allow" and not statement.actions.negated
        if term_covers(statement.resources, allowing.resources)
        if no_stricter(statement.condition, allowing.condition)[0]
        for pattern in statement.actions.patterns
        if not has_wildcard(pattern)
    }


def _without(found: Mapping[str, Known], taken: Iterable[Collection[str]]) -> Mapping[str, Known]:
    for names in taken:
        found = {name: known for name, known in found.items() if name not in names}
    return found


# --- totals ---------------------------------------------------------------------------------------


def _policy(name: str, version: Version, patterns: tuple[Growth, ...], day: str) -> PolicyGrowth:
    actions = _distinct(patterns)
    older = version.day is not None and version.day.isoformat() <= day
    levels = _counted(actions)
    return PolicyGrowth(name, version.key, version.day, older, len(actions), levels, patterns)


def _distinct(patterns: Iterable[Growth]) -> frozenset[Known]:
    return frozenset(known for growth in patterns for known in growth.added)


def _counted(actions: Iterable[Known]) -> dict[str, int]:
    counts = Counter(known.level for known in actions)
    return {level: counts[level] for level in LEVELS if counts[level]}


def _levels(
    found: Collection[frozenset[Known]], everything: Iterable[Known]
) -> Iterator[LevelGrowth]:
    policies = Counter(level for actions in found for level in _counted(actions))
    for level, count in _counted(everything).items():
        yield LevelGrowth(level, count, policies[level])


def _services(
    found: Iterable[frozenset[Known]], before: Catalogue, after: Catalogue
) -> Iterator[ServiceGrowth]:
    actions: dict[str, set[Known]] = defaultdict(set)
    policies: Counter[str] = Counter()
    for names in found:
        prefixes = {known.name.partition(":")[0] for known in names}
        policies.update(prefixes)
        for known in names:
            actions[known.name.partition(":")[0]].add(known)
    for prefix in sorted(actions):
        listed = sorted(actions[prefix], key=lambda known: known.name.lower())
        yield ServiceGrowth(
            prefix,
            after.name(prefix) or prefix,
            before.service(prefix) is None,
            policies[prefix],
            _counted(listed),
            tuple(listed),
        )
