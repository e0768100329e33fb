"""Policy documents that do not fit on the policy's page and become separate files."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from policybook.book.limits import DOCUMENT_BYTES
from policybook.model.documents import Document
from policybook.model.policies import Policy, Version


def detached(policy: Policy) -> Iterator[Version]:
    """Yields the versions whose documents are separate files, newest first.

    The page shows the current version, and further versions, newest first, up to `DOCUMENT_BYTES`.
    """
    room = DOCUMENT_BYTES
    current = policy.current
    for version in (current, *(v for v in policy.versions if v is not current)):
        if version and version.document:
            room -= len(msgspec.json.encode(version.document.source))
            if room < 0 and version is not current:
                yield version


def document_file(policy: Policy, version: Version) -> str:
    """The path of a detached document, relative to the site's root."""
    return f"policies/{policy.name}/{version.key}.json"


def as_json(document: Document) -> str:
    """The document as JSON, indented by two spaces, in its original order."""
    return msgspec.json.format(msgspec.json.encode(document.source), indent=2).decode()
