"""What an importer yields: policies with their versions, and what could not be read."""

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
    """That a version which was not new became the default, as first observed on a day."""

    number: int
    observed: date


class ArchivedPolicy(Struct, frozen=True):
    """A policy with its versions, newest first; what nobody recorded is None.

    `deprecated` says that the policy is, with its day where that is known.
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


class Skipped(Struct, frozen=True):
    """A state of a file that could not be read; `lost` where no state of that file could be."""

    path: str
    commit: str
    reason: str
    lost: bool = False

    def __str__(self) -> str:
        """One line: file, commit and reason."""
        lost = ", and no other state of it can be read" if self.lost else ""
        return f"{self.path} at {self.commit[:10]}: {self.reason}{lost}"


class Archive(Struct, frozen=True):
    """Everything that an importer read: policies by name, and what it skipped, in order."""

    policies: tuple[ArchivedPolicy, ...]
    skipped: tuple[Skipped, ...]
    states: int
