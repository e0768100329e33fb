"""The one model: what the YAML files say (`…Facts`, `Group`, `Guide`, …) and what they mean.

All is frozen. Types that stand in files carry the constraints of the loader and of JSON Schemas.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

from policybook.model.fields import (
    Arn,
    AsOf,
    Day,
    Effect,
    PolicyName,
    PolicyType,
    Prefix,
    Slug,
    Text,
    Url,
    VersionId,
)
from policybook.model.risk_rules import Rule


class Record(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything that stands in a file: frozen, and an unknown key is a fault."""


# --- Policy documents, as IAM writes them --------------------------------------------------------

Strings = str | tuple[str, ...]
ConditionValues = str | bool | tuple[str | bool, ...]


class StatementFile(Record, frozen=True, rename="pascal", omit_defaults=True):
    """One statement of a policy document (IAM guide, "IAM JSON policy elements: Statement")."""

    effect: Effect
    sid: str | None = None
    action: Strings | UnsetType = UNSET
    not_action: Strings | UnsetType = UNSET
    resource: Strings | UnsetType = UNSET
    not_resource: Strings | UnsetType = UNSET
    condition: dict[str, dict[str, ConditionValues]] = {}
    principal: Any = UNSET
    not_principal: Any = UNSET


class DocumentFile(Record, frozen=True, rename="pascal"):
    """A policy document (IAM guide, "Grammar of the IAM JSON policy language")."""

    statement: StatementFile | tuple[StatementFile, ...]
    version: Literal["2012-10-17", "2008-10-17"] = "2008-10-17"
    id: str | None = None


class Term(Struct, frozen=True):
    """What one side of a grant names: one pattern, or, negated, everything but several."""

    patterns: tuple[str, ...]
    negated: bool = False


class Clause(Struct, frozen=True, order=True):
    """One line of a condition block: operator, key and the values of which one must match."""

    operator: str
    key: str
    values: tuple[str, ...]


class Statement(Struct, frozen=True):
    """A statement in one form: lists are tuples, single values are lists of one, values are text.

    `number` counts from 1 in the order of the document.
    """

    number: int
    sid: str | None
    effect: Effect
    actions: Term
    resources: Term
    condition: tuple[Clause, ...]
    has_principal: bool = False


class Document(Struct, frozen=True):
    """A policy document: its statements, and `source`, the mapping that `file` holds.

    `file` is the file's name in the policy's folder, or "" where the document stands elsewhere.
    """

    statements: tuple[Statement, ...]
    source: Mapping[str, Any]
    file: str = ""


class Grant(Struct, frozen=True):
    """One statement taken apart: one action pattern on one resource pattern, or "everything but".

    `action.patterns` and `resource.patterns` hold one pattern unless the term is negated.
    """

    effect: Effect
    action: Term
    resource: Term
    condition: tuple[Clause, ...]
    statement: int


# --- Changes -------------------------------------------------------------------------------------

Verdict = Literal["identical", "equivalent", "widened", "narrowed", "mixed", "undetermined"]
EvidenceKind = Literal["action", "resource", "condition", "deny"]


class Evidence(Struct, frozen=True):
    """A grant that was gained or lost, and the part of it that made the difference."""

    kind: EvidenceKind
    grant: Grant


class Change(Struct, frozen=True):
    """What one document grants beside another: the verdict, and the grants gained and lost.

    `undecided` names what kept coverage from being decided; with evidence on both sides the verdict
    is `mixed` all the same, else it is `undetermined`. `unsure` are the service prefixes of the
    grants of which it is not decided, in order.
    """

    verdict: Verdict
    gained: tuple[Evidence, ...] = ()
    lost: tuple[Evidence, ...] = ()
    undecided: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()


# --- policy.yml ----------------------------------------------------------------------------------


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
    """A known version: its `key` (the id, or the date where there is none) and its document."""

    key: str
    facts: VersionFacts
    document: Document | None

    @property
    def number(self) -> int | None:
        """The number in the version id, or None for a version without id."""
        return int(self.facts.id[1:]) if self.facts.id else None

    @property
    def day(self) -> date | None:
        """The day of publication, or where that is unknown, of the first observation."""
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
        """The default version with a document: named, rolled back to last, or else the newest."""
        known = [v for v in self.versions if v.document]
        default = self.default_id
        named = [v for v in known if default and v.facts.id == default]
        return next(iter(named or known), None)

    @property
    def default_id(self) -> str | None:
        """The default version's id, where the data says that it is not simply the newest."""
        return self.facts.default or self._rolled_back()

    def is_default(self, version: Version) -> bool:
        """Whether the version is the policy's present one, as far as the data goes."""
        if version.facts.id is None:
            return False
        return version.facts.id == (self.default_id or self.versions[0].facts.id)

    def _rolled_back(self) -> str | None:
        """The version last rolled back to, if none was observed after that."""
        last = max(reversed(self.facts.rollbacks), key=lambda r: r.observed, default=None)
        seen = [v.facts.observed or v.facts.published for v in self.versions]
        later = last and any(day and day > last.observed for day in seen)
        return last.to if last and not later else None

    @property
    def sequence(self) -> tuple[Version, ...]:
        """The versions that came one after the other, newest first.

        A document without an id, such as a guide's, is not among them where a numbered one is
        newer: which version it shows is not known, and guides may be out of date.
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


# --- groups/, guides/, roles.yml, book.yml -------------------------------------------------------


class Tracking(Record, frozen=True):
    """That AWS began on a day to publish the changes of a group's policies."""

    since: Day
    text: Text


class Group(Record, frozen=True):
    """`groups/<slug>.yml`: a topic, its policies and roles."""

    title: Text
    introduction: tuple[Text, ...]
    policies: tuple[PolicyName, ...]
    not_recommended: tuple[PolicyName, ...] = ()
    roles: tuple[Text, ...] = ()
    guides: tuple[Slug, ...] = ()
    tracking: Tracking | None = None
    links: tuple[Link, ...] = ()


class Role(Record, frozen=True):
    """One role of `roles.yml`: which policies serve it, and which roles it passes."""

    name: Text
    summary: Text
    policies: tuple[PolicyName, ...] = ()
    passes: tuple[Text, ...] = ()
    links: tuple[Link, ...] = ()


class RolesFile(Record, frozen=True):
    """`roles.yml`."""

    roles: tuple[Role, ...]


class Invalid(Record, frozen=True):
    """A part of a snippet that is not valid, and why; `check` holds it against the document."""

    part: Text
    why: Text


class Snippet(Record, frozen=True):
    """A policy snippet of a guide: the statements as printed, and what is wrong with them."""

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


class BookFile(Record, frozen=True):
    """`book.yml`: what the book is about and where its data comes from."""

    title: Text
    introduction: tuple[Text, ...]
    sources: tuple[Source, ...] = ()


class Book(Struct, frozen=True):
    """The whole knowledge base, sorted by name or slug; `roles` and `rules` as in their files."""

    facts: BookFile
    policies: Mapping[str, Policy]
    groups: Mapping[str, Group] = {}
    guides: Mapping[str, Guide] = {}
    roles: Mapping[str, Role] = {}
    rules: Mapping[str, Rule] = {}

    def documents(self) -> Iterator[tuple[Policy, Version, Document]]:
        """Every known document, by policy name, newest first."""
        for policy in self.policies.values():
            for version in policy.versions:
                if version.document:
                    yield policy, version, version.document
