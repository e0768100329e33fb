"""What the changes of a book are, as they are stored: all comparisons, and the list of all events.

They depend on the catalogue too. Those of a policy are valid as long as its files are the same, and
the list as long as all files of the data are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import cast

import msgspec
from msgspec import Raw, Struct

from policybook.analysis.index import Event, ServiceEvent, service_events_of
from policybook.analysis.timeline import Transition
from policybook.book.context import BookContext
from policybook.catalogue.catalogue import Catalogue
from policybook.model.book import Book
from policybook.model.changes import Change
from policybook.model.policies import Policy
from policybook.store.blob_file import BlobFile, Damaged
from policybook.store.lazy_mapping import LazyMapping
from policybook.store.stored_index import StoredIndex

FILE, EVENTS = "history", "/events"
FACTS = ("headlines", "touched")
"""The facts of `EventFacts` that are stored for each policy."""


class _Transition(Struct, frozen=True, array_like=True):
    """A `Transition` of a policy, with its versions by their places in the policy."""

    version: int
    before: int | None
    change: Change | None
    missing: tuple[int, ...]
    returned: date | None
    outside_sequence: bool
    recreated: bool
    default_since: date | None


class PolicyHistory(Struct, frozen=True, array_like=True):
    """The versions and rollbacks of a policy, newest first, and its facts about them.

    They are of files with the digest.
    """

    digest: bytes
    transitions: tuple[Raw, ...]
    facts: dict[str, Raw]


class StoredHistory:
    """The versions and rollbacks of a policy, newest first; each is decoded when it is asked for.

    Args:
        policy: The policy.
        found: What is stored of its history.

    """

    def __init__(self, policy: Policy, found: PolicyHistory) -> None:
        self._policy, self._found = policy, found
        self._decoded: dict[int, Transition] = {}

    def all(self) -> tuple[Transition, ...]:
        """The whole history."""
        return tuple(map(self.at, range(len(self._found.transitions))))

    def at(self, place: int) -> Transition:
        """The version or rollback at a place."""
        if place not in self._decoded:
            t = _decoder().decode(self._found.transitions[place])
            versions = self._policy.versions
            self._decoded[place] = Transition(
                self._policy.name,
                versions[t.version],
                None if t.before is None else versions[t.before],
                *(t.change, t.missing, t.returned, t.outside_sequence, t.recreated),
                t.default_since,
            )
        return self._decoded[place]


@cache
def _decoder() -> msgspec.msgpack.Decoder[_Transition]:
    return msgspec.msgpack.Decoder(_Transition)


def policy_history(
    digest: bytes, policy: Policy, history: Sequence[Transition], facts: Mapping[str, Raw]
) -> PolicyHistory:
    """The history as it is stored.

    Args:
        digest: The digest of the policy's files.
        policy: The policy.
        history: Its versions and rollbacks, newest first.
        facts: The facts about its events, encoded.

    """
    places = {version.key: place for place, version in enumerate(policy.versions)}
    found = (
        _Transition(
            places[t.version.key],
            places[t.before.key] if t.before else None,
            *(t.change, t.missing, t.returned, t.outside_sequence, t.recreated),
            t.default_since,
        )
        for t in history
    )
    encoded = (Raw(msgspec.msgpack.encode(transition)) for transition in found)
    return PolicyHistory(digest, tuple(encoded), dict(facts))


class ListedEvent(Struct, frozen=True, array_like=True):
    """An event: its day, its policy, its place in the history, and the services it changes.

    Without a place it is a deprecation, and without a policy the start of tracking a group.
    """

    day: date
    policy: str
    place: int | None
    group: str
    services: tuple[str, ...]


class ListedEvents(Struct, frozen=True, array_like=True):
    """All events, newest first, for data of a digest."""

    digest: bytes
    events: tuple[ListedEvent, ...]


class HistoryStore:
    """The open store of a book's changes. What is damaged or not valid is as if it were not there.

    Args:
        folder: The folder of the store.
        key: What it must have been written with.

    """

    def __init__(self, folder: Path, key: bytes) -> None:
        self._file: BlobFile | None = None
        with suppress(Damaged, OSError):
            self._file = BlobFile(folder / FILE, key)

    def content(self, name: str) -> bytes | None:
        """What is stored under a name; None if there is nothing, or it is damaged."""
        with suppress(Damaged):
            return self._file.read(name) if self._file else None
        return None

    def of_policy(self, name: str, digest: bytes) -> PolicyHistory | None:
        """What is stored of a policy whose files have a digest."""
        with suppress(msgspec.MsgspecError):
            content = self.content(name)
            found = msgspec.msgpack.decode(content, type=PolicyHistory) if content else None
            return found if found and found.digest == digest else None
        return None

    def events(self, digest: bytes) -> tuple[ListedEvent, ...] | None:
        """The list of all events of data with a digest."""
        with suppress(msgspec.MsgspecError):
            content = self.content(EVENTS)
            found = msgspec.msgpack.decode(content, type=ListedEvents) if content else None
            return found.events if found and found.digest == digest else None
        return None


class StoredEvent:
    """An event with the attributes of `Event`; its transition is looked up when it is asked for."""

    def __init__(self, listed: ListedEvent, transition: Callable[[str, int], Transition]) -> None:
        self._listed, self._transition = listed, transition
        self.day, self.services = listed.day, listed.services
        self.deprecated = listed.policy if listed.place is None and listed.policy else None
        self.group = listed.group or None

    @cached_property
    def transition(self) -> Transition | None:
        """The version or rollback; None for other events."""
        place = self._listed.place
        return None if place is None else self._transition(self._listed.policy, place)


class HistoryIndex(StoredIndex):
    """The index of a book, of which some histories and the list of all events may be stored."""

    def __init__(
        self,
        book: Book,
        catalogue: Catalogue,
        known: Mapping[str, StoredHistory | None],
        read: Callable[[], Sequence[ListedEvent] | None],
    ) -> None:
        """Set up the index.

        Args:
            book: The book.
            catalogue: The catalogue.
            known: The histories by policy; None for those that are not stored.
            read: Reads the list of all events; None if it is not stored.

        """
        super().__init__(book, catalogue)
        self._known, self._read = known, read

    @cached_property
    def listed(self) -> Sequence[ListedEvent] | None:
        """The list of all events as it is stored; None if it is not."""
        return self._read()

    @cached_property
    def events(self) -> Sequence[Event]:
        """All events, newest first."""
        if self.listed is None:
            return super().events
        found = [StoredEvent(event, self._transition) for event in self.listed]
        return cast("Sequence[Event]", found)

    @cached_property
    def service_events(self) -> Mapping[str, Sequence[ServiceEvent]]:
        """The events of each service, newest first."""
        if self.listed is None:
            return self._whole.service_events
        prefixes = {prefix for event in self.listed for prefix in event.services}
        return LazyMapping(sorted(prefixes), self._of_service)

    def _transitions(self, name: str) -> tuple[Transition, ...]:
        known = self._known[name]
        if known is None:
            return super()._transitions(name)
        return tuple(transition for transition in known.all() if not transition.returned)

    def _history(self, name: str) -> tuple[Transition, ...]:
        known = self._known[name]
        return super()._history(name) if known is None else known.all()

    def _transition(self, name: str, place: int) -> Transition:
        known = self._known[name]
        return self.histories[name][place] if known is None else known.at(place)

    def _of_service(self, prefix: str) -> tuple[ServiceEvent, ...]:
        about = (e for e in self.events if prefix in cast("StoredEvent", e).services)
        found = (of for event in about for of in service_events_of(event))
        return tuple(event for service, event in found if service == prefix)


def restore_facts(context: BookContext, name: str, facts: Mapping[str, Raw]) -> None:
    """Let the context use the stored facts about the events of a policy."""
    context.events.restore(name, {fact: {"": raw} for fact, raw in facts.items()})
