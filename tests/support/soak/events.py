"""What a process does to files, event by event: noted, or ended at one of them.

An event is what Python's audit hooks say before a file is opened for writing, renamed, linked or
removed, or a program is run. So is each write: if the process is killed at one, half of it is done.
"""

from __future__ import annotations

import builtins
import io
import os
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_NAMES = frozenset(
    (
        *("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate"),
        *("os.chmod", "os.utime", "shutil.rmtree", "shutil.copytree", "subprocess.Popen"),
        "ctypes.dlsym",  # two folders are exchanged next
    )
)


class Events:
    """Counts the events of this process; calls `at` with the event, from 1, and its name."""

    def __init__(self, at: Callable[[int, str], bool]) -> None:
        self._at = at
        self._count = 0
        self._busy = False

    def begin(self) -> None:
        """Count from now on, until the process ends."""
        sys.addaudithook(self._hook)
        opened, write = io.open, os.write

        def written(file: int, content: bytes) -> int:
            self.before_write(f"fd {file}", lambda: write(file, content[: len(content) // 2]))
            return write(file, content)

        def wrapped(file: Any, mode: str = "r", *rest: Any, **named: Any) -> Any:
            found = opened(file, mode, *rest, **named)
            writes = not isinstance(file, int) and set(mode) & set("wax+")
            return _Written(found, str(file), self) if writes else found

        os.write, io.open, builtins.open = written, wrapped, wrapped  # type: ignore[assignment]  # narrower

    def _hook(self, name: str, arguments: tuple[Any, ...]) -> None:
        if self._busy:
            return
        if name == "open":
            if not isinstance(arguments[2], int) or not arguments[2] & _WRITES:
                return
        elif name not in _NAMES:
            return
        self._happen(name, str(arguments[0]))

    def before_write(self, path: str, half: Callable[[], object]) -> None:
        """A file is about to be written to; `half` does half of that."""
        self._happen("write", path, half)

    def _happen(self, name: str, path: str, half: Callable[[], object] | None = None) -> None:
        if self._busy:
            return
        self._busy = True
        self._count += 1
        if self._at(self._count, f"{name} {path}"):
            if half:
                half()
            os.kill(os.getpid(), signal.SIGKILL)
        self._busy = False


class _Written:
    """A file that is open for writing, each of whose writes is an event."""

    def __init__(self, file: Any, path: str, events: Events) -> None:
        self._file, self._path, self._events = file, path, events

    def write(self, content: Any) -> Any:
        def half() -> None:
            self._file.write(content[: len(content) // 2])
            self._file.flush()

        self._events.before_write(self._path, half)
        return self._file.write(content)

    def __enter__(self) -> _Written:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __iter__(self) -> Any:
        return iter(self._file)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def noted_in(log: Path) -> Callable[[], None]:
    """What notes all events of a process in a file, a line each."""

    def begin() -> None:
        lines = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
        write = os.write

        def note(_: int, name: str) -> bool:
            write(lines, name.replace("\n", " ").encode("utf-8", "backslashreplace") + b"\n")
            return False

        Events(note).begin()

    return begin


def killed_at(number: int) -> Callable[[], None]:
    """What kills the process at its event of that number."""
    return Events(lambda count, _: count == number).begin


_DIGITS = re.compile(r"\d+")


def drawn_event(lines: list[str], folder: Path, random: Random) -> int:
    """The number of an event: half of the time any, else first of a kind, so that rare ones occur.

    A kind is the event's name and the folder below `folder` in which the file is.
    """
    if random.random() < 0.5:
        return random.randint(1, len(lines))
    kinds: dict[str, list[int]] = {}
    for number, line in enumerate(lines, 1):
        name, _, path = line.partition(" ")
        inside = path.removeprefix(f"{folder}/").split("/")[:2]
        kinds.setdefault(_DIGITS.sub("0", f"{name} {inside}"), []).append(number)
    return random.choice(kinds[random.choice(sorted(kinds))])
