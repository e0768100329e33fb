"""The services: their actions, how many policies grant each, and the policies about them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import groupby

from msgspec import Struct

from policybook.analysis.index import Index
from policybook.book.derived import Facts, derived
from policybook.book.facts.actions import ActionFacts
from policybook.book.facts.levels import Level, LevelFacts, counted
from policybook.book.facts.membership import MembershipFacts
from policybook.catalogue.catalogue import UNCATALOGUED, Catalogue
from policybook.iam.denies import GRANTED
from policybook.iam.grants import EVERYTHING


class ActionLine(Struct, frozen=True):
    """An action of a service and its access levels.

    `policies` is the number of policies that grant it, also through statements about all services,
    `named` that of those with a statement that names the service.
    """

    prefix: str
    name: str
    level: str
    levels: tuple[str, ...]
    resource_types: tuple[str, ...]
    policies: int
    named: int

    @property
    def full(self) -> str:
        """The name with its prefix."""
        return f"{self.prefix}:{self.name}"

    @property
    def style(self) -> str:
        """The primary level's first word in lower case."""
        return self.level.split()[0].lower()


class ServiceCounts(Struct, frozen=True):
    """What policies do with the actions of a service, by full name in lower case.

    `levels` has the numbers of effective actions of any policy, `policies` those of the policies
    that grant each action, and `statements` those of the statements that allow it.
    """

    levels: tuple[Level, ...]
    policies: Mapping[str, int]
    statements: Mapping[str, int]


class ServiceFacts(Facts):
    """Facts about each service. Prefixes are in lower case."""

    def __init__(
        self,
        index: Index,
        catalogue: Catalogue,
        actions: ActionFacts,
        levels: LevelFacts,
        membership: MembershipFacts,
    ) -> None:
        super().__init__()
        self._levels = levels
        self._index = index
        self._catalogue = catalogue
        self._actions = actions
        self._membership = membership

    @derived
    def prefixes(self) -> tuple[str, ...]:
        """The service prefixes in current documents or changes, sorted, without `*`.

        Each of them has a page.
        """
        index = self._index
        return tuple(sorted({*index.services, *index.service_events} - {EVERYTHING}))

    @derived
    def policies_of_all(self) -> tuple[str, ...]:
        """The names of policies with statements about all services, sorted."""
        return tuple(sorted({use.policy for use in self._index.services.get(EVERYTHING, ())}))

    def granting(self, prefix: str) -> tuple[str, ...]:
        """The policies that grant actions of a service, also through `*` and NotAction, sorted."""
        return self._granting().get(prefix, ())

    def granted_prefixes(self) -> tuple[str, ...]:
        """The service prefixes of the effective actions of all policies, sorted."""
        return tuple(self._granting())

    @derived
    def _granting(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for policy in sorted(self._index.granting):
            for prefix in self._levels.by_service(policy):
                found[prefix].append(policy)
        return {prefix: tuple(found[prefix]) for prefix in sorted(found)}

    @derived
    def granting_counts(self) -> Counter[str]:
        """The number of policies that grant each action, by full name in lower case.

        Unlike `counts` it includes policies that cover all services, also for actions that AWS's
        list does not have.
        """
        found: Counter[str] = Counter()
        unlisted = dict.fromkeys(self._actions.all_retired(), frozenset[str]())
        for policy in self._index.granting:
            own = self._membership.granted(policy)
            for names in (own.in_full, own.in_part):
                found.update(names)
                for name in unlisted.keys() & names:
                    unlisted[name] |= {policy}
        for name, policies in unlisted.items():
            rows = self._actions.granted_by_all(name)
            every = policies | {row.use.policy for row in rows if row.certainty in GRANTED}
            found[name] = len(every)
        return found

    def levels(self, prefix: str) -> tuple[Level, ...]:
        """The number of a service's effective actions of any policy, by level."""
        return self.of_service(prefix).levels

    def counts(self, prefix: str) -> Mapping[str, int]:
        """The number of policies that grant each action of the service, by full name.

        Policies count only if a statement names the service.
        """
        return self.of_service(prefix).policies

    def statement_counts(self, prefix: str) -> Mapping[str, int]:
        """The number of statements that allow each action of the service by name or pattern.

        Also those without effect: `ActionFacts.granted` has a row for each.
        """
        return self.of_service(prefix).statements

    @derived(kept="service")
    def of_service(self, prefix: str) -> ServiceCounts:
        """The counts of a service.

        Levels and policies leave out actions that a Deny of the same policy removes on all allowed
        resources, and those that can have none of these resources.
        """
        found: dict[str, str] = {}
        counts: Counter[str] = Counter()
        statements: Counter[str] = Counter()
        for _, uses in groupby(self._index.services.get(prefix, ()), lambda use: use.policy):
            own: dict[str, str] = {}
            for use in uses:
                if use.effect == "Allow":
                    certainty = self._actions.certainty(use)
                    named = self._catalogue.named(use.actions)
                    statements.update(named.keys())
                    own |= {
                        name: level
                        for name, level in named.items()
                        if certainty(name, level) in GRANTED
                    }
            found |= own
            counts.update(own.keys())
        return ServiceCounts(counted(found), counts, statements)

    def action_lines(self, prefix: str) -> Iterator[ActionLine]:
        """Yields the service's actions by name, then those that are not in the catalogue."""
        service = self._catalogue.service(prefix)
        named, granting = dict(self.counts(prefix)), self.granting_counts()
        for key, action in (service.actions if service else {}).items():
            full = f"{prefix}:{key}"
            yield ActionLine(
                prefix,
                action.name,
                action.level,
                action.levels,
                action.resource_types,
                granting[full],
                named.pop(full, 0),
            )
        others = {**dict.fromkeys(self._actions.retired(prefix), 0), **named}
        for full, own in sorted(others.items()):
            known = self._actions.ever_granted().get(full)
            shown = (known.name if known else full).partition(":")[2]
            yield ActionLine(
                prefix, shown, UNCATALOGUED, (UNCATALOGUED,), (), max(granting[full], own), own
            )

    @derived
    def policies_about(self, prefix: str) -> tuple[str, ...]:
        """The names of policies with statements or changes about the service, sorted.

        Includes policies about every service, and policies that once granted an action of the
        service that is no longer in the catalogue.
        """
        index = self._index
        ever = self._actions.ever_granted()
        return tuple(
            sorted(
                {
                    *(use.policy for use in index.services.get(prefix, ())),
                    *(use.policy for use in index.services.get(EVERYTHING, ())),
                    *(found.transition.policy for found in index.service_events.get(prefix, ())),
                    *(
                        name
                        for action in self._actions.retired(prefix)
                        for name in ever[action].policies
                    ),
                }
            )
        )
