"""Roles, groups and users as they were printed, and the policies inside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Any

import msgspec

from policybook.data.characters import control_characters_in_value
from policybook.importers.accounts.policy_facts import Read, Unusable, inline_policy
from policybook.importers.accounts.printed_json import (
    NotPrinted,
    PrintedPrincipal,
    decoded,
    document_text,
)
from policybook.importers.policy_list import checked_arn
from policybook.importers.records import ArchivedPolicy
from policybook.importers.snapshots import is_policy_name
from policybook.model.roles import Role
from policybook.wording import words

ARN = re.compile(
    r"arn:aws[a-z-]*:iam::(?P<account>[0-9]{12}):(?P<kind>role|group|user)/([!-~]+/)*"
    r"(?P<name>[A-Za-z0-9_+=,.@-]{1,128})"
)
_MOST = 100  # characters after `~`, as in other names of folders


def principals_of(
    id_: str, principals: Iterable[PrintedPrincipal], read: Read, *, users: bool
) -> tuple[list[Role], list[ArchivedPolicy]]:
    """The roles, groups and users of an account, and their inline policies, in order of ARN.

    Args:
        id_: The account.
        principals: What was printed of them; each ARN is one of ARN.
        read: Gets what is skipped.
        users: Whether to read users, and not only to count them.
    """
    roles: list[Role] = []
    inline: dict[str, ArchivedPolicy] = {}
    hidden: list[PrintedPrincipal] = []
    for principal in sorted(principals, key=lambda p: p.arn):
        match = ARN.fullmatch(principal.arn)
        assert match  # or it would not have been added
        kind, name = match["kind"], match["name"]
        if not is_policy_name(name):  # such as one that begins with a dot, as hidden files do
            read.skip(principal.arn, "the data has no place for this name")
            continue
        if kind == "user" and not users:
            hidden.append(principal)
            continue
        own = dict(_inline(principal, f"{kind}.{name}", read))
        inline.update(own)
        shown = name if kind == "role" else f"{kind}/{name}"
        roles.append(_role(shown, principal, own, read))
    if hidden:
        count = sum(len(user.inline) for user in hidden)
        read.notes.append(
            f"{id_}: counted and not named: {words(len(hidden), 'user')} with "
            f"{words(count, 'inline policy')}; --users imports them"
        )
    return roles, list(inline.values())


def _role(name: str, principal: PrintedPrincipal, inline: Iterable[str], read: Read) -> Role:
    """A role, group or user with its managed policies, by ARN, and its inline ones, by name."""
    boundary = principal.permissions_boundary
    attached = sorted(one.policy_arn for one in principal.attached_managed_policies)
    limit = [boundary.permissions_boundary_arn] if boundary else []
    return Role(
        name=name,
        policies=tuple(dict.fromkeys((*_checked(principal, attached, read), *inline))),
        boundary=next(_checked(principal, limit, read), None),
        trust=_trust(principal, read),
    )


def _inline(
    principal: PrintedPrincipal, owner: str, read: Read
) -> Iterator[tuple[str, ArchivedPolicy]]:
    """The inline policies of a principal by the names that they have in the data."""
    if len(owner) > _MOST:
        digest = blake2b(owner.encode(), digest_size=6).hexdigest()
        owner = f"{owner[: _MOST - len(digest) - 1]}.{digest}"
    for policy in principal.inline:
        name = f"{policy.policy_name}~{owner}"
        read.states += 1
        try:
            if not is_policy_name(policy.policy_name):
                raise Unusable("the name is not a policy's")
            yield name, inline_policy(name, document_text(policy.policy_document))
        except (Unusable, NotPrinted) as error:
            read.skip(name, error)


def _checked(principal: PrintedPrincipal, arns: Iterable[str], read: Read) -> Iterator[str]:
    """The ARNs that are those of policies."""
    for arn in arns:
        if checked_arn(arn.rpartition("/")[2], arn):
            yield arn
        else:
            read.skip(principal.arn, f"expected the ARN of a policy, found {arn!r}")


def _trust(principal: PrintedPrincipal, read: Read) -> dict[str, Any]:
    """The document that says who may assume a role; empty without one."""
    raw = principal.assume_role_policy_document
    if isinstance(raw, msgspec.UnsetType):
        return {}
    try:
        value = decoded(document_text(raw), dict[str, Any])
        if errors := list(control_characters_in_value(value, document=True)):
            raise NotPrinted(errors[0].reason)
    except NotPrinted as error:
        read.skip(principal.arn, f"its trust policy is left out: {error}")
        return {}
    return value
