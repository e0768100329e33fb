"""Random questions of every form, to the program and to the engine in the browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.support.engine.process import Engine
from tests.support.engine.questions import KINDS, different

_RARELY = {"limits": 0.02}  # how often a kind is asked; questions of it take long


def engine_questions(_folder: Path) -> Callable[[int], str]:
    """A case asks a few questions of each kind; both give the same answers."""
    engine = Engine()

    def case(seed: int) -> str:
        chance = Random(seed)
        cases = [
            case
            for kind, draw in KINDS.items()
            if chance.random() < _RARELY.get(kind, 1)
            for case in draw(chance)
        ]
        assert different(engine, cases) == []
        return "equal"

    return case
