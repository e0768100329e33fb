"""Stores a catalogue in a data folder, so that later ones can be compared with it."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from policybook.build.publishing.publish import discard, staging
from policybook.catalogue.catalogue import Catalogue
from policybook.catalogue.stored import FILE, FOLDER, content, stored
from policybook.data.catalogue_reader import catalogue as checked
from policybook.data.file_reader import FileReader
from policybook.errors import PolicybookError


class Kept(Struct, frozen=True):
    """What became of a catalogue: its folder, and its numbers of services and actions.

    `new` says whether it was stored now, `other` whether the folder has another one, which stays.
    """

    folder: Path
    services: int
    actions: int
    new: bool
    other: bool


def keep(catalogue: Catalogue, data: Path) -> Kept:
    """Store a catalogue in the folder of its day, as a whole or not at all.

    Args:
        catalogue: The catalogue.
        data: The data folder, which may be new.

    Raises:
        PolicybookError: A file of the catalogue has another form, or holds what `check` would
            not accept.
    """
    file = stored(catalogue)
    text = content(file)
    folder = data / FOLDER / catalogue.date
    services = filter(None, map(catalogue.service, catalogue.prefixes))
    actions = sum(len(service.actions) for service in services)
    there = folder.exists()
    if not there:
        built = staging(folder)
        try:
            (built / FILE).write_bytes(text)
            _check(built, catalogue)
            built.rename(folder)  # fails if another import was faster
        finally:
            discard(built)
    same = (folder / FILE).is_file() and (folder / FILE).read_bytes() == text
    return Kept(folder, len(file.services), actions, not there, not same)


def _check(built: Path, catalogue: Catalogue) -> None:
    """Raise PolicybookError if the data folder's reader would find an error in the file."""
    reader = FileReader(built)
    checked(reader, built / FILE, catalogue.date)
    for error in reader.findings:
        raise PolicybookError(f"catalogue {catalogue.source}: {error.reason}")
