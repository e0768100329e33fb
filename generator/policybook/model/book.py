"""The whole knowledge base: groups, guides, roles, and what `book.yml` says."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from msgspec import Struct

from policybook.model.accounts import Account, PlacedRole
from policybook.model.catalogues import CatalogueFile
from policybook.model.deprecation import ReviewedDeprecation
from policybook.model.documents import EVERY_SERVICE, Document, StatementFile
from policybook.model.fields import (
    Contact,
    Day,
    PolicyName,
    Record,
    Slug,
    Text,
    Url,
)
from policybook.model.links import Link, Source
from policybook.model.operations import OperationGroup
from policybook.model.policies import LISTS_OF_ALL, Policy, Version
from policybook.model.risk_rules import Rule
from policybook.model.roles import NamedPolicy, Role, named_policy


class Tracking(Record, frozen=True):
    """The day on which AWS started to publish the changes of a group's policies."""

    since: Day
    text: Text


class Group(Record, frozen=True):
    """`groups/<slug>.yml`: a topic, its policies and roles.

    `sources` are the pages that its facts come from, each in the state of a month.
    """

    title: Text
    introduction: tuple[Text, ...]
    policies: tuple[PolicyName, ...]
    not_recommended: tuple[PolicyName, ...] = ()
    roles: tuple[Text, ...] = ()
    guides: tuple[Slug, ...] = ()
    tracking: Tracking | None = None
    sources: tuple[Source, ...] = ()
    links: tuple[Link, ...] = ()


class Invalid(Record, frozen=True):
    """An invalid part of a snippet, and why it is; `check` compares it with the statements."""

    part: Text
    why: Text


class Snippet(Record, frozen=True):
    """A policy snippet of a guide: the statements as printed, and their invalid parts."""

    statements: tuple[StatementFile, ...]
    caption: Text
    invalid: tuple[Invalid, ...] = ()


class Section(Record, frozen=True):
    """A section of a guide: paragraphs, then points, then numbered steps, then a snippet."""

    title: Text
    text: tuple[Text, ...]
    points: tuple[Text, ...] = ()
    steps: tuple[Text, ...] = ()
    snippet: Snippet | None = None
    links: tuple[Link, ...] = ()


class Guide(Record, frozen=True):
    """`guides/<slug>.yml`: a longer text about using policies."""

    title: Text
    summary: Text
    sections: tuple[Section, ...]
    links: tuple[Link, ...] = ()


class ImportedSource(Record, frozen=True):
    """What has been imported from one source.

    `revision` is the source's own name for its state, `digest` that of the file that was read.
    `first` and `last` are the first and the last day that its content states. `partial` says that
    some of its policies were left out, as the user wished.
    """

    title: Text
    url: Url | None = None
    revision: Text | None = None
    digest: Text | None = None
    first: Day | None = None
    last: Day | None = None
    partial: bool = False


class SourcesFile(Record, frozen=True):
    """`sources.yml`, which imports write: the sources by name."""

    sources: dict[Slug, ImportedSource]


class BookFile(Record, frozen=True):
    """`book.yml`: the title of the book, and what is true of all its policies.

    What is true of a topic only is in the file of the topic, since imports add other policies.
    `contact` is where to report a vulnerability of the site.
    """

    title: Text
    introduction: tuple[Text, ...]
    contact: Contact | None = None
    sources: tuple[Source, ...] = ()


class Book(Struct, frozen=True):
    """The whole knowledge base.

    Policies, groups and guides are in order of name or slug, roles and rules as in their files.
    `sources` are those that have been imported. `reviewed` are the entries of `successors.yml`,
    whose policies the book may lack. `operations` are the groups of `operations.yml`.
    Catalogues are by day, YYYY-MM-DD, the oldest first. Accounts are by id. `role_places` says
    where each role is. `services` has the prefixes of the services that the documents of each
    policy may be about, if that is known without reading them; `outgoing` likewise the names of the
    policies that are not current, in order.
    """

    facts: BookFile
    policies: Mapping[str, Policy]
    groups: Mapping[str, Group] = {}
    guides: Mapping[str, Guide] = {}
    roles: Mapping[str, Role] = {}
    rules: Mapping[str, Rule] = {}
    catalogues: Mapping[str, CatalogueFile] = {}
    sources: Mapping[str, ImportedSource] = {}
    reviewed: Mapping[str, ReviewedDeprecation] = {}
    operations: tuple[OperationGroup, ...] = ()
    accounts: Mapping[str, Account] = {}
    role_places: Mapping[str, PlacedRole] = {}
    services: Mapping[str, Collection[str]] = {}
    outgoing: Collection[str] | None = None

    def about(self, prefix: str) -> Mapping[str, Policy]:
        """The policies, by name in order, without some that say nothing of a service.

        Those are left out of which it is known that no pattern of their documents can match an
        action of the service, and that the document of their default version is among these. None
        is left out for "".
        """
        if not self.services or not prefix:
            return self.policies
        about, of_all = self.services.items(), EVERY_SERVICE
        return {n: self.policies[n] for n, found in about if prefix in found or of_all in found}

    def documents_about(self, prefix: str) -> Iterator[Document]:
        """The known documents of `about`, by policy name, newest first."""
        for policy in self.about(prefix).values():
            for version in policy.versions:
                if version.document:
                    yield version.document

    @property
    def granting(self) -> Mapping[str, Policy]:
        """The policies that grant something, by name in order: all but those that only limit."""
        return {name: policy for name, policy in self.policies.items() if policy.grants}

    def place_of_role(self, name: str) -> tuple[str, tuple[str | int, ...]]:
        """The file that has a role, and its key path there."""
        placed = self.role_places.get(name)
        if placed:
            return placed.file, placed.at
        return "roles.yml", ("roles", list(self.roles).index(name))

    @property
    def limiting(self) -> Mapping[str, Policy]:
        """The policies that grant nothing and only limit others, by name in order."""
        return {name: policy for name, policy in self.policies.items() if not policy.grants}

    def named(self, reference: str) -> NamedPolicy:
        """What a role's reference to a policy stands for: a policy of the book, or one outside."""
        return named_policy(reference, self.policies)

    @property
    def is_of_all_aws(self) -> bool:
        """Whether a list of all AWS managed policies has been imported, and nothing left out."""
        return any(n in LISTS_OF_ALL and not source.partial for n, source in self.sources.items())

    @property
    def data_to(self) -> date | None:
        """The last day of the data: that of the imported sources, else the newest one of a version.

        None if no day is known.
        """
        imported = [source.last for source in self.sources.values()]
        days = imported or [policy.updated for policy in self.policies.values()]
        return max(filter(None, days), default=None)

    def documents(self) -> Iterator[tuple[Policy, Version, Document]]:
        """Every known document, by policy name, newest first."""
        for policy in self.policies.values():
            for version in policy.versions:
                if version.document:
                    yield policy, version, version.document
