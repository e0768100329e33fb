"""A policy as the store has it: its statements are decoded one by one, when they are asked for.

Versions of a policy have most of their statements in common, so each is stored once. The documents
as their files have them are stored apart, since few questions need them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import Any, cast

import msgspec
from msgspec import Raw, Struct

from policybook.iam.grants import prefix_of
from policybook.iam.patterns import has_wildcard
from policybook.model.deprecation import ReviewedDeprecation
from policybook.model.documents import EVERY_SERVICE, Document, Statement
from policybook.model.kinds import ReviewedBoundary
from policybook.model.policies import Policy, PolicyFacts, Version, VersionFacts

Sources = Sequence[Raw]


class _Document(Struct, frozen=True, array_like=True):
    """The places of the document's statements among those of the policy, and its file's name."""

    statements: tuple[int, ...]
    file: str


class _Version(Struct, frozen=True, array_like=True):
    key: str
    facts: VersionFacts
    document: _Document | None
    shown_by: tuple[str, ...]


class _Policy(Struct, frozen=True, array_like=True):
    """A policy; `services` are those that each of the statements may be about."""

    facts: PolicyFacts
    versions: tuple[_Version, ...]
    reviewed: ReviewedDeprecation | None
    boundary: ReviewedBoundary | None
    services: tuple[tuple[str, ...], ...]
    statements: tuple[Raw, ...]


class StoredDocument:
    """A document that is decoded as far as it is asked for. It has the attributes of `Document`."""

    def __init__(
        self, places: Sequence[int], file: str, of: _Statements, source: Callable[[], Raw]
    ) -> None:
        self._places, self._of, self._source = places, of, source
        self.file = file

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """The statements."""
        return tuple(map(self._of.statement, self._places))

    @cached_property
    def source(self) -> Mapping[str, Any]:
        """The document as its file has it."""
        return msgspec.msgpack.decode(self._source(), type=dict[str, Any])

    def about(self, prefix: str) -> Sequence[Statement]:
        """The statements without some that are not about a service; see `Document`."""
        about = self._of.about(prefix)
        return [self._of.statement(place) for place in self._places if place in about]

    def __eq__(self, other: object) -> bool:
        """Whether the other one has the same statements, source and file."""
        mine = self.statements, self.source, self.file
        return mine == tuple(getattr(other, name, None) for name in Document.__struct_fields__)

    __hash__ = None  # type: ignore[assignment]  # like that of a `Document`, which has a mapping


class _Statements:
    """The statements of a policy by their places, each decoded once."""

    def __init__(self, found: _Policy) -> None:
        self._found = found
        self._decoded: dict[int, Statement] = {}
        self._about: dict[str, set[int]] = {}

    def statement(self, place: int) -> Statement:
        if place not in self._decoded:
            raw = self._found.statements[place]
            self._decoded[place] = _decoder(Statement).decode(raw)
        return self._decoded[place]

    def about(self, prefix: str) -> set[int]:
        if prefix not in self._about:
            listed = enumerate(self._found.services)
            about = {n for n, services in listed if prefix in services or EVERY_SERVICE in services}
            self._about[prefix] = about
        return self._about[prefix]


@cache
def _decoder(of: type[Any]) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(of)


def encoded_policy(policy: Policy) -> tuple[bytes, bytes]:
    """The policy as MessagePack, and the sources of its documents, for `decoded_policy`."""
    encode = msgspec.msgpack.encode
    places: dict[bytes, int] = {}
    services: list[tuple[str, ...]] = []
    sources: list[Raw] = []

    def place(statement: Statement) -> int:
        content = encode(statement)
        if content not in places:
            places[content] = len(places)
            services.append(tuple(sorted(set(_services(statement)))))
        return places[content]

    versions: list[_Version] = []
    for version in policy.versions:
        found = version.document
        document = _Document(tuple(map(place, found.statements)), found.file) if found else None
        versions.append(_Version(version.key, version.facts, document, version.shown_by))
        sources.append(Raw(encode(found.source if found else None)))
    stored = _Policy(
        policy.facts,
        tuple(versions),
        policy.reviewed,
        policy.boundary,
        tuple(services),
        tuple(map(Raw, places)),
    )
    return encode(stored), encode(sources)


def decoded_policy(content: bytes, sources: Callable[[], bytes]) -> Policy:
    """The policy that `encoded_policy` was given.

    Args:
        content: What it returned.
        sources: Reads what it returned of the documents' sources.

    Raises:
        msgspec.MsgspecError: The content is not that of a policy.

    """
    found: _Policy = _decoder(_Policy).decode(content)
    statements = _Statements(found)

    @cache
    def listed() -> Sources:
        return msgspec.msgpack.decode(sources(), type=list[Raw])

    def version(number: int, stored: _Version) -> Version:
        document = stored.document and StoredDocument(
            stored.document.statements, stored.document.file, statements, lambda: listed()[number]
        )
        # What reads a document asks for its attributes only.
        return Version(stored.key, stored.facts, cast("Document | None", document), stored.shown_by)

    versions = tuple(version(number, stored) for number, stored in enumerate(found.versions))
    return Policy(found.facts, versions, found.reviewed, found.boundary)


def named_services(policy: Policy) -> tuple[str, ...]:
    """The prefixes of the services that any known document of a policy may be about, in order.

    `EVERY_SERVICE` is among them if a document has NotAction, or a pattern with a wildcard before
    the colon, or if the document of the default version is not known.
    """
    found = {EVERY_SERVICE} if not policy.versions or policy.unknown_default else set[str]()
    for document in (version.document for version in policy.versions):
        for statement in document.statements if document else ():
            found.update(_services(statement))
    return tuple(sorted(found))


def _services(statement: Statement) -> Iterator[str]:
    if statement.actions.negated:
        yield EVERY_SERVICE
    for prefix in {prefix_of(pattern) for pattern in statement.actions.patterns}:
        yield EVERY_SERVICE if has_wildcard(prefix) or "$" in prefix else prefix
