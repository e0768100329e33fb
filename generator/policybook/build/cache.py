"""The build cache: what a build leaves for the next one.

It holds policies as they were read and compared, with facts derived from them, and records of the
files of the site. Nothing here decides what a site holds. A policy is taken from the cache if its
files have the same digest, a file of the site if its key, a digest of all that it depends on, is
the same; what another version of the program left is ignored. Without the cache everything is made
again, the same to the byte.
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
from policybook.data.policy_reader import ParsedPolicy
from policybook.model.changes import Change
from policybook.output.html.links import Linked

T = TypeVar("T")


class CachedFact(Struct, frozen=True, array_like=True):
    """The answers of a derived fact for one owner, and the digest of what else they are made from.

    `answers` are in MessagePack by the rest of their key. See `book/derived.py`.
    """

    digest: bytes
    answers: Mapping[str, msgspec.Raw]


CachedFacts = Mapping[str, CachedFact]
"""The kept facts of one owner: by subject and name, such as `levels.of_part`."""


class CachedPolicy(Struct, frozen=True, array_like=True):
    """A policy as it was read, its changes newest first, and how many warnings its documents had.

    `facts` are what was derived from its files alone, or from them and the risk rules.
    """

    parsed: ParsedPolicy
    changes: tuple[Change | None, ...]
    warnings: int
    facts: CachedFacts


class OutputRecord(Struct, frozen=True, array_like=True):
    """A file of a site: its key, its size and time of change (ns), and of a page, its links."""

    key: bytes
    size: int
    time: int
    linked: Linked | None = None


class SiteRecord(Struct, frozen=True, array_like=True):
    """The files that a build made in a folder, by their paths."""

    folder: str
    files: dict[str, OutputRecord]


SHARDS = 64


Frames = dict[bytes, dict[str, str]]


_NO_SITE = SiteRecord("", {})


class BuildCache:
    """What is kept in a folder.

    `program` is a digest of the program that keeps it. Policies stand in several files, so that
    those that did not change need not be written again.
    """

    def __init__(self, folder: Path, program: bytes) -> None:
        self._folder = folder
        self._program = program
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

    def is_of(self, folder: Path, program: bytes) -> bool:
        """Whether this is what the program keeps in the folder."""
        return (self._folder, self._program) == (folder, program)

    def site(self, folder: Path) -> SiteRecord:
        """What a build made in the folder; nothing where the last one built elsewhere."""
        return self._site if self._site.folder == str(folder.resolve()) else _NO_SITE

    def keep_book(
        self,
        policies: Mapping[str, CachedPolicy],
        facts: Mapping[str, CachedFacts],
        related: Related,
    ) -> None:
        """Keep what was made of the data; policies that are not named are forgotten.

        Args:
            policies: The policies by name.
            facts: The facts whose owners are not policies, by owner.
            related: The pairs of policies that overlap.

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


def cache_folder(config_file: str) -> Path:
    """Where a book's cache is: next to its mkdocs.yml."""
    return Path(config_file).parent / ".cache" / "policybook"
