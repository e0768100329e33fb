"""How far a run of `make soak` has come, in a file, so that an interrupted run goes on."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from tests.support.books import REPOSITORY

STATE = REPOSITORY / ".cache" / "soak" / "state.json"


class Progress(Struct):
    """One part: how many cases were run, how they ended, and the errors of failed ones by seed."""

    done: int = 0
    seconds: float = 0.0
    outcomes: dict[str, int] = {}  # msgspec copies it
    failed: dict[str, str] = {}

    def add(self, seed: int, outcome: str, error: str) -> None:
        """Count a case; its seed is kept if there is an error."""
        self.done += 1
        if error:
            self.failed[str(seed)] = error
        else:
            self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1


class Run(Struct):
    """A run: its parts, and the seed of the first case, to which the number of each is added."""

    seed: int
    parts: dict[str, Progress] = {}

    def of(self, part: str) -> Progress:
        """How far the part has come."""
        return self.parts.setdefault(part, Progress())

    def is_complete(self, cases: Mapping[str, int]) -> bool:
        """Whether every part has run that many cases, and none of them failed."""
        return all(
            self.of(part).done >= count and not self.of(part).failed
            for part, count in cases.items()
        )


def read_run(path: Path = STATE) -> Run:
    """The run in the file, or a new one with a random seed if there is none."""
    if path.exists():
        return msgspec.json.decode(path.read_bytes(), type=Run)
    # The cases of two runs are not the same, and each seed is one case of any part.
    return Run(seed=secrets.randbelow(10**6) * 10**6)


def write_run(run: Run, path: Path = STATE) -> None:
    """Keep the run in the file, as a whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(msgspec.json.format(msgspec.json.encode(run)))
    part.replace(path)
