"""The steps of risk rules that each policy grants, for scripts: `engine/risk-steps.json`.

`types/paths.d.ts` describes it; `assets/engine/analysis/joint-paths.js` reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

import msgspec
from msgspec import Struct

from policybook.book.context import BookContext
from policybook.book.facts.risks import StepLimits
from policybook.book.site_file import one_file
from policybook.iam.mitigation import MITIGATIONS

PATH = "engine/risk-steps.json"
LIMITS_OF_STEP = 8
"""What the position of a step is multiplied by, before the mark of its limits is added."""


class StepsRule(Struct, frozen=True):
    """A risk rule: its id, title and kind, and what each step does."""

    id: str
    title: str
    kind: str
    steps: tuple[str, ...]


class RiskSteps(Struct, frozen=True):
    """All rules, and the policies that grant a step of one.

    Steps are counted through all rules, from 0. A grant is the position of the step times
    `LIMITS_OF_STEP`, and the position of its limits in `limits`.

    Attributes:
        limits: What can limit a step, the weakest first.
        rules: The rules.
        grants: The steps that each policy grants, by its name.
        removed: The steps that the Denies of a policy remove, by its name.
        limited: The steps that they limit, or may limit.
    """

    limits: tuple[str, ...]
    rules: tuple[StepsRule, ...]
    grants: Mapping[str, tuple[int, ...]]
    removed: Mapping[str, tuple[int, ...]]
    limited: Mapping[str, tuple[int, ...]]


def risk_steps(context: BookContext) -> RiskSteps:
    """Return the steps that the current version of each policy grants and denies."""
    rules = context.book.rules.values()
    denies = {name: context.risks.denied_steps(name) for name in context.book.policies}
    grants = {
        name: tuple(_packed(found.get(rule.id, (None,) * len(rule.steps)) for rule in rules))
        for name in context.book.policies
        if (found := context.risks.steps(name))
    }
    return RiskSteps(
        MITIGATIONS,
        tuple(
            StepsRule(rule.id, rule.title, rule.kind, tuple(step.does for step in rule.steps))
            for rule in rules
        ),
        grants,
        {name: found.removed for name, found in denies.items() if found.removed},
        {name: found.limited for name, found in denies.items() if found.limited},
    )


def _packed(of_rules: Iterable[StepLimits]) -> Iterable[int]:
    for place, limits in enumerate(chain.from_iterable(of_rules)):
        if limits:
            yield place * LIMITS_OF_STEP + MITIGATIONS.index(limits)


def _file(context: BookContext) -> bytes:
    return msgspec.json.encode(risk_steps(context)) + b"\n"


FILES = (one_file(PATH, "", _file, present=lambda context: bool(context.book.rules)),)
