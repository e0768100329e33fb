"""The files of data: a sound database, the same bytes each time, lines as in the API, sizes."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from policybook.book.context import BookContext
from policybook.build.database import data_files as made
from policybook.build.database import sqlite_file
from policybook.build.database.data_files import DataFiles
from policybook.build.starter_book import start_book
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load
from policybook.errors import PolicybookError
from policybook.output.database.registry import TABLES
from policybook.output.database.views import VIEWS

from tests.support.book_folders import allowing, hostile_book, put
from tests.support.books import SAMPLES, small_catalogue
from tests.support.contexts import context_of
from tests.support.databases import api, data_files, questions


def edges(catalogue: Catalogue | None = None) -> BookContext:
    """A book with odd forms, rollbacks and deprecated policies, read anew."""
    return context_of(load(SAMPLES / "edges"), catalogue or small_catalogue())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its files of data."""
    return data_files(edges(), tmp_path_factory.mktemp("data"))


@pytest.fixture
def database(folder: Path) -> Iterator[sqlite3.Connection]:
    """Its database."""
    with closing(sqlite3.connect(folder / "book.sqlite")) as found:
        yield found


def test_the_database_is_sound(database: sqlite3.Connection) -> None:
    """By SQLite's own checks: pages, indexes, and where foreign keys lead."""
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert database.execute("PRAGMA freelist_count").fetchall() == [(0,)]
    references = [table.name for table in TABLES if any(c.refers for c in table.columns)]
    for name in references:
        assert database.execute(f"PRAGMA foreign_key_list ({name})").fetchall()


def test_every_table_has_its_rows_and_every_view_can_be_read(
    database: sqlite3.Connection,
) -> None:
    """And nothing else is there but the full-text index and SQLite's own tables."""
    kinds = dict(database.execute("SELECT name, type FROM sqlite_schema WHERE type <> 'index'"))
    own = {name: kind for name, kind in kinds.items() if not name.startswith(("sqlite_", "search"))}
    assert own == {t.name: "table" for t in TABLES} | {v.name: "view" for v in VIEWS}
    counts = {
        name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608  # names of ours
        for name in own
    }
    assert {name for name, count in counts.items() if not count} == {"sources", "version_sources"}


def test_the_table_of_columns_is_that_of_the_database(database: sqlite3.Connection) -> None:
    """The same columns in the same order; and never null where the schema says so."""
    for table in TABLES:
        said = [
            name
            for (name,) in database.execute(
                "SELECT name FROM columns WHERE table_name = ? ORDER BY place", (table.name,)
            )
        ]
        found = list(database.execute(f"PRAGMA table_info ({table.name})"))
        assert said == [row[1] for row in found]
        nullable = {row[1] for row in found if not row[3] and row[1] != "id"}
        assert nullable == {c.name for c in table.columns if c.optional or c.type == "date"}


def test_words_find_policies(database: sqlite3.Connection) -> None:
    """By the words of a name in any case, of a service's name, and of a summary."""
    sql = "SELECT p.name FROM search JOIN policies p ON p.id = search.rowid WHERE search MATCH ?"
    assert ("Rolled",) in database.execute(sql, ("rolled",)).fetchall()
    assert (
        database.execute(sql, ("simple storage",)).fetchall()
        or database.execute(sql, ("s3",)).fetchall()
    )


def test_the_same_data_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    """Read anew, with all files made in another order."""
    files = {file.path: file for file in DataFiles(edges()).files()}
    for path in reversed(files):
        assert files[path].render() == (folder / path).read_bytes(), path
    assert set(files) == {
        p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()
    }


def test_the_lines_are_what_the_api_says(folder: Path) -> None:
    """A policy on each, with the digest that the list for mirrors has."""
    found = api(edges())
    lines = gzip.decompress((folder / "book.jsonl.gz").read_bytes()).splitlines()
    assert [json.loads(line) for line in lines] == [
        found[f"policies/{line['name']}.json"] for line in found["policies.json"]
    ]
    rows = list(csv.DictReader((folder / "modified.csv").read_text("utf-8").splitlines()))
    assert [(row["name"], row["digest"]) for row in rows] == [
        (json.loads(line)["name"], hashlib.sha256(line).hexdigest()) for line in lines
    ]
    days = {line["name"]: line["updated"] or "" for line in found["policies.json"]}
    assert {row["name"]: row["updated"] for row in rows} == days


def test_the_documents_are_those_of_all_versions(folder: Path) -> None:
    """As their files have them, newest first."""
    lines = gzip.decompress((folder / "documents.jsonl.gz").read_bytes()).splitlines()
    assert [json.loads(line) for line in lines] == [
        {"policy": name, "version": version.key, "document": version.document.source}
        for name, policy in edges().book.policies.items()
        for version in policy.versions
        if version.document
    ]


def test_a_gzip_has_no_time(folder: Path) -> None:
    """The bytes 4 to 7 are its time (RFC 1952), and byte 3 says that it has no name."""
    for path in folder.glob("*.gz"):
        head = path.read_bytes()[:8]
        assert (head[3], head[4:]) == (0, bytes(4))


def test_the_checksums_are_those_of_the_files(folder: Path) -> None:
    """As `sha256sum` reads them: every file but itself."""
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    found = [path for path in folder.rglob("*") if path.is_file()]
    assert len(lines) == len(found) - 1
    command = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    subprocess.run(command, cwd=folder, check=True)


def test_a_digest_for_mirrors_changes_with_what_its_line_says(book: Path) -> None:
    """Of the policy, and of one that overlaps with it; that of another policy stays."""
    put(book, "Other", allowing(("sqs:SendMessage", "*")))
    put(book, "Reader", allowing(("s3:GetObject", "*")))
    before = digests(context_of(load(book / "data"), small_catalogue()))
    put(book, "Reader", allowing(("s3:GetObject", "*")), allowing(("s3:GetObject*", "*")))
    after = digests(context_of(load(book / "data"), small_catalogue()))
    assert [name for name in before if before[name] != after[name]] == [
        *("ExampleReportReader", "Reader"),
    ]


def digests(context: BookContext) -> dict[str, str]:
    """The digest of each policy in the list for mirrors."""
    text = {file.path: file for file in DataFiles(context).files()}["modified.csv"].render()
    return {row["name"]: row["digest"] for row in csv.DictReader(text.decode().splitlines())}


def hostile_book_data(book: Path) -> Path:
    """The data folder of a book with markup and quotes wherever it may have text."""
    start_book(book)
    return hostile_book(book) / "data"


def test_text_stays_text(tmp_path: Path) -> None:
    """Quotes, markup and templates in the data are values, never SQL."""
    context = context_of(load(hostile_book_data(tmp_path / "book")), small_catalogue())
    folder = data_files(context, tmp_path / "data")
    with closing(sqlite3.connect(folder / "book.sqlite")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        found = dict(database.execute("SELECT name, summary FROM policies"))
        assert found == {n: p.facts.summary for n, p in context.book.policies.items()}
        assert any("<script>" in (summary or "") for summary in found.values())
        for sql in questions().values():
            database.execute(sql).fetchall()


# --- sizes and what is missing --------------------------------------------------------------------


def test_a_database_that_is_too_large_leaves_out_tables_and_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One after the other, until it is small enough; Parquet has them all."""
    context = edges()
    whole = sqlite_file.sqlite_bytes(context, DataFiles(context)._numbers)
    monkeypatch.setattr(made, "MOST_BYTES", len(whole) - 1)
    files = DataFiles(context)
    path = tmp_path / "book.sqlite"
    path.write_bytes(files.content("book.sqlite"))
    with closing(sqlite3.connect(path)) as database:
        said = database.execute("SELECT stated FROM about WHERE name = 'left_out'").fetchone()[0]
        left = said.split()
        assert left == sorted(made.LEFT_OUT[: len(left)])
        for name in left:
            assert database.execute(f"SELECT count(*) FROM {name}").fetchone() == (0,)  # noqa: S608  # names of ours
    assert f"book.sqlite: {made.LEFT_OUT[0]} left out: too large" in files.notes
    assert "parquet/overlaps.parquet" in {file.path for file in files.files()}


def test_a_file_that_stays_too_large_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With its size and the limit."""
    monkeypatch.setattr(made, "MOST_BYTES", 10)
    files = DataFiles(edges())
    size = len(files.content("modified.csv"))
    assert files.notes == [f"modified.csv: expected at most 10 bytes, found {size:,}"]


def test_without_pyarrow_there_is_no_parquet(monkeypatch: pytest.MonkeyPatch) -> None:
    """And all other files are the same."""
    monkeypatch.setattr(made, "parquet_version", lambda: "")
    paths = [file.path for file in DataFiles(edges()).files()]
    assert paths == [
        *("book.sqlite", "book.jsonl.gz", "documents.jsonl.gz", "modified.csv", "SHA256SUMS"),
    ]


def test_a_python_without_full_text_search_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a line, not in a traceback."""
    monkeypatch.setattr(sqlite_file, "_SEARCH", "CREATE VIRTUAL TABLE search USING fts99 (name)")
    with pytest.raises(PolicybookError, match=r"expected a Python whose SQLite has .*FTS5.*fts99"):
        DataFiles(edges()).content("book.sqlite")
