"""Reads a git repository through `git` itself: the states of files, and their contents.

`git` is run as a program, since it is the one reader that takes folders, bundles and addresses.

Neither the user's configuration nor the archive's is used, since both can change what git prints
and name programs that git then runs (Git's documentation, "git-config"). History is read in a
repository of our own that only borrows the archive's objects. Of the archive itself no more than
its place, its branches and its boundary of a shallow clone are asked for.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO

from policybook.errors import PolicybookError, one_line
from policybook.importers.git_archives.file_states import State
from policybook.importers.git_archives.scratch import scratch_folder

# What may be asked for over the network; git's other transports run programs.
_TRANSPORTS = "file:git:http:https:ssh"
_SETTINGS = (
    *("-c", "core.quotePath=false"),
    *("-c", "core.commitGraph=false"),  # a file of the archive that may not say what commits say
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "safe.directory=*"),  # what it guards against is configuration that runs programs
)
_MOST_BYTES = 64_000_000  # of the content of a file


@contextmanager
def repository(source: str, branch: str | None) -> Iterator[Git]:
    """Open a repository. A bundle or an address is cloned into a temporary folder.

    Args:
        source: A folder, a bundle or an address.
        branch: The branch to read; by default the only one with policies, else `archive`, else
            HEAD.

    Raises:
        PolicybookError: Git cannot read the source, or it has no such branch.
    """
    if source.startswith("-") or (branch or "").startswith("-"):
        raise PolicybookError(
            f"expected a repository and a branch, found {source!r} {branch or ''}"
        )
    with scratch_folder() as scratch:
        folder = Path(source)
        if not folder.is_dir():
            folder = scratch / "clone"
            _clone(source, branch, folder)
        yield Git(folder, source, branch, scratch)


def _clone(source: str, branch: str | None, folder: Path) -> None:
    clone = ["clone", "--quiet", "--bare", "--template=", *(["--branch", branch] if branch else [])]
    done = _run([*clone, "--", source, str(folder)], {"GIT_ALLOW_PROTOCOL": _TRANSPORTS})
    if done.returncode:
        raise PolicybookError(f"{source}: expected a git repository, found {_said(done, 'none')}")


def _environment(**own: str) -> Mapping[str, str]:
    """The environment without what configures git, so that it asks nobody and runs nothing."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {
        **kept,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_ALLOW_PROTOCOL": "",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "",
        "LC_ALL": "C",
        **own,
    }


def _run(
    arguments: Sequence[str], own: Mapping[str, str], given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["git", *_SETTINGS, *arguments],
        input=given,
        env=_environment(**own),
        capture_output=True,
        check=False,
    )


def _said(done: subprocess.CompletedProcess[bytes], otherwise: str) -> str:
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return one_line(lines[-1]) if lines else otherwise


class Git:
    """A repository and the commit to read it from.

    `notes` are lines for the user, about branches that are not read and about a history that is
    cut. `cut` are the commits at which a shallow clone begins. `scratch` is a folder of our own.
    `tip` is the commit that is read. `remote` is the address that it was cloned from, or "".
    """

    def __init__(self, folder: Path, source: str, branch: str | None, scratch: Path) -> None:
        self.scratch = scratch
        self.notes: list[str] = []
        place = ("-C", str(folder))
        self._own: dict[str, str] = {}
        done = _run([*place, "rev-parse", "--show-prefix"], self._own)
        if done.returncode:
            said = _said(done, "none").removeprefix("fatal: ")
            raise PolicybookError(f"{source}: expected a git repository, found none ({said})")
        prefix = "".join(_split(done.stdout))
        common = "\n".join(self._lines(*place, "rev-parse", "--git-common-dir"))
        kind = "".join(self._lines(*place, "rev-parse", "--show-object-format"))
        if prefix:
            raise PolicybookError(
                f"{source}: expected a git repository, found the folder {prefix} of one"
            )
        heads = self._lines(
            *place, "for-each-ref", "--format=%(objectname) %(refname:lstrip=2)", "refs/heads"
        )
        branches = {name: tip for head in heads for tip, _, name in [head.partition(" ")] if head}
        head = "".join(self._found(*place, "rev-parse", "--verify", "--quiet", "HEAD"))
        named = "".join(self._found(*place, "symbolic-ref", "--quiet", "HEAD"))
        self.remote = "".join(self._found(*place, "config", "--local", "remote.origin.url"))
        self._borrow((folder / common).resolve(), kind)
        if not branches and not head:
            raise PolicybookError(f"{source}: expected an archive with a commit, found none")
        named = named.removeprefix("refs/heads/")
        self.tip = self._choose(source, branch, branches, head, named)

    def _borrow(self, common: Path, kind: str) -> None:
        """Make a repository of our own with the archive's objects, and without its settings."""
        own = self.scratch / "own.git"
        (own / "refs").mkdir(parents=True)
        (own / "HEAD").write_text("ref: refs/heads/none\n")
        (own / "config").write_text(
            "[core]\n\trepositoryformatversion = 1\n\tbare = true\n"
            + (f"[extensions]\n\tobjectFormat = {kind}\n" if kind != "sha1" else "")
        )
        shallow = common / "shallow"
        cut = shallow.read_text("ascii") if shallow.is_file() else ""
        if cut:
            (own / "shallow").write_text(cut)
        self.cut = frozenset(cut.split())
        self._own = {"GIT_DIR": str(own), "GIT_OBJECT_DIRECTORY": str(common / "objects")}

    def _choose(
        self, source: str, branch: str | None, branches: Mapping[str, str], head: str, named: str
    ) -> str:
        """The commit to read from; adds a note if other branches have policies too."""
        if branch is not None:
            if branch not in branches:
                raise PolicybookError(
                    f"{source}: expected a branch of {list(branches)}, found {branch!r}"
                )
            return branches[branch]
        asked = "".join(f"{tip}:policies\n" for tip in branches.values())
        answers = self._lines("cat-file", "--batch-check", given=asked.encode())
        have = [
            name
            for name, answer in zip(branches, answers, strict=bool(branches))
            if not answer.endswith(" missing")
        ]
        likely = have or list(branches)
        chosen = next((name for name in ("archive", named) if name in likely), "")
        chosen = likely[0] if len(likely) == 1 else chosen
        if not chosen and (named or not head):
            raise PolicybookError(f"{source}: expected --branch with one of {likely}, found none")
        if len(have) > 1:
            self.notes.append(
                f"{source}: the branches {', '.join(have)} have policies, and "
                f"{chosen or 'the commit that is checked out'} is read; --branch names another"
            )
        return branches[chosen] if chosen else head

    def last_day(self) -> date | None:
        """The day of that commit, in UTC."""
        return _day(self._lines("log", "--max-count=1", "--format=%ct", self.tip)[0])

    def _found(self, *arguments: str) -> list[str]:
        """The lines that git prints, none if it finds nothing."""
        done = _run(arguments, self._own)
        return _split(done.stdout) if not done.returncode else []

    def _lines(self, *arguments: str, given: bytes = b"") -> list[str]:
        done = _run(arguments, self._own, given)
        if done.returncode:
            command = arguments[2] if arguments[0] == "-C" else arguments[0]
            raise PolicybookError(f"git {command}: {_said(done, 'failed')}")
        return _split(done.stdout)

    def states(self, path: str) -> list[State]:
        """Every state of the files below the path, oldest first.

        First come the states on the first-parent line of the branch, then those of branches that
        were merged into it.
        """
        found = list(self._log((path,), "--first-parent"))
        if self._lines("rev-list", "--merges", "--max-count=1", self.tip)[0]:
            line = set(self._lines("rev-list", "--first-parent", self.tip))
            every = self._log((path,), "--full-history", "--diff-merges=first-parent")
            found += [state for state in every if state.side and state.commit not in line]
        return found

    def line(self, *patterns: str) -> list[State]:
        """Every state of files on the first-parent line of the branch, oldest first.

        Args:
            patterns: Patterns of git for paths, of which one has to match.
        """
        return list(self._log(patterns, "--first-parent"))

    def _log(self, paths: Sequence[str], *which: str) -> Iterator[State]:
        form = ("--reverse", "--raw", "--no-abbrev", "--no-renames", "--format=commit %H %ct")
        commit, day = "", None
        for line in self._lines("log", *form, *which, self.tip, "--", *paths):
            if line.startswith("commit "):
                _, commit, moment = line.split(" ")
                day = _day(moment)
            elif line.startswith(":"):
                facts, _, name = line.partition("\t")
                _, mode, _, blob, _ = facts.split(" ")
                side = "--first-parent" not in which
                yield State(commit, day, name, blob if blob.strip("0") else "", mode, side)

    def contents(self, states: Iterable[State]) -> Iterator[tuple[State, bytes | None]]:
        """Each state with its content, in order; None if the repository lacks the blob.

        Of a very large one it is the beginning, which no reader takes for a policy.

        Raises:
            PolicybookError: Git cannot read an object.
        """
        with subprocess.Popen(
            ["git", *_SETTINGS, "cat-file", "--batch"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(**self._own),
        ) as batch:
            assert batch.stdin
            assert batch.stdout
            for state in states:
                if state.no_file:
                    yield state, b""
                    continue
                try:
                    batch.stdin.write(f"{state.blob}\n".encode())
                    batch.stdin.flush()
                except BrokenPipeError:
                    pass  # there is no answer, either
                head = batch.stdout.readline().split()
                size = int(head[2]) if len(head) == 3 else 0
                content, read = _begin(batch.stdout, size)
                if not head or read < size:
                    batch.kill()
                    raise PolicybookError(
                        f"git cat-file: expected the object {state.blob} of {state.path}, "
                        "found one that cannot be read"
                    )
                if len(head) == 3:
                    batch.stdout.read(1)
                yield state, content if len(head) == 3 else None
            batch.stdin.close()


def _begin(answer: IO[bytes], size: int) -> tuple[bytes, int]:
    """The beginning of an object of this size, and how much there is of it; all of it is read."""
    content = answer.read(min(size, _MOST_BYTES))
    read = len(content)
    while read < size and (more := answer.read(min(size - read, _MOST_BYTES))):
        read += len(more)
    return content, read


def _split(output: bytes) -> list[str]:
    # Not splitlines(): a file's name may have characters that it takes for the end of a line.
    return output.decode("utf-8", "surrogateescape").removesuffix("\n").split("\n")


def _day(seconds: str) -> date | None:
    """The day in UTC, or None if no calendar has it."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC).date()
    except (ValueError, OverflowError, OSError):
        return None
