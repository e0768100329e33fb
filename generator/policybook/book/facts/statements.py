"""Parts of statements for display: action patterns with their levels, strongest first."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from policybook.analysis.index import Index, Use
from policybook.book.derived import Facts, derived
from policybook.book.limits import EXPANDED_NAMES, LINKED_PATTERNS
from policybook.catalogue.catalogue import UNCATALOGUED, Catalogue
from policybook.catalogue.services import LEVELS
from policybook.iam.patterns import has_wildcard
from policybook.model.documents import Clause, Term
from policybook.model.fields import Effect

How = Literal["named", "pattern", "service", "everything"]


class ActionItem(Struct, frozen=True, eq=False):
    """An action pattern as written in the document, and the actions that it matches.

    `count` is the number of matching actions in the catalogue; `names` is empty if there are too
    many. There is one item for each pattern, so that items can be compared by identity.
    """

    text: str
    how: How
    level: str
    count: int
    names: tuple[str, ...] = ()

    @property
    def spaced(self) -> bool:
        """Whether it has white space, which no action has."""
        return len(self.text.split()) > 1

    @property
    def style(self) -> str:
        """The level's first word in lower case; `several` for a mixture."""
        return self.level.split()[0].lower() if self.level else "several"


class UseRow(Struct, frozen=True, eq=False):
    """The part of a statement for one prefix, for display.

    `linked` says whether its actions are links; see `LINKED_PATTERNS`.
    """

    policy: str
    prefix: str
    effect: Effect
    negated: bool
    actions: tuple[ActionItem, ...]
    resources: Term
    condition: tuple[Clause, ...]
    statement: int
    linked: bool


class StatementFacts(Facts):
    """Parts of statements, for display."""

    def __init__(self, index: Index, catalogue: Catalogue) -> None:
        super().__init__()
        self._index = index
        self._catalogue = catalogue

    @derived
    def item(self, pattern: str) -> ActionItem:
        """The action pattern with its level and the number of actions that it matches."""
        if pattern in ("*", "*:*"):
            return ActionItem(pattern, "everything", "", 0)
        found = self._catalogue.expand(pattern)
        levels = {action.level for action in found}
        if not has_wildcard(pattern):
            level = found[0].level if found else UNCATALOGUED
            return ActionItem(pattern, "named", level, len(found))
        how: How = "service" if pattern.endswith(":*") else "pattern"
        names = tuple(action.name for action in found) if len(found) <= EXPANDED_NAMES else ()
        level = UNCATALOGUED if not found else levels.pop() if len(levels) == 1 else ""
        return ActionItem(pattern, how, level, len(found), names)

    def row(self, use: Use) -> UseRow:
        """The use for display. Rows are cached, except for uses from a guide's snippet."""
        return self._row_of_policy(use) if use.policy else self._row(use)

    @derived(key=lambda use: (use.policy, use.statement, use.prefix))
    def _row_of_policy(self, use: Use) -> UseRow:
        return self._row(use)

    def _row(self, use: Use) -> UseRow:
        items = map(self.item, use.actions.patterns)
        return UseRow(
            use.policy,
            use.prefix,
            use.effect,
            use.actions.negated,
            tuple(sorted(items, key=_strongest_first)),
            use.resources,
            use.condition,
            use.statement,
            self.patterns(use.policy) <= LINKED_PATTERNS,
        )

    @derived
    def patterns(self, policy: str) -> int:
        """The number of action patterns in the policy's current document."""
        return sum(len(use.actions.patterns) for use in self._index.uses.get(policy, ()))


_ORDER = {level: -position for position, level in enumerate((*LEVELS, "", UNCATALOGUED))}


def level_order(item: ActionItem) -> int:
    """The place of an item's access level in a list: the strongest level first."""
    return _ORDER[item.level]


def _strongest_first(item: ActionItem) -> tuple[int, str]:
    return level_order(item), item.text.lower()
