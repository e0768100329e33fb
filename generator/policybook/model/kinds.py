"""Kinds of policies that grant nothing: they only limit what other policies grant.

A permissions boundary, a service control policy and a resource control policy set the most that a
principal or an account can have (IAM User Guide, "Policies and permissions in IAM"; AWS
Organizations User Guide, "Authorization policies"). What such a policy allows is granted to nobody.
"""

from __future__ import annotations

from collections.abc import Mapping

from policybook.model.fields import PolicyName, PolicyType, Record, Text
from policybook.model.links import Link

NOT_GRANTING: tuple[PolicyType, ...] = (
    "permissions-boundary",
    "service-control-policy",
    "resource-control-policy",
)
KIND_WORDS: Mapping[PolicyType, str] = {
    "permissions-boundary": "a permissions boundary",
    "service-control-policy": "a service control policy",
    "resource-control-policy": "a resource control policy",
}
"""The kinds in words, with their articles."""
KIND_COUNTS: Mapping[PolicyType, tuple[str, str]] = {
    "permissions-boundary": ("permissions boundary", "permissions boundaries"),
    "service-control-policy": ("service control policy", "service control policies"),
    "resource-control-policy": ("resource control policy", "resource control policies"),
}
"""The kinds as they are counted: one, and several."""
OF_ORGANIZATIONS: tuple[PolicyType, ...] = ("service-control-policy", "resource-control-policy")
"""The kinds that AWS Organizations attaches to accounts, and IAM to nothing."""


class ReviewedBoundary(Record, frozen=True):
    """A policy of `boundaries.yml`: AWS means it as a permissions boundary, as the `source` says.

    `note` says in our words what the source says. The book need not have the policy.
    """

    name: PolicyName
    source: Link
    note: Text | None = None


class BoundariesFile(Record, frozen=True):
    """`boundaries.yml`."""

    policies: tuple[ReviewedBoundary, ...]


def does_grant(type_: PolicyType) -> bool:
    """Whether a principal gets what a policy of the type allows."""
    return type_ not in NOT_GRANTING
