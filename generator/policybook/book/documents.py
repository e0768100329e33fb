"""Policy documents that do not fit into the policy's own file, and where each is."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from policybook.book.addresses import API_ROOT
from policybook.book.limits import DOCUMENT_BYTES, VERSIONS_IN_FULL
from policybook.model.documents import Document
from policybook.model.policies import Policy, Version


def detached(policy: Policy) -> Iterator[Version]:
    """Yields the versions whose documents are in a file apart, the current one first.

    The policy's page and its JSON file have the documents of the current version and of the newest
    `VERSIONS_IN_FULL` versions, up to `DOCUMENT_BYTES` in total.
    """
    room, current = DOCUMENT_BYTES, policy.current
    shown = {version.key for version in policy.versions[:VERSIONS_IN_FULL]}
    for version in (current, *(v for v in policy.versions if v is not current)):
        if version and version.document:
            room -= len(msgspec.json.encode(version.document.source))
            if room < 0 or (version is not current and version.key not in shown):
                yield version


def policy_file(policy: Policy) -> str:
    """The path of the policy's JSON file, relative to the site's root."""
    return f"{API_ROOT}policies/{policy.name}.json"


def documents_file(policy: Policy) -> str:
    """The path of the file with the detached documents of a policy."""
    return f"{API_ROOT}documents/{policy.name}.json"


def as_json(document: Document) -> str:
    """The document as JSON, indented by two spaces, in its original order."""
    return msgspec.json.format(msgspec.json.encode(document.source), indent=2).decode()
