"""The services: who grants their actions, how many, and which policies are about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import groupby

from msgspec import Struct

from policybook.analysis.index import Index
from policybook.book.derived import Facts, derived
from policybook.book.facts.actions import ActionFacts
from policybook.book.facts.levels import Level, counted
from policybook.catalogue.catalogue import UNCATALOGUED, Catalogue
from policybook.iam.grants import EVERYTHING


class ActionLine(Struct, frozen=True):
    """An action of a service: its levels in AWS's words, and how many policies grant it."""

    prefix: str
    name: str
    level: str
    levels: tuple[str, ...]
    resource_types: tuple[str, ...]
    policies: int

    @property
    def full(self) -> str:
        """The name with its prefix."""
        return f"{self.prefix}:{self.name}"

    @property
    def style(self) -> str:
        """The primary level's first word in lower case."""
        return self.level.split()[0].lower()


class ServiceFacts(Facts):
    """What is known of each service; prefixes are in lower case."""

    def __init__(self, index: Index, catalogue: Catalogue, actions: ActionFacts) -> None:
        super().__init__()
        self._index = index
        self._catalogue = catalogue
        self._actions = actions

    @derived
    def prefixes(self) -> tuple[str, ...]:
        """The service prefixes that current documents or past changes name, in order, without `*`.

        These have pages.
        """
        index = self._index
        return tuple(sorted({*index.services, *index.service_events} - {EVERYTHING}))

    @derived
    def policies_of_all(self) -> tuple[str, ...]:
        """The policies with statements about all services, by name."""
        return tuple(sorted({use.policy for use in self._index.services.get(EVERYTHING, ())}))

    @derived(kept="service")
    def levels(self, prefix: str) -> tuple[Level, ...]:
        """How many of a service's effective actions that any policy names are of each level."""
        return counted(self._of_service(prefix)[0])

    def counts(self, prefix: str) -> Mapping[str, int]:
        """How many policies that name the service grant each of its actions."""
        return self._of_service(prefix)[1]

    @derived
    def _of_service(self, prefix: str) -> tuple[Mapping[str, str], Mapping[str, int]]:
        """The effective actions that any policy names, with their levels and their policies.

        Left out is what the same policy's Deny takes away wherever it is allowed.
        """
        found: dict[str, str] = {}
        counts: Counter[str] = Counter()
        for _, uses in groupby(self._index.services.get(prefix, ()), lambda use: use.policy):
            own: dict[str, str] = {}
            for use in uses:
                if use.effect == "Allow":
                    certainty = self._actions.certainty(use)
                    named = self._catalogue.named(use.actions).items()
                    own |= {name: level for name, level in named if certainty(name, level) != "no"}
            found |= own
            counts.update(own.keys())
        return found, counts

    def action_lines(self, prefix: str) -> Iterator[ActionLine]:
        """Yields the service's actions by name, then those that the catalogue lacks."""
        service = self._catalogue.service(prefix)
        counts = dict(self.counts(prefix))
        for key, action in (service.actions if service else {}).items():
            policies = counts.pop(f"{prefix}:{key}", 0)
            yield ActionLine(
                prefix, action.name, action.level, action.levels, action.resource_types, policies
            )
        others = {**dict.fromkeys(self._actions.retired(prefix), 0), **counts}
        for name, policies in sorted(others.items()):
            known = self._actions.ever_granted().get(name)
            shown = (known.name if known else name).partition(":")[2]
            yield ActionLine(prefix, shown, UNCATALOGUED, (UNCATALOGUED,), (), policies)

    @derived
    def policies_about(self, prefix: str) -> tuple[str, ...]:
        """The policies with statements or changes about the service or every service, by name.

        Those that once granted an action of it, which the catalogue lacks now, are among them.
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
