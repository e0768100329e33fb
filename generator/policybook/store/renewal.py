"""Makes the store of a book, or renews it: only policies whose files were touched are read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import structs

from policybook.data.book_reader import Watched
from policybook.data.loader import Loaded, placed, read
from policybook.data.policy_reader import ParsedPolicy
from policybook.errors import DataError
from policybook.model.book import Book
from policybook.model.policies import Policy
from policybook.store.blob_file import write_blobs
from policybook.store.book_store import (
    CATALOGUE,
    FILE,
    HEAD,
    REST,
    SOURCES,
    STATEMENTS,
    BookStore,
    StoreHead,
    encoded_rest,
)
from policybook.store.file_states import FileStates, file_states
from policybook.store.lazy_mapping import LazyMapping
from policybook.store.stored_policy import EncodedPolicy, encoded_policy, named_services

# Each of their entries is a part of a policy.
_REVIEWED = ("/successors.yml", "/boundaries.yml")


class Renewed:
    """A book that was read, as far as it had to be.

    `digests` are those of its policies' files, and `rest` is that of all other files.
    """

    def __init__(self, data: Path, before: BookStore | None, watched: Watched) -> None:
        """Read the data.

        Args:
            data: The data folder.
            before: The store to renew; None if there is none.
            watched: Passes on the folders of policies that are read, one by one.

        Raises:
            DataError: The data has errors; the exception names all of them.
            PolicybookError: There is no such folder.
            Damaged: The store is.

        """
        self._data, self._before = data, before
        self._states = _states(data)
        kept = _untouched(before, self._states) if before else frozenset[str]()
        self._loaded = _loaded(data, before, kept, watched)
        digests = {name: before.head.digests[name] for name in kept} if before else {}
        self.rest, parsed = self._loaded.rest, self._loaded.parsed
        found = {**digests, **{name: policy.digest for name, policy in parsed.items()}}
        self.digests: Mapping[str, bytes] = dict(sorted(found.items()))
        self._services = {name: self._services_of(name) for name in self.digests}
        self._outgoing = tuple(filter(self._is_outgoing, self.digests))

    def book(self) -> Book:
        """The whole book; a policy that was not touched is decoded when it is asked for."""
        return structs.replace(
            self._loaded.book,
            policies=self._policies(),
            services=self._services,
            outgoing=self._outgoing,
        )

    def write(self, folder: Path, key: bytes) -> None:
        """Write the store; nothing is written if the state of the data is not known.

        Args:
            folder: The folder of the store.
            key: What to open it with.

        """
        if not self._states:
            return
        encode, book = msgspec.msgpack.encode, self._loaded.book
        head = StoreHead(
            str(self._data.absolute()),
            self._states,
            dict(self.digests),
            self._services,
            self._outgoing,
            tuple(book.catalogues),
            self.rest,
        )
        blobs = {
            HEAD: encode(head),
            REST: encoded_rest(book),
            **{CATALOGUE + day: encode(found) for day, found in book.catalogues.items()},
        }
        for name in self.digests:
            found = self._contents(name)
            blobs[name], blobs[name + STATEMENTS], blobs[name + SOURCES] = found
        write_blobs(folder / FILE, key, blobs)

    def _is_kept(self, name: str) -> bool:
        """Whether the policy is as it is stored."""
        before = self._before
        return before is not None and before.head.digests.get(name) == self.digests[name]

    def _contents(self, name: str) -> EncodedPolicy:
        if self._before and self._is_kept(name):
            return EncodedPolicy(
                *(self._before.content(name + p) for p in ("", STATEMENTS, SOURCES))
            )
        return encoded_policy(self._loaded.parsed[name].policy)

    def _services_of(self, name: str) -> tuple[str, ...]:
        if self._before and self._is_kept(name):
            return self._before.head.services[name]
        return named_services(self._loaded.parsed[name].policy)

    def _is_outgoing(self, name: str) -> bool:
        if self._before and self._is_kept(name):
            return name in self._before.head.outgoing
        return not self._loaded.parsed[name].policy.deprecation.is_current

    def _policies(self) -> Mapping[str, Policy]:
        if not self._before:
            return self._loaded.book.policies
        stored = self._before.book().policies
        read_now = {name: found.policy for name, found in self._loaded.parsed.items()}
        return LazyMapping(self.digests, lambda name: read_now.get(name) or stored[name])


def _states(data: Path) -> FileStates | None:
    """The states of the data's files; None if one cannot be read, which its reader reports."""
    try:
        return file_states(data)
    except OSError:
        return None


def _untouched(before: BookStore, now: FileStates | None) -> frozenset[str]:
    """The policies in whose folders nothing was touched since they were stored."""
    if not now:
        return frozenset()
    old, new = before.head.states.by_place(), now.by_place()
    reviewed = ([entry for entry in found[""] if entry[0] in _REVIEWED] for found in (old, new))
    if next(reviewed) != next(reviewed):
        return frozenset()
    return frozenset(n for n in before.head.digests if n in new and old.get(n) == new[n])


def _loaded(data: Path, before: BookStore | None, kept: frozenset[str], watched: Watched) -> Loaded:
    earlier: Mapping[str, ParsedPolicy] = {}
    if store := before:
        digests = store.head.digests
        earlier = LazyMapping(digests, lambda name: ParsedPolicy(digests[name], store.policy(name)))
    loaded = read(data, earlier, untouched=kept, watched=watched)
    if loaded.findings:
        raise DataError(placed(loaded.findings, data))
    return loaded
