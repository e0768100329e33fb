"""The book as lines: a policy or a document on each, and the list for incremental mirrors."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import msgspec

from policybook.book.context import BookContext
from policybook.output.csv_text import text_of
from policybook.output.json.policy_results import policy_result


def policy_lines(context: BookContext) -> Iterator[bytes]:
    """Each policy as a line of JSON: the `result` of its file in the API, by name."""
    for policy in context.book.policies.values():
        yield msgspec.json.encode(policy_result(context, policy)) + b"\n"


def document_lines(context: BookContext) -> Iterator[bytes]:
    """Each known document as a line of JSON: `policy`, `version` and `document`; newest first."""
    for name, policy in context.book.policies.items():
        for version in policy.versions:
            if version.document:
                found = {"policy": name, "version": version.key}
                yield (msgspec.json.encode({**found, "document": version.document.source}) + b"\n")


def modified(context: BookContext, lines: dict[str, bytes]) -> str:
    """A table of all policies, by which a mirror knows which of them it has to read again.

    Args:
        context: The book.
        lines: The digest of each policy's line, by name.

    Returns:
        Comma-separated values: the name, the day of the newest version, and the digest of the line.

    """
    days = {name: policy.updated for name, policy in context.book.policies.items()}
    rows = ((name, days[name] or "", digest.hex()) for name, digest in lines.items())
    return text_of((("name", "updated", "digest"), *rows))


def line_digest(line: bytes) -> bytes:
    """The SHA-256 of a line, without the newline at its end."""
    return hashlib.sha256(line.removesuffix(b"\n")).digest()
