"""The policies that grant each action, currently and in the past."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from policybook.analysis.effective_actions import Span, Strength, strengths
from policybook.analysis.index import Index, Use
from policybook.analysis.since import Start, since_words
from policybook.book.derived import Facts, derived
from policybook.book.facts.history import HistoryFacts
from policybook.catalogue.catalogue import UNCATALOGUED, Catalogue
from policybook.iam.denies import CERTAINTIES, Certainty, certainties_with
from policybook.iam.grants import EVERYTHING, compared_term
from policybook.iam.patterns import compiled, covers, has_wildcard
from policybook.model.book import Book
from policybook.model.documents import Term

FindCertainty = Callable[[str, str], Certainty]
"""Returns how certain a grant is, for a full name in lower case and its access level."""


class GrantRow(Struct, frozen=True, eq=False):
    """The part of a statement that grants an action, for display. Equal parts share one row.

    `patterns` are the wildcards that match the action, and `by_name` says whether the statement
    also names it; for a NotAction statement they are () and False. `since` says since when the
    known documents grant the action without interruption; None if a Deny removes it.
    `in_form_since` says since when they do in this form: with these patterns, on all of the
    resources, under the condition.
    """

    use: Use
    patterns: tuple[str, ...]
    by_name: bool
    certainty: Certainty
    since: Start | None
    in_form_since: Start | None

    @property
    def since_words(self) -> str:
        """Since when the action is granted, and since when in this form."""
        return since_words(self.since, self.in_form_since)

    @property
    def strengths(self) -> tuple[Strength, ...]:
        """The kinds of condition that the statement has; empty without a condition."""
        return strengths(self.use.condition) if self.use.condition else ()


class Granted(Struct, frozen=True, eq=False):
    """The row of an action, and the statement's patterns that match it, as written."""

    row: GrantRow
    patterns: tuple[str, ...]


class EverGranted(Struct, frozen=True):
    """An action, as the catalogue or else a document spells it, and the policies that granted it.

    A policy that covers all services is included only if it names the action. Policies are sorted
    by name.
    """

    name: str
    policies: tuple[str, ...]


class ActionFacts(Facts):
    """The policies that grant each action. Prefixes and names of actions are in lower case."""

    def __init__(
        self,
        book: Book,
        index: Index,
        catalogue: Catalogue,
        history: HistoryFacts,
        action_pages: tuple[str, ...],
    ) -> None:
        super().__init__()
        self._book = book
        self._index = index
        self._catalogue = catalogue
        self._history = history
        self._action_pages = action_pages

    # --- current documents ---

    @derived
    def granted(self, prefix: str) -> Mapping[str, tuple[Granted, ...]]:
        """The grants of each action of a service, by full name in lower case, sorted by policy.

        Statements about every service are left out; see `granted_by_all`.
        """
        found: dict[str, list[Granted]] = defaultdict(list)
        for use in self._index.services.get(prefix, ()):
            if use.effect == "Allow":
                for name, grant in self._granted(use):
                    found[name].append(grant)
        return {name: tuple(grants) for name, grants in found.items()}

    def _granted(self, use: Use) -> Iterator[tuple[str, Granted]]:
        certainty, known = self.certainty(use), self._history.spans(use.policy)
        levels: dict[str, str] = {}
        matching: dict[str, tuple[str, ...]] = {}
        for pattern in use.actions.patterns:
            alone = (pattern,)
            named = self._catalogue.named_by(pattern)
            levels.update(named)
            for name in named:
                matching[name] = (*matching[name], pattern) if name in matching else alone
        in_form = self.in_form_since(use)
        grants: dict[tuple[tuple[str, ...], Certainty, int], Granted] = {}
        rows: dict[tuple[object, ...], GrantRow] = {}
        for name, patterns in matching.items():
            sure, since = certainty(name, levels[name]), _since(known.get(name, ()))
            alike = patterns, sure, id(since)  # a digest of the start would take longer
            grant = grants.get(alike)
            if not grant:
                wild = tuple(filter(has_wildcard, patterns))
                own = [in_form[pattern] for pattern in patterns]
                form = max([since, *own] if since else own, key=lambda start: start.place)
                key = (wild, len(wild) < len(patterns), sure, since, form)
                if key not in rows:
                    rows[key] = GrantRow(use, wild, key[1], sure, since, form)
                grant = grants[alike] = Granted(rows[key], patterns)
            yield name, grant

    def in_form_since(self, use: Use) -> Mapping[str, Start]:
        """Since when each action pattern of a use stands on all of its resources, by pattern.

        A use with NotAction has one entry, under "".
        """
        found = self._history.current_forms(use.policy)
        return found.of(use.effect, use.actions, use.resources, use.condition) if found else {}

    @derived
    def granted_by_all(self, name: str) -> tuple[GrantRow, ...]:
        """The most certain grant of each policy whose statements cover every service.

        Args:
            name: The action's full name, in any case.

        Returns:
            One row per policy, in the order of the index.

        """
        lower = name.lower()
        action = self._catalogue.action(lower)
        level = action.level if action else UNCATALOGUED
        found: dict[str, GrantRow] = {}
        for use, actions, certainty in self._about_every_service():
            if any(compiled(p).fullmatch(lower) for p in actions.patterns) != actions.negated:
                row = self._row_of_all(use, certainty(lower, level))
                found[use.policy] = min(found.get(use.policy, row), row, key=_uncertainty)
        return tuple(found.values())

    @derived
    def _about_every_service(self) -> tuple[tuple[Use, Term, FindCertainty], ...]:
        """The Allow statements about every service, each with its actions in lower case."""
        return tuple(
            (use, compared_term(use.actions), self.certainty(use))
            for use in self._index.services.get(EVERYTHING, ())
            if use.effect == "Allow"
        )

    @derived(key=lambda use, certainty: (use.policy, use.statement, certainty))
    def _row_of_all(self, use: Use, certainty: Certainty) -> GrantRow:
        patterns = () if use.actions.negated else use.actions.patterns
        return GrantRow(use, patterns, False, certainty, None, None)

    def certainty(self, use: Use) -> FindCertainty:
        """How certainly a policy grants actions through one of its Allow uses.

        The result agrees with the best of `answers` for the use's statement.
        """
        denies = (
            other
            for other in self._index.uses[use.policy]
            if other.effect == "Deny"
            and (use.prefix == EVERYTHING or other.prefix in (use.prefix, EVERYTHING))
        )
        return certainties_with(use, denies, self._catalogue)

    # --- all known documents ---

    @derived
    def ever_granted(self) -> Mapping[str, EverGranted]:
        """Every action that a known document grants or granted, sorted by full name in lower case.

        Patterns with wildcards that match no action of the catalogue are left out.
        """
        found: dict[str, list[str]] = defaultdict(list)
        spelled: dict[str, str] = {}
        for policy in self._book.granting:
            for name in self._history.ever_granted(policy):
                lower = name.lower()
                found[lower].append(policy)
                spelled.setdefault(lower, name)
        return {name: EverGranted(spelled[name], tuple(found[name])) for name in sorted(found)}

    def retired(self, prefix: str) -> tuple[str, ...]:
        """The service's actions that were ever granted and are not in the catalogue.

        The result has full names in lower case, sorted.
        """
        return self._retired().get(prefix, ())

    def all_retired(self) -> tuple[str, ...]:
        """Those of all services."""
        return tuple(name for names in self._retired().values() for name in names)

    @derived
    def _retired(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for name in self.ever_granted():
            if not self._catalogue.action(name):
                found[name.partition(":")[0]].append(name)
        return {prefix: tuple(names) for prefix, names in found.items()}

    @derived
    def with_pages(self) -> Mapping[str, EverGranted]:
        """The actions of `ever_granted` that match the setting `action_pages` and so have pages."""
        patterns = [pattern.lower() for pattern in self._action_pages]
        return {
            name: found
            for name, found in self.ever_granted().items()
            if any(covers(pattern, name) for pattern in patterns)
        }


def _uncertainty(row: GrantRow) -> int:
    return CERTAINTIES.index(row.certainty)


def _since(found: tuple[Span, ...]) -> Start | None:
    """Since when an action is granted; None if it is not granted any more."""
    return found[-1].since if found and not found[-1].until else None
