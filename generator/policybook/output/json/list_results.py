"""The results for the lists of policies, risk rules and passed roles, and the index of the API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from policybook.analysis.catalogue_growth import CatalogueStep
from policybook.analysis.passrole import To
from policybook.book import addresses
from policybook.book.context import BookContext
from policybook.book.prose.policy_sentence import plain
from policybook.book.site_file import FileFamily
from policybook.iam.denies import Certainty
from policybook.iam.mitigation import Mitigation
from policybook.model.book import ImportedSource
from policybook.model.changes import Verdict
from policybook.model.deprecation import State
from policybook.model.risk_rules import Rule
from policybook.output.json.conditions import Condition, condition_block
from policybook.output.json.history_results import LastChangeResult, last_change_result
from policybook.output.json.policy_results import level_counts


class RuleResult(Struct, frozen=True):
    """A risk rule with the policies that match.

    Attributes:
        rule: The rule as in the data.
        url: The address of the rule's page.
        policies: The policies whose current version matches, each with what limits the risk.
    """

    rule: Rule
    url: str
    policies: Mapping[str, Mitigation]


class DocumentRisks(Struct, frozen=True):
    """All risk rules in the order of their file."""

    rules: tuple[RuleResult, ...]


class PolicyLineResult(Struct, frozen=True):
    """A policy in the list of policies.

    Attributes:
        name: The name of the policy.
        arn: Its ARN, or null.
        type: Its type.
        limits_only: Whether it grants nothing and only limits others, as a permissions boundary.
        partition: The partition of AWS in its ARN, such as `aws-cn`, or null.
        current: The key of the current version, or null without a known document.
        updated: The date of the last update, or null.
        last_effective_change: The last change with an effect; null if none is known.
        services: The number of service prefixes of its actions.
        levels: The number of effective actions by access level.
        unmatched: The number of wildcard patterns that match no action; they are not in `levels`.
        verdict: The verdict of the last change, with or without an effect, or null.
        state: `current`, `on-the-way-out` or `deprecated`.
        sentence: What the current version does, in a sentence generated from its document.
        url: The address of its page.
        api: The address of its JSON file.
    """

    name: str
    arn: str | None
    type: str
    limits_only: bool
    partition: str | None
    current: str | None
    updated: date | None
    last_effective_change: LastChangeResult | None
    services: int
    levels: Mapping[str, int]
    unmatched: int
    verdict: Verdict | None
    state: State
    sentence: str
    url: str
    api: str


class PassingResult(Struct, frozen=True, kw_only=True):
    """A statement that allows passing roles.

    Attributes:
        policy: The policy.
        version: The key of its current version.
        statement: The number of the statement, from 1.
        patterns: The patterns that match `iam:PassRole`; empty if the statement has NotAction.
        not_action: The patterns of NotAction, or empty.
        roles: The resource patterns of the roles.
        not_roles: Whether all roles except `roles` can be passed.
        to: `any` without a limit on the service, `listed` if a condition says which services are
            allowed, `except` if conditions only exclude services, or `unread` if the condition on
            the service is not interpreted.
        services: The services to which roles can be passed, of those that a condition of the book
            names; null if `to` is `any` or `unread`.
        complete: Whether no service but these is allowed; false if a pattern or an exclusion may
            allow others.
        condition: The condition block, values always as lists.
        certainty: `yes`, `conditional`, `unsupported` if AWS's action list has no resource of the
            action that the statement names, or `no` if a Deny of the policy removes the grant.
        denied_by: The numbers of the Deny statements that limit the grant.
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
    complete: bool
    condition: Condition
    certainty: Certainty
    denied_by: tuple[int, ...]


class Endpoint(Struct, frozen=True):
    """A file of the API, or a family of files.

    `path` is its address, with the variable part of a family in braces; `holds` says what it has.
    """

    path: str
    holds: str


class IndexResult(Struct, frozen=True):
    """The index of the API.

    `policies`, `limiting`, `versions` and `services` are numbers: `limiting` of the policies that
    grant nothing, the others without them. `data_to` is the last day of the data,
    `action_list` that of AWS's action list.
    """

    title: str
    policies: int
    limiting: int
    versions: int
    services: int
    data_to: date | None
    action_list: str
    sources: Mapping[str, ImportedSource]
    endpoints: tuple[Endpoint, ...]


def index_result(context: BookContext, families: Iterable[FileFamily]) -> IndexResult:
    """Return the index of the API.

    Args:
        context: The book.
        families: The families of files; those without a title are not listed.
    """
    return IndexResult(
        title=context.book.facts.title,
        policies=len(context.book.granting),
        limiting=len(context.book.limiting),
        versions=sum(len(p.versions) for p in context.book.granting.values()),
        services=len(context.services.prefixes()),
        data_to=context.book.data_to,
        action_list=context.catalogue.date,
        sources=context.book.sources,
        endpoints=tuple(Endpoint(f.path, f.title) for f in families if f.title),
    )


def lines_result(context: BookContext) -> tuple[PolicyLineResult, ...]:
    """Return the list of policies, by name."""
    return tuple(_line(context, name) for name in context.book.policies)


def _line(context: BookContext, name: str) -> PolicyLineResult:
    policy = context.book.policies[name]
    line = context.policy_lines.of(name)
    return PolicyLineResult(
        name=name,
        arn=policy.facts.arn,
        type=policy.type,
        limits_only=not policy.grants,
        partition=line.partition,
        current=policy.current.key if policy.current else None,
        updated=line.updated,
        last_effective_change=last_change_result(line.last),
        services=line.services,
        levels=level_counts(line.levels),
        unmatched=line.unmatched,
        verdict=line.verdict,
        state=line.state,
        sentence=plain(line.sentence),
        url=addresses.policy(name).url,
        api=f"{addresses.API_ROOT}policies/{name}.json",
    )


def risks_result(context: BookContext) -> DocumentRisks:
    """Return all risk rules, in the order of their file."""
    found = {name: context.risks.met(name) for name in context.book.policies}
    return DocumentRisks(
        tuple(
            RuleResult(
                rule,
                addresses.risk(rule.id).place,
                {name: of[rule.id] for name, of in found.items() if rule.id in of},
            )
            for rule in context.book.rules.values()
        )
    )


def passrole_result(context: BookContext) -> tuple[PassingResult, ...]:
    """Return the statements that allow passing roles, by policy, then statement."""
    return tuple(
        PassingResult(
            policy=found.policy,
            version=found.version,
            statement=found.statement,
            patterns=found.patterns,
            not_action=found.not_action,
            roles=tuple(pattern for role in found.roles for pattern in role.patterns),
            not_roles=any(role.negated for role in found.roles),
            to=found.services.to,
            services=None if found.services.to in ("any", "unread") else found.services.names,
            complete=found.services.complete,
            condition=condition_block(found.condition),
            certainty=found.certainty,
            denied_by=found.denials,
        )
        for found in context.passrole.passings()
    )


class NewActionsResult(Struct, frozen=True):
    """What AWS added to its action list and removed, step by step, the newest first."""

    steps: tuple[CatalogueStep, ...]


def new_actions_result(context: BookContext) -> NewActionsResult:
    """What AWS added and removed between the action lists of the book and the one in use."""
    return NewActionsResult(context.growth.steps())
