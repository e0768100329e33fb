"""What an importer yields: policies with their versions, and the states that it skipped."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from policybook.model.fields import PolicyType


class ArchivedVersion(Struct, frozen=True):
    """A version: its number, its two dates, and its document as JSON."""

    number: int
    published: date
    observed: date
    document: bytes


class ArchivedRollback(Struct, frozen=True):
    """An older version became the default again, as first observed on a day."""

    number: int
    observed: date


class ArchivedPolicy(Struct, frozen=True):
    """A policy with its versions, newest first; unknown facts are None.

    `deprecated_on` is None if the policy is not deprecated, or the day is unknown.
    """

    name: str
    versions: tuple[ArchivedVersion, ...]
    rollbacks: tuple[ArchivedRollback, ...] = ()
    arn: str | None = None
    type: PolicyType = "unknown"
    created: date | None = None
    attachable: bool | None = None
    deprecated: bool = False
    deprecated_on: date | None = None


class SkippedState(Struct, frozen=True):
    """A state of a file that could not be read; `lost` if no state of that file could be.

    This is not a `Finding`: its place is a commit of the archive, which nobody can edit.
    """

    path: str
    commit: str
    reason: str
    lost: bool = False

    def __str__(self) -> str:
        """One line: file, commit and reason."""
        lost = ", and no other state of it can be read" if self.lost else ""
        return f"{self.path} at {self.commit[:10]}: {self.reason}{lost}"


class Archive(Struct, frozen=True):
    """All that an importer read: policies in order of name, and the states that it skipped."""

    policies: tuple[ArchivedPolicy, ...]
    skipped: tuple[SkippedState, ...]
    states: int
