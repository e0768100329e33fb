"""The book as it is stored: what every question needs is read at once, the rest when asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Raw, Struct

from policybook.model.accounts import Account, PlacedRole
from policybook.model.book import Book, BookFile, Group, Guide, ImportedSource
from policybook.model.catalogues import CatalogueFile
from policybook.model.deprecation import ReviewedDeprecation
from policybook.model.operations import OperationGroup
from policybook.model.policies import Policy
from policybook.model.risk_rules import Rule
from policybook.model.roles import Role
from policybook.store.blob_file import BlobFile, Damaged
from policybook.store.file_states import FileStates
from policybook.store.lazy_mapping import LazyMapping
from policybook.store.stored_policy import decoded_policy, encoded_policy

T = TypeVar("T")

FILE = "book"
# Names of blobs. Those of policies have no slash; those of their further parts have it after them.
HEAD, REST, CATALOGUE, STATEMENTS, SOURCES = "/head", "/rest", "/catalogue/", "/statements", "/"


class StoreHead(Struct, frozen=True, array_like=True):
    """What is read in any case.

    `data` is the data folder, and `states` those of its files before they were read. `digests` are
    those of the policies' files, as in `ParsedPolicy`, and `services` and `outgoing` as in `Book`.
    `rest` is the digest of all other files.
    """

    data: str
    states: FileStates
    digests: dict[str, bytes]
    services: dict[str, tuple[str, ...]]
    outgoing: tuple[str, ...]
    catalogues: tuple[str, ...]
    rest: bytes


PARTS: Mapping[str, Any] = {
    "groups": Group,
    "guides": Guide,
    "roles": Role,
    "rules": Rule,
    "sources": ImportedSource,
    "reviewed": ReviewedDeprecation,
    "accounts": Account,
    "role_places": PlacedRole,
}
"""The fields of `Book` that are mappings, each with the type of its values."""


class _Rest(Struct, frozen=True, array_like=True):
    """The book without policies and catalogues; of `PARTS` each value is as it is encoded."""

    facts: BookFile
    operations: tuple[OperationGroup, ...]
    parts: dict[str, dict[str, Raw]]


def encoded_rest(book: Book) -> bytes:
    """The book without policies and catalogues, as `BookStore` has it."""
    encode = msgspec.msgpack.encode
    parts = {
        part: {name: Raw(encode(value)) for name, value in getattr(book, part).items()}
        for part in PARTS
    }
    return encode(_Rest(book.facts, book.operations, parts))


class BookStore:
    """An open store, whatever has become of the data since."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Open the store.

        Args:
            path: The file.
            key: What it must have been written with.

        Raises:
            Damaged: It is of another program, or not as it was written.
            OSError: It cannot be read.

        """
        self._path = path
        self._file = BlobFile(path, key)
        self.head = self._decoded(HEAD, StoreHead)
        self._read_instead: Book | None = None

    def _decoded(self, name: str, of: type[T]) -> T:
        try:
            return msgspec.msgpack.decode(self._file.read(name), type=of)
        except msgspec.MsgspecError as error:
            raise Damaged from error

    def content(self, name: str) -> bytes:
        """A blob as it is stored.

        Raises:
            Damaged: It is not as it was written.

        """
        return self._file.read(name)

    def policy(self, name: str) -> Policy:
        """A policy; raises Damaged as `content` does."""
        try:
            return decoded_policy(
                self._file.read(name),
                lambda: self._part(name, STATEMENTS),
                lambda: self._part(name, SOURCES),
            )
        except msgspec.MsgspecError as error:
            raise Damaged from error

    def _part(self, name: str, part: str) -> bytes:
        try:
            return self._file.read(name + part)
        except Damaged:
            made = encoded_policy(self._whole().policies[name])
            return made.statements if part == STATEMENTS else made.sources

    def book(self) -> Book:
        """The whole book. What turns out to be damaged is read from the data.

        Raises:
            Damaged: A part that every question needs is damaged.

        """
        head = self.head
        rest = self._decoded(REST, _Rest)
        parts = {part: _lazy(rest.parts[part], of) for part, of in PARTS.items()}
        return Book(
            rest.facts,
            LazyMapping(head.digests, self._or_read(self.policy, _policies)),
            catalogues=LazyMapping(head.catalogues, self._or_read(self._catalogue, _catalogues)),
            operations=rest.operations,
            services=head.services,
            outgoing=head.outgoing,
            **parts,
        )

    def _catalogue(self, day: str) -> CatalogueFile:
        return self._decoded(CATALOGUE + day, CatalogueFile)

    def _or_read(
        self, stored: Callable[[str], T], of: Callable[[Book], Mapping[str, T]]
    ) -> Callable[[str], T]:
        def value(name: str) -> T:
            try:
                return stored(name)
            except Damaged:
                return of(self._whole())[name]

        return value

    def _whole(self) -> Book:
        """The book from the data; the store is removed."""
        from policybook.data.loader import load

        if not self._read_instead:
            with suppress(OSError):
                self._path.unlink()
            self._read_instead = load(Path(self.head.data))
        return self._read_instead


def _lazy(found: Mapping[str, Raw], of: Any) -> Mapping[str, Any]:
    return LazyMapping(found, lambda name: msgspec.msgpack.decode(found[name], type=of))


def _policies(book: Book) -> Mapping[str, Policy]:
    return book.policies


def _catalogues(book: Book) -> Mapping[str, CatalogueFile]:
    return book.catalogues
