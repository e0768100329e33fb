"""What the changes of a book are, as they are stored: all comparisons, and the list of all events.

They depend on the catalogue too. Those of a policy are valid as long as its files are the same, and
the list as long as all files of the data are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import cached_property
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
from policybook.store.blob_file import BlobFile, Damaged
from policybook.store.lazy_mapping import LazyMapping
from policybook.store.stored_index import StoredIndex

FILE, EVENTS = "history", "/events"
FACTS = ("headlines", "touched")
"""The facts of `EventFacts` that are stored for each policy."""


class PolicyChanges(Struct, frozen=True, array_like=True):
    """The changes of a policy, newest first, and its facts about events, for files of a digest."""

    digest: bytes
    changes: tuple[Change | None, ...]
    facts: dict[str, Raw]


class ListedEvent(Struct, frozen=True, array_like=True):
    """An event: its day, its policy and the key of its transition, and the services it changes.

    Without a key it is a deprecation, and without a policy the start of tracking a group.
    """

    day: date
    policy: str
    key: str
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

    def of_policy(self, name: str, digest: bytes) -> PolicyChanges | None:
        """What is stored of a policy whose files have a digest."""
        with suppress(msgspec.MsgspecError):
            content = self.content(name)
            found = msgspec.msgpack.decode(content, type=PolicyChanges) if content else None
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

    def __init__(
        self, listed: ListedEvent, histories: Mapping[str, tuple[Transition, ...]]
    ) -> None:
        self._listed, self._histories = listed, histories
        self.day, self.services = listed.day, listed.services
        self.deprecated = None if listed.key else listed.policy or None
        self.group = listed.group or None

    @cached_property
    def transition(self) -> Transition | None:
        """The version or rollback; None for other events."""
        listed = self._listed
        found = self._histories[listed.policy] if listed.key else ()
        return next((t for t in found if t.key == listed.key and t.day == listed.day), None)


class HistoryIndex(StoredIndex):
    """The index of a book whose events are listed."""

    def __init__(
        self,
        book: Book,
        catalogue: Catalogue,
        changes: Mapping[str, Sequence[Change | None] | None],
        listed: Sequence[ListedEvent] | None,
    ) -> None:
        """Set up the index.

        Args:
            book: The book.
            catalogue: The catalogue.
            changes: The changes that are known, by policy.
            listed: The list of all events; None if it is not known.

        """
        super().__init__(book, catalogue, changes.__getitem__)
        if listed is not None:
            found = [StoredEvent(event, self.histories) for event in listed]
            self.events = cast("Sequence[Event]", found)
            prefixes = {prefix for event in listed for prefix in event.services}
            self.service_events = LazyMapping(sorted(prefixes), self._of_service)

    def _of_service(self, prefix: str) -> tuple[ServiceEvent, ...]:
        about = (e for e in self.events if prefix in cast("StoredEvent", e).services)
        found = (of for event in about for of in service_events_of(event))
        return tuple(event for service, event in found if service == prefix)


def restore_facts(context: BookContext, name: str, facts: Mapping[str, Raw]) -> None:
    """Let the context use the stored facts about the events of a policy."""
    context.events.restore(name, {fact: {"": raw} for fact, raw in facts.items()})
