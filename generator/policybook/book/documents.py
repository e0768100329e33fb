"""Policy documents that do not fit on the policy's page and become separate files."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from policybook.book.limits import DOCUMENT_BYTES, VERSIONS_IN_FULL
from policybook.model.documents import Document
from policybook.model.policies import Policy, Version


def detached(policy: Policy) -> Iterator[Version]:
    """Yields the versions whose documents are separate files, the current one first.

    The page shows the documents of the current version and of the newest `VERSIONS_IN_FULL`
    versions, up to `DOCUMENT_BYTES` in total.
    """
    room, current = DOCUMENT_BYTES, policy.current
    shown = {version.key for version in policy.versions[:VERSIONS_IN_FULL]}
    for version in (current, *(v for v in policy.versions if v is not current)):
        if version and version.document:
            room -= len(msgspec.json.encode(version.document.source))
            if room < 0 or (version is not current and version.key not in shown):
                yield version


def document_file(policy: Policy, version: Version) -> str:
    """The path of a detached document, relative to the site's root."""
    return f"policies/{policy.name}/{version.key}.json"


def as_json(document: Document) -> str:
    """The document as JSON, indented by two spaces, in its original order."""
    return msgspec.json.format(msgspec.json.encode(document.source), indent=2).decode()
