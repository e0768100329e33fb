"""What an importer yields: policies with their versions, and what it skipped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from hashlib import blake2b

from msgspec import Struct, structs

from policybook.model.book import ImportedSource
from policybook.model.deprecation import SourceDeprecation
from policybook.model.descriptions import Description
from policybook.model.fields import PolicyType
from policybook.model.links import SourceDays
from policybook.model.roles import Role
from policybook.model.version_ids import version_id


class ArchivedVersion(Struct, frozen=True):
    """A version: its number, its document as JSON, and its days as far as the source states them.

    A version of a source without numbers has a `name` in place of one: 12 hex digits.

    A version without a document has a day of publication, and nothing else is known of it. `life`
    counts the lives of a policy that was deleted and created anew. `default_since` is the day on
    which it became the default, if that is known to be later than `published`. `earlier` are other
    documents that the source had for this id and day before `document`, oldest first. `is_default`
    says that the source names it as the default version.
    """

    number: int
    published: date | None
    observed: date | None
    document: bytes | None
    life: int = 1
    default_since: date | None = None
    earlier: tuple[bytes, ...] = ()
    is_default: bool = False
    name: str = ""

    @property
    def id(self) -> str:
        """The version's id in the data."""
        return self.name or version_id(self.number, self.life)

    @property
    def days(self) -> SourceDays:
        """The days that the source states."""
        return SourceDays(
            published=self.published, observed=self.observed, default_since=self.default_since
        )


class ShownDocument(Struct, frozen=True):
    """A document that a page shows without a number; `as_of` is the state of the page."""

    document: bytes
    as_of: date | None = None

    @property
    def name(self) -> str:
        """The name of its file, the same for the same document on any page."""
        return f"shown-{blake2b(self.document, digest_size=8).hexdigest()}"

    @property
    def days(self) -> SourceDays:
        """The day that is known of it."""
        return SourceDays(as_of=self.as_of)


class ArchivedRollback(Struct, frozen=True):
    """An older version became the default again, as first observed on a day.

    `default_since` is the day on which it did, if that is known.
    """

    number: int
    observed: date
    life: int = 1
    default_since: date | None = None

    @property
    def id(self) -> str:
        """The id of the older version in the data."""
        return version_id(self.number, self.life)


class ArchivedPolicy(Struct, frozen=True):
    """A policy with its versions, newest first; unknown facts are None.

    `deprecation` is what the source says of it; an empty one takes back what it said before.
    """

    name: str
    versions: tuple[ArchivedVersion, ...]
    rollbacks: tuple[ArchivedRollback, ...] = ()
    arn: str | None = None
    type: PolicyType = "unknown"
    created: date | None = None
    attachable: bool | None = None
    deprecation: SourceDeprecation | None = None
    description: Description | None = None
    shown: tuple[ShownDocument, ...] = ()

    @property
    def is_named(self) -> bool:
        """Whether its source has no numbers of versions."""
        return any(version.name for version in self.versions)

    @property
    def entries(self) -> Mapping[str, ArchivedVersion | ShownDocument]:
        """Its versions and the documents without a number, by id or name of the file."""
        return {**{v.id: v for v in self.versions}, **{v.name: v for v in self.shown}}

    @property
    def stated(self) -> Description | None:
        """The description, with the version that the source names as the default."""
        default = next((version.id for version in self.versions if version.is_default), None)
        if default is None:
            return self.description
        newest = self.versions[0].id
        return structs.replace(
            self.description or Description(),
            default=default,
            newest=None if newest == default else newest,
        )


class ArchivedAccount(Struct, frozen=True):
    """An account as it is now: its own policies, and its roles, groups and users.

    Attributes:
        id: Its id.
        policies: Its own policies, managed and inline, in order of name.
        roles: Its roles, groups and users, whose own policies are named by ARN or, if they are
            inline, by name; None if the source does not know them.
        users: The number of users; None if the source does not know it.
        whole: Whether the source has all of its policies.
        cut: Whether the source has only some of its roles, groups and users.
    """

    id: str
    policies: tuple[ArchivedPolicy, ...]
    roles: tuple[Role, ...] | None = None
    users: int | None = None
    whole: bool = True
    cut: bool = False


class SkippedState(Struct, frozen=True):
    """A state of a file that could not be read; `lost` if no state of that file could be.

    `commit` is "" if the source has no commits. This is not a `Finding`: its place is in the
    source, which nobody can edit.
    """

    path: str
    commit: str
    reason: str
    lost: bool = False

    def __str__(self) -> str:
        """One line: file, commit and reason."""
        if not self.commit:
            return f"{self.path}: {self.reason}"
        lost = ", and no other state of it can be read" if self.lost else ""
        return f"{self.path} at {self.commit[:10]}: {self.reason}{lost}"


class Archive(Struct, frozen=True):
    """All that an importer read: policies in order of name, and the states that it skipped.

    `notes` are lines for the user about the source and about what it says twice. `source` is its
    name in the data, and `origin` what the data says of it. Policies that belong to accounts are in
    `accounts` alone.
    """

    policies: tuple[ArchivedPolicy, ...]
    skipped: tuple[SkippedState, ...]
    states: int
    source: str
    origin: ImportedSource
    notes: tuple[str, ...] = ()
    accounts: tuple[ArchivedAccount, ...] = ()

    def all_policies(self) -> Iterator[ArchivedPolicy]:
        """All policies, also those of accounts."""
        yield from self.policies
        for account in self.accounts:
            yield from account.policies


def content_days(policies: Iterable[ArchivedPolicy]) -> tuple[date | None, date | None]:
    """The first and the last day that policies state."""
    found = {day for policy in policies for day in _days(policy) if day}
    return min(found, default=None), max(found, default=None)


def _days(policy: ArchivedPolicy) -> Iterator[date | None]:
    said = policy.deprecation or SourceDeprecation()
    yield from (policy.created, said.date, said.observed, said.not_attachable, said.not_listed)
    for version in policy.versions:
        yield from (version.published, version.observed, version.default_since)
    for back in policy.rollbacks:
        yield from (back.observed, back.default_since)
