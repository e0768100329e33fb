"""A policy as the store has it: its documents are decoded one by one, when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from typing import Any, cast

import msgspec
from msgspec import Raw, Struct

from policybook.iam.grants import prefix_of
from policybook.iam.patterns import has_wildcard
from policybook.model.book import EVERY_SERVICE
from policybook.model.deprecation import ReviewedDeprecation
from policybook.model.documents import Document, Statement
from policybook.model.kinds import ReviewedBoundary
from policybook.model.policies import Policy, PolicyFacts, Version, VersionFacts


class _Document(Struct, frozen=True, array_like=True):
    statements: Raw
    source: Raw
    file: str


class _Version(Struct, frozen=True, array_like=True):
    key: str
    facts: VersionFacts
    document: _Document | None
    shown_by: tuple[str, ...]


class _Policy(Struct, frozen=True, array_like=True):
    facts: PolicyFacts
    versions: tuple[_Version, ...]
    reviewed: ReviewedDeprecation | None
    boundary: ReviewedBoundary | None


class StoredDocument:
    """A document of which statements and source are decoded when they are first asked for.

    It has the attributes of `Document`.
    """

    def __init__(self, found: _Document) -> None:
        self._found = found
        self.file = found.file

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """The statements."""
        return msgspec.msgpack.decode(self._found.statements, type=tuple[Statement, ...])

    @cached_property
    def source(self) -> Mapping[str, Any]:
        """The document as its file has it."""
        return msgspec.msgpack.decode(self._found.source, type=dict[str, Any])

    def __eq__(self, other: object) -> bool:
        mine = self.statements, self.source, self.file
        return mine == tuple(getattr(other, name, None) for name in Document.__struct_fields__)

    __hash__ = None  # type: ignore[assignment]  # like that of a `Document`, which has a mapping


def encoded_policy(policy: Policy) -> bytes:
    """The policy as MessagePack, for `decoded_policy`."""
    encode = msgspec.msgpack.encode
    versions = tuple(
        _Version(
            version.key,
            version.facts,
            _Document(Raw(encode(found.statements)), Raw(encode(found.source)), found.file)
            if (found := version.document)
            else None,
            version.shown_by,
        )
        for version in policy.versions
    )
    return encode(_Policy(policy.facts, versions, policy.reviewed, policy.boundary))


@cache
def _decoder() -> msgspec.msgpack.Decoder[_Policy]:
    return msgspec.msgpack.Decoder(_Policy)


def decoded_policy(content: bytes) -> Policy:
    """The policy that `encoded_policy` was given.

    Raises:
        msgspec.MsgspecError: The content is not that of a policy.

    """
    found = _decoder().decode(content)
    versions = tuple(
        Version(
            version.key,
            version.facts,
            # What reads a document asks for its attributes only.
            cast("Document", StoredDocument(version.document)) if version.document else None,
            version.shown_by,
        )
        for version in found.versions
    )
    return Policy(found.facts, versions, found.reviewed, found.boundary)


def named_services(policy: Policy) -> tuple[str, ...]:
    """The prefixes of the services that any known document of a policy may be about, in order.

    `EVERY_SERVICE` is among them if a document has NotAction, or a pattern with a wildcard before
    the colon, or if the document of the default version is not known.
    """
    return tuple(sorted(set(_named_services(policy))))


def _named_services(policy: Policy) -> Iterator[str]:
    if not policy.versions or policy.unknown_default:
        yield EVERY_SERVICE
    for document in (version.document for version in policy.versions):
        for statement in document.statements if document else ():
            if statement.actions.negated:
                yield EVERY_SERVICE
            for prefix in {prefix_of(pattern) for pattern in statement.actions.patterns}:
                yield EVERY_SERVICE if has_wildcard(prefix) or "$" in prefix else prefix
