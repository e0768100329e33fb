"""The build cache: data that a build stores for the next one.

It contains parsed and compared policies, facts derived from them, and a record of the site's files.
A policy is taken from the cache if the digest of its files is the same. A file of the site is
reused if its key, a digest of all its dependencies, is the same. Data of another version of the
program is ignored. The cache never affects the result: a build without it writes the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeVar
from zlib import crc32

import msgspec
from msgspec import Struct

from policybook.analysis.overlap import Related
from policybook.build.publishing.publish import is_running
from policybook.data.policy_reader import ParsedPolicy
from policybook.model.changes import Change
from policybook.output.html.links import Linked
from policybook.output.html.theme_frame import Frame

T = TypeVar("T")


class CachedFact(Struct, frozen=True, array_like=True):
    """The results of a derived fact for one owner, and the digest of their other inputs.

    `answers` are encoded as MessagePack, by the rest of their key. See `book/derived.py`.
    """

    digest: bytes
    answers: Mapping[str, msgspec.Raw]


CachedFacts = Mapping[str, CachedFact]
"""The cached facts of one owner, by subject and name, such as `levels.of_part`."""


class CachedPolicy(Struct, frozen=True, array_like=True):
    """A parsed policy, its changes newest first, and the number of warnings about its documents.

    `facts` are the facts derived from its files alone, or from its files and the risk rules.
    """

    parsed: ParsedPolicy
    changes: tuple[Change | None, ...]
    warnings: int
    facts: CachedFacts


class OutputRecord(Struct, frozen=True, array_like=True):
    """A file of a site: its key, size, modification time (ns) and, for a page, its links."""

    key: bytes
    size: int
    time: int
    linked: Linked | None = None


class SiteRecord(Struct, frozen=True, array_like=True):
    """The files that a build wrote to a folder, by path."""

    folder: str
    files: dict[str, OutputRecord]


SHARDS = 64


Frames = dict[bytes, dict[str, Frame]]


_NO_SITE = SiteRecord("", {})


class BuildCache:
    """The build cache in a folder.

    `program` is the digest of the program that wrote it. Policies are stored in several files, so
    that a changed policy does not rewrite all of them.
    """

    def __init__(self, folder: Path, program: bytes) -> None:
        self._folder = folder
        self._program = program
        _remove_unfinished(folder)
        self._site = self._read("site", SiteRecord) or _NO_SITE
        self.facts: Mapping[str, CachedFacts] = self._read("facts", dict[str, CachedFacts]) or {}
        self.related = self._read("related", Related) or Related()
        self.frames = self._read("frames", Frames) or {}
        self.policies: Mapping[str, CachedPolicy] = {
            name: cached
            for shard in range(SHARDS)
            for name, cached in (
                self._read(f"policies-{shard}", dict[str, CachedPolicy]) or {}
            ).items()
        }

    def _shard(self, shard: int) -> Mapping[str, CachedPolicy]:
        return self._read(f"policies-{shard}", dict[str, CachedPolicy]) or {}

    def belongs_to(self, folder: Path, program: bytes) -> bool:
        """Whether this is the cache of the program in the folder."""
        return (self._folder, self._program) == (folder, program)

    def site(self, folder: Path) -> SiteRecord:
        """The files that the last build wrote to the folder; none if it built another folder."""
        return self._site if self._site.folder == str(folder.resolve()) else _NO_SITE

    def keep_book(
        self,
        policies: Mapping[str, CachedPolicy],
        facts: Mapping[str, CachedFacts],
        related: Related,
    ) -> None:
        """Store the book; policies that are not given are removed from the cache.

        Args:
            policies: The policies by name.
            facts: The facts whose owners are not policies, by owner.
            related: The pairs of overlapping policies.

        """
        shards: list[dict[str, CachedPolicy]] = [{} for _ in range(SHARDS)]
        for name, cached in policies.items():
            shards[_shard(name)][name] = cached
        names = policies.keys() | self.policies.keys()
        changed = {_shard(n) for n in names if policies.get(n) is not self.policies.get(n)}
        for shard in sorted(changed):
            self._write(f"policies-{shard}", shards[shard])
        self.policies = policies
        if facts is not self.facts:
            self.facts = facts
            self._write("facts", facts)
        if related is not self.related:
            self.related = related
            self._write("related", related)

    def keep_site(self, site: SiteRecord, frames: Frames, *, preview: bool) -> None:
        """Store the record of a site and the theme's frames.

        Args:
            site: The files of the site.
            frames: The frames by the digest of the settings.
            preview: Whether the site is a preview; its record is kept in memory only.

        """
        if not preview:
            self._write("site", site)
            if frames != self.frames:
                self._write("frames", frames)
        self._site, self.frames = site, frames

    def _read(self, name: str, of: type[T]) -> T | None:
        return read_cached(self._folder, name, self._program, of)

    def _write(self, name: str, value: object) -> None:
        write_cached(self._folder, name, self._program, value)


def read_cached(folder: Path, name: str, program: bytes, of: type[T]) -> T | None:
    """Read a cached value.

    Args:
        folder: The folder of the cache.
        name: The name of the value's file.
        program: The digest of this program.
        of: The type of the value.

    Returns:
        The value; None if it is missing, unreadable or written by another program.

    """
    try:
        content = (folder / name).read_bytes()
        if content[: len(program)] != program:
            return None
        return msgspec.msgpack.decode(memoryview(content)[len(program) :], type=of)
    except (OSError, msgspec.MsgspecError):
        return None


def write_cached(folder: Path, name: str, program: bytes, value: object) -> None:
    """Write a value to the cache; errors are ignored, since the cache is optional.

    Args:
        folder: The folder of the cache.
        name: The name of the value's file.
        program: The digest of this program.
        value: The value.

    """
    part = folder / f"{name}.{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".gitignore").write_text("*\n")
        part.write_bytes(program + msgspec.msgpack.encode(value))
        part.replace(folder / name)
    except OSError:
        with suppress(OSError):
            part.unlink()


def _remove_unfinished(folder: Path) -> None:
    """Remove what killed builds had begun to write: files named as `write_cached` names them."""
    with suppress(OSError):
        for path in sorted(folder.iterdir()):
            process = path.suffix[1:]
            if process.isdecimal() and not is_running(int(process)):
                path.unlink()


def _shard(name: str) -> int:
    return crc32(name.encode()) % SHARDS


def cache_folder(config_file: str) -> Path:
    """The folder of a book's cache, next to its mkdocs.yml."""
    return Path(config_file).parent / ".cache" / "policybook"
