"""Reads files out of an archive, a zip (such as a wheel) or a gzipped tar, without unpacking it."""

from __future__ import annotations

import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from policybook.errors import PolicybookError

ZIPS = (".whl", ".zip")
_UNREADABLE = (
    *(OSError, EOFError, ValueError),
    *(zlib.error, lzma.LZMAError, tarfile.TarError, zipfile.BadZipFile),
    RuntimeError,  # of an encrypted zip, or one that is packed in a way that Python lacks
)


def archive_files(
    archive: Path, wanted: Callable[[str], object], most: int, expected: str
) -> Mapping[str, bytes]:
    """The files of an archive that are wanted, by their paths in it.

    Args:
        archive: The file; its ending says whether it is a zip.
        wanted: Whether the file with a path is wanted. Links and folders never are.
        most: How many bytes all files of the archive may have.
        expected: What the archive should be, for the error.

    Raises:
        PolicybookError: It cannot be read, or is too large.
    """
    members = _of_zip if archive.suffix in ZIPS else _of_tar
    found: dict[str, bytes] = {}
    try:
        check_regular(archive)
        for path, content in members(archive, wanted, most):
            if path in found:
                raise PolicybookError(f"{archive}: expected each file once, found {path} again")
            found[path] = content
        return found
    except _UNREADABLE as error:
        reason = getattr(error, "strerror", None) or error
        raise PolicybookError(f"{archive}: expected {expected}, found none ({reason})") from error


def check_regular(file: Path) -> None:
    """Raise OSError for what is neither a file nor a folder: to open a pipe may never end."""
    if not stat.S_ISREG(mode := file.stat().st_mode) and not stat.S_ISDIR(mode):
        raise OSError("it is no regular file")


def too_large(file: Path, most: int) -> PolicybookError:
    """The error about a file or an archive that is too large."""
    return PolicybookError(f"{file}: expected at most {most:,} bytes, found more")


def _of_zip(
    archive: Path, wanted: Callable[[str], object], most: int
) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(archive) as opened:
        infos = opened.infolist()
        if sum(info.file_size for info in infos) > most:
            raise too_large(archive, most)
        for info in infos:
            if wanted(info.filename):
                yield info.filename, opened.read(info)


def _of_tar(
    archive: Path, wanted: Callable[[str], object], most: int
) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(archive, "r:gz") as opened:
        for member in opened:
            if member.offset_data + member.size > most:
                raise too_large(archive, most)
            file = opened.extractfile(member) if member.isfile() and wanted(member.name) else None
            if file:
                yield member.name, file.read()
        rest = opened.fileobj
        while rest and rest.read(1_000_000):  # its end has the checksum of all
            if rest.tell() > most:
                raise too_large(archive, most)
