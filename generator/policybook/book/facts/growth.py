"""What AWS added to its action list, and to the wildcards of policies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

from policybook.analysis.catalogue_growth import AddedAction, CatalogueStep, PolicyGrowth, step
from policybook.analysis.pattern_growth import ListedAction
from policybook.book.derived import Facts, derived
from policybook.book.facts.levels import Level
from policybook.catalogue.catalogue import Catalogue
from policybook.catalogue.services import LEVELS
from policybook.catalogue.stored import catalogue_on
from policybook.model.book import Book


class LevelPart(Struct, frozen=True):
    """The actions of one level: their number, the first full names, and how many more."""

    level: Level
    names: tuple[str, ...]
    more: int


class PolicyStep(Struct, frozen=True):
    """What the wildcards of a policy gained from one catalogue's day to the next one's."""

    before: str
    after: str
    growth: PolicyGrowth


class Listing(Struct, frozen=True):
    """When AWS added an action to its list, or removed it: after one day, and by another one."""

    before: str
    after: str
    added: bool


class GrowthFacts(Facts):
    """What AWS added to its action list, between the catalogues of the book and the one in use."""

    def __init__(self, book: Book, catalogue: Catalogue) -> None:
        super().__init__()
        self._book = book
        self._catalogue = catalogue

    @property
    def has_steps(self) -> bool:
        """Whether there is a catalogue of another day than the one in use."""
        return bool(self._book.catalogues.keys() - {self._catalogue.date})

    @derived
    def steps(self) -> tuple[CatalogueStep, ...]:
        """The steps from each catalogue to the next one, the newest first.

        Raises:
            PolicybookError: A file of the catalogue in use is invalid.

        """
        files, in_use = self._book.catalogues, self._catalogue
        days = sorted({*files, in_use.date})
        found = filter(None, (catalogue_on(day, files, in_use) for day in days))
        policies = self._book.granting.values()
        return tuple(step(policies, *pair) for pair in pairwise(found))[::-1]

    @derived
    def by_policy(self) -> Mapping[str, tuple[PolicyStep, ...]]:
        """The steps in which each policy gained actions, the newest first; others are left out."""
        found: dict[str, list[PolicyStep]] = defaultdict(list)
        for one in self.steps():
            for growth in one.policies:
                if growth.added:
                    part = PolicyStep(one.before.date, one.after.date, growth)
                    found[growth.policy].append(part)
        return {name: tuple(parts) for name, parts in found.items()}

    @derived
    def last_listing(self) -> Mapping[str, Listing]:
        """When AWS last added or removed actions, by full name in lower case."""
        return dict(_last_listing(reversed(self.steps())))


def _last_listing(steps: Iterable[CatalogueStep]) -> Iterator[tuple[str, Listing]]:
    for one in steps:
        days = one.before.date, one.after.date
        for service in one.services:
            for known in service.added:
                yield known.name.lower(), Listing(*days, added=True)
            for lost in service.gone:
                yield lost.name.lower(), Listing(*days, added=False)


def level_parts(actions: Iterable[ListedAction | AddedAction], most: int) -> tuple[LevelPart, ...]:
    """Group actions by level.

    Args:
        actions: The actions.
        most: The maximum number of names for each level.

    Returns:
        The levels that occur, weakest first.

    """
    by_level: dict[str, list[str]] = {level: [] for level in LEVELS}
    for action in actions:
        by_level[action.level].append(action.name)
    return tuple(_part(level, names, most) for level, names in by_level.items() if names)


def _part(level: str, names: Sequence[str], most: int) -> LevelPart:
    return LevelPart(Level(level, len(names)), tuple(names[:most]), max(len(names) - most, 0))
