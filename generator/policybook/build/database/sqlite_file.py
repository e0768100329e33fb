"""The SQLite database, from the declarations in `output.database`.

It is made in memory, so that nothing half-written is ever on disk. The same data gives the same
bytes with the same SQLite: the page size is fixed, everything is inserted in order in one
transaction, and nothing asks for the time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing

from policybook.book.context import BookContext
from policybook.errors import PolicybookError
from policybook.output.database.declarations import (
    ColumnType,
    DatabaseRow,
    DataColumn,
    DataTable,
    DataView,
)
from policybook.output.database.numbers import Numbers
from policybook.output.database.registry import TABLES
from policybook.output.database.search_text import search_rows
from policybook.output.database.views import VIEWS

PAGE_BYTES = 4_096

_TYPES: dict[ColumnType, str] = {
    "integer": "INTEGER",
    "text": "TEXT",
    "boolean": "INTEGER",
    "date": "TEXT",
    "json": "TEXT",
}
_SEARCH = """CREATE VIRTUAL TABLE search USING fts5(
  name, words, services, text, notes, content = '', tokenize = 'porter unicode61'
)"""

_SEARCH_ROW = """INSERT INTO search (rowid, name, words, services, text, notes)
VALUES (?, ?, ?, ?, ?, ?)"""


def sqlite_bytes(context: BookContext, numbers: Numbers, left_out: Collection[str] = ()) -> bytes:
    """The database of a book.

    Args:
        context: The book.
        numbers: The numbers of its things.
        left_out: The names of tables that stay empty; `about` says so.

    Raises:
        PolicybookError: This Python's SQLite has no full-text index.

    """
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        database.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        database.execute("BEGIN")
        for table in TABLES:
            database.execute(_create(table))
            if table.name not in left_out:
                _insert(database, table.name, len(table.columns), table.rows(context, numbers))
        if left_out:
            said = ("left_out", " ".join(sorted(left_out)))
            database.execute("INSERT INTO about VALUES (?, ?)", said)
        for statement in (s for table in TABLES for s in _indexes(table)):
            database.execute(statement)
        for view in VIEWS:
            database.execute(_view(view))
        _search(database, search_rows(context, numbers))
        database.execute("ANALYZE")
        database.execute("COMMIT")
        return database.serialize()


def _insert(
    database: sqlite3.Connection, name: str, width: int, rows: Iterable[DatabaseRow]
) -> None:
    places = ", ".join("?" * width)
    database.executemany(f"INSERT INTO {name} VALUES ({places})", map(_stored, rows))  # noqa: S608  # declared names only


def _stored(row: DatabaseRow) -> DatabaseRow:
    """The values as SQLite takes them: days as texts."""
    return tuple(
        [value if value is None or isinstance(value, str | int) else str(value) for value in row]
    )


def _create(table: DataTable) -> str:
    """The statement that creates a table, with its foreign keys."""
    numbered = table.key == ("id",)
    lines = [_column(column, table) for column in table.columns]
    if not numbered:
        lines.append(f"PRIMARY KEY ({', '.join(table.key)})")
    lines += [f"UNIQUE ({', '.join(names)})" for names in table.unique]
    end = ")" if numbered else ") WITHOUT ROWID"
    inner = ",\n  ".join(lines)
    return f"CREATE TABLE {table.name} (\n  {inner}\n{end}"


def _column(column: DataColumn, table: DataTable) -> str:
    parts = [column.name, _TYPES[column.type]]
    if (column.name,) == table.key == ("id",):
        parts.append("PRIMARY KEY")
    elif not column.optional:
        parts.append("NOT NULL")
    if column.refers:
        parts.append(f"REFERENCES {column.refers} (id)")
    return " ".join(parts)


def _indexes(table: DataTable) -> Iterator[str]:
    for names in table.indexes:
        yield (
            f"CREATE INDEX {table.name}_by_{'_'.join(names)} ON {table.name} ({', '.join(names)})"
        )


def _view(view: DataView) -> str:
    return f"CREATE VIEW {view.name} AS{view.sql}"


def _search(database: sqlite3.Connection, rows: Iterable[DatabaseRow]) -> None:
    try:
        database.execute(_SEARCH)
    except sqlite3.OperationalError as error:
        raise PolicybookError(
            f"expected a Python whose SQLite has full-text search (FTS5), found {error}"
        ) from error
    database.executemany(_SEARCH_ROW, rows)
    database.execute("INSERT INTO search (search) VALUES ('optimize')")
