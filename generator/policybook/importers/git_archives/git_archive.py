"""Reads a git archive of policy snapshots: one file a policy, as IAM printed it on that day.

The history is read through `git` itself, by one `log` and one `cat-file --batch`. What counts is
the first-parent line of the branch: branches that were merged add documents, and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

import msgspec
from msgspec import structs

from policybook.iam.patterns import covers
from policybook.importers.git_archives import plain_archive
from policybook.importers.git_archives.cut_history import cut_lines
from policybook.importers.git_archives.file_states import State, printable
from policybook.importers.git_archives.git import Git, repository
from policybook.importers.git_archives.history import History
from policybook.importers.policy_list import read_lists
from policybook.importers.records import Archive, ArchivedPolicy, SkippedState, content_days
from policybook.importers.snapshots import POLICIES, Snapshot, policy_name, read_snapshot
from policybook.model.book import ImportedSource
from policybook.model.fields import Url

NAME = "git"

Progress = Callable[[Iterable["State"], int], Iterable["State"]]


def read(
    source: str,
    *,
    branch: str | None = None,
    only: str = "*",
    since: date | None = None,
    plain: bool = False,
    paths: tuple[str, ...] = (),
    progress: Progress = lambda states, _: states,
) -> Archive:
    """Read the archive in a git repository.

    If none of the files below `policies/` was ever printed by IAM, and others are policy documents,
    it is one of plain documents.

    Args:
        source: A folder, a bundle or an address.
        branch: The branch to read; by default the only one with policies, else `archive`, else
            HEAD.
        only: A pattern for policies' names, with IAM's `*` and `?`.
        since: Leave out versions that were first observed before this day.
        plain: Whether it is one of plain documents, whatever is in it.
        paths: Of one of plain documents, the folders or files to read; by default all.
        progress: Passes on the states of files, of which there are as many as its second argument.

    Raises:
        PolicybookError: Git cannot read the source.
    """
    with repository(source, branch) as git:
        files = git.states(POLICIES)
        if plain or paths or not _has_snapshot(git, files):
            found = plain_archive.read(git, paths=paths, only=only, since=since, progress=progress)
            if plain or paths or found.states:
                return found
        url = _public_address(source) or _public_address(git.remote)
        return _of_snapshots(git, files, url, only, since, progress)


def _of_snapshots(
    git: Git,
    files: Iterable[State],
    url: str | None,
    only: str,
    since: date | None,
    progress: Progress,
) -> Archive:
    every = [s for s in files if s.blob]
    states = [s for s in every if s.path != POLICIES and covers(only, policy_name(s.path))]
    histories, skipped = _histories(git, progress(states, len(states)))
    beside = read_lists(git, files)
    notes = [*git.notes, *cut_lines(git, states), *beside.notes]
    notes += [f"{n}: {note}" for n in sorted(histories) for note in histories[n].notes]
    notes += [f"{_place(s)}: a file, not a folder" for s in every if s.path == POLICIES]
    if only == "*":
        notes += beside.without_file({policy_name(s.path) for s in states})
    found = (_since(beside.described(name, histories[name]), since) for name in sorted(histories))
    kept = tuple(p for p in found if p.versions)
    partial = only != "*" or since is not None
    origin = structs.replace(_origin(git, kept, url), partial=partial)
    return Archive(kept, tuple(skipped), len(states), NAME, origin, tuple(notes))


def _has_snapshot(git: Git, files: Iterable[State]) -> bool:
    """Whether IAM printed a state of one of these files."""
    states = (state for state in files if state.blob and state.path != POLICIES)
    read_states = git.contents(states)
    return any(not isinstance(_snapshot(policy_name(s.path), s, c), str) for s, c in read_states)


def _public_address(text: str) -> str | None:
    """The text, if it is an address that any reader can open: without a name or a password."""
    known = text.startswith("https://") and "@" not in text
    try:
        return msgspec.convert(text, Url) if known else None
    except msgspec.ValidationError:
        return None


def _origin(git: Git, policies: Iterable[ArchivedPolicy], url: str | None) -> ImportedSource:
    """What the data says of the archive. It is up to date until its last commit."""
    first, last = content_days(policies)
    days = [day for day in (last, git.last_day()) if day]
    return ImportedSource(
        title="Git archive of AWS managed policies",
        url=url,
        revision=git.tip,
        first=first,
        last=max(days, default=None),
    )


def _histories(
    git: Git, states: Iterable[State]
) -> tuple[Mapping[str, History], list[SkippedState]]:
    """The policies with at least one readable state, and the states that were skipped."""
    histories: dict[str, History] = {}
    spelled: dict[str, str] = {}
    skipped: list[SkippedState] = []
    for state, content in git.contents(states):
        name = policy_name(state.path)
        snapshot = _snapshot(name, state, content)
        if isinstance(snapshot, str):
            reason = snapshot
        elif (other := spelled.setdefault(name.lower(), name)) != name:
            reason = f"the name differs from {other} by case only"
        else:
            assert state.day
            history = histories.setdefault(name, History())
            reason = history.add(snapshot, state.day, state.commit, side=state.side)
        if reason:
            skipped.append(SkippedState(printable(state.path), state.commit, reason))
    kept = {name: history for name, history in histories.items() if history.versions}
    lost = [structs.replace(s, lost=policy_name(s.path) not in kept) for s in skipped]
    return kept, lost


def _snapshot(name: str, state: State, content: bytes | None) -> Snapshot | str:
    """The snapshot in a state, or the reason why there is none."""
    if content is None:
        return f"the repository lacks its content, the object {state.blob[:10]}"
    if state.day is None:
        return "the moment of the commit is on no calendar"
    return state.no_file or read_snapshot(name, content)


def _place(state: State) -> str:
    return f"{printable(state.path)} at {state.commit[:10]}"


def _since(policy: ArchivedPolicy, since: date | None) -> ArchivedPolicy:
    kept = (v for v in policy.versions if not since or (v.observed and v.observed >= since))
    return structs.replace(policy, versions=tuple(kept))
