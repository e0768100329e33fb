"""All current documents in one file for the engine in the browser."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from policybook.analysis.overlap import current_documents
from policybook.data.loader import load
from policybook.output.engine.engine_policies import EnginePolicies, engine_policies

from tests.support.books import DATA, SAMPLES


def places(distances: Iterable[int]) -> list[int]:
    """The positions that a list of distances stands for."""
    found, place = [], -1
    for distance in distances:
        place += distance + 1
        found.append(place)
    return found


@pytest.mark.parametrize("folder", [DATA, SAMPLES / "edges"])
def test_every_statement_can_be_read_back(folder: Path) -> None:
    """With effect, elements, patterns in their order, condition and whether it has variables."""
    documents = current_documents(load(folder))
    file = engine_policies(documents)
    assert file.names == tuple(documents)
    for found, document in zip(file.documents, documents.values(), strict=True):
        assert [read_back(file, statement) for statement in found] == [
            (
                s.effect,
                s.actions.negated,
                s.actions.patterns,
                s.resources.negated,
                s.resources.patterns,
                s.resources.variables and all(c.variables for c in s.condition),
                tuple((c.operator, c.key, c.values) for c in s.condition),
            )
            for s in document.statements
        ]


def read_back(
    file: EnginePolicies, statement: tuple[int, int, tuple[int, ...], tuple[int, ...]]
) -> object:
    """The parts of a statement of the file."""
    flags, block, of_actions, of_resources = statement
    actions = [head + name for head, names in file.actions for name in names]
    return (
        "Deny" if flags & 1 else "Allow",
        bool(flags & 2),
        tuple(actions[place] for place in places(of_actions)),
        bool(flags & 4),
        tuple(file.resources[place] for place in places(of_resources)),
        not flags & 8,
        tuple(
            (operator, key, values)
            for operator, keys in file.conditions[block].items()
            for key, values in keys.items()
        ),
    )
