"""Reads what a git archive records of policies beside their documents.

The list of policies has ARNs, dates of creation and of the last update, and whether policies can be
attached; a second file has the names of deprecated policies. How both tell of deprecations is in
`policybook.importers.git_archives.listed_deprecations`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import date, datetime
from typing import Any

import msgspec
from msgspec import Struct, structs

from policybook.importers.git_archives.file_states import State
from policybook.importers.git_archives.git import Git
from policybook.importers.git_archives.history import History
from policybook.importers.git_archives.listed_deprecations import ListedDeprecations
from policybook.importers.records import ArchivedPolicy, ArchivedRollback, ArchivedVersion
from policybook.importers.snapshots import known_day, without_mark
from policybook.model.fields import Arn, PolicyType

LIST = "policies-list.json"
DEPRECATED = "DEPRECATED.json"

_MOST_NAMES = 12
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
    default_version_id: str | None = None
    update_date: datetime | None = None


class _List(Struct, rename="pascal"):
    policies: list[ListedPolicy]
    is_truncated: bool = False


class Lists(Struct, frozen=True):
    """What the lists of an archive say.

    Attributes:
        policies: Each policy as the newest list that has it prints it.
        updates: The days of updates by policy and version id. AWS updates a policy when a version
            is created or becomes the default.
        deprecations: What the lists say of each policy's deprecation, and the files of policies.
        deprecated: The names of deprecated policies in the newest list of them.
        notes: A line for each state of a list that could not be read.
    """

    policies: Mapping[str, ListedPolicy]
    updates: Mapping[str, Mapping[str, Set[date]]]
    deprecations: ListedDeprecations
    deprecated: Set[str]
    notes: tuple[str, ...]

    def described(self, name: str, history: History) -> ArchivedPolicy:
        """The policy with its history and with what the lists record of it."""
        listed = self.policies.get(name)
        arn = checked_arn(name, listed.arn) if listed else None
        updates = self.updates.get(name, {})
        return ArchivedPolicy(
            name,
            tuple(_default_since(v, updates) for v in history.versions),
            tuple(_returned(r, history, updates) for r in history.rollbacks),
            arn=arn,
            type=type_of(arn, listed.path) if listed else "unknown",
            created=known_day(listed.create_date) if listed else None,
            attachable=listed.is_attachable if listed else None,
            deprecation=self.deprecations.of(name),
        )

    def without_file(self, names: Set[str]) -> Iterator[str]:
        """A line about the policies of each list that are not among the names."""
        for file, listed in ((LIST, set(self.policies)), (DEPRECATED, self.deprecated)):
            if lacking := sorted(listed - names):
                first = ", ".join(map(repr, lacking[:_MOST_NAMES]))
                more = f" and {len(lacking) - _MOST_NAMES} more" * (len(lacking) > _MOST_NAMES)
                yield (
                    f"{file}: expected a file below policies/ for each policy, found none for "
                    f"{first}{more}"
                )


def read_lists(git: Git, files: Iterable[State] = ()) -> Lists:
    """Read every state of an archive's lists.

    Args:
        git: The archive.
        files: The states of the files of policies.
    """
    notes: list[str] = []
    policies: dict[str, ListedPolicy] = {}
    updates: dict[str, dict[str, set[date]]] = defaultdict(lambda: defaultdict(set))
    found = ListedDeprecations(files)
    for day, listed in _states(git, LIST, _List, notes):
        found.list_policies(
            day,
            {policy.policy_name: policy.is_attachable is not False for policy in listed.policies},
            complete=not listed.is_truncated,
        )
        for policy in listed.policies:
            policies[policy.policy_name] = policy
            update = known_day(policy.update_date)
            if update and policy.default_version_id:
                updates[policy.policy_name][policy.default_version_id].add(update)
    for day, named in _states(git, DEPRECATED, dict[str, Any] | list[str], notes):
        days = named if isinstance(named, dict) else dict.fromkeys(named, "")
        found.list_deprecated(day, {name: _known_day(str(text)) for name, text in days.items()})
    return Lists(policies, updates, found, found.named.keys(), tuple(notes))


def _states(git: Git, path: str, of: Any, notes: list[str]) -> Iterator[tuple[date, Any]]:
    """The states of a file as the type, oldest first; adds a note for each that is not."""
    states = [s for s in git.states(path) if s.blob and not s.side]
    decoder = msgspec.json.Decoder(of)
    for state, content in git.contents(states):
        try:
            if content is None:
                raise msgspec.DecodeError("the repository lacks its content")
            if state.day is None:
                raise msgspec.DecodeError("the moment of the commit is on no calendar")
            yield state.day, decoder.decode(without_mark(content))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            notes.append(f"{path} at {state.commit[:10]}: {state.no_file or error}, passed over")


def _default_since(
    version: ArchivedVersion, updates: Mapping[str, Iterable[date]]
) -> ArchivedVersion:
    """The version with the day on which it became the default, if a list has a later one."""
    days = updates.get(f"v{version.number}", ())
    first, last = version.published, version.observed
    since = [day for day in days if first and last and first < day <= last]
    return structs.replace(version, default_since=min(since)) if since else version


def _returned(
    back: ArchivedRollback,
    history: History,
    updates: Mapping[str, Iterable[date]],
) -> ArchivedRollback:
    """The rollback with the day on which it happened, if a list has one.

    That is the last update before it was observed, and after all that was observed before it.
    """
    seen = [v.observed for v in history.versions] + [r.observed for r in history.rollbacks]
    before = [day for day in seen if day and day < back.observed]
    days = updates.get(f"v{back.number}", ())
    since = [day for day in days if max(before, default=day) <= day <= back.observed]
    return structs.replace(back, default_since=max(since)) if since else back


def checked_arn(name: str, arn: str) -> str | None:
    """The ARN, if it is one of IAM's for a policy of that name."""
    if not arn.endswith(f"/{name}"):
        return None
    try:
        return msgspec.convert(arn, Arn)
    except msgspec.ValidationError:
        return None


def type_of(arn: str | None, path: str = "") -> PolicyType:
    """The type of a policy by its ARN and path; the path is by default that of the ARN."""
    if arn and arn.split(":")[4] != "aws":
        return "customer-managed"
    path = path or (arn or "").partition(":policy")[2]
    return next((t for start, t in _TYPES.items() if path.startswith(start)), "aws-managed")


def _known_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None
