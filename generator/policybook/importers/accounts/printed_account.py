"""Reads what the `aws` command printed of accounts and policies, from files, without credentials.

The ARNs in a file say of which account it is. Several files are the pages of one account or of
several ones, in any order.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from policybook.errors import PolicybookError
from policybook.iam.patterns import covers
from policybook.importers.accounts.policy_facts import (
    Read,
    Unusable,
    account_of,
    archive_of,
    described,
    managed_type,
    managed_version,
)
from policybook.importers.accounts.principals import ARN, principals_of
from policybook.importers.accounts.printed_json import (
    MOST_BYTES,
    Details,
    Managed,
    ManagedVersion,
    NotPrinted,
    OnePolicy,
    OneVersion,
    PrintedPrincipal,
    decoded,
    document_text,
    printed,
)
from policybook.importers.policy_list import checked_arn
from policybook.importers.records import Archive, ArchivedAccount, ArchivedPolicy, ArchivedVersion
from policybook.importers.snapshots import is_policy_name, known_day, without_mark

# Names of files that say what is in them, and not whose it is.
_GENERAL = re.compile(r"((get-?)?policy)?[-_.]?(version|v[0-9]+)?", re.IGNORECASE)


class _Found(Struct):
    """What the files have: managed policies and principals by ARN, and what `read` notes."""

    read: Read
    managed: dict[str, ArchivedPolicy] = {}
    principals: dict[str, PrintedPrincipal] = {}
    used: dict[str, list[int]] = {}
    loose: dict[str, list[ManagedVersion]] = {}
    facts: dict[str, Managed] = {}
    cut: dict[str, bool] = {}


def read(
    files: Sequence[Path], *, scope: str = "all", only: str = "*", users: bool = False
) -> Archive:
    """Read files, and the files that end in `.json` in folders.

    Args:
        files: The files and folders.
        scope: `all`, or only the policies of `aws`, or `local` ones.
        only: A pattern for policies' names, with IAM's `*` and `?`.
        users: Whether to read users with their policies, and not only their number.

    Raises:
        PolicybookError: A file cannot be read, or has nothing that the command prints.
    """
    found = _Found(Read())
    for file in _files(files):
        _take(file, found)
    _take_loose(found)
    for arn, count in _limiting(found).items():
        found.used[arn][1] += count
    policies = {arn: _typed(policy, found.used[arn]) for arn, policy in found.managed.items()}
    wanted = [p for _, p in sorted(policies.items()) if _is_wanted(p, scope, only)]
    of_aws = [p for p in wanted if not p.arn or account_of(p.arn) == "aws"]
    accounts = [] if scope == "aws" else list(_accounts(found, wanted, only, users=users))
    return archive_of(sorted(of_aws, key=lambda p: (p.name, p.arn or "")), accounts, found.read)


def _files(named: Iterable[Path]) -> Iterator[Path]:
    for path in named:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*.json") if p.is_file())
        elif path.is_file():
            yield path
        else:
            raise PolicybookError(f"{path}: expected a file or a folder, found neither")


def _take(path: Path, found: _Found) -> None:
    """Add what is in a file."""
    with open(path, "rb") as file:
        content = without_mark(file.read(MOST_BYTES + 1))
    try:
        page = printed(content)
    except NotPrinted as error:
        raise PolicybookError(f"{path}: {error}") from error
    match page:
        case OneVersion():
            found.loose.setdefault(_named_by(path), []).append(page.policy_version)
        case OnePolicy():
            found.facts[page.policy.arn.rpartition("/")[2]] = page.policy
        case Details():
            _take_page(path, page, found)


def _take_page(path: Path, page: Details, found: _Found) -> None:
    """Add what is on a page, and note whether it is the last one of its accounts."""
    arns: list[str] = []
    for place, raw in enumerate(page.policies):
        try:
            policy = decoded(raw, Managed)
        except NotPrinted as error:
            _refuse(found, f"{path}: Policies[{place}]", error)
            continue
        arns += _take_managed(policy, found)
    for place, raw in enumerate(page.principals()):
        try:
            principal = decoded(raw, PrintedPrincipal)
            if not ARN.fullmatch(principal.arn):
                raise NotPrinted(f"expected the ARN of a role, group or user: {principal.arn!r}")
        except NotPrinted as error:
            _refuse(found, f"{path}: role, group or user {place}", error)
            continue
        _once(found.principals, principal.arn, principal, found.read)
        arns.append(principal.arn)
    for id_ in {account_of(arn) for arn in arns} - {"aws"} or {""}:
        found.cut[id_] = page.is_truncated and found.cut.get(id_, True)


def _refuse(found: _Found, place: str, error: Exception) -> None:
    found.read.states += 1
    found.read.skip(place, error)


def _once(there: dict[str, Any], key: str, value: Any, read: Read) -> None:
    """Add a value once; a second one that differs gets a note."""
    if there.setdefault(key, value) != value:
        read.notes.append(f"{key}: the files have it twice, and the first one is read")


# --- managed policies -----------------------------------------------------------------------------


def _take_managed(printed_policy: Managed, found: _Found) -> Iterable[str]:
    """Add a managed policy, and return its ARN; none if its default version cannot be read."""
    arn, read = printed_policy.arn, found.read
    name = arn.rpartition("/")[2]
    if not is_policy_name(name) or not checked_arn(name, arn):
        _refuse(found, repr(name), NotPrinted(f"expected the ARN of a policy, found {arn!r}"))
        return ()
    read.states += len(printed_policy.policy_version_list)
    versions = tuple(_versions(name, printed_policy.policy_version_list, read))
    if not any(version.is_default for version in versions):
        read.skip(name, "its default version cannot be read")
        return ()
    tags = ((tag.key, tag.value) for tag in printed_policy.tags)
    policy = ArchivedPolicy(
        name,
        versions,
        arn=arn,
        created=known_day(printed_policy.create_date),
        attachable=printed_policy.is_attachable,
        description=described(name, printed_policy.description, tags, read.notes),
    )
    _once(found.managed, arn, policy, read)
    found.used[arn] = [
        printed_policy.attachment_count,
        printed_policy.permissions_boundary_usage_count,
    ]
    return (arn,)


def _versions(name: str, listed: Iterable[ManagedVersion], read: Read) -> list[ArchivedVersion]:
    """The versions that can be read, newest first."""
    known: dict[int, ArchivedVersion] = {}
    for one in listed:
        try:
            text = document_text(one.document)
            version = managed_version(
                one.version_id, text, one.create_date, is_default=one.is_default_version
            )
            if known.setdefault(version.number, version) != version:
                raise Unusable("expected each version once, found it again with another document")
        except (Unusable, NotPrinted) as error:
            read.skip(f"{name} {one.version_id}", error)
    return [known[number] for number in sorted(known, reverse=True)]


def _take_loose(found: _Found) -> None:
    """Add what `get-policy-version` printed, with what `get-policy` printed of the same policy."""
    for name, versions in sorted(found.loose.items()):
        if facts := found.facts.pop(name, None):
            facts.policy_version_list = versions
            _take_managed(facts, found)
            continue
        found.read.states += len(versions)
        kept = tuple(_versions(name, versions, found.read))
        if not is_policy_name(name):
            found.read.skip(repr(name), "the file's name is not a policy's")
        elif not any(version.is_default for version in kept):
            found.read.skip(name, "its default version cannot be read")
        else:
            found.managed[name] = ArchivedPolicy(name, kept)
            found.used[name] = [0, 0]
    for name in sorted(found.facts):
        found.read.states += 1
        found.read.skip(name, "what get-policy prints has no document; get-policy-version has")


def _named_by(path: Path) -> str:
    """The name of the policy in the path of what `get-policy-version` printed."""
    stem = re.sub(r"[-_.]v[0-9]+$", "", path.stem)
    return path.absolute().parent.name if _GENERAL.fullmatch(stem) else stem


def _limiting(found: _Found) -> dict[str, int]:
    """Of how many principals each policy is the boundary; what is attached is counted, too."""
    counts: dict[str, int] = defaultdict(int)
    for principal in found.principals.values():
        boundary = principal.permissions_boundary
        if boundary and boundary.permissions_boundary_arn in found.used:
            counts[boundary.permissions_boundary_arn] += 1
        for attached in principal.attached_managed_policies:
            if attached.policy_arn in found.used:
                found.used[attached.policy_arn][0] += 1
    return counts


def _typed(policy: ArchivedPolicy, used: Sequence[int]) -> ArchivedPolicy:
    if not policy.arn:
        return policy
    return msgspec.structs.replace(policy, type=managed_type(policy.arn, *used))


def _is_wanted(policy: ArchivedPolicy, scope: str, only: str) -> bool:
    of_aws = bool(policy.arn) and account_of(policy.arn or "") == "aws"
    return covers(only, policy.name) and scope in ("all", "aws" if of_aws else "local")


# --- accounts -------------------------------------------------------------------------------------


def _accounts(
    found: _Found, wanted: Iterable[ArchivedPolicy], only: str, *, users: bool
) -> Iterator[ArchivedAccount]:
    """The accounts in order of their ids, each with its policies and principals."""
    own: dict[str, list[ArchivedPolicy]] = defaultdict(list)
    for policy in wanted:
        if policy.arn and account_of(policy.arn) != "aws":
            own[account_of(policy.arn)].append(policy)
    principals: dict[str, list[PrintedPrincipal]] = defaultdict(list)
    for principal in found.principals.values():
        principals[account_of(principal.arn)].append(principal)
    for id_ in sorted({*own, *principals}):
        roles, inline = principals_of(id_, principals[id_], found.read, users=users)
        kept = [policy for policy in inline if covers(only, policy.name)]
        # A page with AWS's policies alone is of the only account that there is.
        last = [""] if len({*own, *principals}) == 1 else []
        pages = [found.cut[key] for key in (id_, *last) if key in found.cut]
        cut = bool(pages) and all(pages)
        if cut:
            line = f"{id_}: the output is cut; its last page is not among the files"
            found.read.notes.append(line)
        count = sum(":user/" in p.arn for p in principals[id_])
        yield ArchivedAccount(
            id_,
            tuple(sorted((*own[id_], *kept), key=lambda policy: policy.name)),
            tuple(roles) if pages else None,
            count if pages else None,
            whole=bool(pages) and only == "*" and not cut,
            cut=cut,
        )
