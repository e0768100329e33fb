"""The context of a stored book, whose changes are stored too; those that are not are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import cast

import msgspec
from msgspec import Raw

from policybook.analysis.index import Event, Index, service_events_of
from policybook.book.context import BookContext
from policybook.catalogue.catalogue import Catalogue
from policybook.store.blob_file import write_blobs
from policybook.store.history_store import (
    EVENTS,
    FACTS,
    FILE,
    HistoryIndex,
    HistoryStore,
    ListedEvent,
    ListedEvents,
    StoredHistory,
    policy_history,
    restore_facts,
)
from policybook.store.lazy_mapping import LazyMapping
from policybook.store.opening import StoredBook

WatchedNames = Callable[[Sequence[str]], Iterable[str]]
"""Passes on the names of policies, and may show how many are left."""


class Histories:
    """The changes of a stored book."""

    def __init__(self, stored: StoredBook, catalogue: Catalogue, state: bytes) -> None:
        """Open the store of changes.

        Args:
            stored: The book.
            catalogue: The catalogue.
            state: What is known of the catalogue's files, which is part of the store's key.

        """
        self._stored, self._catalogue = stored, catalogue
        self._key = stored.key_with(catalogue, state)
        # Roles and groups are parts of the list of events, so all of the data is.
        self._whole = stored.state
        self._store = HistoryStore(stored.folder, self._key)

    def context(self) -> BookContext:
        """The book's context. Changes that are not stored are made for the policies asked about."""
        return self._context()[1]

    def _context(self) -> tuple[HistoryIndex, BookContext]:
        book, digests = self._stored.book, self._stored.digests

        def known(name: str) -> StoredHistory | None:
            found = self._store.of_policy(name, digests[name])
            if not found:
                return None
            restore_facts(context, name, found.facts)
            return StoredHistory(book.policies[name], found)

        histories = LazyMapping(digests, known)
        index = HistoryIndex(
            book, self._catalogue, histories, lambda: self._store.events(self._whole)
        )
        # What looks at an index asks for its attributes only.
        context = BookContext(book, cast("Index", index), self._catalogue)
        return index, context

    def made(self, watched: WatchedNames = iter) -> BookContext:
        """The book's context, after what is not stored of the changes has been made and stored.

        Args:
            watched: Passes on the names of policies. Default: as they come.

        """
        index, context = self._context()
        if index.listed is None:
            names = tuple(self._stored.digests)
            blobs = {name: self._content(context, name) for name in watched(names)}
            events = tuple(map(_listed(context), context.index.events))
            blobs[EVENTS] = msgspec.msgpack.encode(ListedEvents(self._whole, events))
            write_blobs(self._stored.folder / FILE, self._key, blobs)
        return context

    def _content(self, context: BookContext, name: str) -> bytes:
        encode, policy = msgspec.msgpack.encode, context.book.policies[name]
        history = context.index.histories[name]
        facts = {fact: Raw(encode(getattr(context.events, fact)(name))) for fact in FACTS}
        return encode(policy_history(self._stored.digests[name], policy, history, facts))


def _listed(context: BookContext) -> Callable[[Event], ListedEvent]:
    def listed(event: Event) -> ListedEvent:
        found = event.transition
        if not found:
            return ListedEvent(event.day, event.deprecated or "", None, event.group or "", ())
        grants = context.book.policies[found.policy].grants
        services = tuple(p for p, _ in service_events_of(event)) if grants else ()
        keys = [transition.key for transition in context.index.histories[found.policy]]
        return ListedEvent(event.day, found.policy, keys.index(found.key), "", services)

    return listed
