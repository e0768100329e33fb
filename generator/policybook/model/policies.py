"""Policies and their versions: the fields of `policy.yml`, and what follows from them."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from policybook.model.documents import Document, StatementFile
from policybook.model.fields import (
    Arn,
    AsOf,
    Day,
    PolicyName,
    PolicyType,
    Prefix,
    Record,
    Slug,
    Text,
    Url,
    VersionId,
)


class Link(Record, frozen=True):
    """A page elsewhere."""

    title: Text
    url: Url


class Source(Record, frozen=True):
    """The page from which a document without a version id was taken, and when it showed that."""

    title: Text
    url: Url
    as_of: AsOf


class VersionFacts(Record, frozen=True):
    """One entry of `versions`, newest first.

    A version with an `id` has its document in the file of that name, or, with a `published` date
    and no such file, is known by its date only. A version without an id is known by its `source`
    and its `published` date; `document` then names its file.
    """

    id: VersionId | None = None
    published: Day | None = None
    observed: Day | None = None
    change: Text | None = None
    source: Source | None = None
    document: Slug | None = None


class Claim(Record, frozen=True):
    """What a guide says of some actions, as the widest statements that its words allow.

    `check` compares the statements with the newest document. `drift` says why they differ, where
    they are known to.
    """

    text: Text
    statements: tuple[StatementFile, ...]
    drift: Text | None = None


class Deprecation(Record, frozen=True):
    """That a policy was deprecated; without a date, the date is unknown."""

    date: Day | None = None
    successor: PolicyName | None = None


class Rollback(Record, frozen=True):
    """That a version which was not new became the default, as first observed on a day."""

    to: VersionId
    observed: Day


class PolicyFacts(Record, frozen=True):
    """`policy.yml`: everything about a policy but its documents.

    An `arn` of null is not known. `permissions` and `claims` are about `notes_for`, or the current.
    """

    name: PolicyName
    arn: Arn | None
    type: PolicyType
    summary: Text | None = None
    created: Day | None = None
    attachable: bool | None = None
    default: VersionId | None = None
    deprecated: Deprecation | None = None
    rollbacks: tuple[Rollback, ...] = ()
    notes_for: Text | None = None
    permissions: dict[Prefix, Text] = {}
    drift: dict[Prefix, Text] = {}
    claims: tuple[Claim, ...] = ()
    links: tuple[Link, ...] = ()
    versions: tuple[VersionFacts, ...] = ()


class Version(Struct, frozen=True):
    """A known version; `key` is its id, or its date if it has no id."""

    key: str
    facts: VersionFacts
    document: Document | None

    @property
    def number(self) -> int | None:
        """The number in the version id, or None for a version without id."""
        return int(self.facts.id[1:]) if self.facts.id else None

    @property
    def day(self) -> date | None:
        """The day of publication, else the day of the first observation."""
        return self.facts.published or self.facts.observed


class Policy(Struct, frozen=True):
    """A managed policy with its versions, newest first."""

    facts: PolicyFacts
    versions: tuple[Version, ...]

    @property
    def name(self) -> str:
        """The policy's name, as IAM spells it."""
        return self.facts.name

    @property
    def path(self) -> str | None:
        """The IAM path in the ARN, `/` or such as `/service-role/`; None for an unknown ARN."""
        if self.facts.arn is None:
            return None
        resource = self.facts.arn.split(":policy", 1)[1]
        return resource[: resource.rindex("/") + 1]

    @property
    def current(self) -> Version | None:
        """The default version if its document is known, else the newest version with a document."""
        known = [v for v in self.versions if v.document]
        default = self.default_id
        named = [v for v in known if default and v.facts.id == default]
        return next(iter(named or known), None)

    @property
    def default_id(self) -> str | None:
        """The default version's id, if the data says that it is not the newest; else None."""
        return self.facts.default or self._rolled_back()

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
