"""Roles: their policies, which may be outside the book, and what limits them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from policybook.model.fields import AccountId, PolicyReference, Record, Text
from policybook.model.links import Link
from policybook.model.policies import Policy


class Role(Record, frozen=True):
    """One role of `roles.yml`: its policies, its permissions boundary, the roles that it passes.

    A policy of the book is named by its name or ARN, one outside the book by its ARN. `trust` is
    the document that says who may assume the role. `accounts` are those that have the role as it is
    here. Where an import found it, a group or a user is named as `group/Name` or `user/Name`.
    """

    name: Text
    summary: Text | None = None
    policies: tuple[PolicyReference, ...] = ()
    boundary: PolicyReference | None = None
    trust: dict[str, Any] = {}
    accounts: tuple[AccountId, ...] = ()
    passes: tuple[Text, ...] = ()
    links: tuple[Link, ...] = ()


def kind_of(name: str) -> str:
    """Whether a role of this name is a role, a group or a user of IAM."""
    kind, slash, _ = name.partition("/")
    return kind if slash and kind in ("group", "user") else "role"


class RolesFile(Record, frozen=True):
    """`roles.yml`."""

    roles: tuple[Role, ...]


class NamedPolicy(Struct, frozen=True):
    """A policy that a role names.

    Attributes:
        name: Its name, in the book or, outside it, as the end of the ARN.
        in_book: Whether the book has it.
        of_aws: Whether AWS manages it.
        reference: What the role's file says.
    """

    name: str
    in_book: bool
    of_aws: bool
    reference: str


def named_policy(reference: str, policies: Mapping[str, Policy]) -> NamedPolicy:
    """What a reference stands for.

    An ARN stands for the policy of the book that has it. If AWS manages the policy, it stands for
    the one of AWS that has its name and no known ARN, too: AWS uses a name once.

    Args:
        reference: A name or an ARN.
        policies: The policies of the book by name.
    """
    if not reference.startswith("arn:"):
        policy = policies.get(reference)
        of_aws = policy is not None and policy.is_of_aws
        return NamedPolicy(reference, policy is not None, of_aws, reference)
    name, of_aws = reference.rsplit("/", 1)[1], reference.split(":")[4] == "aws"
    for policy in policies.values():
        if policy.name.partition("~")[0] == name and (
            policy.facts.arn == reference or (of_aws and not policy.facts.arn and policy.is_of_aws)
        ):
            return NamedPolicy(policy.name, True, of_aws, reference)
    return NamedPolicy(name, False, of_aws, reference)
