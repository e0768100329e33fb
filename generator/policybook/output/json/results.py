"""The results that programs get, as JSON files of the site and from the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from policybook.analysis.effective_actions import GrantedBy, Strength
from policybook.analysis.overlap import Overlap
from policybook.analysis.passrole import To
from policybook.analysis.risks import RiskChange
from policybook.analysis.successors import HowKnown
from policybook.iam.denies import Certainty
from policybook.iam.mitigation import Mitigation
from policybook.model.changes import Verdict
from policybook.model.documents import Clause
from policybook.model.fields import Effect
from policybook.model.policies import Deprecation, Link, Source
from policybook.model.risk_rules import Kind, Rule

Condition = Mapping[str, Mapping[str, tuple[str, ...]]]


def condition_block(clauses: Iterable[Clause]) -> Condition:
    """The clauses as IAM writes a condition block, values always as lists."""
    block: dict[str, dict[str, tuple[str, ...]]] = {}
    for clause in clauses:
        block.setdefault(clause.operator, {})[clause.key] = clause.values
    return block


class Envelope(Struct, frozen=True):
    """What every file holds: the version of the format, the generator, and the result."""

    schema_version: str
    generator: str
    catalogue: str
    result: Any


class GrantResult(Struct, frozen=True, kw_only=True):
    """A grant; of `action` and `not_action`, as of `resource` and `not_resource`, one is null."""

    effect: Effect
    action: str | None
    not_action: tuple[str, ...] | None
    resource: str | None
    not_resource: tuple[str, ...] | None
    condition: Condition
    statement: int


class EvidenceResult(GrantResult, frozen=True, kw_only=True):
    """A gained or lost grant with the part of it that made the difference."""

    kind: str


class ChangeResult(Struct, frozen=True):
    """The answer of `policybook diff`."""

    verdict: Verdict
    gained: tuple[EvidenceResult, ...]
    lost: tuple[EvidenceResult, ...]
    undecided: tuple[str, ...]


class StepGrantResult(Struct, frozen=True):
    """A statement that meets a step of a risk rule, and what limits it.

    `patterns` name the `actions`, and are none for NotAction. `strength` are the kinds of its
    condition, `denied_by` the Deny statements that take from it, or may, and `limiting` the keys of
    the condition that the rule names as limiting what it is about.
    """

    statement: int
    patterns: tuple[str, ...]
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    not_resources: bool
    condition: Condition
    strength: tuple[Strength, ...]
    mitigation: Mitigation
    denied_by: tuple[int, ...]
    scopable: bool
    limiting: tuple[str, ...]


class StepResult(Struct, frozen=True):
    """A step of a risk rule, how far it is limited, and the statements that meet it."""

    does: str
    mitigation: Mitigation
    grants: tuple[StepGrantResult, ...]


class FlagResult(Struct, frozen=True):
    """A risk rule that a document meets."""

    rule: str
    title: str
    kind: Kind
    mitigation: Mitigation
    steps: tuple[StepResult, ...]


class RuleResult(Struct, frozen=True):
    """A risk rule, and the policies whose current version meets it with what limits each."""

    rule: Rule
    url: str
    policies: Mapping[str, Mitigation]


class RisksResult(Struct, frozen=True):
    """All risk rules in the order of their file."""

    rules: tuple[RuleResult, ...]


class SuccessionResult(Struct, frozen=True, kw_only=True):
    """A deprecated policy's successor, with the evidence, which is empty without a verdict.

    The successor lacks the grants `lost` and the effective actions `lacks`; it adds the others.
    """

    name: str
    how: HowKnown
    deprecated: bool
    verdict: Verdict | None
    undecided: tuple[str, ...]
    lost: tuple[EvidenceResult, ...]
    gained: tuple[EvidenceResult, ...]
    lacks: tuple[str, ...]
    adds: tuple[str, ...]


class BesideResult(Struct, frozen=True, kw_only=True):
    """An archived version beside a document without id: only the version grants the `gained`.

    `reverse` is the verdict on the document beside the version.
    """

    version: str
    verdict: Verdict
    reverse: Verdict
    gained: tuple[EvidenceResult, ...]
    lost: tuple[EvidenceResult, ...]
    undecided: tuple[str, ...]


class NearestResult(Struct, frozen=True):
    """The archived version to which a document without id is nearest, and others as near.

    `beside` are that version, the next ones and those that are nearest besides, newest first.
    """

    version: str
    ties: tuple[str, ...]
    beside: tuple[BesideResult, ...]


class VersionResult(Struct, frozen=True):
    """A version; `missing` are the numbers below it that nobody has observed.

    `nearest` is there for a document without id, beside archived ones. `risks` are the flags that
    the version brought, removed or changed, each with what limited it before and after; None where
    there was no flag.
    """

    id: str | None
    key: str
    published: date | None
    observed: date | None
    change: str | None
    source: Source | None
    verdict: Verdict | None
    against: str | None
    gained: tuple[EvidenceResult, ...]
    lost: tuple[EvidenceResult, ...]
    undecided: tuple[str, ...]
    nearest: NearestResult | None
    missing: tuple[int, ...]
    risks: tuple[RiskChange, ...]
    document: Mapping[str, Any] | None
    document_file: str | None


class PolicyLineResult(Struct, frozen=True):
    """A policy in the list of policies."""

    name: str
    arn: str | None
    type: str
    current: str | None
    updated: date | None
    services: int
    levels: Mapping[str, int]
    verdict: Verdict | None
    deprecated: bool
    url: str
    api: str


class PolicyResult(Struct, frozen=True):
    """A policy whole; `grants`, `overlap` and `risks` are of its current version.

    `versions` stand newest first.
    """

    name: str
    arn: str | None
    path: str | None
    type: str
    summary: str | None
    created: date | None
    attachable: bool | None
    deprecated: Deprecation | None
    successor: SuccessionResult | None
    succeeds: tuple[str, ...]
    default: str | None
    current: str | None
    updated: date | None
    permissions: Mapping[str, str]
    grants: tuple[GrantResult, ...]
    levels: Mapping[str, int]
    effective: Mapping[str, tuple[str, ...]]
    groups: tuple[str, ...]
    roles: tuple[str, ...]
    links: tuple[Link, ...]
    overlap: Overlap | None
    risks: tuple[FlagResult, ...]
    versions: tuple[VersionResult, ...]
    url: str


class StatementPart(Struct, frozen=True):
    """A statement's part for one service."""

    effect: Effect
    actions: tuple[str, ...]
    not_actions: bool
    resources: tuple[str, ...]
    not_resources: bool
    condition: Condition
    statement: int


class ServicePolicy(Struct, frozen=True):
    """What one policy grants of a service."""

    name: str
    levels: Mapping[str, int]
    statements: tuple[StatementPart, ...]


class ServiceResult(Struct, frozen=True):
    """A service prefix with the policies that grant its actions."""

    prefix: str
    name: str | None
    policies: tuple[ServicePolicy, ...]
    url: str


class GrantingResult(Struct, frozen=True):
    """A grant of an action; of `pattern` and `not_action`, as of the resources, one is null."""

    name: str
    version: str
    since: str
    since_day: date | None
    statement: int
    pattern: str | None
    not_action: tuple[str, ...] | None
    resource: str | None
    not_resource: tuple[str, ...] | None
    condition: Condition
    strength: tuple[Strength, ...]
    certainty: Certainty
    denied_by: tuple[int, ...]


class UnsureResult(Struct, frozen=True):
    """A policy of which it is not sure what was in force."""

    name: str
    why: str


class FoundResult(Struct, frozen=True):
    """The answer of `policybook grants`: a line for each pattern on each resource."""

    action: str
    at: date | None
    policies: tuple[GrantingResult, ...]
    unsure: tuple[UnsureResult, ...]


class GrantingStatement(Struct, frozen=True):
    """A statement that grants actions of a service."""

    policy: str
    version: str
    statement: int
    resources: tuple[str, ...]
    not_resources: bool
    condition: Condition
    strength: tuple[Strength, ...]


class ActionGrant(Struct, frozen=True):
    """What grants actions: the statement's place in the list, its patterns, how sure, since when.

    `since` is the oldest version from which on the policy's known documents granted the action, or
    null where a Deny takes it away.
    """

    statement: int
    patterns: tuple[str, ...]
    certainty: Certainty
    since: str | None


class ActionResult(Struct, frozen=True):
    """An action of a service, and the places of its grants in the list."""

    level: str
    levels: tuple[str, ...]
    resource_types: tuple[str, ...]
    granted: tuple[int, ...]


class ActionsResult(Struct, frozen=True):
    """The actions of a service by name; statements and grants that several share stand once.

    `everything` are the policies with statements about every service; those are not repeated here.
    """

    prefix: str
    statements: tuple[GrantingStatement, ...]
    grants: tuple[ActionGrant, ...]
    actions: Mapping[str, ActionResult]
    everything: tuple[str, ...]


class PassingResult(Struct, frozen=True, kw_only=True):
    """A statement that lets roles be passed; of `patterns` and `not_action` one is empty.

    `services` are the values of its clause about the service, null where it passes to any service
    or the clause is of another form; `to` says which.
    """

    policy: str
    version: str
    statement: int
    patterns: tuple[str, ...]
    not_action: tuple[str, ...]
    roles: tuple[str, ...]
    not_roles: bool
    to: To
    services: tuple[str, ...] | None
    condition: Condition
    certainty: Certainty
    denied_by: tuple[int, ...]


class Endpoint(Struct, frozen=True):
    """A file of the interface, or a family of files with a name in braces."""

    path: str
    holds: str


class IndexResult(Struct, frozen=True):
    """The index of the interface."""

    title: str
    policies: int
    versions: int
    services: int
    endpoints: tuple[Endpoint, ...]


class ExpandedResult(Struct, frozen=True):
    """A policy whole, and the effective actions of a version, each with all that grants it."""

    policy: PolicyResult
    effective: Mapping[str, tuple[GrantedBy, ...]]


class ShownResult(Struct, frozen=True):
    """A policy whole, the version that was its default on a day, and what makes that unsure."""

    at: date
    version: str
    unsure: str
    policy: PolicyResult
    effective: Mapping[str, tuple[GrantedBy, ...]]
