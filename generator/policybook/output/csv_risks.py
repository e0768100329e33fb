"""Tables for spreadsheets about risks: which rules policies match, and which roles they pass."""

from __future__ import annotations

from collections.abc import Iterator

from policybook.book.context import BookContext
from policybook.output.csv_text import Row, condition_text, value_text
from policybook.output.json.conditions import condition_block


def risks(context: BookContext) -> Iterator[Row]:
    """Yield a row for each policy and each risk rule that it matches, with what limits the risk."""
    yield ("policy", "type", "state", "rule", "title", "kind", "limits")
    for name, policy in context.book.policies.items():
        for rule_id, limits in context.risks.met(name).items():
            rule = context.book.rules[rule_id]
            facts = (name, policy.facts.type, policy.deprecation.state)
            yield (*facts, rule.id, rule.title, rule.kind, limits)


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
