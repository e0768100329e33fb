"""Does the work of a build in several processes if there is much of it.

The processes are forks of this one. Each takes the next piece of work that nobody has taken. What
comes out does not depend on who does a piece.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, Protocol

import msgspec
from msgspec import Struct

from policybook.build.timings import Timings
from policybook.errors import PolicybookError

MOST_PROCESSES = 4
"""Further processes would hardly be faster, and each needs memory for what it changes."""

_NUMBER = 4  # bytes of a piece's number in the pipe


class Job(Struct, frozen=True):
    """A function of `results`, and the type of its value, which MessagePack can encode."""

    compute: Callable[[], Any]
    type: Any


class _Outcome(Struct, frozen=True):
    """What a process says at its end.

    `failed` is the number of the piece that it could not do, or -1, and `error` says why. `report`
    is what it found out.
    """

    failed: int
    error: str
    report: msgspec.Raw


def usable_processes() -> int:
    """The number of cores that this process may use, and at most `MOST_PROCESSES`."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(cores or 1, MOST_PROCESSES)


class Sharing(Protocol):
    """What forked processes find out, and the first process has to know."""

    def begin(self) -> None:
        """Called in each forked process at its start."""

    def report(self) -> bytes:
        """Called in each forked process at its end; what it found out, as MessagePack."""

    def accept(self, report: bytes) -> None:
        """Called in the first process with the report of each other one."""


def results(jobs: Sequence[Job], processes: int, timings: Timings) -> list[Any]:
    """Compute the values of functions.

    Args:
        jobs: The functions; those that take longest come first.
        processes: How many processes to use.
        timings: Collects the CPU time of the functions, which measure it.

    Returns:
        The values, in the order of the jobs.

    Raises:
        PolicybookError: A process was killed, or a function raises it.

    """
    found = _Results(jobs, timings)
    share(len(jobs), found.compute, processes, found)
    return [found.values[number] for number in range(len(jobs))]


class _Results:
    """The values of jobs by their numbers."""

    def __init__(self, jobs: Sequence[Job], timings: Timings) -> None:
        self.values: dict[int, Any] = {}
        self._jobs = jobs
        self._timings = timings

    def compute(self, number: int) -> None:
        self.values[number] = self._jobs[number].compute()

    def begin(self) -> None:
        self.values.clear()
        self._timings.seconds.clear()

    def report(self) -> bytes:
        return msgspec.msgpack.encode((self.values, self._timings.seconds))

    def accept(self, report: bytes) -> None:
        found, seconds = msgspec.msgpack.decode(
            report, type=tuple[dict[int, msgspec.Raw], dict[str, float]]
        )
        for number, value in found.items():
            self.values[number] = msgspec.msgpack.decode(value, type=self._jobs[number].type)
        self._timings.add(seconds)


def share(
    count: int,
    work: Callable[[int], None],
    processes: int,
    sharing: Sharing,
    again: Callable[[int], None] | None = None,
) -> None:
    """Do numbered pieces of work, each in one process.

    Args:
        count: The number of pieces.
        work: Does the piece of a number.
        processes: How many processes to use. One is used if the system cannot fork, and if this
            process has several threads.
        sharing: What the processes tell each other.
        again: Does a piece in this process after it failed in another one, so that the error is
            raised here. Default: `work`.

    Raises:
        PolicybookError: A process was killed, or `work` raises it.

    """
    if not hasattr(os, "fork") or threading.active_count() > 1:
        processes = 1
    taken = _pipe_of_numbers(count)
    forks: list[tuple[int, int]] = []
    try:
        for _ in range(min(processes, count) - 1):
            forks.append(_fork(work, taken, sharing))
        for number in _numbers(taken):
            work(number)
        for _, said in forks:
            sharing.accept(_report(said, again or work))
    finally:
        os.close(taken)
        for process, said in forks:
            os.close(said)
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)  # it has ended, unless this one has failed
            os.waitpid(process, 0)


def _pipe_of_numbers(count: int) -> int:
    """The end of a pipe with the numbers below `count`, which several processes may read."""
    reading, writing = os.pipe()
    os.write(writing, b"".join(number.to_bytes(_NUMBER, "big") for number in range(count)))
    os.close(writing)
    return reading


def _numbers(pipe: int) -> Iterator[int]:
    while number := os.read(pipe, _NUMBER):
        yield int.from_bytes(number, "big")


def _fork(work: Callable[[int], None], taken: int, sharing: Sharing) -> tuple[int, int]:
    """Start a process; returns its number, and the end of a pipe with what it says at its end."""
    reading, writing = os.pipe()
    first = os.getpid()
    process = os.fork()
    if process:
        os.close(writing)
        return process, reading
    number = 0
    try:
        sharing.begin()
        for number in _numbers(taken):
            end_without(first)
            work(number)
        found = _Outcome(-1, "", msgspec.Raw(sharing.report()))
    except BaseException as error:  # the first process does the piece again, and fails too
        found = _Outcome(number, repr(error), msgspec.Raw(msgspec.msgpack.encode(None)))
    with suppress(OSError), os.fdopen(writing, "wb") as stream:
        stream.write(msgspec.msgpack.encode(found))
    os._exit(0)


def end_without(first: int) -> None:
    """End this process if the first one was killed, since its folder may be removed."""
    if first not in (os.getpid(), os.getppid()):
        os._exit(1)


def _report(said: int, again: Callable[[int], None]) -> bytes:
    """What a process reports through its pipe.

    Raises:
        PolicybookError: It said nothing, since it was killed, or it could not do a piece.

    """
    with os.fdopen(said, "rb", closefd=False) as stream:
        read = stream.read()
    try:
        found = msgspec.msgpack.decode(read, type=_Outcome)
    except msgspec.MsgspecError as error:
        message = "expected all processes of the build to end by themselves, found one killed"
        raise PolicybookError(message) from error
    if found.failed >= 0:
        again(found.failed)  # which fails here, too, and says where
        raise PolicybookError(f"a process of the build failed: {found.error}")
    return bytes(found.report)
