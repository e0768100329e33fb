"""The page of comparisons gives the answers of `policybook diff`, on random sides."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from policybook.analysis.risks import Rulebook
from policybook.analysis.side_by_side import side_by_side
from policybook.book.limits import COMPARED_FETCHED
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load
from policybook.model.documents import Document, union
from policybook.output.engine.engine_data import engine_catalogue, engine_rules
from policybook.output.json.comparison_result import (
    SideDocument,
    SideResult,
    comparison_result,
    matched_rules,
)

from tests.support.books import REPOSITORY
from tests.support.chance import chance
from tests.support.engine.answers import document
from tests.support.engine.documents import document as random_document
from tests.support.engine.documents import pair

SCRIPT = Path(__file__).parent.parent / "support/engine/sides.js"

Source = dict[str, Any]


@pytest.mark.parametrize(
    "count",
    [pytest.param(30, id="some"), pytest.param(500, id="many", marks=pytest.mark.exhaustive)],
)
def test_the_page_gives_the_answers_of_the_command(count: int) -> None:
    """With one or two documents on a side; everything that the JSON has is compared."""
    catalogue = Catalogue()
    rules = Rulebook(load(REPOSITORY / "data").rules, catalogue)
    cases = sides(count)
    found = in_the_browser(catalogue, rules, cases)
    assert len(found) == count
    for (a, b), answer in zip(cases, found, strict=True):
        assert answer == expected(a, b, catalogue, rules), (a, b)


def test_the_page_says_how_much_it_fetches() -> None:
    """Action list and rules, as a host compresses them."""
    rules = load(REPOSITORY / "data").rules.values()
    files = map(msgspec.json.encode, (engine_catalogue(Catalogue()), engine_rules(rules)))
    assert sum(len(gzip.compress(file)) for file in files) <= COMPARED_FETCHED


def sides(count: int) -> list[tuple[list[Source], list[Source]]]:
    """Random sides, most of them similar."""
    numbers = chance("side by side")
    found = []
    for _ in range(count):
        one, other = pair(numbers)
        more = [random_document(numbers)] if numbers.random() < 0.3 else []
        found.append(([one, *more], [other, *more] if numbers.random() < 0.5 else [other]))
    return found


def in_the_browser(
    catalogue: Catalogue, rules: Rulebook, cases: Sequence[tuple[list[Source], list[Source]]]
) -> list[Any]:
    """The results of the page's script."""
    if shutil.which("node") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Node.js on the PATH")
        pytest.skip("no Node.js on the PATH")
    given = {
        "catalogue": engine_catalogue(catalogue),
        "rules": engine_rules(rules.rules.values()),
        "cases": cases,
    }
    ran = subprocess.run(
        ["node", str(SCRIPT)], input=msgspec.json.encode(given), capture_output=True, check=False
    )
    assert ran.returncode == 0, ran.stderr.decode()
    answers: list[Any] = json.loads(ran.stdout)
    return answers


def expected(a: list[Source], b: list[Source], catalogue: Catalogue, rules: Rulebook) -> Any:
    """The result of the program."""
    here, there = [document(one) for one in a], [document(one) for one in b]
    found = side_by_side(here, there, catalogue)

    def side(letter: str, documents: list[Document]) -> SideResult:
        listed = tuple(
            SideDocument(f"{letter}{place}", None, None, "", len(one.statements))
            for place, one in enumerate(documents)
        )
        return SideResult(listed, matched_rules(rules.flags(union(documents)), rules.rules))

    result = comparison_result(found, side("a", here), side("b", there), catalogue)
    return json.loads(msgspec.json.encode(result))
