"""Where the engine in the browser stops, the program stops too: tried with low limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from random import Random
from types import ModuleType

import pytest
from policybook.iam import clause_truths, coverage, term_kinds, text_sets, variable_values

from tests.support.chance import chance
from tests.support.engine.process import Engine, started
from tests.support.engine.questions import KINDS, different

CONSTANTS: Mapping[str, tuple[ModuleType, str]] = {
    "textSteps": (text_sets, "MOST_STEPS"),
    "textVariables": (text_sets, "MOST_VARIABLES"),
    "samples": (term_kinds, "MOST_SAMPLES"),
    "valueSets": (clause_truths, "MOST_SETS"),
    "comparedValues": (clause_truths, "MOST_COMPARED"),
    "kinds": (coverage, "MOST_KINDS"),
    "triedValues": (variable_values, "MOST_TRIED"),
}


def forget() -> None:
    """Drop the answers that are kept: they depend on the limits."""
    clause_truths.truths.cache_clear()
    term_kinds._truths_of_terms.cache_clear()


Limited = Callable[[Mapping[str, int]], Engine]


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> Iterator[Limited]:
    """Both with other limits: a function that returns the engine."""
    engine = started()

    def with_limits(limits: Mapping[str, int]) -> Engine:
        forget()
        for name, most in limits.items():
            monkeypatch.setattr(*CONSTANTS[name], most)
        engine.ask("limit", limits)
        return engine

    yield with_limits
    engine.close()
    forget()


def drawn(numbers: Random) -> dict[str, int]:
    """Limits that about half of the random questions reach."""
    return {
        "textSteps": numbers.randint(20, 400),
        "textVariables": numbers.randint(0, 3),
        "samples": numbers.randint(0, 2),
        "valueSets": numbers.randint(2, 10),
        "comparedValues": numbers.randint(2, 20),
        "kinds": numbers.randint(2, 30),
        "triedValues": numbers.randint(0, 2),
    }


@pytest.mark.parametrize("round", range(5))
def test_both_stop_at_the_same_step(limited: Limited, round: int) -> None:
    numbers = chance(f"engine limits {round}")
    engine = limited(drawn(numbers))
    for kind, count in (("limits", 20), ("grants", 100), ("conditions", 100)):
        cases = [case for _ in range(count) for case in KINDS[kind](numbers)]
        assert different(engine, cases) == []
