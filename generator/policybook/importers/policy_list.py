"""Reads what a git archive records of policies beside their documents.

The list of policies has ARNs, dates of creation and whether they can be attached; a second file has
the names of deprecated policies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import msgspec
from msgspec import Struct

from policybook.importers.git import Git, State
from policybook.importers.records import ArchivedPolicy
from policybook.importers.snapshots import policy_name, utc_day
from policybook.model.fields import Arn, PolicyType

LIST = "policies-list.json"
DEPRECATED = "DEPRECATED.json"

# Of the list's states every so many are read: a policy that was removed is found in an older one.
_LIST_STEP = 20
_TYPES: Mapping[str, PolicyType] = {
    "/job-function/": "job-function",
    "/service-role/": "service-role",
    "/aws-service-role/": "service-linked-role",
}


class ListedPolicy(Struct, rename="pascal"):
    """A policy as IAM's `list-policies` prints it."""

    policy_name: str
    arn: str
    path: str
    create_date: datetime
    is_attachable: bool | None = None


class _List(Struct, rename="pascal"):
    policies: list[ListedPolicy]


def listed_policies(
    git: Git, names: set[str], snapshots: Iterable[State]
) -> Mapping[str, ListedPolicy]:
    """The policies by name, as the newest list that has them prints them.

    Args:
        git: The archive.
        names: The policies to find; reading stops when all are found.
        snapshots: The states of the policies' files. A policy that was listed for a few days only
            is found in the lists of these days.
    """
    found: dict[str, ListedPolicy] = {}
    states = [s for s in reversed(git.states(LIST)) if s.blob]

    def read(some: Iterable[State]) -> None:
        for _, content in git.contents(some):
            try:
                listed = msgspec.json.decode(content, type=_List).policies
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                continue
            for policy in listed:
                found.setdefault(policy.policy_name, policy)
            if names <= found.keys():
                break

    read((*states[::_LIST_STEP], *states[-1:]))
    unlisted = names - found.keys()
    days = {s.day for s in snapshots if policy_name(s.path) in unlisted}
    read(s for s in states if s.day in days)
    return found


def deprecated_names(git: Git) -> Mapping[str, str]:
    """The names of deprecated policies, each with a day or another text."""
    states = [s for s in git.states(DEPRECATED) if s.blob]
    for _, content in git.contents(reversed(states)):
        try:
            found = msgspec.json.decode(content, type=dict[str, Any])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
        return {name: str(day) for name, day in found.items()}
    return {}


def described(
    policy: ArchivedPolicy, listed: ListedPolicy | None, deprecated: Mapping[str, str]
) -> ArchivedPolicy:
    """The policy with what the lists record of it.

    Args:
        policy: The policy as its snapshots show it.
        listed: Its entry in the list of policies, if there is one.
        deprecated: What `deprecated_names` returns.
    """
    arn = _arn(policy.name, listed)
    return msgspec.structs.replace(
        policy,
        arn=arn,
        type=_type(listed, arn) if listed else "unknown",
        created=_created(listed) if listed else None,
        attachable=listed.is_attachable if listed else None,
        deprecated=policy.name in deprecated,
        deprecated_on=_known_day(deprecated.get(policy.name, "")),
    )


def _arn(name: str, listed: ListedPolicy | None) -> str | None:
    """The ARN that the list has for the policy, if it is one of IAM's for that name."""
    if listed is None or not listed.arn.endswith(f"/{name}"):
        return None
    try:
        return msgspec.convert(listed.arn, Arn)
    except msgspec.ValidationError:
        return None


def _type(listed: ListedPolicy, arn: str | None) -> PolicyType:
    if arn and arn.split(":")[4] != "aws":
        return "customer-managed"
    return next((t for path, t in _TYPES.items() if listed.path.startswith(path)), "aws-managed")


def _created(listed: ListedPolicy) -> date | None:
    try:
        return utc_day(listed.create_date)
    except OverflowError:
        return None


def _known_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None
