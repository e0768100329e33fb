"""The engine in the browser says of documents what the program says."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from policybook.analysis.risks import Rulebook
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load

from tests.support.archive import Archive
from tests.support.books import REPOSITORY
from tests.support.chance import chance
from tests.support.engine import answers, chances, documents
from tests.support.engine.answers import Held, Policies
from tests.support.engine.process import Engine


@pytest.fixture(scope="module")
def held(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Held:
    """AWS's action list and the book's risk rules, which the engine has too."""
    catalogue = Catalogue()
    found = Held(catalogue, Rulebook(load(REPOSITORY / "data").rules, catalogue))
    answers.hold(engine, found, tmp_path_factory.mktemp("engine"))
    return found


some_or_many = pytest.mark.parametrize(
    "count",
    [
        pytest.param(200, id="some"),
        pytest.param(2_000, id="many", marks=pytest.mark.exhaustive),
    ],
)


@some_or_many
def test_random_pairs_of_documents(engine: Engine, held: Held, count: int) -> None:
    numbers = chance("engine documents")
    for _ in range(count):
        old, new = documents.any_pair(numbers)
        assert answers.differences(engine, held, old, new) == []


def test_sets_of_documents_are_the_union_of_their_statements(engine: Engine, held: Held) -> None:
    get = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    put = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}
    none = {"Effect": "Deny", "Action": "s3:PutObject", "Resource": "*"}
    one, other, third = (json.dumps({"Statement": [s]}) for s in (get, put, none))
    found = engine.ask("compare", [one], [one, other])
    assert [(e["action"], e["statement"]) for e in found["gained"]] == [("s3:PutObject", 2)]
    assert found["verdict"] == "widened"
    [service] = engine.ask("effectiveActions", [one, other, third])
    assert [action["name"] for level in service["levels"] for action in level["actions"]] == [
        "s3:GetObject"
    ]


def test_what_contains_a_document_equals_it_or_comes_near(
    engine: Engine, held: Held, tmp_path: Path
) -> None:
    numbers = chance("engine overlap")
    named = {f"P{place}": documents.document(numbers) for place in range(40)}
    policies = Policies(engine, held, named, tmp_path)
    kinds: set[str] = set()
    for source in _near(numbers, named.values()):
        found = engine.ask("near", [json.dumps(source)])
        assert found == policies.overlap(source)
        kinds.update(kind for kind, lines in found.items() if lines)
    assert kinds == {"kind", "contained_in", "contains", "equal", "near"}


def _near(numbers: Random, sources: Any) -> list[dict[str, Any]]:
    return [
        *(chances.near_document(numbers, source) for source in sources),
        *(documents.document(numbers) for _ in range(10)),
    ]


@pytest.mark.exhaustive
@pytest.mark.corpus
def test_every_transition_of_the_archive(engine: Engine, held: Held, archive: Archive) -> None:
    compared = 0
    for history in archive.histories(archive.files()):
        for old, new in zip(history.seen, history.seen[1:], strict=False):
            pair = history.document(old), history.document(new)
            assert answers.differences(engine, held, *pair) == [], (history.name, old, new)
            compared += 1
    assert compared > 5_000
