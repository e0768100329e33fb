"""Reads the older catalogues of a data folder: `catalogues/<day>/catalogue.json`."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from policybook.catalogue.decoding import is_day
from policybook.catalogue.stored import FILE, FOLDER
from policybook.data.file_reader import FileReader
from policybook.model.catalogues import CatalogueFile, CatalogueService


def catalogues(reader: FileReader) -> Mapping[str, CatalogueFile]:
    """The catalogues by day, the oldest first, as far as they can be read.

    Args:
        reader: Reads the data folder, and gets the errors.
    """
    found: dict[str, CatalogueFile] = {}
    for folder in _folders(reader):
        if file := catalogue(reader, folder / FILE, folder.name):
            found[folder.name] = file
    return found


def catalogue(reader: FileReader, path: Path, day: str) -> CatalogueFile | None:
    """The catalogue in a file, or None if it has errors.

    Args:
        reader: Reads the file, and gets the errors.
        path: The file.
        day: The day that it must be of, YYYY-MM-DD.
    """
    file = reader.file(path, CatalogueFile)
    before = len(reader.findings)
    if file and str(file.day) != day:
        reader.error(path, "bad-date", f"{day}, the day of the folder", str(file.day), ("day",))
    for prefix, service in file.services.items() if file else ():
        for name in _twice(service):
            at = ("services", prefix, "actions")
            reader.error(path, "duplicate-action", "each action once", repr(name), at)
    return file if len(reader.findings) == before else None


def _folders(reader: FileReader) -> Iterator[Path]:
    """The folders that are named as days, and have a catalogue and nothing else."""
    for path in reader.entries(reader.root / FOLDER):
        if path.name.startswith("."):
            continue
        if path.is_symlink() or not os.path.isdir(path):
            other = "a link" if path.is_symlink() else "a file"
            reader.error(path, "unlisted-file", "a folder for each day", other)
        elif len(path.name) != len("2026-01-31") or not is_day(path.name):
            expected = "a folder named as the day of its catalogue, YYYY-MM-DD"
            reader.error(path, "bad-name", expected, repr(path.name))
        else:
            names = [inner.name for inner in reader.entries(path) if inner.name[:1] != "."]
            for name in names:
                if name != FILE:
                    reader.error(path / name, "unlisted-file", FILE, repr(name))
            if FILE in names:
                yield path
            elif not names:
                reader.error(path, "unlisted-file", FILE, "an empty folder")


def _twice(service: CatalogueService) -> Iterator[str]:
    """Names of actions that occur more than once; IAM does not tell them apart by case."""
    groups = (group for groups in service.actions.values() for group in groups)
    names = [name.lower() for group in groups for name in group.names]
    if len(set(names)) < len(names):
        yield from (name for name, count in Counter(names).items() if count > 1)
