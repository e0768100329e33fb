"""The questions of "Ask the database": what SQL answers is what the JSON API says.

They are asked by readers that are not ours: sqlite-utils on the file, datasette over HTTP, and
DuckDB on the Parquet files.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from policybook.book.context import BookContext
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load

from tests.support.books import DATA, SAMPLES
from tests.support.contexts import context_of
from tests.support.database_answers import ANSWERS, Api, read
from tests.support.database_readers import datasette, duckdb_answers
from tests.support.databases import api, data_files, questions

# The repository's book, whose policies the questions name, and one with odd forms, rollbacks and
# deprecated policies.
BOOKS = {"own": DATA, "edges": SAMPLES / "edges"}


@pytest.fixture(scope="module", params=sorted(BOOKS))
def context(request: pytest.FixtureRequest) -> BookContext:
    """Each of the books."""
    return context_of(load(BOOKS[request.param]), Catalogue())


@pytest.fixture(scope="module")
def results(context: BookContext) -> Api:
    """The results of its API."""
    return api(context)


@pytest.fixture(scope="module")
def folder(context: BookContext, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its files of data."""
    return data_files(context, tmp_path_factory.mktemp("data"))


# SQLite's way to take lists apart, which the other has differently.
NOT_IN_DUCKDB = {"Which changes gained an action pattern?"}


def test_the_page_has_these_questions() -> None:
    """Twelve and one more."""
    assert set(questions()) == set(ANSWERS)


def test_each_question_has_an_answer_in_one_of_the_books() -> None:
    """So that no comparison is about nothing."""
    every = [api(context_of(load(path), Catalogue())) for path in BOOKS.values()]
    assert [q for q, (answer, _) in ANSWERS.items() if not any(map(answer, every))] == []


@pytest.mark.parametrize("question", sorted(ANSWERS))
def test_sqlite_utils_reads_what_the_api_says(folder: Path, results: Api, question: str) -> None:
    """From the file."""
    from sqlite_utils import Database

    answer, columns = ANSWERS[question]
    database = Database(folder / "book.sqlite")
    try:
        found = list(database.query(questions()[question]))
    finally:
        database.close()
    assert read(found, columns) == answer(results)


def test_datasette_serves_what_the_api_says(folder: Path, results: Api) -> None:
    """Over HTTP, from the file that it opens unchanged."""
    with datasette(folder / "book.sqlite") as ask:
        for question, (answer, columns) in ANSWERS.items():
            assert read(ask(questions()[question]), columns) == answer(results), question


def test_duckdb_reads_what_the_api_says(folder: Path, results: Api) -> None:
    """From the Parquet files, through the same views."""
    asked = {q: sql for q, sql in questions().items() if q not in NOT_IN_DUCKDB}
    for question, rows in duckdb_answers(folder / "parquet", asked).items():
        answer, columns = ANSWERS[question]
        assert read(rows, columns) == answer(results), question
