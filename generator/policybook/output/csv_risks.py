"""Tables for spreadsheets about risks: which rules policies match, and which roles they pass."""

from __future__ import annotations

from collections.abc import Iterator

from policybook.book.context import BookContext
from policybook.model.attachable import can_be_attached
from policybook.output.csv_text import Row, condition_text, value_text
from policybook.output.json.conditions import condition_block


def risks(context: BookContext) -> Iterator[Row]:
    """Yield a row for each policy and each risk rule that it matches, with what limits the risk."""
    yield ("policy", "type", "state", "rule", "title", "kind", "limits")
    for name, policy in context.book.policies.items():
        for rule_id, limits in context.risks.met(name).items():
            rule = context.book.rules[rule_id]
            facts = (name, policy.type, policy.deprecation.state)
            yield (*facts, rule.id, rule.title, rule.kind, limits)


def rule(context: BookContext, name: str) -> Iterator[Row]:
    """Yield a row for each policy that grants a step of a rule, with what limits each step.

    `alone` is what limits the risk if the policy matches the rule alone; the columns after it say
    since when.

    Args:
        context: The book.
        name: The id of the rule.
    """
    steps = [f"step {n}: {step.does}" for n, step in enumerate(context.book.rules[name].steps, 1)]
    facts = ("policy", "type", "state", "attachable", *steps)
    yield (*facts, "alone", "since", "since_day", "first_seen")
    for policy, limits in context.risks.granting(name).items():
        found = context.book.policies[policy]
        since = context.risks.since(policy).get(name)
        began = (since.version, since.day, "yes" if since.first_seen else "no") if since else ()
        yield (
            policy,
            found.type,
            found.deprecation.state,
            "yes" if can_be_attached(found) else "no",
            *(step or "" for step in limits),
            context.risks.met(policy).get(name, ""),
            *(began or ("", "", "")),
        )


def passrole(context: BookContext) -> Iterator[Row]:
    """Yield a row for each statement that allows passing roles.

    `to` says whether the services are limited: `any`, `listed`, `except` or `unread`.
    """
    facts = ("policy", "version", "statement", "pattern", "not_action", "role", "not_role")
    yield (*facts, "to", "services", "condition", "certainty", "denials")
    for found in context.passrole.passings():
        roles = [pattern for term in found.roles if not term.negated for pattern in term.patterns]
        others = [pattern for term in found.roles if term.negated for pattern in term.patterns]
        yield (
            found.policy,
            found.version,
            found.statement,
            " ".join(map(value_text, found.patterns)),
            " ".join(map(value_text, found.not_action)),
            " ".join(map(value_text, roles)),
            " ".join(map(value_text, others)),
            found.services.to,
            " ".join(found.services.names),
            condition_text(found.condition and condition_block(found.condition)),
            found.certainty,
            " ".join(map(str, found.denials)),
        )
