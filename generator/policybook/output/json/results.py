"""The results for policies, for JSON files and for commands with `--json`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from policybook.analysis.overlap import Overlap
from policybook.analysis.risks import RiskChange
from policybook.analysis.successors import HowKnown
from policybook.model.changes import Verdict
from policybook.model.deprecation import Precision, Says, State
from policybook.model.descriptions import Description
from policybook.model.links import Link, Source, SourceDays
from policybook.output.json.account_results import AccountsResult
from policybook.output.json.evidence_results import (
    EvidenceResult,
    StandingGrantsResult,
    StatementRowResult,
)
from policybook.output.json.flag_results import FlagResult
from policybook.output.json.history_results import LastChangeResult, StartResult


class Envelope(Struct, frozen=True):
    """The envelope of every file of the API.

    Attributes:
        schema_version: The version of the format.
        generator: The name and version of this program.
        catalogue: The date of the catalogue of actions.
        result: The content.
    """

    schema_version: str
    generator: str
    catalogue: str
    result: Any


class ChangeResult(Struct, frozen=True):
    """A comparison of two documents.

    Attributes:
        verdict: The verdict.
        gained: The gained grants.
        lost: The lost grants.
        undecided: Why grants could not be compared.
        formats_date: The date of AWS's action list if its ARN formats decided the answer, or null.
    """

    verdict: Verdict
    gained: tuple[EvidenceResult, ...]
    lost: tuple[EvidenceResult, ...]
    undecided: tuple[str, ...]
    formats_date: str | None


class StatementResult(Struct, frozen=True, kw_only=True):
    """What one source says of a policy.

    Attributes:
        says: `deprecated`, `on-the-way-out` or `current`, or what was observed: `not-attachable`,
            or `not-listed` in a list of all policies.
        by: The name of an imported source, or the title of a page.
        url: The address of that page, or null.
        date: Since when it is so, or null.
        date_precision: `exact` if the source states the date, `at-latest` if it was first seen on
            that day, or `unknown`.
        successors: The policies that the source says to use instead.
        note: What the page says, in our words, or null.
    """

    says: Says
    by: str
    url: str | None
    date: date | None
    date_precision: Precision
    successors: tuple[str, ...]
    note: str | None


class SuccessionResult(Struct, frozen=True, kw_only=True):
    """A successor of a policy. Without a verdict, all lists are empty.

    Attributes:
        name: The name of the successor.
        how: `named` by a source, or `evident` (inferred from its name).
        sources: Who names it, as in `by` of the policy's sources.
        state: The successor's own state; null if this site does not have it.
        verdict: The verdict on the change to the successor; null if a document is unknown.
        undecided: Why grants could not be compared.
        lost: The grants that the successor lacks.
        gained: The grants that it adds.
        lacks: The effective actions that it lacks.
        adds: The effective actions that it adds.
    """

    name: str
    how: HowKnown
    sources: tuple[str, ...]
    state: State | None
    verdict: Verdict | None
    undecided: tuple[str, ...]
    lost: tuple[StatementRowResult, ...]
    gained: tuple[StatementRowResult, ...]
    lacks: tuple[str, ...]
    adds: tuple[str, ...]


class DeprecationResult(Struct, frozen=True, kw_only=True):
    """Whether a policy is deprecated, since when, who says so, and what to use instead.

    Attributes:
        state: `current`, `on-the-way-out` or `deprecated`.
        date: Since when it has that state, or null.
        date_precision: `exact`, `at-latest` if it got there on that day or before, or `unknown`.
        sources: What each source says.
        successors: The policies to use instead.
    """

    state: State
    date: date | None
    date_precision: Precision
    sources: tuple[StatementResult, ...]
    successors: tuple[SuccessionResult, ...]


class ComparedVersionResult(Struct, frozen=True, kw_only=True):
    """An archived version compared with a document without an id.

    Attributes:
        version: The key of the version.
        verdict: The verdict on a change from the document to the version.
        reverse: The verdict on the change back.
        gained: The grants that only the version has.
        lost: The grants that only the document has.
        undecided: Why grants could not be compared.
    """

    version: str
    verdict: Verdict
    reverse: Verdict
    gained: tuple[StatementRowResult, ...]
    lost: tuple[StatementRowResult, ...]
    undecided: tuple[str, ...]


class NearestResult(Struct, frozen=True):
    """The archived version that is nearest to a document without an id.

    Attributes:
        version: The key of the version.
        ties: The keys of other versions that are equally near.
        beside: Comparisons with the three most similar versions and those before and after the
            nearest one, newest first.
    """

    version: str
    ties: tuple[str, ...]
    beside: tuple[ComparedVersionResult, ...]


class VersionResult(Struct, frozen=True):
    """A version of a policy.

    Attributes:
        id: The version id, or null.
        key: The id, or the date or document of a version without an id.
        published: The publication date, or null.
        observed: The date on which the version was first observed, or null.
        default_since: The date on which it became the default, if that was later than its
            publication; else null.
        sources: The dates that each imported source states, by its name.
        change: What AWS says about the change, or null.
        source: The source of a document without an id, or null.
        shown_by: The sources whose pages show this document without a version number.
        verdict: The verdict on the change from the version in `compared_with`, or null.
        compared_with: The key of the version that it was compared with, or null.
        gained: The gained grants.
        lost: The lost grants.
        undecided: Why grants could not be compared.
        formats_date: The date of AWS's action list if its ARN formats decided the answer, or null.
        nearest: For a document without an id, the nearest archived version, or null.
        missing: The missing version numbers below this one.
        recreated: Whether it is the first known version of a policy that was deleted and created
            anew.
        risks: The risks that the version added, removed or changed, each with what limited it
            before and after (null for no risk).
        document: The document, or null if it is unknown or in another file.
        document_file: The address of that file, or null.
    """

    id: str | None
    key: str
    published: date | None
    observed: date | None
    default_since: date | None
    sources: Mapping[str, SourceDays]
    change: str | None
    source: Source | None
    shown_by: tuple[str, ...]
    verdict: Verdict | None
    compared_with: str | None
    gained: tuple[StatementRowResult, ...]
    lost: tuple[StatementRowResult, ...]
    undecided: tuple[str, ...]
    formats_date: str | None
    nearest: NearestResult | None
    missing: tuple[int, ...]
    recreated: bool
    risks: tuple[RiskChange, ...]
    document: Mapping[str, Any] | None
    document_file: str | None


class PolicyResult(Struct, frozen=True):
    """A policy with all its versions.

    Attributes:
        name: The name of the policy.
        arn: Its ARN, or null.
        path: Its IAM path, or null.
        type: Its type.
        limits_only: Whether it grants nothing and only limits others.
        boundary_source: The page that says that it is a permissions boundary, or null.
        of_customer: Whether a customer wrote it, and not AWS.
        partition: The partition of AWS in its ARN, such as `aws-cn`, or null.
        summary: A description, or null.
        sentence: What the shown version does, in a sentence generated from its document.
        created: The date of creation, or null.
        attachable: Whether it can be attached to principals; null if unknown.
        deprecation: Whether it is deprecated, since when, who says so, and what to use instead.
        succeeds: The names of the policies that it succeeds.
        tags: Its tags.
        default: The id of the version that the data names as the default, or null.
        unknown_default: The key of the default version if its document is not known, else null.
        current: The key of the default version, or of the newest version with a known document if
            the default version's document is unknown; null without a document.
        updated: The date of the last update, or null.
        last_effective_change: The last change with an effect; null if none is known.
        permissions: Notes on services, by prefix.
        descriptions: What each imported source says of the policy, by the name of the source.
        grants: The grants of the current version.
        starts: The versions and rollbacks that `in_form_since` of the grants names, by key.
        levels: The number of effective actions by access level.
        unmatched: The wildcard patterns that match no action, such as those of a retired service.
            They are in lower case, and not in `levels` and `effective`.
        effective: The names of the effective actions by prefix.
        groups: The topics that list the policy.
        roles: The roles that use it.
        limits_roles: The roles whose permissions boundary it is.
        accounts: The accounts that have it, or null if none is known.
        links: Links to AWS's documentation.
        overlap: The overlap with other policies; null without a known document.
        risks: The risk rules that the current version matches.
        versions: The versions, newest first.
        url: The address of its page.
    """

    name: str
    arn: str | None
    path: str | None
    type: str
    limits_only: bool
    boundary_source: Link | None
    of_customer: bool
    partition: str | None
    summary: str | None
    sentence: str
    created: date | None
    attachable: bool | None
    deprecation: DeprecationResult
    succeeds: tuple[str, ...]
    tags: Mapping[str, str]
    default: str | None
    unknown_default: str | None
    current: str | None
    updated: date | None
    last_effective_change: LastChangeResult | None
    permissions: Mapping[str, str]
    descriptions: Mapping[str, Description]
    grants: tuple[StandingGrantsResult, ...]
    starts: Mapping[str, StartResult]
    levels: Mapping[str, int]
    unmatched: tuple[str, ...]
    effective: Mapping[str, tuple[str, ...]]
    groups: tuple[str, ...]
    roles: tuple[str, ...]
    limits_roles: tuple[str, ...]
    accounts: AccountsResult | None
    links: tuple[Link, ...]
    overlap: Overlap | None
    risks: tuple[FlagResult, ...]
    versions: tuple[VersionResult, ...]
    url: str
