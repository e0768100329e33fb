"""Finds the file with policies in a package: in its archive, in its folder, or given by itself."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

import msgspec
from msgspec import Struct

from policybook.archive_files import ZIPS, archive_files, check_regular, too_large
from policybook.errors import PolicybookError, shown
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
    title: str, policies: Iterable[ArchivedPolicy], file: PackedFile, only: str
) -> ImportedSource:
    """What the data says of a package, of which policies of these names were imported."""
    first, last = content_days(policies)
    digest = f"sha256:{hashlib.sha256(file.content).hexdigest()}"
    return ImportedSource(
        title=title,
        revision=file.version,
        digest=digest,
        first=first,
        last=last,
        partial=only != "*",
    )


class _Repeated(list[str]):
    """The paths of keys that an object or one inside it has more than once."""


def check_keys(source: Path, content: str | bytes) -> None:
    """Check that JSON has each key once, but for that of policy documents, which are read strictly.

    Raises:
        PolicybookError: An object has a key again, of whose values only one would be read.
        ValueError: It is no JSON.
        RecursionError: It is nested too deeply.
    """
    found = json.loads(
        content, object_pairs_hook=_repeated, parse_int=len, parse_float=len, parse_constant=len
    )
    if isinstance(found, _Repeated) and found:
        raise PolicybookError(f"{source}: expected each key once, found {shown(found[0])} again")


def _repeated(pairs: Sequence[tuple[str, object]]) -> _Repeated:
    counts = Counter(key for key, _ in pairs)
    found = [key for key, count in counts.items() if count > 1]
    for key, value in pairs:
        if isinstance(value, _Repeated) and key.lower() != "document":
            found += [f"{key}.{path}" for path in value]
    return _Repeated(found)


def packed_file(source: Path) -> PackedFile:
    """The file with policies. Nothing is unpacked to a path.

    Args:
        source: An archive (`.tgz`, `.tar.gz`, `.whl`, `.zip`), a folder, or the file itself.

    Raises:
        PolicybookError: There is no such file in it, it cannot be read, or it is too large.
    """
    if source.is_dir():
        return _found(source, {str(path): _content(path) for path in _in_folder(source)})
    if source.suffix in (*ZIPS, ".tgz", ".gz"):
        return _found(source, archive_files(source, _is_wanted, MOST_BYTES, _EXPECTED))
    return PackedFile(source.name, _content(source))


def _in_folder(source: Path) -> Iterator[Path]:
    """The file with policies in an unpacked package, and npm's file about the package."""
    for place in _PLACES:
        if (source / place).is_file():
            yield source / place
            about = ((source / place).parent / up / "package.json" for up in (".", ".."))
            yield from (path for path in about if path.is_file())
            return


def _content(file: Path) -> bytes:
    try:
        check_regular(file)
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or error
        raise PolicybookError(f"{file}: expected {_EXPECTED}, found none ({reason})") from error
    if len(content) > MOST_BYTES:
        raise too_large(file, MOST_BYTES)
    return content


def _found(source: Path, files: Mapping[str, bytes]) -> PackedFile:
    """The file with policies among those of a package, by their paths."""
    paths = [path for path in files if PurePosixPath(path).name in (NPM_FILE, MOTO_FILE)]
    if len(paths) > 1:
        raise PolicybookError(f"{source}: expected one package, found {' and '.join(paths)}")
    for path in paths:
        return PackedFile(PurePosixPath(path).name, files[path], _version(files))
    raise PolicybookError(f"{source}: expected {_EXPECTED}, found neither")


def _version(files: Mapping[str, bytes]) -> str | None:
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


def _is_wanted(path: str) -> bool:
    """Whether a path in an archive is that of a file to read, below one folder at most."""
    about = path == "package/package.json" or path.endswith(".dist-info/METADATA")
    return about or path in _IN_ARCHIVES or path.partition("/")[2] in _IN_ARCHIVES
