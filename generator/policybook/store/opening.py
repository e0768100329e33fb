"""Opens the store of a book, and makes or renews it where it is not there, or not up to date."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from policybook.build.digests import digest
from policybook.model.book import Book
from policybook.store.blob_file import Damaged
from policybook.store.book_store import FILE, BookStore
from policybook.store.places import program_state, remove_old

if TYPE_CHECKING:
    from policybook.catalogue.catalogue import Catalogue
    from policybook.data.book_reader import Watched


class StoredBook(Struct, frozen=True):
    """A book, and the folder and the key of its store.

    `digests` are those of its policies' files, and `rest` is that of all other files.
    """

    book: Book
    digests: Mapping[str, bytes]
    rest: bytes
    folder: Path
    key: bytes

    @property
    def state(self) -> bytes:
        """The digest of all of the data."""
        return digest((dict(self.digests), self.rest))

    def key_with(self, catalogue: Catalogue, state: bytes) -> bytes:
        """The key of a file that depends on the catalogue too.

        Args:
            catalogue: The catalogue.
            state: What is known of the catalogue's files.

        """
        return digest((self.key, state, catalogue.date, catalogue.source))


def stored_book(data: Path, folder: Path, watched: Watched = iter) -> StoredBook:
    """Fill a book from its store, which is made or renewed if need be.

    Args:
        data: The data folder.
        folder: The folder of the store.
        watched: Passes on the folders of policies that have to be read. Default: as they come.

    Returns:
        The same book as `load` returns.

    Raises:
        DataError: The data has errors; the exception names all of them. Nothing is stored then.
        PolicybookError: There is no data folder.

    """
    key = program_state()
    before = _opened(folder / FILE, key, data)
    if before and before.head.states.are_those_of(before.head.data):
        with suppress(Damaged):
            return StoredBook(before.book(), before.head.digests, before.head.rest, folder, key)
    try:
        return _renewed(data, folder, key, before, watched)
    except Damaged:
        return _renewed(data, folder, key, None, watched)


def _opened(path: Path, key: bytes, data: Path) -> BookStore | None:
    with suppress(Damaged, OSError):
        found = BookStore(path, key)
        return found if found.head.data == str(data.absolute()) else None
    return None


def _renewed(
    data: Path, folder: Path, key: bytes, before: BookStore | None, watched: Watched
) -> StoredBook:
    from policybook.store.renewal import Renewed

    renewed = Renewed(data, before, watched)
    renewed.write(folder, key)
    remove_old(folder)
    return StoredBook(renewed.book(), renewed.digests, renewed.rest, folder, key)
