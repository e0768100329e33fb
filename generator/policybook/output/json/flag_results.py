"""The results for risk rules that a document matches, which need no book."""

from __future__ import annotations

from msgspec import Struct

from policybook.analysis.effective_actions import Strength, strengths
from policybook.analysis.risks import Flag, StepGrant
from policybook.iam.mitigation import Mitigation
from policybook.model.risk_rules import Kind, Rule
from policybook.output.json.conditions import Condition, condition_block


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
