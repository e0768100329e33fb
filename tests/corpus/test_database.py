"""All of AWS as files of data: sizes, foreign keys, and the answers of the API."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from policybook.book.context import BookContext
from policybook.build.database.data_files import MOST_BYTES

from tests.support.database_answers import ANSWERS, read
from tests.support.databases import api, data_files, questions


@pytest.fixture(scope="module")
def folder(aws: BookContext, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its files of data."""
    return data_files(aws, tmp_path_factory.mktemp("data"))


def test_no_file_is_too_large_and_nothing_is_left_out(folder: Path) -> None:
    """At most 25 MB each, with every table."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert [path for path in files if path.stat().st_size > MOST_BYTES] == []
    with closing(sqlite3.connect(folder / "book.sqlite")) as database:
        said = [name for (name,) in database.execute("SELECT name FROM about")]
        assert "left_out" not in said
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_each_answer_is_what_the_api_says(aws: BookContext, folder: Path) -> None:
    """The questions of the how-to page."""
    from sqlite_utils import Database

    found = api(aws)
    database = Database(folder / "book.sqlite")
    try:
        for question, (answer, columns) in ANSWERS.items():
            rows = list(database.query(questions()[question]))
            assert read(rows, columns) == answer(found), question
    finally:
        database.close()
