"""The page of comparisons gives the answers of `policybook diff`, on random sides."""

from __future__ import annotations

import gzip

import msgspec
import pytest
from policybook.analysis.risks import Rulebook
from policybook.book.limits import COMPARED_FETCHED
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load
from policybook.output.engine.engine_data import engine_catalogue, engine_rules

from tests.support.books import REPOSITORY
from tests.support.chance import chance
from tests.support.compared_sides import Source, sides_in_the_browser, sides_of_the_program
from tests.support.engine.documents import document as random_document
from tests.support.engine.documents import pair


@pytest.mark.parametrize(
    "count",
    [pytest.param(30, id="some"), pytest.param(500, id="many", marks=pytest.mark.exhaustive)],
)
def test_the_page_gives_the_answers_of_the_command(count: int) -> None:
    """With one or two documents on a side; everything that the JSON has is compared."""
    catalogue = Catalogue()
    rules = Rulebook(load(REPOSITORY / "data").rules, catalogue)
    cases = sides(count)
    found = sides_in_the_browser(catalogue, rules, cases)
    assert len(found) == count
    for (a, b), answer in zip(cases, found, strict=True):
        assert answer == sides_of_the_program(a, b, catalogue, rules), (a, b)


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
