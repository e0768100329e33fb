"""Random questions of every form, to the program and to the engine in the browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

from policybook.analysis.risks import Rulebook
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load

from tests.support.books import REPOSITORY
from tests.support.engine.answers import Held, catalogue_of_some, differences, hold
from tests.support.engine.documents import any_pair
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


def engine_documents(folder: Path) -> Callable[[int], str]:
    """A case compares two documents; one in twenty with all of AWS's actions."""
    rules = load(REPOSITORY / "data").rules
    engines = []
    for name, catalogue in (("small", catalogue_of_some()), ("all", Catalogue())):
        (folder / name).mkdir()
        held = Held(catalogue, Rulebook(rules, catalogue))
        engines.append((engine := Engine(), held))
        hold(engine, held, folder / name)

    def case(seed: int) -> str:
        old, new = any_pair(Random(seed))
        assert differences(*engines[seed % 20 == 0], old, new) == [], (old, new)
        return "equal"

    return case
