"""Renders and writes the files of a site, in several processes if there are many.

The processes are forks of this one, which has read and planned the book. Each takes the next chunk
of files that nobody has taken. What a file has in it does not depend on who renders it.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Protocol

import msgspec
from msgspec import Struct

from policybook.build.publish import write
from policybook.build.site_files import Task
from policybook.errors import PolicybookError

MOST_PROCESSES = 4
"""Further processes would hardly be faster, and each needs memory for what it changes."""

_FEWEST = 400  # tasks; for fewer a second process costs more than it saves
_NUMBER = 4  # bytes of a chunk's number in the pipe


class _Outcome(Struct, frozen=True):
    """What a process says at its end.

    `failed` is the place of the task that it could not do, or -1, and `error` says why. `report` is
    what it found out.
    """

    failed: int
    error: str
    report: msgspec.Raw


def usable_processes() -> int:
    """The number of cores that this process may use, and at most `MOST_PROCESSES`."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(cores or 1, MOST_PROCESSES)


class Sharing(Protocol):
    """What forked processes find out besides their files, and the first process has to know."""

    def begin(self) -> None:
        """Called in each forked process at its start."""

    def report(self) -> bytes:
        """Called in each forked process at its end; what it found out, as MessagePack."""

    def accept(self, report: bytes) -> None:
        """Called in the first process with the report of each other one."""


def write_files(tasks: Sequence[Task], folder: str, processes: int, sharing: Sharing) -> None:
    """Render and write files.

    Args:
        tasks: The files.
        folder: The folder of the site.
        processes: How many processes to use. One is used if the system cannot fork, if there are
            few files, and if this process has several threads.
        sharing: What the processes tell each other.

    Raises:
        PolicybookError: A file cannot be rendered, or a process was killed.

    """
    if len(tasks) < _FEWEST or not hasattr(os, "fork") or threading.active_count() > 1:
        processes = 1
    chunks = tuple(_chunks(len(tasks), processes))
    taken = _pipe_of_numbers(len(chunks))
    forks: list[tuple[int, int]] = []
    try:
        for _ in range(processes - 1):
            forks.append(_fork(tasks, folder, chunks, taken, sharing))
        for number in _numbers(taken):
            for place in chunks[number]:
                _write(tasks[place], folder)
        for _, results in forks:
            sharing.accept(_report(results, tasks))
    finally:
        os.close(taken)
        for process, results in forks:
            os.close(results)
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)  # it has ended, unless this one has failed
            os.waitpid(process, 0)


def _write(task: Task, folder: str) -> None:
    write(os.path.join(folder, task.path), task.render())


def _chunks(count: int, processes: int) -> Iterator[range]:
    """The places of the tasks, in chunks that become smaller, so that all end at the same time."""
    start = 0
    while start < count:
        size = max((count - start) // (16 * processes), 8)
        yield range(start, min(start + size, count))
        start += size


def _pipe_of_numbers(count: int) -> int:
    """The end of a pipe with the numbers below `count`, which several processes may read."""
    reading, writing = os.pipe()
    os.write(writing, b"".join(number.to_bytes(_NUMBER, "big") for number in range(count)))
    os.close(writing)
    return reading


def _numbers(pipe: int) -> Iterator[int]:
    while number := os.read(pipe, _NUMBER):
        yield int.from_bytes(number, "big")


def _fork(
    tasks: Sequence[Task],
    folder: str,
    chunks: Sequence[range],
    taken: int,
    sharing: Sharing,
) -> tuple[int, int]:
    """Start a process; returns its number, and the end of a pipe with what it says at its end."""
    reading, writing = os.pipe()
    parent = os.getpid()
    process = os.fork()
    if process:
        os.close(writing)
        return process, reading
    place = 0
    try:
        sharing.begin()
        for number in _numbers(taken):
            for place in chunks[number]:
                if os.getppid() != parent:
                    os._exit(1)  # the build was killed, and its folder may be removed
                _write(tasks[place], folder)
        found = _Outcome(-1, "", msgspec.Raw(sharing.report()))
    except BaseException as error:  # the first process does the task again, and fails too
        found = _Outcome(place, repr(error), msgspec.Raw(msgspec.msgpack.encode(None)))
    with suppress(OSError), os.fdopen(writing, "wb") as stream:
        stream.write(msgspec.msgpack.encode(found))
    os._exit(0)


def _report(results: int, tasks: Sequence[Task]) -> bytes:
    """What a process reports through its pipe.

    Raises:
        PolicybookError: It said nothing, since it was killed, or it could not do a task.

    """
    with os.fdopen(results, "rb", closefd=False) as stream:
        said = stream.read()
    try:
        found = msgspec.msgpack.decode(said, type=_Outcome)
    except msgspec.MsgspecError as error:
        message = "expected all processes of the build to end by themselves, found one killed"
        raise PolicybookError(message) from error
    if found.failed >= 0:
        task = tasks[found.failed]
        task.render()  # which fails here, too, and says where
        raise PolicybookError(f"{task.path}: expected a file, found {found.error}")
    return bytes(found.report)
