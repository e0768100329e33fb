"""Catalogue growth: actions that wildcards gained without a new version of the policy.

A pattern with a wildcard, and NotAction, also name actions that AWS adds later (IAM User Guide,
"IAM JSON policy elements: Action"). Comparing the catalogues of two days shows which. The day on
which a catalogue first lists an action need not be the day on which the service introduced it.

Left out are actions that a Deny removes on all resources of the statement, and actions that the
document also names without wildcards on at least the same resources and under no stricter
condition: only the catalogue is new there. Policies whose current version was published after the
newer catalogue's day are left out too. Conditions and resources are otherwise ignored, so the
result is an upper bound.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from msgspec import Struct

from policybook.analysis.pattern_growth import Growth, ListedAction, OnlyIn, growths
from policybook.catalogue.catalogue import Catalogue
from policybook.catalogue.services import LEVELS
from policybook.errors import PolicybookError
from policybook.model.documents import Document
from policybook.model.policies import Policy, Version


class Edition(Struct, frozen=True):
    """A catalogue's day, YYYY-MM-DD, and its source."""

    date: str
    source: str


class PolicyGrowth(Struct, frozen=True):
    """The growth of the patterns of a policy's current version.

    `added` counts distinct actions, `levels` counts them by level, the weakest first. `older` says
    whether the version is dated and no later than the older catalogue. If not, the actions may have
    existed when it was written.
    """

    policy: str
    version: str
    day: date | None
    older: bool
    added: int
    levels: Mapping[str, int]
    patterns: tuple[Growth, ...]


class LevelGrowth(Struct, frozen=True):
    """The number of added actions of an access level, and of policies that gained some."""

    level: str
    actions: int
    policies: int


class ServiceGrowth(Struct, frozen=True):
    """The actions of a service that were added to policies, and the number of these policies.

    `new` says whether the older catalogue lacks the service. `name` is that of the newer catalogue.
    """

    prefix: str
    name: str
    new: bool
    policies: int
    levels: Mapping[str, int]
    actions: tuple[ListedAction, ...]


class Widening(Struct, frozen=True):
    """The growth from one catalogue to a newer one, ordered by policy and by service.

    `checked` counts the policies with a known document that is no later than the newer catalogue,
    `grown` those that gained actions, and `actions` the distinct actions. Policies whose patterns
    only lost actions are in `policies` too.
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
    """What the wildcards of the policies' current documents gained from one catalogue to another.

    Args:
        policies: The policies to check.
        before: The older catalogue.
        after: The newer catalogue.
        services: Prefixes in lower case; only actions of these services count. Empty for all.

    Raises:
        PolicybookError: The first catalogue is not older, or neither has one of the services.
    """
    in_order(before, after)
    _catalogued(services, before, after)
    added, gone = OnlyIn(after, before, services), OnlyIn(before, after, services)
    known = list(_checked(policies, after))
    grown = [
        _policy(name, version, patterns, before.date)
        for name, version, document in known
        if (patterns := tuple(growths(document, added, gone)))
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


def _checked(
    policies: Iterable[Policy], after: Catalogue
) -> Iterator[tuple[str, Version, Document]]:
    """The policies whose current document is known and no later than the newer catalogue."""
    for policy in policies:
        version = policy.current
        if version and version.document and not _is_later(version, after.date):
            yield policy.name, version, version.document


def in_order(before: Catalogue, after: Catalogue) -> None:
    """Checks that one catalogue is older than another.

    Args:
        before: The catalogue that must be older.
        after: The catalogue that must be newer.

    Raises:
        PolicybookError: It is not.
    """
    if before.date >= after.date:
        raise PolicybookError(
            f"catalogue {before.source}: expected a day before {after.date}, that of "
            f"{after.source}, found {before.date}"
        )


def _is_later(version: Version, day: str) -> bool:
    """Whether the version is known to be published after the day."""
    return version.facts.published is not None and version.facts.published.isoformat() > day


def _catalogued(services: Iterable[str], *catalogues: Catalogue) -> None:
    for prefix in services:
        if not any(catalogue.service(prefix) for catalogue in catalogues):
            raise PolicybookError(
                f"expected a service prefix that one of the catalogues has, found {prefix!r}"
            )


# --- totals ---------------------------------------------------------------------------------------


def _policy(name: str, version: Version, patterns: tuple[Growth, ...], day: str) -> PolicyGrowth:
    actions = _distinct(patterns)
    older = version.day is not None and version.day.isoformat() <= day
    levels = _counted(actions)
    return PolicyGrowth(name, version.key, version.day, older, len(actions), levels, patterns)


def _distinct(patterns: Iterable[Growth]) -> frozenset[ListedAction]:
    return frozenset(known for growth in patterns for known in growth.added)


def _counted(actions: Iterable[ListedAction]) -> dict[str, int]:
    counts = Counter(known.level for known in actions)
    return {level: counts[level] for level in LEVELS if counts[level]}


def _levels(
    found: Collection[frozenset[ListedAction]], everything: Iterable[ListedAction]
) -> Iterator[LevelGrowth]:
    policies = Counter(level for actions in found for level in _counted(actions))
    for level, count in _counted(everything).items():
        yield LevelGrowth(level, count, policies[level])


def _services(
    found: Iterable[frozenset[ListedAction]], before: Catalogue, after: Catalogue
) -> Iterator[ServiceGrowth]:
    actions: dict[str, set[ListedAction]] = defaultdict(set)
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
