"""Measures the CPU time of a build by stage."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext

_UNTIMED = nullcontext()


class Timings:
    """CPU seconds by stage, in the order in which the stages first ran.

    Args:
        measured: Whether to measure; reading the clock for each file takes time itself.
    """

    def __init__(self, measured: bool = True) -> None:
        self.seconds: dict[str, float] = {}
        self._measured = measured

    def of(self, stage: str) -> AbstractContextManager[None]:
        """Add the CPU time of the block to the stage."""
        return self._timed(stage) if self._measured else _UNTIMED

    def add(self, seconds: Mapping[str, float]) -> None:
        """Add the CPU time of another process."""
        for stage, spent in seconds.items():
            self.seconds[stage] = self.seconds.get(stage, 0.0) + spent

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        start = time.process_time()
        yield
        self.seconds[stage] = self.seconds.get(stage, 0.0) + time.process_time() - start
