"""Finds the file with policies in a package: in its archive, in its folder, or given by itself."""

from __future__ import annotations

import hashlib
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import IO

import msgspec
from msgspec import Struct

from policybook.errors import PolicybookError
from policybook.importers.records import ArchivedPolicy, content_days
from policybook.model.book import ImportedSource

NPM_FILE = "managedPolicies.json"
MOTO_FILE = "aws_managed_policies.py"
_PLACES = (
    *(f"{place}{NPM_FILE}" for place in ("", "dist/", "package/dist/")),
    *(f"{place}{MOTO_FILE}" for place in ("", "iam/", "moto/iam/")),
)
_IN_ARCHIVES = (f"dist/{NPM_FILE}", f"moto/iam/{MOTO_FILE}")
MOST_BYTES = 500_000_000  # of the file; the largest one of 2026 has 35 MB
_EXPECTED = f"a package with {NPM_FILE} or {MOTO_FILE}"
_DISTRIBUTION = re.compile(r"moto-(?P<version>[0-9][0-9A-Za-z.]{0,40}?)(\.dist-info)?/.*")


class PackedFile(Struct, frozen=True):
    """A file of a package: its name, its content, and the version of the package, if known."""

    name: str
    content: bytes
    version: str | None = None


class _Package(Struct):
    """What npm's `package.json` says."""

    version: str


def imported_source(
    title: str, policies: Iterable[ArchivedPolicy], file: PackedFile
) -> ImportedSource:
    """What the data says of a package."""
    first, last = content_days(policies)
    digest = f"sha256:{hashlib.sha256(file.content).hexdigest()}"
    return ImportedSource(title=title, revision=file.version, digest=digest, first=first, last=last)


def packed_file(source: Path) -> PackedFile:
    """The file with policies. Nothing is unpacked to a path.

    Args:
        source: An archive (`.tgz`, `.tar.gz`, `.whl`, `.zip`), a folder, or the file itself.

    Raises:
        PolicybookError: There is no such file in it, it cannot be read, or it is too large.
    """
    try:
        if source.is_dir():
            found = next((source / place for place in _PLACES if (source / place).is_file()), None)
            return _in_folder(source, found) if found else _found(source, {})
        if source.suffix in (".tgz", ".gz"):
            return _found(source, _in_tar(source))
        if source.suffix in (".whl", ".zip"):
            return _found(source, _in_zip(source))
        with source.open("rb") as file:
            return PackedFile(source.name, _limited(source, file))
    except (OSError, EOFError, zlib.error, tarfile.TarError, zipfile.BadZipFile) as error:
        reason = getattr(error, "strerror", None) or error
        raise PolicybookError(f"{source}: expected {_EXPECTED}, found none ({reason})") from error


def _in_folder(source: Path, found: Path) -> PackedFile:
    places = (found.parent / "package.json", found.parent.parent / "package.json")
    files = {str(path): path.read_bytes() for path in places if path.is_file()}
    with found.open("rb") as file:
        return _found(source, {**files, f"package/dist/{found.name}": _limited(source, file)})


def _found(source: Path, files: dict[str, bytes]) -> PackedFile:
    """The file with policies among those of a package, by their paths."""
    for path, content in files.items():
        if PurePosixPath(path).name in (NPM_FILE, MOTO_FILE):
            return PackedFile(PurePosixPath(path).name, content, _version(files))
    raise PolicybookError(f"{source}: expected {_EXPECTED}, found neither")


def _version(files: dict[str, bytes]) -> str | None:
    """The version in `package.json`, or in the name of a Python distribution."""
    for path, content in files.items():
        if PurePosixPath(path).name == "package.json":
            try:
                version = msgspec.json.decode(content, type=_Package).version
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                continue
            return version if re.fullmatch(r"[0-9][0-9A-Za-z.+-]{0,40}", version) else None
        if match := _DISTRIBUTION.fullmatch(path):
            return match["version"]
    return None


def _in_tar(source: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    with tarfile.open(source, "r:gz") as archive:
        for member in archive:
            if member.offset_data + member.size > MOST_BYTES:
                raise _too_large(source)
            file = archive.extractfile(member) if _is_wanted(member.name) else None
            if file:
                found[member.name] = _limited(source, file)
    return found


def _in_zip(source: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    with zipfile.ZipFile(source) as archive:
        for name in filter(_is_wanted, archive.namelist()):
            with archive.open(name) as file:
                found[name] = _limited(source, file)
    return found


def _is_wanted(path: str) -> bool:
    """Whether a path in an archive is that of a file to read, below one folder at most."""
    inner = path.partition("/")[2]
    metadata = path == "package/package.json" or path.endswith(".dist-info/METADATA")
    return metadata or path in _IN_ARCHIVES or inner in _IN_ARCHIVES


def _limited(source: Path, file: IO[bytes]) -> bytes:
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise _too_large(source)
    return content


def _too_large(source: Path) -> PolicybookError:
    return PolicybookError(f"{source}: expected at most {MOST_BYTES:,} bytes, found more")
