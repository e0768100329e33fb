"""The elements of a document's statements, each with its key path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policybook.errors import KeyPath


def statements(source: Any) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    """Each statement of a document as its file has it, with its key path."""
    found = source["Statement"]
    if isinstance(found, dict):
        yield ("Statement",), found
    else:
        yield from ((("Statement", place), statement) for place, statement in enumerate(found))


def listed(found: Any, at: KeyPath) -> Iterator[tuple[KeyPath, Any]]:
    """Each entry of an element with its key path; a single value stands for a list of one.

    Args:
        found: The element.
        at: Its key path.
    """
    if isinstance(found, list | tuple):
        yield from (((*at, place), entry) for place, entry in enumerate(found))
    else:
        yield at, found
