"""The engine in the browser gives the program's answers, on random questions of every form."""

from __future__ import annotations

import pytest

from tests.support.chance import chance
from tests.support.engine.process import Engine
from tests.support.engine.questions import KINDS, different

SLOW = {"limits": 10}  # by what the number of questions is divided


@pytest.mark.parametrize(
    "count",
    [
        pytest.param(200, id="some"),
        pytest.param(2_000, id="many", marks=pytest.mark.exhaustive),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_the_engine_gives_the_answers_of_the_program(engine: Engine, kind: str, count: int) -> None:
    numbers = chance(f"engine {kind}")
    cases = [case for _ in range(count // SLOW.get(kind, 1)) for case in KINDS[kind](numbers)]
    assert different(engine, cases) == []
