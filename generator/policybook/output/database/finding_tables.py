"""The tables of risk rules, the policies that match them, and the overlap of policies."""

from __future__ import annotations

from collections.abc import Iterator

from policybook.book.context import BookContext
from policybook.output.database.declarations import (
    DatabaseRow,
    DataTable,
    boolean,
    date,
    integer,
    number,
    text,
)
from policybook.output.database.numbers import Numbers


def _rules(context: BookContext, numbers: Numbers) -> Iterator[DatabaseRow]:
    for name, place in numbers.rules.items():
        rule = context.book.rules[name]
        yield place, name, rule.title, rule.kind, len(rule.steps)


def _risks(context: BookContext, numbers: Numbers) -> Iterator[DatabaseRow]:
    for policy, place in numbers.policies.items():
        since = context.risks.since(policy)
        for rule, mitigation in context.risks.met(policy).items():
            start = since.get(rule)
            stands = (start.version, start.day, start.first_seen) if start else (None,) * 3
            yield (place, numbers.rules[rule], mitigation, *stands)


def _overlaps(context: BookContext, numbers: Numbers) -> Iterator[DatabaseRow]:
    for policy, place in numbers.policies.items():
        found = context.overlap.of(policy)
        if found:
            lists = {
                "contained_in": found.contained_in,
                "contains": found.contains,
                "equal": found.equal,
                "near": found.near,
            }
            yield from sorted(
                (
                    place,
                    numbers.policies[line.name],
                    relation,
                    line.more,
                    line.less,
                    line.covers,
                    line.covered,
                )
                for relation, lines in lists.items()
                for line in lines
            )


TABLES = (
    DataTable(
        name="risk_rules",
        text="The risk rules. A match is something to review, not a vulnerability.",
        columns=(
            number("risk_rules"),
            text("rule", "the id of the rule"),
            text("title", "what it is about"),
            text("kind", "the kind of risk"),
            integer("steps", "how many must all be granted", "steps"),
        ),
        unique=(("rule",),),
        rows=_rules,
    ),
    DataTable(
        name="risks",
        text="The risk rules that the current version of each policy matches.",
        columns=(
            integer("policy_id", "the policy", refers="policies"),
            integer("risk_rule_id", "the rule", refers="risk_rules"),
            text("mitigation", "what limits it: `none`, `scoped`, `conditional` or a combination"),
            text("since", "the key of the version since which it matches", optional=True),
            date("since_day", "the day on which that became the default"),
            boolean("first_seen", "whether an older version may have matched", optional=True),
        ),
        key=("policy_id", "risk_rule_id"),
        indexes=(("risk_rule_id",),),
        rows=_risks,
    ),
    DataTable(
        name="overlaps",
        text="Policies that contain, equal or nearly equal each other, by effective actions.",
        columns=(
            integer("policy_id", "the policy", refers="policies"),
            integer("other_id", "the other policy", refers="policies"),
            text("relation", "`contained_in`, `contains`, `equal` or `near`: what the policy is"),
            integer("more", "how many only the other policy has", "effective actions"),
            integer("less", "how many only this policy has", "effective actions"),
            text("covers", "whether the other covers its grants: `yes`, `no` or `undetermined`"),
            text("covered", "whether it covers the grants of the other"),
        ),
        key=("policy_id", "other_id"),
        rows=_overlaps,
    ),
)
