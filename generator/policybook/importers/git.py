"""Reads a git repository through `git` itself: the states of files, and their contents.

`git` is run as a program, since it is the one reader that takes folders, bundles and addresses.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from msgspec import Struct

from policybook.errors import PolicybookError


class State(Struct, frozen=True):
    """A state of a file: commit, its day in UTC, path, and blob; "" if the file was removed."""

    commit: str
    day: date
    path: str
    blob: str


@contextmanager
def repository(source: str, branch: str | None) -> Iterator[Git]:
    """Open a repository. A bundle or an address is cloned into a temporary folder.

    Args:
        source: A folder, a bundle or an address.
        branch: The branch to read; by default the only one, else `archive`, else HEAD.

    Raises:
        PolicybookError: Git cannot read the source, or it has no such branch.
    """
    if source.startswith("-") or (branch or "").startswith("-"):
        raise PolicybookError(
            f"expected a repository and a branch, found {source!r} {branch or ''}"
        )
    if Path(source).is_dir():
        git = Git(Path(source), branch)
        if git.inside:
            raise PolicybookError(
                f"{source}: expected a git repository, found the folder {git.inside} of one"
            )
        yield git
        return
    with tempfile.TemporaryDirectory(prefix="policybook-") as folder:
        clone = ["git", "clone", "--quiet", "--bare", *(["--branch", branch] if branch else [])]
        done = subprocess.run([*clone, "--", source, folder], capture_output=True, check=False)
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().splitlines()
            raise PolicybookError(
                f"{source}: expected a git repository, found {(said or ['none'])[-1]}"
            )
        yield Git(Path(folder), branch)


class Git:
    """A repository and the commit to read it from."""

    def __init__(self, folder: Path, branch: str | None) -> None:
        self._command = ("git", "-C", str(folder), "-c", "core.quotePath=false")
        self.inside = "".join(self._lines("rev-parse", "--show-prefix"))
        heads = self._lines("for-each-ref", "--format=%(refname)", "refs/heads")
        names = [head.removeprefix("refs/heads/") for head in heads if head]
        if branch is None and "archive" in names and len(names) > 1:
            branch = "archive"
        if branch is not None and branch not in names:
            raise PolicybookError(f"{folder}: expected a branch of {names}, found {branch!r}")
        only = names[0] if len(names) == 1 else None
        self._tip = f"refs/heads/{branch or only}" if branch or only else "HEAD"
        if not names and not self._lines("rev-list", "--all", "--max-count=1")[0]:
            raise PolicybookError(f"{folder}: expected an archive with a commit, found none")

    def _lines(self, *arguments: str) -> list[str]:
        done = subprocess.run([*self._command, *arguments], capture_output=True, check=False)
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().splitlines()
            raise PolicybookError(f"git {arguments[0]}: {(said or ['failed'])[-1]}")
        # Not splitlines(): a file's name may have characters that it takes for the end of a line.
        return done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n").split("\n")

    def states(self, path: str) -> list[State]:
        """Every state of the files below the path, oldest first."""
        form = "--format=commit %H %cI"
        log = (
            "log",
            "--reverse",
            "--raw",
            "--no-abbrev",
            "--no-renames",
            "--diff-merges=first-parent",
        )
        found: list[State] = []
        commit, day = "", date.min
        for line in self._lines(*log, form, self._tip, "--", path):
            if line.startswith("commit "):
                _, commit, moment = line.split(" ")
                day = datetime.fromisoformat(moment).astimezone(UTC).date()
            elif line.startswith(":"):
                facts, _, name = line.partition("\t")
                blob = facts.split(" ")[3]
                found.append(State(commit, day, name, blob if blob.strip("0") else ""))
        return found

    def contents(self, states: Iterable[State]) -> Iterator[tuple[State, bytes]]:
        """Each state with its content, in order."""
        with subprocess.Popen(
            [*self._command, "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as batch:
            assert batch.stdin
            assert batch.stdout
            for state in states:
                batch.stdin.write(f"{state.blob}\n".encode())
                batch.stdin.flush()
                head = batch.stdout.readline().split()
                if len(head) != 3:  # a submodule's commit, or an object that is missing
                    yield state, b""
                    continue
                content = batch.stdout.read(int(head[2]))
                batch.stdout.read(1)
                yield state, content
            batch.stdin.close()
