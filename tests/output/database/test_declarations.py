"""The declarations of the database: what tables say of themselves, in the reference too."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from policybook.book.context import BookContext
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load
from policybook.output.database.declarations import DataColumn, DataTable
from policybook.output.database.numbers import Numbers
from policybook.output.database.published import KINDS
from policybook.output.database.registry import DATABASE_VERSION, TABLES
from policybook.output.database.views import VIEWS

from tests.support.books import DATA, REPOSITORY, SAMPLES
from tests.support.contexts import context_of

PAGE = REPOSITORY / "docs/reference/database.md"


@pytest.fixture(scope="module", params=["own", "edges"])
def context(request: pytest.FixtureRequest) -> BookContext:
    """The repository's book, and one with odd forms."""
    return context_of(load(DATA if request.param == "own" else SAMPLES / "edges"), Catalogue())


def fits(value: object, column: DataColumn) -> bool:
    """Whether a value is of the column's type."""
    if value is None:
        return column.optional or column.type == "date"
    types = {"integer": "int", "boolean": "bool", "date": "date", "text": "str", "json": "str"}
    return type(value).__name__ == types[column.type]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_value_is_of_its_columns_type(context: BookContext, table: DataTable) -> None:
    """And no row has a value more or less than columns."""
    for row in table.rows(context, Numbers(context)):
        assert len(row) == len(table.columns)
        wrong = [
            (column.name, value)
            for column, value in zip(table.columns, row, strict=True)
            if not fits(value, column)
        ]
        assert wrong == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_rows_are_in_the_order_of_their_key(context: BookContext, table: DataTable) -> None:
    """Each key once; so the same data gives the same bytes."""
    if table.name in ("about", "columns"):
        return  # in the order of the declarations
    places = [[c.name for c in table.columns].index(name) for name in table.key]
    keys = [tuple(row[place] for place in places) for row in table.rows(context, Numbers(context))]
    assert keys == sorted(set(keys))


def test_names_and_numbers_are_described() -> None:
    """Every column says what it has, every reference leads to a table, every count has a unit."""
    names = {table.name for table in TABLES}
    for table in TABLES:
        assert table.text.endswith(".")
        for column in table.columns:
            where = f"{table.name}.{column.name}"
            assert column.text, where
            assert not column.refers or column.refers in names, where
            if column.type == "integer" and column.name != "id":
                assert bool(column.unit) != bool(column.refers), where


def rendered() -> Iterator[str]:
    """The part of the reference that the declarations make."""
    yield f"The version of the tables is {DATABASE_VERSION}.\n"
    yield "## Files\n"
    yield "| File | What it holds |\n| --- | --- |"
    yield "".join(f"| `{kind.path}` | {kind.title} |\n" for kind in KINDS)
    yield "## Views\n"
    yield "| View | The question that it answers |\n| --- | --- |"
    yield "".join(f"| `{view.name}` | {view.text} |\n" for view in VIEWS)
    yield "## Tables\n"
    for table in TABLES:
        yield f"### {table.name}\n\n{table.text}\n"
        yield "| Column | Type | What it has |\n| --- | --- | --- |"
        yield "".join(map(_row, table.columns))


def _row(column: DataColumn) -> str:
    kind = f"{column.type}, or null" if column.optional or column.type == "date" else column.type
    leads = f", in `{column.refers}`" if column.refers else ""
    unit = f" ({column.unit})" if column.unit else ""
    return f"| `{column.name}` | {kind} | {column.text}{leads}{unit} |\n"


def test_the_reference_has_every_table_and_column() -> None:
    """Made from the declarations; UPDATE_GOLDEN=1 writes it anew."""
    head, begin, rest = PAGE.read_text("utf-8").partition("<!-- tables -->\n")
    _, end, tail = rest.partition("<!-- end of tables -->")
    found = f"{head}{begin}\n{chr(10).join(rendered())}\n{end}{tail}"
    if os.environ.get("UPDATE_GOLDEN"):
        PAGE.write_text(found, "utf-8")
    assert PAGE.read_text("utf-8") == found
