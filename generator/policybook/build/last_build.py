"""Whether anything was touched since the last build."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from policybook.build.cache import read_kept, write_kept
from policybook.build.site_size import Found, walk


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
