"""The results for risk rules that a document matches, and for the policies that match a rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from policybook.book import addresses
from policybook.book.context import BookContext
from policybook.book.facts.risks import RiskStart
from policybook.iam.mitigation import Mitigation
from policybook.model.attachable import can_be_attached
from policybook.model.risk_rules import Rule


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
