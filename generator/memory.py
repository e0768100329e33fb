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
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar
from zlib import crc32

import msgspec
from msgspec import Struct

from generator.load import Known
from generator.model import Change
from generator.pages.views import Level
from generator.render import Linked

T = TypeVar("T")


class Past(Struct, frozen=True, array_like=True):
    """A policy as it was read, its changes newest first, and how many notes its documents had.

    `levels` are those of parts of its current document.
    """

    known: Known
    changes: tuple[Change | None, ...]
    notes: int
    levels: dict[str, tuple[Level, ...]]


class PastService(Struct, frozen=True, array_like=True):
    """The levels of a service's effective actions, and the digest of the policies that name it."""

    digest: bytes
    levels: tuple[Level, ...]


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

    def keep_book(self, policies: Mapping[str, Past], services: dict[str, PastService]) -> None:
        """Keep these policies and services and no others."""
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

    def keep_site(self, site: MadeSite) -> None:
        """Keep what a build made."""
        self._site = site
        self._write("site", site)

    def _read(self, name: str, of: type[T]) -> T | None:
        """What was kept under the name, or None where there is nothing of use."""
        try:
            content = (self._folder / name).read_bytes()
            if content[: len(self._program)] != self._program:
                return None
            return msgspec.msgpack.decode(memoryview(content)[len(self._program) :], type=of)
        except (OSError, msgspec.MsgspecError):
            return None

    def _write(self, name: str, value: object) -> None:
        """Keep the value; what cannot be written is made again the next time."""
        part = self._folder / f"{name}.{os.getpid()}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / ".gitignore").write_text("*\n")
            part.write_bytes(self._program + msgspec.msgpack.encode(value))
            part.replace(self._folder / name)
        except OSError:
            with suppress(OSError):
                part.unlink()


def _shard(name: str) -> int:
    return crc32(name.encode()) % SHARDS


def memory_folder(config_file: str) -> Path:
    """Where a book keeps its memory: beside its mkdocs.yml."""
    return Path(config_file).parent / ".cache" / "policybook"


def program_digest(*folders: Path) -> bytes:
    """The digest of Python's version, every installed package's, and what is in the folders."""
    places = (place for place in map(Path, sys.path) if place.is_dir())
    packages = {name for p in places for name in os.listdir(p) if name.endswith(".dist-info")}
    return digest((sys.version, sorted(packages), *map(tree_digest, folders)))


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
