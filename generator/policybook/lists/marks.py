"""Marks: what a column of a list has instead of a column for each of many names."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Struct


class Marks(Struct, frozen=True):
    """The names that a column is about, each a key and a title, and what a mark can say in words.

    The cell of a row has for each name a number: 0 for nothing, 1 for the first of `says`, and so
    on. The first is the gravest, and drawn as such.
    """

    names: tuple[tuple[str, str], ...]
    says: tuple[str, ...]

    def in_words(self, cell: Sequence[int]) -> str:
        """Return for each of `says` the names that a cell says it of."""
        found = [
            (says, [title for (_, title), mark in zip(self.names, cell, strict=True) if mark == n])
            for n, says in enumerate(self.says, 1)
        ]
        return ". ".join(f"{says}: {'; '.join(titles)}" for says, titles in found if titles)

    @property
    def json(self) -> str:
        """The names and words as JSON, for the script."""
        return msgspec.json.encode(self).decode()
