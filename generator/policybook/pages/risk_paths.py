"""The page of a risk rule: its path, who walks it alone, and who allows which step."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from msgspec import Struct

from policybook.book import addresses
from policybook.book.context import BookContext
from policybook.book.dependencies import of_rule
from policybook.lists.risk_paths import alone_list, granting_steps, steps_list
from policybook.lists.risks import KIND_TITLES
from policybook.lists.table import ListTable
from policybook.model.risk_rules import Rule, Step
from policybook.pages.page import Page, TocItem
from policybook.pages.path_drawing import PathDrawing, path_drawing
from policybook.wording import words


class StepCount(Struct, frozen=True):
    """A step, and how many policies that can be attached allow it, without and with limits."""

    number: int
    step: Step
    open: int
    limited: int

    @property
    def total(self) -> int:
        """How many allow it."""
        return self.open + self.limited


class RuleView(Struct, frozen=True):
    """A risk rule. `steps_table` is None if the rule has one step only."""

    toc: tuple[TocItem, ...]
    jump: tuple[TocItem, ...]
    rule: Rule
    kind: str
    drawing: PathDrawing
    steps: tuple[StepCount, ...]
    table: ListTable
    steps_table: ListTable | None


def rule_pages(context: BookContext) -> Iterator[Page]:
    """Yield the page of each risk rule, in the order of the rules."""
    for rule in context.book.rules.values():
        yield Page(
            addresses.risk(rule.id).url,
            rule.title,
            f"Which managed policies make this possible, alone or together: {rule.title}.",
            "risk",
            addresses.RISKS.url,
            partial(rule_view, context, rule.id),
            crumbs=(("Risks", addresses.RISKS.url),),
            source="rules.yml",
            depends=of_rule(context, rule.id),
        )


def rule_view(context: BookContext, name: str) -> RuleView:
    """Create the view of a rule, by its id."""
    rule = context.book.rules[name]
    several = len(rule.steps) > 1
    steps = tuple(_counted(context, rule))
    jump = (
        TocItem("path", "Steps" if several else "Step"),
        TocItem("alone", "Policies that match it alone"),
        *((TocItem("together", "Policies together"),) if several else ()),
    )
    drawn = [(s.step.does, f"{words(s.total, 'attachable policy')}") for s in steps]
    return RuleView(
        toc=(),
        jump=jump,
        rule=rule,
        kind=KIND_TITLES[rule.kind],
        drawing=path_drawing(drawn, rule.title),
        steps=steps,
        table=alone_list(context, name),
        steps_table=steps_list(context, name) if several else None,
    )


def _counted(context: BookContext, rule: Rule) -> Iterator[StepCount]:
    granting = context.risks.granting(rule.id)
    found = [granting[name] for name in granting_steps(context, rule.id)]
    for number, step in enumerate(rule.steps):
        limits = [steps[number] for steps in found if steps[number]]
        unlimited = limits.count("none")
        yield StepCount(number + 1, step, unlimited, len(limits) - unlimited)
