"""The API operations of `operations.yml` that actions of other names authorise."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from policybook.model.fields import Record, Text
from policybook.model.links import Link

FullName = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9-]+:[A-Za-z0-9_-]+(?!\n)$",
        max_length=200,
        extra_json_schema={
            "x-kind": "malformed-action",
            "x-expected": "a full name such as s3:GetObject",
        },
    ),
]


class Sometimes(Record, frozen=True):
    """An action that an operation needs only in some cases: `when` completes "only if"."""

    action: FullName
    when: Text


class OperationGroup(Record, frozen=True):
    """Operations that the same actions authorise, and the page that says so.

    All of `actions` are needed, and those of `sometimes` in their cases. One of them has an entry.
    An operation is written like an action: the prefix of its service, a colon, and its name.
    """

    operations: tuple[FullName, ...]
    source: Link
    actions: tuple[FullName, ...] = ()
    sometimes: tuple[Sometimes, ...] = ()


class OperationsFile(Record, frozen=True):
    """`operations.yml`."""

    groups: tuple[OperationGroup, ...]
