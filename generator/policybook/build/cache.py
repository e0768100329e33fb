"""What a build leaves for the next one: policies as read and compared, and files as made.

Nothing here decides what a site holds. A policy is taken over where its files have the same digest,
a file of the site where its key, a digest of all that it is made from, is the same; what another
version of the program left is not looked at. Without the folder everything is made again, the same
to the byte.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar
from zlib import crc32

import msgspec
from msgspec import Struct

from policybook.analysis.overlap import Related
from policybook.analysis.removals import Removal
from policybook.book.change_lines import Touched
from policybook.book.context import Level
from policybook.build.site_size import Found, walk
from policybook.catalogue.catalogue import Scope
from policybook.data.policy_reader import ParsedPolicy
from policybook.iam.mitigation import Mitigation
from policybook.model.changes import Change
from policybook.output.html.links import Linked

T = TypeVar("T")


class PastRisks(Struct, frozen=True, array_like=True):
    """The rules that a policy's current document meets, and the digest of all rules then."""

    digest: bytes
    met: dict[str, Mitigation]


class Past(Struct, frozen=True, array_like=True):
    """A policy as it was read, its changes newest first, and how many notes its documents had.

    `levels` are those of parts of its current document, `scope` is that of what it allows on `*`;
    `named_ever` is all that it ever granted, `removals` what it took away, `touched` what its
    transitions are about; `risks` is None where nobody asked for them.
    """

    known: ParsedPolicy
    changes: tuple[Change | None, ...]
    notes: int
    levels: dict[str, tuple[Level, ...]]
    scope: Scope | None
    named_ever: tuple[str, ...]
    removals: tuple[Removal, ...]
    touched: dict[str, Touched]
    risks: PastRisks | None = None


class PastService(Struct, frozen=True, array_like=True):
    """The levels of a service's effective actions, and the digest of the policies that name it."""

    digest: bytes
    levels: tuple[Level, ...]


class Told(Struct, frozen=True, array_like=True):
    """What the catalogue tells: types of resource by pattern, service prefixes by condition key."""

    types: dict[str, tuple[str, ...]]
    keys: dict[str, tuple[str, ...]]


class Made(Struct, frozen=True, array_like=True):
    """A file of a site: its key, its size and time of change (ns), and of a page, its links."""

    key: bytes
    size: int
    time: int
    linked: Linked | None = None


class MadeSite(Struct, frozen=True, array_like=True):
    """The files that a build made in a folder, by their paths."""

    folder: str
    files: dict[str, Made]


SHARDS = 64
Frames = dict[bytes, dict[str, str]]
_NOTHING = MadeSite("", {})


class Memory:
    """What is kept in a folder.

    `program` is a digest of the program that keeps it. Policies stand in several files, so that
    those that did not change need not be written again.
    """

    def __init__(self, folder: Path, program: bytes) -> None:
        self._folder = folder
        self._program = program
        self._site = self._read("site", MadeSite) or _NOTHING
        self.services = self._read("services", dict[str, PastService]) or {}
        self.told = self._read("told", Told) or Told({}, {})
        self.related = self._read("related", Related) or Related()
        self.frames = self._read("frames", Frames) or {}
        self.policies: Mapping[str, Past] = {
            name: past
            for shard in range(SHARDS)
            for name, past in (self._read(f"policies-{shard}", dict[str, Past]) or {}).items()
        }

    def is_of(self, folder: Path, program: bytes) -> bool:
        """Whether this is what the program keeps in the folder."""
        return (self._folder, self._program) == (folder, program)

    def site(self, folder: Path) -> MadeSite:
        """What a build made in the folder; nothing where the last one built elsewhere."""
        return self._site if self._site.folder == str(folder.resolve()) else _NOTHING

    def keep_book(
        self, policies: Mapping[str, Past], services: dict[str, PastService], related: Related
    ) -> None:
        """Keep these policies, services and overlaps, and no others."""
        shards: list[dict[str, Past]] = [{} for _ in range(SHARDS)]
        for name, past in policies.items():
            shards[_shard(name)][name] = past
        names = policies.keys() | self.policies.keys()
        changed = {_shard(n) for n in names if policies.get(n) is not self.policies.get(n)}
        for shard in sorted(changed):
            self._write(f"policies-{shard}", shards[shard])
        self.policies = policies
        if services != self.services:
            self.services = services
            self._write("services", services)
        if related is not self.related:
            self.related = related
            self._write("related", related)

    def keep_told(self, told: Told) -> None:
        """Keep what the catalogue told."""
        if told != self.told:
            self.told = told
            self._write("told", told)

    def keep_site(self, site: MadeSite, frames: Frames, *, preview: bool) -> None:
        """Keep what a build made, and the theme's frames by the digest of their settings.

        That of a preview is of use as long as this process runs.
        """
        if not preview:
            self._write("site", site)
            if frames != self.frames:
                self._write("frames", frames)
        self._site, self.frames = site, frames

    def _read(self, name: str, of: type[T]) -> T | None:
        return read_kept(self._folder, name, self._program, of)

    def _write(self, name: str, value: object) -> None:
        write_kept(self._folder, name, self._program, value)


# --- whether anything changed at all --------------------------------------------------------------


class Seen(Struct, frozen=True):
    """How files were found: a digest of their places, sizes, times and numbers.

    `settled` is false where one of them changed in the very moment, so that another change could
    have left the same times.
    """

    digest: bytes
    settled: bool


class LastBuild(Struct, frozen=True):
    """A finished build: what it was asked, what it read, what it made, and what it said."""

    asked: tuple[str, ...]
    roots: tuple[str, ...]
    inputs: Seen
    folder: str
    outputs: Seen
    said: tuple[str, ...]


def seen(roots: Iterable[str]) -> Seen:
    """How the files are, and all files below the folders, caches of Python left out."""
    return seen_files(file for root in roots for file in _files(root))


def _files(root: str) -> Iterable[Found]:
    if os.path.isdir(root):
        return walk(root)
    return ((root, root, os.stat(root)),) if os.path.isfile(root) else ()  # the build says so


def seen_files(files: Iterable[Found]) -> Seen:
    """How the files of `walk` are."""
    found = hashlib.blake2b(digest_size=16)
    newest = 0
    for path, _, status in files:
        if "__pycache__" not in path:
            known = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
            found.update(f"\0{path}\0{known}".encode("utf-8", "surrogateescape"))
            newest = max(newest, status.st_ctime_ns)
    return Seen(found.digest(), newest < time.time_ns() - 1_000_000_000)


def last_build(folder: Path, program: bytes, asked: tuple[str, ...]) -> LastBuild | None:
    """The last build, where it was asked the same and nothing was touched since."""
    last = read_kept(folder, "last", program, LastBuild)
    if not last or last.asked != asked:
        return None
    try:
        same = seen(last.roots).digest == last.inputs.digest
        same = same and seen([last.folder]).digest == last.outputs.digest
    except OSError:
        return None
    return last if same and last.inputs.settled else None


def keep_last_build(folder: Path, program: bytes, last: LastBuild) -> None:
    """Keep the build for `last_build`."""
    write_kept(folder, "last", program, last)


# --- files and digests ----------------------------------------------------------------------------


def read_kept(folder: Path, name: str, program: bytes, of: type[T]) -> T | None:
    """What the program kept under the name, or None where there is nothing of use."""
    try:
        content = (folder / name).read_bytes()
        if content[: len(program)] != program:
            return None
        return msgspec.msgpack.decode(memoryview(content)[len(program) :], type=of)
    except (OSError, msgspec.MsgspecError):
        return None


def write_kept(folder: Path, name: str, program: bytes, value: object) -> None:
    """Keep the value; what cannot be written is made again the next time."""
    part = folder / f"{name}.{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".gitignore").write_text("*\n")
        part.write_bytes(program + msgspec.msgpack.encode(value))
        part.replace(folder / name)
    except OSError:
        with suppress(OSError):
            part.unlink()


def _shard(name: str) -> int:
    return crc32(name.encode()) % SHARDS


def memory_folder(config_file: str) -> Path:
    """Where a book keeps its memory: beside its mkdocs.yml."""
    return Path(config_file).parent / ".cache" / "policybook"


def program_digest(templates: Path) -> bytes:
    """The digest of this program with its templates, Python and every installed package."""
    places = (place for place in map(Path, sys.path) if place.is_dir())
    packages = {name for p in places for name in os.listdir(p) if name.endswith(".dist-info")}
    return digest(
        (
            sys.version,
            sorted(packages),
            tree_digest(Path(__file__).parent.parent),
            tree_digest(templates),
        )
    )


def tree_digest(path: Path) -> bytes:
    """The digest of a file, or of all files below a folder with their places, caches left out."""
    found = hashlib.blake2b(digest_size=16)
    if path.is_file():
        found.update(path.read_bytes())
    for place, folders, names in os.walk(path):
        folders[:] = sorted(f for f in folders if f != "__pycache__")
        for name in sorted(names):
            file = os.path.join(place, name)
            with open(file, "rb", buffering=0) as opened:
                content = opened.read()
            head = f"\0{os.path.relpath(file, path)}\0{len(content)}\0"
            found.update(head.encode("utf-8", "surrogateescape"))
            found.update(content)
    return found.digest()


def digest(value: Any) -> bytes:
    """The digest of a value of texts, bytes, numbers, structs, lists and mappings."""
    return hashlib.blake2b(msgspec.msgpack.encode(value), digest_size=16).digest()


def joined(parts: Iterable[bytes]) -> bytes:
    """The digest of several digests."""
    return hashlib.blake2b(b"".join(parts), digest_size=16).digest()
