"""Policies and their versions: the fields of `policy.yml`, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from policybook.model.claims import Claim
from policybook.model.deprecation import (
    Deprecation,
    DeprecationFacts,
    ReviewedDeprecation,
    deprecation,
)
from policybook.model.descriptions import Description, is_page
from policybook.model.documents import Document
from policybook.model.fields import (
    Arn,
    Day,
    PolicyName,
    PolicyType,
    Prefix,
    Record,
    Slug,
    Text,
    VersionId,
)
from policybook.model.kinds import ReviewedBoundary, does_grant
from policybook.model.links import Link, Source, SourceDays
from policybook.model.version_ids import has_number, version_order

LISTS_OF_ALL = ("git", "moto", "package")
"""The imported sources that are lists of all AWS managed policies, and of no others."""


class VersionFacts(Record, frozen=True):
    """One entry of `versions`, newest first.

    An `id` is a number such as `v3`, or else the first 12 hex digits of the commit that brought the
    document, or of a digest of it. The document of a version with an `id` is the file of that name.
    Without such a file, only the version's `published` date is known. A version without an id needs
    a `document`, which is the name of its file, and either a `source` and a `published` date or the
    `sources` that show it. `default_since` is the day on which it became the default, if that was
    later than its publication. `sources` are the sources from which it was imported.
    """

    id: VersionId | None = None
    published: Day | None = None
    observed: Day | None = None
    default_since: Day | None = None
    change: Text | None = None
    source: Source | None = None
    document: Slug | None = None
    sources: dict[Slug, SourceDays] = {}

    @property
    def key(self) -> str:
        """The id; without one the date of publication, else the name of the document."""
        return self.id or str(self.published or self.document)

    @property
    def order(self) -> tuple[int, int] | None:
        """The life and the number in the id, which is the order of versions; None without them."""
        return version_order(self.id) if self.id and has_number(self.id) else None

    @property
    def day(self) -> date | None:
        """The day of publication, else the day of the first observation."""
        return self.published or self.observed

    @property
    def is_shown(self) -> bool:
        """Whether it is a document that imported pages show without saying which version it is."""
        return self.id is None and bool(self.sources)


class Rollback(Record, frozen=True):
    """An older version became the default again, as first observed on a day.

    `default_since` is the day on which it did, if that is known.
    """

    to: VersionId
    observed: Day
    default_since: Day | None = None


class PolicyFacts(Record, frozen=True):
    """`policy.yml`: all about a policy except its documents.

    An `arn` of null is unknown. `permissions` and `claims` are about the version in `notes_for`, by
    default the current one. `summary` and `permissions` are the book's words, `descriptions` those
    of each imported source.
    """

    name: PolicyName
    arn: Arn | None
    type: PolicyType
    summary: Text | None = None
    created: Day | None = None
    attachable: bool | None = None
    default: VersionId | None = None
    deprecated: DeprecationFacts | None = None
    rollbacks: tuple[Rollback, ...] = ()
    notes_for: Text | None = None
    permissions: dict[Prefix, Text] = {}
    drift: dict[Prefix, Text] = {}
    claims: tuple[Claim, ...] = ()
    links: tuple[Link, ...] = ()
    descriptions: dict[Slug, Description] = {}
    versions: tuple[VersionFacts, ...] = ()


class Version(Struct, frozen=True):
    """A known version; `key` is that of its facts.

    `shown_by` are the sources that show its document without saying which version it is.
    """

    key: str
    facts: VersionFacts
    document: Document | None
    shown_by: tuple[str, ...] = ()

    @property
    def number(self) -> int | None:
        """The number in the version id, or None for one without a number."""
        return self.order[1] if self.order else None

    @property
    def life(self) -> int | None:
        """The life of the policy to which the version belongs, or None without a number."""
        return self.order[0] if self.order else None

    @property
    def order(self) -> tuple[int, int] | None:
        """The life and the number in the version id, or None for one without a number."""
        return self.facts.order

    @property
    def day(self) -> date | None:
        """The day of publication, else the day of the first observation."""
        return self.facts.day


class Policy(Struct, frozen=True):
    """A managed policy with its versions, newest first.

    A document that pages show without a number is a version of its own only if it is like no other.
    `reviewed` is its entry in `successors.yml`, `boundary` the one in `boundaries.yml`.
    """

    facts: PolicyFacts
    versions: tuple[Version, ...]
    reviewed: ReviewedDeprecation | None = None
    boundary: ReviewedBoundary | None = None

    @property
    def type(self) -> PolicyType:
        """Its type: that of its facts, or a permissions boundary if the reviewed list says so."""
        return "permissions-boundary" if self.boundary else self.facts.type

    @property
    def grants(self) -> bool:
        """Whether a principal that it is attached to gets what it allows."""
        return does_grant(self.type)

    @property
    def deprecation(self) -> Deprecation:
        """Whether the policy is deprecated, since when, and what to use instead."""
        return deprecation(self.facts.deprecated, self.reviewed)

    @property
    def name(self) -> str:
        """The policy's name, as IAM spells it."""
        return self.facts.name

    @property
    def path(self) -> str | None:
        """The IAM path in the ARN, `/` or such as `/service-role/`; None without an ARN of IAM."""
        if self.facts.arn is None or ":iam:" not in self.facts.arn:
            return None
        resource = self.facts.arn.split(":policy", 1)[1]
        return resource[: resource.rindex("/") + 1]

    @property
    def is_of_aws(self) -> bool:
        """Whether AWS manages the policy: by its ARN or, without one, by a list or page of AWS."""
        if self.facts.arn:
            return self.facts.arn.split(":")[4] == "aws"
        names = {*self.facts.descriptions, *(n for v in self.facts.versions for n in v.sources)}
        return any(name in LISTS_OF_ALL or is_page(name) for name in names)

    @property
    def is_of_customer(self) -> bool:
        """Whether a customer wrote it, so that it is under IAM's or AWS Organizations' rules."""
        if self.facts.type in ("customer-managed", "inline"):
            return True
        return not does_grant(self.facts.type) and not self.is_of_aws

    @property
    def current(self) -> Version | None:
        """The default version if its document is known, else the newest version with a document."""
        known = [v for v in self.versions if v.document]
        default = self.default_id
        named = [v for v in known if default and v.facts.id == default]
        return next(iter(named or known), None)

    @property
    def unknown_default(self) -> Version | None:
        """The default version, if it is listed and its document is not known; else None."""
        named = self.version(self.default_id) if self.default_id else None
        default = named or next(iter(self.versions), None)
        return default if default and default.document is None else None

    @property
    def default_id(self) -> str | None:
        """The default version's id, if the data says which it is; else None."""
        return self.named_default or self._rolled_back()

    @property
    def named_default(self) -> str | None:
        """The version that the data names as the default, since when ever; else None.

        What a source says of it no longer counts once the data has a version that is newer than all
        that the source had.
        """
        stated = (
            d for d in self.facts.descriptions.values() if d.default and not self._outdated(d)
        )
        return self.facts.default or next((d.default for d in stated), None)

    def _outdated(self, said: Description) -> bool:
        newest = said.newest or said.default
        if not newest or not has_number(newest):
            return False
        return any(v.order and v.order > version_order(newest) for v in self.versions)

    @property
    def tags(self) -> Mapping[str, str]:
        """The policy's tags, as its sources state them."""
        stated = (said.tags for said in self.facts.descriptions.values())
        return {key: tags[key] for tags in stated for key in sorted(tags)}

    def is_default(self, version: Version) -> bool:
        """Whether the version is the default one, as far as the data says."""
        if version.facts.id is None:
            return False
        return version.facts.id == (self.default_id or self.versions[0].facts.id)

    def _rolled_back(self) -> str | None:
        """The target of the last rollback, if no version was observed after it."""
        last = max(reversed(self.facts.rollbacks), key=lambda r: r.observed, default=None)
        seen = [v.facts.observed or v.facts.published for v in self.versions]
        later = last and any(day and day > last.observed for day in seen)
        return last.to if last and not later else None

    @property
    def sequence(self) -> tuple[Version, ...]:
        """The versions that followed each other, newest first.

        A document without an id, such as one from a guide, is left out if a numbered version with
        a document is newer: it is not known which version it shows, and guides may be out of date.
        """
        numbered = [place for place, v in enumerate(self.versions) if v.number and v.document]
        newest = numbered[0] if numbered else len(self.versions)
        return tuple(
            version
            for place, version in enumerate(self.versions)
            if version.facts.id or not version.document or place < newest
        )

    @property
    def explained(self) -> Version | None:
        """The version that the notes and claims are about."""
        return self.version(self.facts.notes_for) if self.facts.notes_for else self.current

    @property
    def updated(self) -> date | None:
        """The day of the newest dated version."""
        return max((v.day for v in self.versions if v.day), default=None)

    def version(self, key: str) -> Version | None:
        """The version with that id or date."""
        return next((v for v in self.versions if v.key == key), None)
