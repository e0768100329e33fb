"""What IAM says of a policy, as facts of the data; the same however it was asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any

import msgspec
from msgspec import Struct

from policybook.errors import one_line
from policybook.importers.policy_list import type_of
from policybook.importers.records import (
    Archive,
    ArchivedAccount,
    ArchivedPolicy,
    ArchivedVersion,
    SkippedState,
    content_days,
)
from policybook.importers.snapshots import formatted_document, known_day, version_number
from policybook.model.book import ImportedSource
from policybook.model.descriptions import Description
from policybook.model.fields import PolicyType

NAME = "account"


class Unusable(Exception):
    """A version or a document cannot be kept; the message says why."""


class Read(Struct):
    """What was read of policies: what was skipped of them, notes, and the number of states."""

    skipped: list[SkippedState] = []
    notes: list[str] = []
    states: int = 0

    def skip(self, place: str, reason: object) -> None:
        """Leave something out that cannot be read."""
        self.skipped.append(SkippedState(place, "", str(reason), lost=True))


def account_of(arn: str) -> str:
    """The account in an ARN: 12 digits, or `aws`."""
    return arn.split(":")[4]


def archive_of(
    policies: Iterable[ArchivedPolicy], accounts: Sequence[ArchivedAccount], read: Read
) -> Archive:
    """All that was read: AWS's policies and those of accounts."""
    policies = tuple(policies)
    own = (policy for account in accounts for policy in account.policies)
    first, last = content_days((*policies, *own))
    origin = ImportedSource(title="IAM of an AWS account", first=first, last=last)
    notes = tuple(read.notes)
    skipped = tuple(read.skipped)
    return Archive(policies, skipped, read.states, NAME, origin, notes, tuple(accounts))


def managed_type(arn: str, attached: int, limiting: int) -> PolicyType:
    """The type of a managed policy.

    One of a customer that limits principals, and is attached to none, is a permissions boundary.

    Args:
        arn: Its ARN.
        attached: How many principals have it.
        limiting: Of how many it is the permissions boundary.
    """
    if account_of(arn) != "aws" and limiting and not attached:
        return "permissions-boundary"
    return type_of(arn)


def managed_version(
    id_: str, raw: bytes, created: datetime | None, *, is_default: bool
) -> ArchivedVersion:
    """A version of a managed policy.

    Args:
        id_: Its id.
        raw: Its document as JSON.
        created: When it was created.
        is_default: Whether it is the default version.

    Raises:
        Unusable: The id or the document cannot be kept.
    """
    number = version_number(id_)
    if not number:
        raise Unusable("expected a version id such as v3")
    document, reason = formatted_document(raw)
    if reason:
        raise Unusable(reason)
    return ArchivedVersion(number, known_day(created), None, document, is_default=is_default)


def inline_policy(name: str, raw: bytes) -> ArchivedPolicy:
    """An inline policy, whose one version is named by a digest of its document.

    Raises:
        Unusable: The document cannot be kept.
    """
    document, reason = formatted_document(raw)
    if reason:
        raise Unusable(reason)
    digest = blake2b(document, digest_size=6).hexdigest()
    version = ArchivedVersion(0, None, None, document, is_default=True, name=digest)
    return ArchivedPolicy(name, (version,), type="inline")


def described(
    name: str, text: str | None, tags: Iterable[tuple[str, str]], notes: list[str]
) -> Description | None:
    """What IAM says of a policy; what has no place in the data gets a note."""
    known_tags = {one_line(key): one_line(value) for key, value in tags}
    stated = {
        "text": one_line(" ".join((text or "").split())),
        "tags": {key: known_tags[key] for key in sorted(known_tags)},
    }
    known: dict[str, Any] = {}
    for key, value in stated.items():
        try:
            if value:
                msgspec.convert({key: value}, Description)
                known[key] = value
        except msgspec.ValidationError as error:
            notes.append(f"{name}: {key} is left out ({error})")
    return Description(**known) if known else None
