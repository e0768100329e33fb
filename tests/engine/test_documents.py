"""The engine in the browser says of documents what the program says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from policybook.analysis.risks import Rulebook
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load

from tests.support.archive import Archive
from tests.support.books import REPOSITORY
from tests.support.chance import chance
from tests.support.engine import answers, chances, documents
from tests.support.engine.answers import Held, Policies, catalogue_of_some
from tests.support.engine.process import Engine


def held(engine: Engine, catalogue: Catalogue, folder: Path) -> Held:
    """Gives the engine an action list and the risk rules of the repository's book."""
    found = Held(catalogue, Rulebook(load(REPOSITORY / "data").rules, catalogue))
    answers.hold(engine, found, folder)
    return found


@pytest.mark.parametrize(
    ("catalogue", "count"),
    [
        pytest.param(catalogue_of_some, 200, id="some"),
        pytest.param(catalogue_of_some, 2_000, id="many", marks=pytest.mark.exhaustive),
        pytest.param(Catalogue, 200, id="all-of-aws", marks=pytest.mark.exhaustive),
    ],
)
def test_random_pairs_of_documents(
    engine: Engine, catalogue: Callable[[], Catalogue], count: int, tmp_path: Path
) -> None:
    known, numbers = held(engine, catalogue(), tmp_path), chance("engine documents")
    for _ in range(count):
        old, new = documents.any_pair(numbers)
        assert answers.differences(engine, known, old, new) == [], (old, new)


def test_sets_of_documents_are_the_union_of_their_statements(
    engine: Engine, tmp_path: Path
) -> None:
    held(engine, catalogue_of_some(), tmp_path)
    get = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    put = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}
    none = {"Effect": "Deny", "Action": "s3:PutObject", "Resource": "*"}
    one, other, third = (json.dumps({"Statement": [s]}) for s in (get, put, none))
    found = engine.ask("compare", [one], [one, other])
    assert [(e["action"], e["statement"]) for e in found["gained"]] == [("s3:PutObject", 2)]
    assert found["verdict"] == "widened"
    [service] = engine.ask("effectiveActions", [one, other, third])
    names = [action["name"] for level in service["levels"] for action in level["actions"]]
    assert names == ["s3:GetObject"]
    assert engine.ask("contains", [one, other], [other]) == "yes"
    assert engine.ask("contains", [one, other, third], [other]) == "no"


def test_what_contains_a_document_equals_it_or_comes_near(engine: Engine, tmp_path: Path) -> None:
    known, numbers = held(engine, catalogue_of_some(), tmp_path), chance("engine overlap")
    drawn = [documents.document(numbers) for _ in range(20)]
    named = {f"P{place}": source for place, source in enumerate([*drawn, *similar()])}
    policies = Policies(engine, known, named, tmp_path)
    changed = [chances.near_document(numbers, source) for source in drawn]
    kinds: set[str] = set()
    for source in (*named.values(), *changed):
        found = engine.ask("near", [json.dumps(source)])
        assert found == policies.overlap(source), source
        kinds.update(kind for kind, lines in found.items() if lines)
    assert kinds == {"kind", "contained_in", "contains", "equal", "near"}


def similar() -> Iterator[dict[str, Any]]:
    """Documents each of which lacks one of ten actions; and one whose Deny takes away the rest."""
    get, put = "s3:GetObject", "s3:PutObject"
    always = {"StringLikeIfExists": {"unknown:key": "*"}}
    yield {
        "Statement": [
            {"Effect": "Allow", "Action": [get, put], "Resource": "*"},
            {"Effect": "Deny", "Action": put, "Resource": "*", "Condition": always},
        ]
    }
    yield {"Statement": [{"Effect": "Allow", "Action": get, "Resource": "*"}]}
    for left_out in documents.ACTIONS[:10]:
        actions = [action for action in documents.ACTIONS[:10] if action != left_out]
        yield {"Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}


@pytest.mark.exhaustive
def test_every_transition_of_the_archive(engine: Engine, archive: Archive, tmp_path: Path) -> None:
    known = held(engine, Catalogue(), tmp_path)
    compared = 0
    for history in archive.histories(archive.files()):
        for old, new in zip(history.seen, history.seen[1:], strict=False):
            pair = history.document(old), history.document(new)
            assert answers.differences(engine, known, *pair) == [], (history.name, old, new)
            compared += 1
    assert compared > 2_900
