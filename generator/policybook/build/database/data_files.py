"""The files of data of a book, each made when it is asked for."""

from __future__ import annotations

import gzip
import hashlib
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, partial
from io import BytesIO

from policybook.book.context import BookContext
from policybook.book.site_file import Dependencies, SiteFile
from policybook.build.database.parquet_file import parquet_bytes, parquet_version
from policybook.build.database.sqlite_file import sqlite_bytes
from policybook.output.database import published
from policybook.output.database.declarations import DataTable
from policybook.output.database.lines import document_lines, line_digest, modified, policy_lines
from policybook.output.database.numbers import Numbers

MOST_BYTES = 25_000_000
"""Bytes of the largest file; Cloudflare Pages takes a little more, 25 MiB."""

LEFT_OUT = ("overlaps", "action_grants", "change_evidence")
"""The tables that stay empty, one after the other, if the database would have more bytes."""


class DataFiles:
    """The files of data of a book; `notes` says what was left out of those that were made."""

    def __init__(self, context: BookContext) -> None:
        self._context = context
        self._numbers = Numbers(context)
        self._digests: dict[str, str] = {}
        self._line_digests: dict[str, bytes] = {}
        self.notes: list[str] = []

    def files(self) -> Iterator[SiteFile]:
        """The files, with their paths in the folder `data`; the checksums are last."""
        made_with = (sqlite3.sqlite_version, parquet_version(), zlib.ZLIB_RUNTIME_VERSION)
        for path in (*self._made, published.CHECKSUMS.path):
            yield SiteFile(path, partial(self.content, path), Dependencies(None, made_with))

    def content(self, path: str) -> bytes:
        """The content of a file.

        Raises:
            PolicybookError: This Python's SQLite has no full-text index.

        """
        if path == published.CHECKSUMS.path:
            return self._checksums().encode()
        found = self._made[path]()
        self._digests[path] = hashlib.sha256(found).hexdigest()
        if len(found) > MOST_BYTES:
            self.notes.append(
                f"{path}: expected at most {MOST_BYTES:,} bytes, found {len(found):,}"
            )
        return found

    @cached_property
    def _made(self) -> Mapping[str, Callable[[], bytes]]:
        """How each file except the checksums is made, by its path."""
        found: dict[str, Callable[[], bytes]] = {
            published.SQLITE.path: self._sqlite,
            published.LINES.path: self._lines,
            published.DOCUMENTS.path: self._documents,
            published.MODIFIED.path: self._modified,
        }
        if parquet_version():
            for table in published.PARQUET_TABLES:
                found[published.parquet_path(table.name)] = partial(self._parquet, table)
        return found

    def _sqlite(self) -> bytes:
        """The database; large tables are left out until it is small enough."""
        found = sqlite_bytes(self._context, self._numbers)
        for count in range(1, len(LEFT_OUT) + 1):
            if len(found) <= MOST_BYTES:
                break
            found = sqlite_bytes(self._context, self._numbers, LEFT_OUT[:count])
            self.notes.append(f"{published.SQLITE.path}: {LEFT_OUT[count - 1]} left out: too large")
        return found

    def _lines(self) -> bytes:
        return _compressed(self._noted_lines())

    def _noted_lines(self) -> Iterator[bytes]:
        """The line of each policy; its digest is noted."""
        for name, line in zip(
            self._context.book.policies, policy_lines(self._context), strict=True
        ):
            self._line_digests[name] = line_digest(line)
            yield line

    def _documents(self) -> bytes:
        return _compressed(document_lines(self._context))

    def _modified(self) -> bytes:
        if len(self._line_digests) < len(self._context.book.policies):
            for _ in self._noted_lines():
                pass
        return modified(self._context, self._line_digests).encode()

    def _parquet(self, table: DataTable) -> bytes:
        return parquet_bytes(table, table.rows(self._context, self._numbers))

    def _checksums(self) -> str:
        """A line for each file, as `sha256sum --check` reads it."""
        for path in self._made:
            if path not in self._digests:
                self.content(path)
        return "".join(f"{self._digests[path]}  {path}\n" for path in sorted(self._digests))


def _compressed(lines: Iterable[bytes]) -> bytes:
    """The lines as gzip, without a time and a name."""
    found = BytesIO()
    with gzip.GzipFile("", "wb", 9, found, mtime=0) as file:
        file.writelines(lines)
    return found.getvalue()
