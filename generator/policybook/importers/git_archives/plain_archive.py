"""Reads a git repository of plain policy documents: each commit that changes one is a version.

Only the first-parent line of the branch is read: there a merge is the commit that brings what was
merged. A policy is known by its name, so a file may move. What a commit says and who made it are
not read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby

from msgspec import Struct, structs

from policybook.iam.patterns import covers
from policybook.importers.git_archives.cut_history import cut_lines
from policybook.importers.git_archives.file_states import State, printable
from policybook.importers.git_archives.git import Git
from policybook.importers.git_archives.plain_documents import (
    ENDINGS,
    PlainDocument,
    PlainFile,
    plain_file,
)
from policybook.importers.records import (
    Archive,
    ArchivedPolicy,
    ArchivedVersion,
    SkippedState,
    content_days,
)
from policybook.model.book import ImportedSource
from policybook.model.documents import says_the_same
from policybook.wording import words

NAME = "git-documents"
_DIGITS = 12
_MOST_NAMES = 12

Progress = Callable[[Iterable[State], int], Iterable[State]]


class _Policy(Struct):
    """A policy so far: its versions, newest first, and where its document is.

    `last` is the document of the newest version, and `file` "" once no file has it any more.
    """

    versions: list[ArchivedVersion]
    last: PlainDocument
    file: str


class PlainHistory:
    """Takes the states of files, a commit at a time, oldest first.

    `policies` are those by name that had a document, `removed` the commits after which no file has
    one, `skipped` the states that could not be read, `notes` lines for the user.
    """

    def __init__(self) -> None:
        self.policies: dict[str, _Policy] = {}
        self.removed: dict[str, State] = {}
        self.skipped: list[SkippedState] = []
        self.notes: dict[str, None] = {}
        self.others: set[str] = set()
        self._files: dict[str, Mapping[str, PlainDocument]] = {}
        self._places: dict[str, set[str]] = defaultdict(set)
        self._spelled: dict[str, str] = {}

    def commit(self, states: Iterable[tuple[State, bytes | None]]) -> None:
        """Take what one commit does to files."""
        touched: dict[str, State] = {}
        for state, content in states:
            before = self._files.get(state.path, {})
            now = self._now(state, content, before)
            touched.update(dict.fromkeys((*before, *now), state))
            self._files[state.path] = now
            for name in before:
                self._places[name].discard(state.path)
            for name in now:
                self._places[name].add(state.path)
        for name in sorted(touched):
            self._version(name, touched[name])

    def _now(
        self, state: State, content: bytes | None, before: Mapping[str, PlainDocument]
    ) -> Mapping[str, PlainDocument]:
        """The documents of a file after a commit; what cannot be read stays as it was."""
        if not state.blob:
            return {}
        found = _read(state, content)
        if found.unreadable:
            if before:
                self._skip(state, found.unreadable)
            else:
                self.others.add(printable(state.path))
            return before
        if not (found.documents or found.refused or found.others):
            self.others.add(printable(state.path))
        for name, reason in found.refused.items():
            self._skip(state, f"{name}: {reason}")
        path = printable(state.path)
        self.notes.update((f"{path}: {line}, is left out", None) for line in found.others)
        kept = {name: before[name] for name in found.refused if name in before}
        return {**kept, **found.documents}

    def _skip(self, state: State, reason: str) -> None:
        self.skipped.append(SkippedState(printable(state.path), state.commit, reason))

    def _version(self, name: str, state: State) -> None:
        """Add a version if the commit has given the policy another document."""
        policy = self.policies.get(name)
        files = sorted(self._places[name])
        if not files:
            if policy and policy.file:
                policy.file = ""
                self.removed[name] = state
            return
        if (other := self._spelled.setdefault(name.lower(), name)) != name:
            self._skip(state, f"the name {name} differs from {other} by case only")
            return
        self.removed.pop(name, None)
        file = policy.file if policy and policy.file in files else files[0]
        found = self._files[file][name]
        self._say_what_is_odd(name, file, files, found)
        if policy and says_the_same(policy.last.document, found.document):
            policy.file, policy.last = file, found
            return
        id_, earlier = state.commit[:_DIGITS], policy.versions if policy else []
        if any(version.name == id_ for version in earlier):
            self._skip(state, f"{name} has a version {id_} of another commit")
            return
        version = ArchivedVersion(0, None, state.day, found.text, name=id_)
        self.policies[name] = _Policy([version, *earlier], found, file)

    def _say_what_is_odd(
        self, name: str, file: str, files: list[str], found: PlainDocument
    ) -> None:
        said = found.document
        others = [f for f in files if not says_the_same(self._files[f][name].document, said)]
        for other in map(printable, others):
            line = f"{other}: another document of {name} than in {printable(file)}, is left out"
            self.notes[line] = None
        for line in found.assumed:
            self.notes[f"{printable(file)}: {name} has {line}"] = None


def read(
    git: Git,
    *,
    paths: tuple[str, ...] = (),
    only: str = "*",
    since: date | None = None,
    progress: Progress = lambda states, _: states,
) -> Archive:
    """Read the plain documents of a repository.

    Args:
        git: The repository.
        paths: The folders or files to read; by default all.
        only: A pattern for policies' names, with IAM's `*` and `?`.
        since: Leave out versions that were first observed before this day.
        progress: Passes on the states of files, of which there are as many as its second argument.
    """
    states = [s for s in git.line(*_patterns(paths)) if s.path.endswith(ENDINGS)]
    history = PlainHistory()
    contents = git.contents(s for s in progress(states, len(states)) if s.blob)
    for _, changed in groupby(states, key=lambda state: state.commit):
        # The contents are those of the states with a blob, in the same order.
        history.commit([next(contents) if s.blob else (s, None) for s in changed])
    found = [n for n in sorted(history.policies) if covers(only, n) and n not in history.removed]
    kept = [_archived(name, history.policies[name], since) for name in found]
    policies = tuple(policy for policy in kept if policy.versions)
    first, last = content_days(policies)
    origin = ImportedSource(
        title="Git repository of policy documents",
        revision=git.tip,
        first=first,
        last=max(filter(None, (last, git.last_day())), default=None),
        partial=only != "*" or since is not None,
    )
    notes = (*git.notes, *cut_lines(git, states), *_notes(history, only), *history.notes)
    known = [s for s in states if s.blob and printable(s.path) not in history.others]
    return Archive(policies, tuple(_skipped(history)), len(known), NAME, origin, notes)


def _patterns(paths: tuple[str, ...]) -> Iterator[str]:
    """Git's patterns for the files (Git's glossary, "pathspec")."""
    if paths:
        yield from (f":(top,literal){path.strip('/')}" for path in paths)
    else:
        yield from (f":(top)*{ending}" for ending in ENDINGS)


def _read(state: State, content: bytes | None) -> PlainFile:
    if content is None:
        return PlainFile(unreadable=f"the repository lacks its content, {state.blob[:10]}")
    if reason := state.no_file:
        return PlainFile(unreadable=reason)
    return plain_file(state.path, content)


def _archived(name: str, policy: _Policy, since: date | None) -> ArchivedPolicy:
    kept = (v for v in policy.versions if not since or (v.observed and v.observed >= since))
    return ArchivedPolicy(name, tuple(kept), type=policy.last.type)


def _skipped(history: PlainHistory) -> Iterator[SkippedState]:
    """The states that could not be read; all is lost of a file if no state of it gave a policy."""
    read_files = {policy.file for policy in history.policies.values()}
    for state in history.skipped:
        yield structs.replace(state, lost=state.path not in map(printable, read_files))


def _notes(history: PlainHistory, only: str) -> Iterator[str]:
    for name, state in sorted(history.removed.items()):
        if covers(only, name):
            on = f"on {state.day} (commit {state.commit[:10]})"
            yield f"{name}: {printable(state.path)} was removed {on}; the policy is left out"
    if history.others:
        names = sorted(history.others)
        first = ", ".join(names[:_MOST_NAMES])
        more = f" and {len(names) - _MOST_NAMES} more" * (len(names) > _MOST_NAMES)
        count = words(len(names), "JSON file")
        yield f"{count} without a policy document passed over: {first}{more}"
