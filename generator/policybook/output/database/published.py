"""Which files of data a book has, for the index, the reference and the export."""

from __future__ import annotations

from msgspec import Struct

from policybook.output.database.registry import TABLES

DATA_ROOT = "data/"
"""The folder of the site with these files."""


class DataFileKind(Struct, frozen=True):
    """A file of data: its path in the folder `data`, and what it holds."""

    path: str
    title: str


SQLITE = DataFileKind("book.sqlite", "the whole book as a SQLite database")
LINES = DataFileKind("book.jsonl.gz", "all policies, each a line of JSON as in the API")
DOCUMENTS = DataFileKind("documents.jsonl.gz", "all documents of all versions, each a line of JSON")
MODIFIED = DataFileKind("modified.csv", "each policy with its last change and a digest")
PARQUET = DataFileKind("parquet/{table}.parquet", "a table of the database as Parquet")
CHECKSUMS = DataFileKind("SHA256SUMS", "the SHA-256 of each of these files")

KINDS = (SQLITE, LINES, DOCUMENTS, MODIFIED, PARQUET, CHECKSUMS)
"""All files of data."""


def parquet_path(table: str) -> str:
    """The path of a table's Parquet file."""
    return PARQUET.path.replace("{table}", table)


PARQUET_TABLES = tuple(table for table in TABLES if table.name not in ("about", "columns"))
"""The tables that are also Parquet files, whose metadata say what `columns` says."""
