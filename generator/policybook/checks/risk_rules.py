"""Checks of the risk rules in `rules.yml`."""

from __future__ import annotations

from collections.abc import Iterator

from policybook.analysis.risks import is_about
from policybook.analysis.unknown_actions import action_hint
from policybook.checks.context import CheckContext
from policybook.errors import Finding


def risk_rules(context: CheckContext) -> Iterator[Finding]:
    """The actions of risk rules are in the catalogue; others are warnings, since it may change."""
    for place, rule in enumerate(context.book.rules.values()):
        for number, step in enumerate(rule.steps):
            for at, pattern in enumerate(step.actions):
                named = map(context.catalogue.action, context.catalogue.named_by(pattern))
                if not any(action and is_about(step, action) for action in named):
                    level = f" of the level {step.level}" if step.level else ""
                    listed = f"AWS's action list of {context.catalogue.date}"
                    yield Finding(
                        file="rules.yml",
                        path=("rules", place, "steps", number, "actions", at),
                        kind="uncatalogued-action",
                        expected=f"an action{level} in {listed}",
                        found=repr(pattern),
                        level="warning",
                        hint=action_hint(pattern, context.catalogue),
                    )
