"""The result with the older documents of a policy, which repeat each other, in a short form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from policybook.book.context import BookContext
from policybook.book.documents import detached


class DocumentsResult(Struct, frozen=True):
    """The documents of a policy that its own file does not have, each part once.

    A list of patterns under `Action` or `NotAction` is there as runs of `patterns`: pairs of the
    position of the first pattern of a run, from 0, and of the one after its last.

    Attributes:
        policy: The name of the policy.
        patterns: The action patterns of all lists.
        statements: The statements, with runs instead of lists of action patterns.
        documents: The documents by the key of their version; in place of each statement is its
            position in `statements`, from 0.
    """

    policy: str
    patterns: tuple[str, ...]
    statements: tuple[Mapping[str, Any], ...]
    documents: Mapping[str, Mapping[str, Any]]


def documents_result(context: BookContext, name: str) -> DocumentsResult:
    """Return the documents of a policy that its own file does not have, the newest first."""
    places: dict[str, int] = {}
    numbers: dict[bytes, int] = {}
    statements: list[Mapping[str, Any]] = []

    def number(statement: Mapping[str, Any]) -> int:
        key = msgspec.json.encode(statement)
        if key not in numbers:
            numbers[key] = len(statements)
            statements.append({k: _short(k, v, places) for k, v in statement.items()})
        return numbers[key]

    def short(source: Mapping[str, Any]) -> Mapping[str, Any]:
        found = source["Statement"]
        numbered = number(found) if isinstance(found, Mapping) else [*map(number, found)]
        return {**source, "Statement": numbered}

    documents = {
        version.key: short(version.document.source)
        for version in detached(context.book.policies[name])
        if version.document
    }
    return DocumentsResult(name, tuple(places), tuple(statements), documents)


def _short(key: str, value: Any, places: dict[str, int]) -> Any:
    if key not in ("Action", "NotAction") or isinstance(value, str):
        return value
    return tuple(_runs([places.setdefault(pattern, len(places)) for pattern in value]))


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yields the first number of each run of consecutive ones, and the number after its last."""
    start = 0
    for at, number in enumerate(numbers, 1):
        if at == len(numbers) or numbers[at] != number + 1:
            yield numbers[start], number + 1
            start = at


def names_with_documents(context: BookContext) -> Iterator[str]:
    """Yields the names of the policies with documents that their own files do not have."""
    for name, policy in context.book.policies.items():
        if any(version.document for version in detached(policy)):
            yield name
