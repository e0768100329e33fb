"""All tables of the database, in an order in which each refers to earlier ones where it can."""

from __future__ import annotations

from collections.abc import Iterator

from policybook import __version__
from policybook.book.context import BookContext
from policybook.output.database import (
    action_tables,
    document_tables,
    finding_tables,
    history_tables,
    policy_tables,
)
from policybook.output.database.declarations import DatabaseRow, DataTable, integer, text
from policybook.output.database.numbers import Numbers
from policybook.output.json.api import SCHEMA_VERSION

DATABASE_VERSION = "1.0"
"""The version of the tables. The first part changes if a table or column is removed or changes its
meaning, the second if one is added."""


def _about(context: BookContext, _numbers: Numbers) -> Iterator[DatabaseRow]:
    day = context.book.data_to
    yield "database_version", DATABASE_VERSION
    yield "api_version", SCHEMA_VERSION
    yield "generator", f"policybook {__version__}"
    yield "title", context.book.facts.title
    yield "site_url", context.site_url
    yield "data_to", day.isoformat() if day else ""
    yield "action_list", context.catalogue.date
    yield "action_list_source", context.catalogue.source


def _columns(_context: BookContext, _numbers: Numbers) -> Iterator[DatabaseRow]:
    for table in TABLES:
        for place, column in enumerate(table.columns, 1):
            yield (
                table.name,
                place,
                column.name,
                column.type,
                column.unit or None,
                column.refers or None,
                column.text,
            )


ABOUT = DataTable(
    name="about",
    text=(
        "What the file is made from: versions, the title of the book, the last day of its data, and"
        " the date of AWS's action list."
    ),
    columns=(text("name", "what it is"), text("stated", "what it says; empty if unknown")),
    key=("name",),
    rows=_about,
)
COLUMNS = DataTable(
    name="columns",
    text="The columns of all tables: what each has, and in which unit.",
    columns=(
        text("table_name", "the table"),
        integer("place", "the order in the table", "columns, from 1"),
        text("name", "the column"),
        text("type", "`integer`, `text`, `boolean`, `date` or `json`"),
        text("unit", "what a number counts", optional=True),
        text("refers", "the table whose `id` it has", optional=True),
        text("text", "what it has"),
    ),
    key=("table_name", "place"),
    rows=_columns,
)

TABLES: tuple[DataTable, ...] = (
    ABOUT,
    COLUMNS,
    *policy_tables.TABLES,
    *history_tables.TABLES,
    *document_tables.TABLES,
    *action_tables.TABLES,
    *finding_tables.TABLES,
)
"""All tables."""
