"""The pages /check/ and /compare/ and the command line say the same about all of AWS's documents.

`tests/corpus/test_choices.py` does this for /choose/. POLICYBOOK_QUESTIONS asks more of each.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from policybook.analysis.risks import Rulebook
from policybook.catalogue.catalogue import Catalogue
from policybook.model.book import Book

from tests.support.checked_documents import Asked, answers_of_the_page, answers_of_the_program
from tests.support.compared_sides import sides_in_the_browser, sides_of_the_program

QUESTIONS = int(os.environ.get("POLICYBOOK_QUESTIONS", "150"))
Source = dict[str, Any]


@pytest.fixture(scope="module")
def documents(aws_book: Book) -> list[list[Source]]:
    """The known documents of each policy that has some."""
    found: dict[str, list[Source]] = {}
    for policy, _, document in aws_book.documents():
        found.setdefault(policy.name, []).append(json.loads(json.dumps(document.source)))
    return list(found.values())


def test_checks_are_the_same(aws_book: Book, documents: list[list[Source]], tmp_path: Path) -> None:
    """Of any version: as it is, with a mistake, or limited by another document."""
    random, catalogue = Random(15), Catalogue()
    asked = [_checked(random, documents) for _ in range(QUESTIONS)]
    page = answers_of_the_page(tmp_path, aws_book, catalogue, asked)
    program = answers_of_the_program(aws_book, catalogue, asked)
    assert _different(asked, page, program) == []


def test_comparisons_are_the_same(aws_book: Book, documents: list[list[Source]]) -> None:
    """Of two versions of a policy, of two policies, and of several on a side."""
    random, catalogue = Random(16), Catalogue()
    rules = Rulebook(aws_book.rules, catalogue)
    cases = [_sides(random, documents) for _ in range(QUESTIONS)]
    found = sides_in_the_browser(catalogue, rules, cases)
    expected = [sides_of_the_program(*case, catalogue, rules) for case in cases]
    assert _different(cases, found, expected) == []


def _different(asked: Sequence[Any], page: Sequence[Any], program: Sequence[Any]) -> list[Any]:
    """The questions with different answers, and both."""
    both = zip(asked, page, program, strict=True)
    return [(question, one, other) for question, one, other in both if one != other]


def _checked(random: Random, documents: list[list[Source]]) -> Asked:
    """A document as people paste it, and a boundary or ""."""
    text = json.dumps(_one(random, documents), indent=random.choice((None, 2)))
    boundary = json.dumps(_one(random, documents)) if random.random() < 0.25 else ""
    match random.randrange(6):
        case 0:  # a character too many, or another one
            at = random.randrange(len(text))
            text = text[:at] + random.choice('{}[]",:x*') + text[at + random.randrange(2) :]
        case 1:  # within something else
            text = json.dumps({"Resources": {"A": {"PolicyDocument": json.loads(text)}}}, indent=1)
    return text, boundary


def _sides(random: Random, documents: list[list[Source]]) -> tuple[list[Source], list[Source]]:
    """Two versions of a policy more often than not, and at times more policies."""
    versions = random.choice(documents)
    one = random.choice(versions)
    other = random.choice(versions if random.random() < 0.6 else random.choice(documents))
    more = [_one(random, documents)] if random.random() < 0.2 else []
    return [one, *more], [other]


def _one(random: Random, documents: list[list[Source]]) -> Source:
    return random.choice(random.choice(documents))
