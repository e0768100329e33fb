"""Detects whether any input or output has changed since the last build."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from policybook.build.cache import read_cached, write_cached
from policybook.build.publishing.site_size import Found, walk


class FileState(Struct, frozen=True):
    """The state of files: a digest of their paths, sizes, times and inode numbers.

    `settled` is False if a file changed within the last second: a further change might then have
    the same time and go undetected.
    """

    digest: bytes
    settled: bool


class LastBuild(Struct, frozen=True):
    """A finished build: its arguments, inputs, output folder and report.

    `roots` are the files and folders that it read, and `report` the lines that it printed.
    """

    arguments: tuple[str, ...]
    roots: tuple[str, ...]
    inputs: FileState
    folder: str
    outputs: FileState
    report: tuple[str, ...]


def file_state(roots: Iterable[str]) -> FileState:
    """The state of the files, and of all files below the folders, without `__pycache__`."""
    return state_of_files(file for root in roots for file in _files(root))


def _files(root: str) -> Iterable[Found]:
    if os.path.isdir(root):
        return walk(root)
    return (
        ((root, root, os.stat(root)),) if os.path.isfile(root) else ()
    )  # the build reports a missing file


def state_of_files(files: Iterable[Found]) -> FileState:
    """The state of files listed by `walk`."""
    found = hashlib.blake2b(digest_size=16)
    newest = 0
    for path, _, status in files:
        if "__pycache__" not in path:
            state = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
            found.update(f"\0{path}\0{state}".encode("utf-8", "surrogateescape"))
            newest = max(newest, status.st_ctime_ns)
    return FileState(found.digest(), newest < time.time_ns() - 1_000_000_000)


def last_build(folder: Path, program: bytes, arguments: tuple[str, ...]) -> LastBuild | None:
    """The last build, if it is still up to date.

    Args:
        folder: The folder of the build cache.
        program: The digest of this program.
        arguments: The arguments of the build.

    Returns:
        The last build; None if its arguments were different, or if an input or output has changed.

    """
    last = read_cached(folder, "last", program, LastBuild)
    if not last or last.arguments != arguments:
        return None
    try:
        same = file_state(last.roots).digest == last.inputs.digest
        same = same and file_state([last.folder]).digest == last.outputs.digest
    except OSError:
        return None
    return last if same and last.inputs.settled else None


def keep_last_build(folder: Path, program: bytes, last: LastBuild) -> None:
    """Store the build for `last_build`."""
    write_cached(folder, "last", program, last)
