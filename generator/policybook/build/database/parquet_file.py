"""Tables as Parquet files, if the package `pyarrow` is installed (the extra `parquet`)."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from typing import TYPE_CHECKING, Any

from policybook.output.database.declarations import ColumnType, DatabaseRow, DataTable

if TYPE_CHECKING:
    import pyarrow as pa


def parquet_version() -> str:
    """The version of `pyarrow`; "" if it is not installed."""
    try:
        return version("pyarrow")
    except PackageNotFoundError:
        return ""


def parquet_bytes(table: DataTable, rows: Iterable[DatabaseRow]) -> bytes:
    """A table as a Parquet file; JSON is text in it, and its metadata has the descriptions.

    Args:
        table: The table.
        rows: Its rows.

    """
    import pyarrow as pa  # noqa: PLC0415  # optional, and slow to import
    import pyarrow.parquet as pq  # noqa: PLC0415  # likewise

    columns = list(zip(*rows, strict=True)) or [()] * len(table.columns)
    fields = [
        pa.field(
            column.name,
            _type(pa, column.type),
            nullable=column.optional,
            metadata={"description": column.text, "unit": column.unit},
        )
        for column in table.columns
    ]
    arrays = [
        pa.array(values, type=field.type) for values, field in zip(columns, fields, strict=True)
    ]
    found = BytesIO()
    schema = pa.schema(fields, metadata={"description": table.text})
    pq.write_table(pa.table(arrays, schema=schema), found, compression="zstd")
    return found.getvalue()


def _type(pa: Any, kind: ColumnType) -> pa.DataType:
    types = {
        "integer": pa.int64(),
        "text": pa.string(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "json": pa.string(),
    }
    return types[kind]
