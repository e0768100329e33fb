"""The results for risk rules that a document matches, and for the policies that match a rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from policybook.analysis.effective_actions import Strength, strengths
from policybook.analysis.risks import Flag, StepGrant
from policybook.book import addresses
from policybook.book.facts.risks import RiskStart
from policybook.iam.mitigation import Mitigation
from policybook.model.attachable import can_be_attached
from policybook.model.risk_rules import Kind, Rule
from policybook.output.json.conditions import Condition, condition_block

if TYPE_CHECKING:
    from policybook.book.context import BookContext


class StepGrantResult(Struct, frozen=True):
    """A statement that matches a step of a risk rule, and what limits it.

    Attributes:
        statement: The number of the statement, from 1.
        patterns: The patterns that match `actions`; empty for NotAction.
        actions: The actions of the step that the statement grants.
        resources: The resource patterns.
        not_resources: Whether the statement is about all resources except `resources`.
        condition: The condition block, values always as lists.
        strength: The kinds of condition.
        mitigation: What limits the grant.
        denied_by: The numbers of the Deny statements that limit the grant, or may limit it.
        scopable: Whether any of the actions can be limited to a resource.
        limiting: The condition keys that limit the risk, according to the rule.
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
    """A step of a risk rule, what limits it, and the statements that match it."""

    does: str
    mitigation: Mitigation
    grants: tuple[StepGrantResult, ...]


class FlagResult(Struct, frozen=True):
    """A risk rule that a document matches; `rule` is its id."""

    rule: str
    title: str
    kind: Kind
    mitigation: Mitigation
    steps: tuple[StepResult, ...]


class RiskSinceResult(Struct, frozen=True):
    """Since when a policy matches a risk rule without interruption.

    Attributes:
        version: The key of the version.
        day: The date on which it became the default, or null.
        first_seen: Whether an older version may have matched, too.
    """

    version: str
    day: date | None
    first_seen: bool


class AloneResult(Struct, frozen=True):
    """A policy that matches a risk rule alone.

    Attributes:
        policy: The name of the policy.
        mitigation: What limits the risk.
        since: Since when it matches; null if that is unknown.
        attachable: Whether nothing says that the policy cannot be attached next to others.
    """

    policy: str
    mitigation: Mitigation
    since: RiskSinceResult | None
    attachable: bool


class GrantedStepResult(Struct, frozen=True):
    """A step of a risk rule, and the attachable policies that grant it, with what limits each."""

    does: str
    policies: Mapping[str, Mitigation]


class RulePathResult(Struct, frozen=True):
    """A risk rule, the policies that match it alone, and those that grant each step."""

    rule: Rule
    url: str
    alone: tuple[AloneResult, ...]
    steps: tuple[GrantedStepResult, ...]


def rule_path_result(context: BookContext, name: str) -> RulePathResult:
    """Return the result for a rule, by its id; policies by name, ignoring case."""
    rule, policies = context.book.rules[name], context.book.policies
    granting = context.risks.granting(name)
    attachable = [policy for policy in granting if can_be_attached(policies[policy])]
    return RulePathResult(
        rule,
        addresses.risk(name).place,
        tuple(
            AloneResult(
                policy,
                context.risks.met(policy)[name],
                _since(context.risks.since(policy).get(name)),
                policy in attachable,
            )
            for policy, steps in granting.items()
            if all(steps)
        ),
        tuple(
            GrantedStepResult(
                step.does,
                {policy: limits for policy in attachable if (limits := granting[policy][place])},
            )
            for place, step in enumerate(rule.steps)
        ),
    )


def _since(start: RiskStart | None) -> RiskSinceResult | None:
    return RiskSinceResult(start.version, start.day, start.first_seen) if start else None


def flag_result(rule: Rule, flag: Flag) -> FlagResult:
    """Return the result for a risk rule that a document matches."""
    steps = zip(rule.steps, flag.steps, flag.grants, strict=True)
    return FlagResult(
        rule.id,
        rule.title,
        rule.kind,
        flag.mitigation,
        tuple(
            StepResult(step.does, mitigation, tuple(map(step_grant_result, grants)))
            for step, mitigation, grants in steps
        ),
    )


def step_grant_result(grant: StepGrant) -> StepGrantResult:
    """Return the result for a statement that grants a step of a risk rule."""
    return StepGrantResult(
        grant.statement,
        grant.patterns,
        grant.actions,
        grant.resources.patterns,
        grant.resources.negated,
        condition_block(grant.condition),
        strengths(grant.condition),
        grant.mitigation,
        grant.denials,
        grant.scopable,
        grant.limiting,
    )
