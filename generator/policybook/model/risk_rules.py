"""The risk rules of `rules.yml`: what each looks for, why, and where AWS says so."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from policybook.model.fields import Record, Slug, Text, Url

Kind = Literal[
    "privilege-escalation",
    "pass-role",
    "permissions-management",
    "resource-policy",
    "credentials",
    "data-read",
]
AccessLevel = Literal["List", "Read", "Write", "Tagging", "Permissions management"]
ActionPattern = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9-]+:[A-Za-z0-9*?-]+(?!\n)$",
        max_length=200,
        extra_json_schema={
            "x-kind": "malformed-action",
            "x-expected": "an action of one service, such as iam:PassRole or s3:Get*",
        },
    ),
]
NamePattern = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9*?-]+(?!\n)$",
        max_length=200,
        extra_json_schema={
            "x-kind": "malformed-action",
            "x-expected": "names without their service, such as Get*",
        },
    ),
]
ConditionKey = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9-]+:[!-~]+(?!\n)$",
        max_length=200,
        extra_json_schema={
            "x-kind": "bad-name",
            "x-expected": "a condition key such as iam:PassedToService",
        },
    ),
]
ResourcePattern = Annotated[
    str,
    Meta(
        pattern=r"^arn:[!-~]+(?!\n)$",
        max_length=2_000,
        extra_json_schema={
            "x-kind": "bad-arn",
            "x-expected": "a pattern of ARNs such as arn:*:iam::*:user/${aws:username}",
        },
    ),
]


# It has the fields of `Link`, but the published schema calls it `Reference`.
class Reference(Record, frozen=True):
    """The page that explains what a rule is about."""

    title: Text
    url: Url


class Step(Record, frozen=True):
    """One thing that must be granted: any of the actions, or any action of a level, or both.

    With both, the actions are those of the level that the patterns match. Actions whose names,
    without the service, match a pattern of `but` are left out. `own` are patterns of resources that
    are the caller's own: a grant on nothing else does not meet the step. `context` has condition
    keys of such a request, with their possible values: a grant whose condition is met by none of
    them does not meet the step. With `open`, only grants on all resources of a type meet the
    step. `limited_by` are condition keys that limit what the rule is about.
    """

    does: Text
    actions: tuple[ActionPattern, ...] = ()
    level: AccessLevel | None = None
    but: tuple[NamePattern, ...] = ()
    own: tuple[ResourcePattern, ...] = ()
    context: dict[ConditionKey, Annotated[tuple[Text, ...], Meta(min_length=1)]] = {}
    open: bool = False
    limited_by: tuple[ConditionKey, ...] = ()


class Rule(Record, frozen=True):
    """A rule: a document matches it if it grants every step.

    `paths` are the ids of the published escalation paths for which the rule stands.
    """

    id: Slug
    title: Text
    kind: Kind
    reason: Text
    link: Reference
    steps: Annotated[tuple[Step, ...], Meta(min_length=1)]
    paths: tuple[Slug, ...] = ()


class RulesFile(Record, frozen=True):
    """`rules.yml`."""

    rules: tuple[Rule, ...]
