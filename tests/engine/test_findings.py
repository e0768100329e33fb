"""The page /check/ has the errors, warnings and remedies of `policybook check FILE`."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load

from tests.support.books import DATA
from tests.support.checked_documents import Asked, answers_of_the_page, answers_of_the_program
from tests.support.mistaken_documents import Mistaken


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(
    "number", [200, pytest.param(3_000, marks=pytest.mark.exhaustive)], ids=str
)
def test_mistakes_have_the_same_findings(number: int, tmp_path: Path) -> None:
    book, catalogue = load(DATA), Catalogue()
    mistaken = Mistaken(catalogue, Random(number))
    asked: list[Asked] = [(mistaken.text(), "") for _ in range(number)]
    page = answers_of_the_page(tmp_path, book, catalogue, asked)
    program = answers_of_the_program(book, catalogue, asked)
    both = zip(asked, page, program, strict=True)
    assert [(text, one, other) for (text, _), one, other in both if one != other] == []
    hints = {f["kind"] for found in program for own in found for f in own["findings"] if f["hint"]}
    assert hints > {"bad-json", "unknown-key", "uncatalogued-action", "unlisted-condition-key"}
