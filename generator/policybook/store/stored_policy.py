"""A policy as the store has it: its statements are decoded one by one, when they are asked for.

Versions of a policy have most of their statements in common, so each is stored once. Facts and
versions, the statements, and the documents as their files have them are stored apart, since few
questions need all three.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache, cached_property
from typing import Any, NamedTuple, cast

import msgspec
from msgspec import Raw, Struct, structs

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
    facts: PolicyFacts
    versions: tuple[_Version, ...]
    reviewed: ReviewedDeprecation | None
    boundary: ReviewedBoundary | None


class _Listed(Struct, frozen=True, array_like=True):
    """All statements of a policy.

    `about` has, for each service that statements may be about, their places, each followed by a
    number. Two statements with the same number say the same of the service.
    """

    about: dict[str, Raw]
    statements: tuple[Raw, ...]


class EncodedPolicy(NamedTuple):
    """A policy as MessagePack, in three parts: itself, its statements, its documents' sources."""

    policy: bytes
    statements: bytes
    sources: bytes


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

    def words_about(self, prefix: str) -> Hashable:
        """What is the same for documents that say the same of a service; see `Document`."""
        about = self._of.about(prefix)
        return tuple([about[place] for place in self._places if place in about])

    def __eq__(self, other: object) -> bool:
        """Whether the other one has the same statements, source and file."""
        mine = self.statements, self.source, self.file
        return mine == tuple(getattr(other, name, None) for name in Document.__struct_fields__)

    __hash__ = None  # type: ignore[assignment]  # like that of a `Document`, which has a mapping


class _Statements:
    """The statements of a policy by their places, each decoded once."""

    def __init__(self, content: Callable[[], bytes]) -> None:
        self._content = content
        self._decoded: dict[int, Statement] = {}
        self._about: dict[str, Mapping[int, tuple[int, ...]]] = {}

    @cached_property
    def _listed(self) -> _Listed:
        found: _Listed = _decoder(_Listed).decode(self._content())
        return found

    def statement(self, place: int) -> Statement:
        if place not in self._decoded:
            raw = self._listed.statements[place]
            self._decoded[place] = _decoder(Statement).decode(raw)
        return self._decoded[place]

    def about(self, prefix: str) -> Mapping[int, tuple[int, ...]]:
        """What statements that may be about a service say of it, by place."""
        if prefix not in self._about:
            found: dict[int, tuple[int, ...]] = {}
            for service in (prefix, EVERY_SERVICE):
                raw = self._listed.about.get(service)
                numbers = iter(_decoder(list[int]).decode(raw) if raw else ())
                for place, number in zip(numbers, numbers, strict=True):
                    found[place] = (*found.get(place, ()), number)
            self._about[prefix] = found
        return self._about[prefix]


@cache
def _decoder(of: type[Any]) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(of)


def encoded_policy(policy: Policy) -> EncodedPolicy:
    """The policy for `decoded_policy`."""
    encode = msgspec.msgpack.encode
    places: dict[bytes, int] = {}
    numbers: dict[bytes, int] = {}
    about: dict[str, list[int]] = {}
    sources: list[Raw] = []

    def place(statement: Statement) -> int:
        content = encode(statement)
        if content not in places:
            places[content] = len(places)
            for service, said in _by_service(statement).items():
                number = numbers.setdefault(encode(said), len(numbers))
                about.setdefault(service, []).extend((places[content], number))
        return places[content]

    versions: list[_Version] = []
    for version in policy.versions:
        found = version.document
        document = _Document(tuple(map(place, found.statements)), found.file) if found else None
        versions.append(_Version(version.key, version.facts, document, version.shown_by))
        sources.append(Raw(encode(found.source if found else None)))
    stored = _Policy(policy.facts, tuple(versions), policy.reviewed, policy.boundary)
    encoded = {service: Raw(encode(listed)) for service, listed in about.items()}
    listed = _Listed(encoded, tuple(map(Raw, places)))
    return EncodedPolicy(encode(stored), encode(listed), encode(sources))


def decoded_policy(
    content: bytes, statements: Callable[[], bytes], sources: Callable[[], bytes]
) -> Policy:
    """The policy that `encoded_policy` was given.

    Args:
        content: The first part of what it returned.
        statements: Reads the second part.
        sources: Reads the third part.

    Raises:
        msgspec.MsgspecError: The content is not that of a policy.

    """
    found: _Policy = _decoder(_Policy).decode(content)
    of = _Statements(statements)

    @cache
    def listed() -> Sources:
        return msgspec.msgpack.decode(sources(), type=list[Raw])

    def version(number: int, stored: _Version) -> Version:
        document = stored.document and StoredDocument(
            stored.document.statements, stored.document.file, of, lambda: listed()[number]
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


def _by_service(statement: Statement) -> Mapping[str, Statement]:
    """The statement with its action patterns of each service only, without number and Sid."""
    plain = structs.replace(statement, number=0, sid=None)
    if statement.actions.negated:
        return {EVERY_SERVICE: plain}
    found: dict[str, list[str]] = {}
    for pattern in statement.actions.patterns:
        found.setdefault(_service(pattern), []).append(pattern)
    return {
        service: structs.replace(
            plain, actions=structs.replace(statement.actions, patterns=tuple(patterns))
        )
        for service, patterns in found.items()
    }


def _services(statement: Statement) -> set[str]:
    if statement.actions.negated:
        return {EVERY_SERVICE}
    return set(map(_service, statement.actions.patterns))


def _service(pattern: str) -> str:
    prefix = prefix_of(pattern)
    return EVERY_SERVICE if has_wildcard(prefix) or "$" in prefix else prefix
