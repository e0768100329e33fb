"""Reads the managed policies of an AWS account from IAM: those of AWS, and the account's own.

IAM keeps few versions of a policy. Each has the day on which it was created. One is the default; on
which day it became that, IAM does not say. Its answers are untrusted, since any endpoint may be
named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct, field

from policybook.errors import PolicybookError
from policybook.iam.patterns import covers
from policybook.importers.accounts.iam_api import CONNECTIONS, CallRefused, IamApi
from policybook.importers.accounts.policy_facts import (
    Read,
    Unusable,
    account_of,
    archive_of,
    described,
    managed_type,
    managed_version,
)
from policybook.importers.policy_list import checked_arn
from policybook.importers.records import Archive, ArchivedAccount, ArchivedPolicy, ArchivedVersion
from policybook.importers.snapshots import is_policy_name, known_day, version_number
from policybook.wording import words

SCOPES = {"all": "All", "aws": "AWS", "local": "Local"}
"""The scopes of policies, and what IAM calls them."""


class _Listed(Struct, rename="pascal"):
    policy_name: str
    arn: str
    create_date: datetime | None = None
    is_attachable: bool | None = None
    attachment_count: int = 0
    permissions_boundary_usage_count: int = 0


class _ListedVersion(Struct, rename="pascal"):
    version_id: str
    is_default_version: bool = False
    create_date: datetime | None = None


class _Tag(Struct, rename="pascal"):
    key: str
    value: str


class _Details(Struct, rename="pascal"):
    description: str | None = None
    tags: list[_Tag] = field(default_factory=list)


class _Read(Read):
    """One policy as far as it was read. The other fields are as in Archive."""

    policy: ArchivedPolicy | None = None


Progress = Callable[[Iterable[_Read], int], Iterable[_Read]]


def read(
    iam: IamApi,
    *,
    scope: str = "all",
    only: str = "*",
    progress: Progress = lambda policies, _: policies,
) -> Archive:
    """Read the account.

    Args:
        iam: IAM in this account.
        scope: One of SCOPES.
        only: A pattern for policies' names, with IAM's `*` and `?`.
        progress: Passes on what is read of each policy, of which there are as many as its second
            argument.

    Raises:
        PolicybookError: IAM does not list the policies, or knows the caller no longer.
    """
    listing = _Read()
    try:
        listed = _listed(iam.policies(SCOPES[scope]), only, listing)
    except CallRefused as refused:
        raise PolicybookError(f"account: expected a list of policies, but {refused}") from refused
    pool = ThreadPoolExecutor(CONNECTIONS)
    try:
        every = [listing, *progress(pool.map(lambda p: _policy(iam, p), listed), len(listed))]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return _archive(every, iam.repeated, whole=only == "*" and not listing.skipped)


def _archive(every: Sequence[_Read], repeated: int, *, whole: bool) -> Archive:
    """All that was read, as one; `repeated` counts the calls that had to be made again."""
    again = f"{words(repeated, 'call')} of IAM had to be repeated, mostly because of its rate limit"
    read = Read(
        [skipped for read in every for skipped in read.skipped],
        [*[again][:repeated], *(note for read in every for note in read.notes)],
        sum(read.states for read in every),
    )
    own: dict[str, list[ArchivedPolicy]] = {}
    for policy in (read.policy for read in every if read.policy):
        own.setdefault(account_of(policy.arn or ""), []).append(policy)
    of_aws = own.pop("aws", [])
    accounts = [ArchivedAccount(id_, tuple(own[id_]), whole=whole) for id_ in sorted(own)]
    return archive_of(of_aws, accounts, read)


def _listed(entries: Iterable[Any], only: str, listing: _Read) -> list[_Listed]:
    """The policies to read, in order of name and ARN; entries that name none are skipped."""
    listed: list[_Listed] = []
    for entry in entries:
        try:
            policy = msgspec.convert(entry, _Listed)
        except msgspec.ValidationError as error:
            listing.skip("account", f"expected policies as IAM lists them, found another ({error})")
            continue
        name = policy.policy_name
        if not covers(only, name):
            continue
        if is_policy_name(name) and checked_arn(name, policy.arn):
            listed.append(policy)
        else:
            listing.skip(repr(name), f"expected a policy's name and ARN, found {policy.arn!r}")
    listing.states = len(listing.skipped)
    return sorted(listed, key=lambda p: (p.policy_name, p.arn))


def _policy(iam: IamApi, listed: _Listed) -> _Read:
    """One policy with its versions; none if the default one cannot be read.

    Without it another version would seem to be the default.
    """
    name, read = listed.policy_name, _Read()
    try:
        entries = msgspec.convert([*iam.versions(listed.arn)], list[_ListedVersion])
        details = msgspec.convert(iam.policy(listed.arn), _Details)
    except (CallRefused, msgspec.ValidationError) as error:
        read.states = 1
        read.skip(name, error)
        return read
    read.states = len(entries)
    found: dict[int, ArchivedVersion] = {}
    for entry in entries:
        try:
            version = _version(iam, listed.arn, entry)
            if found.setdefault(version.number, version) is not version:
                raise CallRefused("expected each version once, found it again")
        except (CallRefused, Unusable) as refused:
            read.skip(f"{name} {entry.version_id}", refused)
    versions = tuple(found[number] for number in sorted(found, reverse=True))
    if not any(version.is_default for version in versions):
        read.skip(name, "its default version cannot be read")
        return read
    read.policy = ArchivedPolicy(
        name,
        versions,
        arn=listed.arn,
        type=managed_type(
            listed.arn, listed.attachment_count, listed.permissions_boundary_usage_count
        ),
        created=known_day(listed.create_date),
        attachable=listed.is_attachable,
        description=described(
            name, details.description, ((tag.key, tag.value) for tag in details.tags), read.notes
        ),
    )
    return read


def _version(iam: IamApi, arn: str, listed: _ListedVersion) -> ArchivedVersion:
    """One version; raises CallRefused or Unusable if it cannot be read."""
    if not version_number(listed.version_id):
        raise Unusable("expected a version id such as v3")
    found = iam.version(arn, listed.version_id)
    try:
        raw = msgspec.json.encode(found["Document"])
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise CallRefused(f"expected its document, found none ({error})") from error
    return managed_version(
        listed.version_id, raw, listed.create_date, is_default=listed.is_default_version
    )
