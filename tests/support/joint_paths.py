"""Risk rules of several steps, and random documents that allow and deny them."""

from __future__ import annotations

from typing import Any

from policybook.model.risk_rules import Reference, Rule, Step

from tests.support.chance import chance

Statements = list[dict[str, Any]]
IF = {"Condition": {"StringEquals": {"aws:PrincipalTag/team": "x"}}}
ROLE = "arn:aws:iam::*:role/one"
WRITE = "s3:PutObject"


def rule(name: str, *actions: str) -> Rule:
    """A rule with a step for each action."""
    steps = tuple(Step(does=action, actions=(action,)) for action in actions)
    link = Reference(title="T", url="https://example.org/")
    return Rule(id=name, title=name, kind="pass-role", reason="R.", link=link, steps=steps)


RULES = {
    one.id: one
    for one in (
        rule("write", WRITE),
        rule("pass-and-write", "iam:PassRole", WRITE),
        rule("all-three", "iam:PassRole", WRITE, "sqs:SendMessage"),
    )
}


ACTIONS = ["iam:PassRole", "iam:*", WRITE, "s3:*", "sqs:SendMessage", "sqs:*", "s3:GetObject"]
PLACES = ["*", ROLE, "arn:aws:s3:::one/*", "arn:aws:sqs:*:*:*", "arn:aws:sqs:q:*:one"]


def random_statements(seed: str) -> Statements:
    """Up to four statements, one of eight a Deny."""
    r = chance(seed)
    return [
        {
            "Effect": "Deny" if r.random() < 0.12 else "Allow",
            "Action": r.sample(ACTIONS, r.randint(1, 2)),
            "Resource": r.choice(PLACES),
            **(IF if r.random() < 0.5 else {}),
        }
        for _ in range(r.randint(1, 4))
    ]
