"""The state of the files and folders of a data folder: whether, and where, anything was touched."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from operator import attrgetter, eq
from pathlib import Path

from msgspec import Struct

from policybook.build.digests import digest

_NUMBERS = attrgetter("st_size", "st_mtime_ns", "st_ctime_ns", "st_ino")
_IN_DOUBT = -1
_SECOND = 1_000_000_000
_POLICIES = "/policies/"


class FileStates(Struct, frozen=True, array_like=True):
    """Paths below a folder, each with size, times and inode number.

    A path begins with a slash; that of the folder itself is "". `states` has four numbers for each
    path. One that was touched within the second before is in doubt: a further change could leave
    its size and time as they are. It has a state that no file has, so it counts as touched.
    """

    paths: tuple[str, ...]
    states: tuple[int, ...]

    def are_those_of(self, root: str) -> bool:
        """Whether nothing below the folder was touched since."""
        states = iter(self.states)
        before = zip(states, states, states, states, strict=True)
        now = map(_NUMBERS, map(os.stat, [root + path for path in self.paths]))
        try:
            return len(self.states) == 4 * len(self.paths) and all(map(eq, now, before))
        except OSError:
            return False

    def by_place(self) -> dict[str, list[tuple[object, ...]]]:
        """The paths and their states by the policy's folder that they are in.

        Those of the folder "" are in no policy's. A state in doubt is equal to no other.
        """
        found: dict[str, list[tuple[object, ...]]] = {}
        states = iter(self.states)
        for path, size, *times in zip(self.paths, states, states, states, states, strict=True):
            place = path[len(_POLICIES) :].partition("/")[0] if path.startswith(_POLICIES) else ""
            sure = object() if size == _IN_DOUBT else size
            found.setdefault(place, []).append((path, sure, *times))
        return found


def file_states(root: Path) -> FileStates:
    """The states of all that is in a folder, of which hidden files and folders are left out.

    Raises:
        OSError: The folder, or one in it, cannot be read.

    """
    paths: list[str] = []
    states: list[int] = []
    newest = time.time_ns() - _SECOND
    for path, status in _walk(str(root), ""):
        paths.append(path)
        states += _state(status, newest)
    return FileStates(tuple(paths), tuple(states))


def state_digest(path: Path) -> bytes:
    """The digest of the states of a file, or of all files in a folder.

    It is another one each time if a file is in doubt, or cannot be read.
    """
    try:
        if path.is_dir():
            found = file_states(path)
        else:
            status = path.stat()
            found = FileStates(("",), tuple(_state(status, time.time_ns() - _SECOND)))
    except OSError:
        return os.urandom(16)
    return os.urandom(16) if _IN_DOUBT in found.states else digest(found)


def _state(status: os.stat_result, newest: int) -> tuple[int, int, int, int]:
    doubt = max(status.st_mtime_ns, status.st_ctime_ns) >= newest
    size = _IN_DOUBT if doubt else status.st_size
    return size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def _walk(root: str, path: str) -> Iterator[tuple[str, os.stat_result]]:
    yield path, os.stat(root + path)
    with os.scandir(root + path) as found:
        entries = sorted((entry for entry in found if entry.name[0] != "."), key=lambda e: e.name)
    for entry in entries:
        inner = f"{path}/{entry.name}"
        if entry.is_dir():
            yield from _walk(root, inner)
        else:
            yield inner, os.stat(root + inner)
