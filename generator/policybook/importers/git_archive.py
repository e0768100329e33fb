"""Reads a git archive of policy snapshots: one file a policy, as IAM printed it on that day.

The history is read through `git` itself, by one `log` and one `cat-file --batch`. The version id in
a snapshot counts, not the commit: of each version the first readable state is kept.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from msgspec import structs

from policybook.iam.patterns import covers
from policybook.importers.git import Git, State, repository
from policybook.importers.policy_list import deprecated_names, described, listed_policies
from policybook.importers.records import (
    Archive,
    ArchivedPolicy,
    ArchivedRollback,
    ArchivedVersion,
    SkippedState,
)
from policybook.importers.snapshots import (
    POLICIES,
    Snapshot,
    formatted_document,
    policy_name,
    read_snapshot,
    utc_day,
)

Progress = Callable[[Iterable["State"], int], Iterable["State"]]


def read(
    source: str,
    *,
    branch: str | None = None,
    only: str = "*",
    since: date | None = None,
    progress: Progress = lambda states, _: states,
) -> Archive:
    """Read the archive in a git repository.

    Args:
        source: A folder, a bundle or an address.
        branch: The branch to read; by default the only one, else `archive`, else HEAD.
        only: A pattern for policies' names, with IAM's `*` and `?`.
        since: Leave out versions that were first observed before this day.
        progress: Passes on the states of files, of which there are as many as its second argument.

    Raises:
        PolicybookError: Git cannot read the source.
    """
    with repository(source, branch) as git:
        files = (s for s in git.states(POLICIES) if s.blob and s.path != POLICIES)
        states = [s for s in files if covers(only, policy_name(s.path))]
        with tempfile.TemporaryDirectory(prefix="policybook-") as folder:
            scratch = Path(folder, "document.json")
            policies, skipped = _policies(git, progress(states, len(states)), scratch)
        listed = listed_policies(git, {p.name for p in policies}, states)
        deprecated = deprecated_names(git)
        found = tuple(
            _since(described(policy, listed.get(policy.name), deprecated), since)
            for policy in sorted(policies, key=lambda p: p.name)
        )
        return Archive(tuple(p for p in found if p.versions), tuple(skipped), len(states))


class _History:
    """What the states of one policy's file show, oldest first.

    Days are as fine as the data is: of several default versions on one day, the last one counts.
    """

    def __init__(self) -> None:
        self.versions: dict[int, ArchivedVersion] = {}
        self.rollbacks: list[ArchivedRollback] = []
        self.default = 0

    def add(self, snapshot: Snapshot, day: date, scratch: Path) -> str:
        """Add the next state; the reason why it was skipped, or ""."""
        number = snapshot.number
        if number not in self.versions:
            document, reason = formatted_document(bytes(snapshot.document), scratch)
            if reason:
                return reason
            self.versions[number] = ArchivedVersion(
                number, utc_day(snapshot.create_date), day, document
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
) -> tuple[list[ArchivedPolicy], list[SkippedState]]:
    """The policies with at least one readable state, and the states that were skipped."""
    histories: dict[str, _History] = {}
    spelled: dict[str, str] = {}
    skipped: list[SkippedState] = []
    for state, content in git.contents(states):
        name = policy_name(state.path)
        snapshot = read_snapshot(name, content)
        if isinstance(snapshot, str):
            reason = snapshot
        elif (other := spelled.setdefault(name.lower(), name)) != name:
            reason = f"the name differs from {other} by case only"
        else:
            reason = histories.setdefault(name, _History()).add(snapshot, state.day, scratch)
        if reason:
            skipped.append(SkippedState(_printable(state.path), state.commit, reason))
    histories = {name: history for name, history in histories.items() if history.versions}
    found = [
        ArchivedPolicy(
            name,
            tuple(sorted(history.versions.values(), key=lambda v: -v.number)),
            tuple(history.rollbacks),
        )
        for name, history in histories.items()
    ]
    lost = [structs.replace(s, lost=policy_name(s.path) not in histories) for s in skipped]
    return found, lost


def _printable(path: str) -> str:
    """The path as text, also if its bytes are not UTF-8."""
    return path.encode("utf-8", "backslashreplace").decode()


def _since(policy: ArchivedPolicy, since: date | None) -> ArchivedPolicy:
    kept = (v for v in policy.versions if since is None or v.observed >= since)
    return structs.replace(policy, versions=tuple(kept))
