"""What a table or a view of the database is: columns with types, units and descriptions.

The SQL of the database, the Parquet files, the table `columns` and the reference are all made from
these declarations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import msgspec
from msgspec import Struct

from policybook.book.context import BookContext
from policybook.output.database.numbers import Numbers

ColumnType = Literal["integer", "text", "boolean", "date", "json"]
"""The type of a column. SQLite stores booleans as 0 and 1, dates as YYYY-MM-DD, JSON as text."""

DatabaseRow = tuple[object, ...]
"""A row: the values of the columns in order, with None for null."""


class DataColumn(Struct, frozen=True, kw_only=True):
    """A column of a table.

    `unit` says what a number counts. `refers` names the table whose `id` the column has. A column
    that is not `optional` is never null.
    """

    name: str
    type: ColumnType
    text: str
    unit: str = ""
    refers: str = ""
    optional: bool = False


class DataTable(Struct, frozen=True, kw_only=True):
    """A table: its columns, its key, its indexes, and its rows in the order of the key.

    A table with the column `id` has that as its key, and a table without any other key has none.
    """

    name: str
    text: str
    columns: tuple[DataColumn, ...]
    rows: Callable[[BookContext, Numbers], Iterator[DatabaseRow]]
    key: tuple[str, ...] = ("id",)
    unique: tuple[tuple[str, ...], ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()


class DataView(Struct, frozen=True, kw_only=True):
    """A view: the question that it answers, and its SELECT."""

    name: str
    text: str
    sql: str


def integer(
    name: str, text: str, unit: str = "", *, refers: str = "", optional: bool = False
) -> DataColumn:
    """A column with whole numbers."""
    return DataColumn(
        name=name, type="integer", text=text, unit=unit, refers=refers, optional=optional
    )


def number(table: str) -> DataColumn:
    """The column `id`: the number of a row, which other tables refer to."""
    return integer("id", f"the number of the row in `{table}`; it may differ in the next file")


def text(name: str, text: str, *, optional: bool = False) -> DataColumn:
    """A column with text."""
    return DataColumn(name=name, type="text", text=text, optional=optional)


def boolean(name: str, text: str, *, optional: bool = False) -> DataColumn:
    """A column with 1 for true and 0 for false."""
    return DataColumn(name=name, type="boolean", text=text, optional=optional)


def date(name: str, text: str, *, optional: bool = True) -> DataColumn:
    """A column with days, YYYY-MM-DD."""
    return DataColumn(name=name, type="date", text=text, optional=optional)


def json(name: str, text: str, *, optional: bool = False) -> DataColumn:
    """A column with JSON as in the API."""
    return DataColumn(name=name, type="json", text=text, optional=optional)


def as_json(value: object) -> str:
    """A value as JSON, as the API has it."""
    return msgspec.json.encode(value).decode()
