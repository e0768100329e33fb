"""The effective actions of each policy over time, with the current catalogue."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from policybook.analysis.effective_actions import (
    Span,
    VersionActions,
    effective_levels,
    is_one_action,
    spans,
    version_actions,
)
from policybook.analysis.grant_forms import Forms, forms
from policybook.analysis.index import Index
from policybook.analysis.nearest_version import Nearest, nearest_versions
from policybook.analysis.since import Start, last_start, starts
from policybook.book.derived import Facts, derived
from policybook.book.facts.levels import Level, counted, levels
from policybook.catalogue.catalogue import Catalogue
from policybook.iam.grants import EVERYTHING, grants
from policybook.model.book import Book
from policybook.model.documents import Grant
from policybook.model.policies import Policy, Version

GainedAndLost = tuple[tuple[str, ...], tuple[str, ...]]


class Tally(Struct, frozen=True):
    """The effective actions of a version by level, and those gained and lost with it."""

    actions: tuple[Level, ...]
    gained: tuple[Level, ...]
    lost: tuple[Level, ...]


Counts = Mapping[str, tuple[Level, ...]]


class _Held(Struct, frozen=True, array_like=True):
    """Actions that a policy granted in the same spans.

    A span is the places of two starts, the second of which is -1 if the policy still grants them.
    """

    places: tuple[tuple[int, int], ...]
    names: tuple[str, ...]


class _Past(Struct, frozen=True):
    """A policy's history: what it held; tallies and changed actions by transition key.

    `services` has the levels of each version's actions, by version and service.
    """

    held: tuple[_Held, ...]
    tallies: Mapping[str, Tally]
    changed: Mapping[str, GainedAndLost]
    services: Mapping[str, Counts]


class HistoryFacts(Facts):
    """The versions with which a policy began and ceased to grant each action."""

    def __init__(self, book: Book, index: Index, catalogue: Catalogue) -> None:
        super().__init__()
        self._book = book
        self._index = index
        self._catalogue = catalogue

    @derived
    def spans(self, policy: str) -> Mapping[str, tuple[Span, ...]]:
        """The spans in which the policy granted each action, oldest first.

        The keys are full names of actions in lower case.
        """
        starts = self.starts(policy)
        found: dict[str, tuple[Span, ...]] = {}
        for held in self._held(policy):
            own = tuple(Span(starts[s], starts[u] if u >= 0 else None) for s, u in held.places)
            found.update(dict.fromkeys(held.names, own))
        return found

    @derived(kept="policy")
    def _held(self, policy: str) -> tuple[_Held, ...]:
        return self._past(policy).held

    def tallies(self, policy: str) -> Mapping[str, Tally]:
        """The tally of each version and rollback that has a document, by transition key."""
        return self._past(policy).tallies

    def actions_changed(self, policy: str) -> Mapping[str, GainedAndLost]:
        """The effective actions gained and lost, sorted by name, by transition key.

        Transitions that changed no effective action are left out.
        """
        return self._past(policy).changed

    @derived(kept="policy")
    def lost(self, policy: str) -> Mapping[str, int]:
        """The number of effective actions lost, by transition key; only where there are some."""
        changed = self.actions_changed(policy)
        return {key: len(lost) for key, (_, lost) in changed.items() if lost}

    def services(self, policy: str) -> Mapping[str, Counts]:
        """The levels of the effective actions of each default version, by its key and service."""
        return self._past(policy).services

    def tally_alone(self, version: Version) -> Tally | None:
        """The tally of a version without a comparison; None without a document."""
        if not version.document:
            return None
        return Tally(counted(effective_levels(version.document, self._catalogue)), (), ())

    @derived
    def nearest(self, policy: str) -> tuple[Nearest, ...]:
        """The most similar archived versions for each document of a policy without an id."""
        return tuple(nearest_versions(self._book.policies[policy], self._catalogue))

    @derived
    def starts(self, policy: str) -> tuple[Start, ...]:
        """Each start of a version as the policy's default, oldest first."""
        return starts(self._book.policies[policy], self._index.histories[policy])

    @derived(key=lambda policy, version: (policy, version.key))
    def forms(self, policy: str, version: Version) -> Forms | None:
        """Since when the grants of a version stand in their form.

        None if its document is not known, or is not part of the version sequence.
        """
        found = self.starts(policy)
        last = last_start(found, version) if version.document else None
        return forms(found, last) if last else None

    @derived
    def current_forms(self, policy: str) -> Forms | None:
        """Since when the grants of the current version stand in their form."""
        current = self._book.policies[policy].current
        return self.forms(policy, current) if current else None

    def standing(self, policy: str, version: Version) -> tuple[tuple[Grant, Start | None], ...]:
        """The grants of a version, in the document's order, each with since when it stands.

        Without a start if the version is not part of the version sequence.
        """
        document, found = version.document, self.forms(policy, version)
        if document is None:
            return ()
        own = grants(document)
        since = found.of_grants(document) if found else (None for _ in own)
        return tuple(zip(own, since, strict=True))

    @derived
    def _past(self, policy: str) -> _Past:
        tallies: dict[str, Tally] = {}
        changed: dict[str, GainedAndLost] = {}
        services: dict[str, Counts] = {}
        count = _Count()

        def tallied() -> Iterator[VersionActions]:  # one at a time, to limit memory use
            for one in version_actions(self.starts(policy), self._catalogue):
                key = one.start.key
                count.follow(one)
                tallies[key] = Tally(count.levels, counted(one.gained), counted(one.lost))
                services[one.start.version.key] = count.services
                if one.gained or one.lost:
                    changed[key] = tuple(sorted(one.gained)), tuple(sorted(one.lost))
                yield one

        return _Past(_alike(spans(tallied())), tallies, changed, services)

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


def _alike(found: Mapping[str, tuple[Span, ...]]) -> tuple[_Held, ...]:
    """The actions by their spans."""
    alike: dict[tuple[tuple[int, int], ...], list[str]] = defaultdict(list)
    places: dict[tuple[int, ...], tuple[tuple[int, int], ...]] = {}  # many share their spans
    for name, own in found.items():
        key = tuple(map(id, own))
        if key not in places:
            places[key] = tuple((s.since.place, s.until.place if s.until else -1) for s in own)
        alike[places[key]].append(name)
    return tuple(_Held(spans, tuple(names)) for spans, names in alike.items())


class _Count:
    """The levels of the effective actions of a version, altogether and by service.

    They are made from those of the version before, since most versions differ in few actions.
    """

    def __init__(self) -> None:
        self.levels: tuple[Level, ...] = ()
        self.services: Counts = {}
        self._counts: dict[str, Counter[str]] = {}
        self._begun = False

    def follow(self, one: VersionActions) -> None:
        """Count the next version."""
        changed: dict[str, Counter[str]] = defaultdict(Counter)
        for name, level in (one.gained if self._begun else one.actions).items():
            changed[name.partition(":")[0]][level] += 1
        for name, level in one.lost.items():
            changed[name.partition(":")[0]][level] -= 1
        self._begun = True
        if not changed:
            return
        for prefix, counts in changed.items():
            self._counts.setdefault(prefix, Counter()).update(counts)
        found = {**self.services, **{prefix: levels(self._counts[prefix]) for prefix in changed}}
        self.services = {prefix: found[prefix] for prefix in sorted(found) if found[prefix]}
        every: Counter[str] = Counter()
        for counts in self._counts.values():
            every.update(counts)
        self.levels = levels(every)
