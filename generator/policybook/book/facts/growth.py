"""The actions that wildcards gained since an older catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from policybook.analysis.catalogue_growth import PolicyGrowth, Widening, widening
from policybook.analysis.pattern_growth import ListedAction
from policybook.book.derived import Facts, derived
from policybook.book.facts.levels import Level
from policybook.catalogue.catalogue import Catalogue
from policybook.catalogue.services import LEVELS
from policybook.model.book import Book


class LevelPart(Struct, frozen=True):
    """The actions of one level: their number, the first full names, and how many more."""

    level: Level
    names: tuple[str, ...]
    more: int


class GrowthFacts(Facts):
    """The actions that wildcards gained since an older catalogue, if there is one."""

    def __init__(self, book: Book, catalogue: Catalogue, before: Catalogue | None) -> None:
        super().__init__()
        self._book = book
        self._catalogue = catalogue
        self._before = before

    @derived
    def found(self) -> Widening | None:
        """The actions that wildcards gained; None without an older catalogue.

        Raises:
            PolicybookError: The other catalogue is not older, or one of them is invalid.

        """
        policies = self._book.policies.values()
        return widening(policies, self._before, self._catalogue) if self._before else None

    @derived
    def by_policy(self) -> Mapping[str, PolicyGrowth]:
        """The gained actions by policy; policies without growth are left out."""
        found = self.found()
        return {growth.policy: growth for growth in found.policies} if found else {}


def level_parts(actions: Iterable[ListedAction], most: int) -> tuple[LevelPart, ...]:
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
