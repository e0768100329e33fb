"""Risks: the rules that a policy and its versions match, and the page of all rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import get_args

from msgspec import Struct

from policybook.analysis.effective_actions import Strength, strengths
from policybook.analysis.risks import ChangeKind, Flag, StepGrant, VersionRisks
from policybook.book.context import BookContext
from policybook.iam.mitigation import Mitigation
from policybook.lists.risks import KIND_TITLES, risks_list
from policybook.lists.table import ListTable
from policybook.model.risk_rules import Kind, Rule, Step
from policybook.pages.page import TocItem


class GrantPart(Struct, frozen=True):
    """A statement that matches a step, and the kinds of its condition."""

    grant: StepGrant
    strengths: tuple[Strength, ...]


class StepPart(Struct, frozen=True):
    """A step of a rule, and the statements of a policy that match it."""

    step: Step
    mitigation: Mitigation
    grants: tuple[GrantPart, ...]


class FlagPart(Struct, frozen=True):
    """A rule that a policy matches; `statements` are those that match one of its steps."""

    rule: Rule
    kind: str
    mitigation: Mitigation
    steps: tuple[StepPart, ...]
    statements: tuple[int, ...]


class RiskLine(Struct, frozen=True):
    """A risk that a version added, removed or changed; `before` and `after` say what limits it."""

    rule: Rule
    kind: ChangeKind
    before: Mitigation | None
    after: Mitigation | None


class RulePart(Struct, frozen=True):
    """A rule, and how many current versions of policies match it, without and with limits."""

    rule: Rule
    open: int
    limited: int


class KindPart(Struct, frozen=True):
    """The rules of one kind."""

    kind: Kind
    title: str
    rules: tuple[RulePart, ...]


class RisksView(Struct, frozen=True):
    """All rules, by kind."""

    toc: tuple[TocItem, ...]
    jump: tuple[TocItem, ...]
    table: ListTable
    kinds: tuple[KindPart, ...]
    rules: int
    policies: int
    checked: int


def flag_parts(context: BookContext, found: Iterable[Flag]) -> tuple[FlagPart, ...]:
    """Return the matching rules to show: those without limits first, else in their own order."""
    parts = [_flag(context.book.rules[flag.rule], flag) for flag in found]
    return tuple(sorted(parts, key=lambda part: part.mitigation != "none"))


def _flag(rule: Rule, flag: Flag) -> FlagPart:
    steps = zip(rule.steps, flag.steps, flag.grants, strict=True)
    return FlagPart(
        rule,
        KIND_TITLES[rule.kind],
        flag.mitigation,
        tuple(
            StepPart(step, mitigation, tuple(GrantPart(g, strengths(g.condition)) for g in grants))
            for step, mitigation, grants in steps
        ),
        tuple(sorted({grant.statement for grants in flag.grants for grant in grants})),
    )


def risk_lines(context: BookContext, found: VersionRisks) -> tuple[RiskLine, ...]:
    """Return the risks that a version changed, in the order of the rules."""
    rules = context.book.rules
    return tuple(RiskLine(rules[c.rule], c.kind, c.before, c.after) for c in found.changes)


def risks_view(context: BookContext) -> RisksView:
    """Create the view of all rules, with policies by name, ignoring case."""
    names = sorted(context.book.policies, key=str.lower)
    found = {name: context.risks.met(name) for name in names}
    kinds = tuple(
        KindPart(kind, KIND_TITLES[kind], tuple(_rule(rule, found) for rule in rules))
        for kind in get_args(Kind)
        if (rules := [rule for rule in context.book.rules.values() if rule.kind == kind])
    )
    return RisksView(
        toc=(),
        jump=(
            TocItem("matches", "Policies that match"),
            TocItem("reading", "How to read this"),
            *(TocItem(part.kind, part.title) for part in kinds),
        ),
        table=risks_list(context),
        kinds=kinds,
        rules=len(context.book.rules),
        policies=sum(map(bool, found.values())),
        checked=sum(bool(policy.current) for policy in context.book.granting.values()),
    )


def _rule(rule: Rule, found: Mapping[str, Mapping[str, Mitigation]]) -> RulePart:
    limits = [of[rule.id] for of in found.values() if rule.id in of]
    return RulePart(rule, limits.count("none"), len(limits) - limits.count("none"))
