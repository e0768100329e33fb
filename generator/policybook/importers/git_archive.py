"""Reads a git archive of policy snapshots: one file a policy, as IAM printed it on that day.

The history is read through `git` itself, by one `log` and one `cat-file --batch`. What counts is
the version id in a snapshot, not the commit: of each version the first readable state is kept.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from policybook.data.loader import read_document
from policybook.errors import DataError, dotted
from policybook.importers.git import Git, State, repository
from policybook.importers.records import (
    Archive,
    ArchivedPolicy,
    ArchivedRollback,
    ArchivedVersion,
    Skipped,
)
from policybook.model.fields import Arn, PolicyType

POLICIES = "policies"
LIST = "policies-list.json"
DEPRECATED = "DEPRECATED.json"

# How many states of the list of policies are passed over between two that are read: a policy that
# was removed is found in an older one.
_LIST_STEP = 20
_NAME = re.compile(r"(?!\.)[A-Za-z0-9_+=,.@-]{1,128}")
_RESERVED = ("index.html",)  # the loader refuses it, since the list of policies has that address
_TYPES: Mapping[str, PolicyType] = {
    "/job-function/": "job-function",
    "/service-role/": "service-role",
    "/aws-service-role/": "service-linked-role",
}

Progress = Callable[[Iterable["State"], int], Iterable["State"]]


class _Snapshot(Struct, rename="pascal"):
    """A snapshot, which `get-policy-version` puts into an envelope."""

    version_id: str
    create_date: datetime
    document: msgspec.Raw


class _Envelope(Struct, rename="pascal"):
    policy_version: _Snapshot


class _Listed(Struct, rename="pascal"):
    """A policy as `list-policies` prints it."""

    policy_name: str
    arn: str
    path: str
    create_date: datetime
    is_attachable: bool | None = None


class _List(Struct, rename="pascal"):
    policies: list[_Listed]


def read(
    source: str,
    *,
    branch: str | None = None,
    only: str = "*",
    since: date | None = None,
    progress: Progress = lambda states, _: states,
) -> Archive:
    """The archive in a git repository: a folder, a bundle or an address.

    `only` is a pattern for names, in which `*` and `?` have their usual meaning. `since` leaves out
    versions that were first observed before that day. Raises PolicybookError where git cannot read
    the source.
    """
    with repository(source, branch) as git:
        files = (s for s in git.states(POLICIES) if s.blob and s.path != POLICIES)
        states = [s for s in files if fnmatchcase(_name(s.path), only)]
        with tempfile.TemporaryDirectory(prefix="policybook-") as folder:
            scratch = Path(folder, "document.json")
            policies, skipped = _policies(git, progress(states, len(states)), scratch)
        listed = _listed(git, {p.name for p in policies}, states)
        gone = _deprecated(git)
        found = tuple(
            _described(policy, listed.get(policy.name), gone, since)
            for policy in sorted(policies, key=lambda p: p.name)
        )
        return Archive(tuple(p for p in found if p.versions), tuple(skipped), len(states))


# --- snapshots -----------------------------------------------------------------------------------


class _History:
    """What the states of one policy's file say, oldest first.

    Days are as fine as the data is: of several defaults on one day, the last one counts.
    """

    def __init__(self) -> None:
        self.versions: dict[int, ArchivedVersion] = {}
        self.rollbacks: list[ArchivedRollback] = []
        self.default = 0

    def add(self, snapshot: _Snapshot, day: date, scratch: Path) -> str:
        """Take in the next state, or give the reason why its document cannot be."""
        number = _number(snapshot)
        if number not in self.versions:
            document, reason = _document(bytes(snapshot.document), scratch)
            if reason:
                return reason
            self.versions[number] = ArchivedVersion(
                number, _day(snapshot.create_date), day, document
            )
        if number != self.default:
            back = number < self.default or any(n > number for n in self.versions)
            self.rollbacks = [r for r in self.rollbacks if r.observed != day]
            if back or (self.rollbacks and self.versions[number].observed != day):
                self.rollbacks.append(ArchivedRollback(number, day))
        self.default = number
        return ""


def _policies(
    git: Git, states: Iterable[State], scratch: Path
) -> tuple[list[ArchivedPolicy], list[Skipped]]:
    histories: dict[str, _History] = {}
    spelled: dict[str, str] = {}
    skipped: list[Skipped] = []
    for state, content in git.contents(states):
        name = _name(state.path)
        snapshot = _snapshot(name, content)
        if isinstance(snapshot, str):
            reason = snapshot
        elif (other := spelled.setdefault(name.lower(), name)) != name:
            reason = f"the name differs from {other} by case only"
        else:
            reason = histories.setdefault(name, _History()).add(snapshot, state.day, scratch)
        if reason:
            skipped.append(Skipped(_shown(state.path), state.commit, reason))
    histories = {name: history for name, history in histories.items() if history.versions}
    found = [
        ArchivedPolicy(
            name,
            tuple(sorted(history.versions.values(), key=lambda v: -v.number)),
            tuple(history.rollbacks),
        )
        for name, history in histories.items()
    ]
    lost = [msgspec.structs.replace(s, lost=_name(s.path) not in histories) for s in skipped]
    return found, lost


def _snapshot(name: str, content: bytes) -> _Snapshot | str:
    """The snapshot, or the reason why it is none."""
    if not _NAME.fullmatch(name) or name.lower() in _RESERVED:
        return "the name is not a policy's"
    if not content.strip():
        return "the file is empty"
    try:
        try:
            found = _ENVELOPE.decode(content).policy_version
        except msgspec.ValidationError:
            found = _BARE.decode(content)
    except msgspec.ValidationError as error:
        return f"the file is no snapshot ({error})"
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return f"the file is no JSON ({error})"
    if not re.fullmatch("v[1-9][0-9]{0,5}", found.version_id):
        return f"the version id is {found.version_id!r}"
    if not bytes(found.document).lstrip().startswith(b"{"):
        return "the document is no mapping"
    try:
        _day(found.create_date)
    except OverflowError:
        return f"the day of creation is {found.create_date}"
    return found


def _number(snapshot: _Snapshot) -> int:
    return int(snapshot.version_id[1:])


def _day(moment: datetime) -> date:
    """The day in UTC, which a moment without a zone is taken to be in."""
    return (moment.astimezone(UTC) if moment.tzinfo else moment).date()


def _document(raw: bytes, scratch: Path) -> tuple[bytes, str]:
    """The document as its file will hold it, and the reason why the loader would refuse that."""
    try:
        pretty = msgspec.json.format(raw, indent=2) + b"\n"
    except (msgspec.DecodeError, RecursionError) as error:
        return b"", f"the document is no JSON ({error})"
    scratch.write_bytes(pretty)
    try:
        read_document(scratch)
    except DataError as error:
        fault = error.findings[0]
        at = f"{dotted(fault.path)}: " if fault.path else ""
        found = f", found {fault.found}" if fault.found else ""
        return b"", f"the document is faulty ({at}expected {fault.expected}{found})"
    return pretty, ""


_ENVELOPE = msgspec.json.Decoder(_Envelope)
_BARE = msgspec.json.Decoder(_Snapshot)


def _name(path: str) -> str:
    return path.removeprefix(POLICIES + "/")


def _shown(path: str) -> str:
    """The path as text, also where its bytes are none."""
    return path.encode("utf-8", "backslashreplace").decode()


# --- what stands beside the snapshots ------------------------------------------------------------


def _listed(git: Git, names: set[str], snapshots: Iterable[State]) -> Mapping[str, _Listed]:
    """The policies as they were last listed; those of today's list come from that.

    What was listed for a few days only is found in the lists of the days of its snapshots.
    """
    found: dict[str, _Listed] = {}
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
    days = {s.day for s in snapshots if _name(s.path) in unlisted}
    read(s for s in states if s.day in days)
    return found


def _deprecated(git: Git) -> Mapping[str, str]:
    """The names of deprecated policies, each with a day or another word."""
    states = [s for s in git.states(DEPRECATED) if s.blob]
    for _, content in git.contents(reversed(states)):
        try:
            found = msgspec.json.decode(content, type=dict[str, Any])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
        return {name: str(day) for name, day in found.items()}
    return {}


def _described(
    policy: ArchivedPolicy,
    listed: _Listed | None,
    deprecated: Mapping[str, str],
    since: date | None,
) -> ArchivedPolicy:
    arn = _arn(policy.name, listed)
    kept = (v for v in policy.versions if since is None or v.observed >= since)
    return msgspec.structs.replace(
        policy,
        versions=tuple(kept),
        arn=arn,
        type=_type(listed, arn) if listed else "unknown",
        created=_created(listed) if listed else None,
        attachable=listed.is_attachable if listed else None,
        deprecated=policy.name in deprecated,
        deprecated_on=_known_day(deprecated.get(policy.name, "")),
    )


def _arn(name: str, listed: _Listed | None) -> str | None:
    """The ARN that the list has for the policy, if it is one."""
    if listed is None or not listed.arn.endswith(f"/{name}"):
        return None
    try:
        return msgspec.convert(listed.arn, Arn)
    except msgspec.ValidationError:
        return None


def _type(listed: _Listed, arn: str | None) -> PolicyType:
    if arn and arn.split(":")[4] != "aws":
        return "customer-managed"
    return next((t for path, t in _TYPES.items() if listed.path.startswith(path)), "aws-managed")


def _created(listed: _Listed) -> date | None:
    try:
        return _day(listed.create_date)
    except OverflowError:
        return None


def _known_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None
