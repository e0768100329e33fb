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

from policybook.analysis.pattern_growth import Growth, Known, OnlyIn, growths
from policybook.catalogue.catalogue import Catalogue
from policybook.catalogue.service_reference import LEVELS
from policybook.errors import PolicybookError
from policybook.model.policies import Policy, Version


class Edition(Struct, frozen=True):
    """A catalogue's day, YYYY-MM-DD, and what it is."""

    date: str
    source: str


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
    added, gone = OnlyIn(after, before, services), OnlyIn(before, after, services)
    known = [
        (policy.name, version, version.document)
        for policy in policies
        if (version := policy.current) and version.document
        if not _is_later(version, after.date)
    ]
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
