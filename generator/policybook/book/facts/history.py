"""The effective actions of each policy over time, with the current catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from policybook.analysis.effective_actions import (
    Span,
    VersionActions,
    effective_levels,
    is_one_action,
    spans,
    version_actions,
)
from policybook.analysis.index import Index
from policybook.book.derived import Facts, derived
from policybook.book.facts.levels import Level, counted
from policybook.catalogue.catalogue import Catalogue
from policybook.iam.grants import EVERYTHING
from policybook.model.book import Book
from policybook.model.policies import Policy, Version

GainedAndLost = tuple[tuple[str, ...], tuple[str, ...]]


class Tally(Struct, frozen=True):
    """The effective actions of a version by level, and those gained and lost with it."""

    actions: tuple[Level, ...]
    gained: tuple[Level, ...]
    lost: tuple[Level, ...]


class _Past(Struct, frozen=True):
    """A policy's history: spans by action; tallies and changed actions by transition key."""

    spans: Mapping[str, tuple[Span, ...]]
    tallies: Mapping[str, Tally]
    changed: Mapping[str, GainedAndLost]


class HistoryFacts(Facts):
    """The versions with which a policy began and ceased to grant each action."""

    def __init__(self, book: Book, index: Index, catalogue: Catalogue) -> None:
        super().__init__()
        self._book = book
        self._index = index
        self._catalogue = catalogue

    def spans(self, policy: str) -> Mapping[str, tuple[Span, ...]]:
        """The spans in which the policy granted each action, oldest first.

        The keys are full names of actions in lower case.
        """
        return self._past(policy).spans

    def tallies(self, policy: str) -> Mapping[str, Tally]:
        """The tally of each version and rollback that has a document, by transition key."""
        return self._past(policy).tallies

    def actions_changed(self, policy: str) -> Mapping[str, GainedAndLost]:
        """The effective actions gained and lost, sorted by name, by transition key.

        Transitions that changed no effective action are left out.
        """
        return self._past(policy).changed

    def tally_alone(self, version: Version) -> Tally | None:
        """The tally of a version without a comparison; None without a document."""
        if not version.document:
            return None
        return Tally(counted(effective_levels(version.document, self._catalogue)), (), ())

    @derived
    def _past(self, policy: str) -> _Past:
        defaults = self._defaults(policy)
        keys = [key for key, version in defaults if version.document]
        tallies: dict[str, Tally] = {}
        changed: dict[str, GainedAndLost] = {}

        def tallied() -> Iterator[VersionActions]:  # one at a time, to limit memory use
            found = version_actions((version for _, version in defaults), self._catalogue)
            for key, one in zip(keys, found, strict=True):
                tallies[key] = Tally(counted(one.actions), counted(one.gained), counted(one.lost))
                if one.gained or one.lost:
                    changed[key] = tuple(sorted(one.gained)), tuple(sorted(one.lost))
                yield one

        return _Past(spans(tallied()), tallies, changed)

    def _defaults(self, name: str) -> Sequence[tuple[str, Version]]:
        """The transition key and version of each change of the default version, oldest first.

        The last one is the current version, even if the data has no rollback to it.
        """
        histories = reversed(self._index.histories[name])
        found = [(t.key, t.version) for t in histories if not t.outside_sequence]
        current = self._book.policies[name].current
        known = [version for _, version in found if version.document]
        return [*found, ("", current)] if current and known and known[-1] is not current else found

    @derived(kept="policy")
    def ever_granted(self, policy: str) -> tuple[str, ...]:
        """The actions that a policy names or ever granted, with display case, sorted.

        Those that its current document allows count even if they have no effect. If the policy has
        an Allow statement that covers all services, only they count.
        """
        uses = self._index.uses.get(policy, ())
        actions = [u.actions for u in uses if u.prefix != EVERYTHING and u.effect == "Allow"]
        lower = {found for term in actions for found in self._catalogue.named(term)}
        if not any(use.prefix == EVERYTHING and use.effect == "Allow" for use in uses):
            lower.update(self.spans(policy))
        return tuple(sorted(self._spelled(self._book.policies[policy], lower)))

    def _spelled(self, policy: Policy, names: Iterable[str]) -> Iterator[str]:
        """Yields the actions as the catalogue, or else the newest document, spells them."""
        others = set()
        for name in names:
            action = self._catalogue.action(name)
            if action:
                yield f"{name.partition(':')[0]}:{action.name}"
            elif is_one_action(name):
                others.add(name)
        for version in policy.versions if others else ():
            for statement in version.document.statements if version.document else ():
                for pattern in statement.actions.patterns:
                    if pattern.lower() in others:
                        others.remove(pattern.lower())
                        prefix, _, rest = pattern.partition(":")
                        yield f"{prefix.lower()}:{rest}"
