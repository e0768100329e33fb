"""Where a book's data and catalogue are by its mkdocs.yml, which is read again if it changed.

Importing MkDocs takes longer than most questions.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from policybook.build.digests import digest
from policybook.mkdocs_plugin.environment import environment
from policybook.store.blob_file import BlobFile, Damaged, write_blobs
from policybook.store.file_states import state_digest
from policybook.store.places import program_state, store_folder

if TYPE_CHECKING:
    import logging

    from policybook.catalogue.catalogue import Catalogue

_FILE, _PLACES = "settings", "places"


class BookPlaces(Struct, frozen=True):
    """What commands need of a mkdocs.yml: data folder, catalogue and its day, and the site's URL.

    `catalogue` is "" for the installed package. `needs` are folders that must exist.
    """

    data: str
    catalogue: str
    day: str
    site_url: str
    needs: tuple[str, ...]

    def catalogue_state(self) -> bytes:
        """The state of the catalogue's files; that of the installed package is the program's."""
        return state_digest(Path(self.catalogue)) if self.catalogue else b""

    def open_catalogue(self) -> Catalogue:
        """The catalogue.

        Raises:
            PolicybookError: The folder has no catalogue.
        """
        from policybook.catalogue.catalogue import Catalogue
        from policybook.catalogue.locate import catalogue_in

        if not self.catalogue:
            return Catalogue()
        return catalogue_in(Path(self.catalogue), self.day, "catalogue_date as YYYY-MM-DD")


def book_places(config_file: str | None, *, existing: bool, stored: bool) -> BookPlaces:
    """Find the places that a mkdocs.yml names.

    Args:
        config_file: The configuration file of MkDocs; `mkdocs.yml` if None.
        existing: Whether the data folder must exist.
        stored: Whether the answer may be stored, and a stored one used.

    Raises:
        PolicybookError: The configuration cannot be read, or does not use the plugin, or the data
            folder does not exist.
    """
    name = config_file or next(filter(os.path.isfile, ("mkdocs.yml", "mkdocs.yaml")), "mkdocs.yml")
    folder, key = store_folder(Path(), name), _key(name) if stored else None
    if folder and key:
        with suppress(Damaged, OSError, msgspec.MsgspecError):
            content = BlobFile(folder / _FILE, key).read(_PLACES)
            found = msgspec.msgpack.decode(content, type=BookPlaces)
            if all(map(os.path.isdir, found.needs)):
                return found
    found, can_be_kept = _read(config_file, existing)
    if folder and key and can_be_kept:
        write_blobs(folder / _FILE, key, {_PLACES: msgspec.msgpack.encode(found)})
    return found


def _key(name: str) -> bytes | None:
    """What the answer depends on, beside folders; None if that is not known."""
    try:
        text = Path(name).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    taken = environment(text)
    return None if taken is None else digest((program_state(), os.path.abspath(name), text, taken))


def _read(config_file: str | None, existing: bool) -> tuple[BookPlaces, bool]:
    """The places, and whether they depend on the file, the environment and `needs` alone."""
    from policybook.mkdocs_plugin.run import book_settings

    with _warnings() as warnings:
        book = book_settings(config_file)
    if existing:
        book.check_data()
    catalogue, day = book.catalogue_place()
    needs = book.needs()
    found = BookPlaces(
        str(book.data),
        str(catalogue) if catalogue else "",
        day,
        book.site_url,
        tuple(map(str, needs or ())),
    )
    return found, needs is not None and not warnings


@contextmanager
def _warnings() -> Iterator[list[logging.LogRecord]]:
    """What MkDocs warns of, which a stored answer could not say again."""
    import logging

    records: list[logging.LogRecord] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    handler, logger = Keeping(logging.WARNING), logging.getLogger("mkdocs")
    logger.addHandler(handler)
    try:
        yield records
    finally:
        logger.removeHandler(handler)
