"""Runs the cases of a part, in several processes if there are several workers."""

from __future__ import annotations

import gc
import multiprocessing
import os
import shutil
import signal
import tempfile
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from msgspec import Struct

from tests.support.soak.parts import PARTS


class Result(Struct, frozen=True):
    """How a case ended: in which words, or with which error."""

    seed: int
    outcome: str = ""
    error: str = ""


class _Worker:
    """A process: the case that it has prepared, in a folder of its own."""

    case: Callable[[int], str]

    def prepare(self, part: str, root: str) -> None:
        folder = Path(root, f"worker-{os.getpid()}")
        folder.mkdir()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process ends the others
        gc.disable()  # as the command does
        self.case = PARTS[part].prepare(folder)

    def run(self, seed: int) -> Result:
        try:
            return Result(seed, outcome=self.case(seed))
        except Exception:
            return Result(seed, error=traceback.format_exc(limit=-3))


_WORKER = _Worker()


def results(part: str, seeds: Iterable[int], workers: int) -> Iterator[Result]:
    """Run a part with these seeds, and yield the results in their order."""
    root = tempfile.mkdtemp(prefix="policybook-soak-")
    pool = ProcessPoolExecutor(
        workers,
        multiprocessing.get_context("fork"),
        initializer=_WORKER.prepare,
        initargs=(part, root),
    )
    try:
        yield from pool.map(_run, seeds)
    finally:
        pool.shutdown(cancel_futures=True)
        shutil.rmtree(root, ignore_errors=True)


def _run(seed: int) -> Result:
    return _WORKER.run(seed)
