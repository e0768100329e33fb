"""Builds and imports that are killed at an event: what is there is the old or the new, whole."""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

from tests.support.book_folders import replace
from tests.support.books import SAMPLES
from tests.support.git_archives import ARN, Archive, document, listing, snapshot
from tests.support.guide_pages import page, section
from tests.support.sites import contents
from tests.support.soak.events import drawn_event, killed_at, noted_in
from tests.support.soak.forked import Child, run_command
from tests.support.soak.small_books import book_of, random_policy

Case = Callable[[int], str]
Files = Mapping[str, bytes]

STATES = 6
LIST = "sources.yml"


def fresh_copy(of: Path, at: Path) -> Path:
    """A copy of a folder with the times of its files, in place of what is there."""
    shutil.rmtree(at, ignore_errors=True)
    shutil.copytree(of, at, symlinks=True)
    return at


def outcome(found: Files, old: Files, new: Files) -> str:
    """Which of the two states the files are in."""
    if found == old:
        return "the old one left" if old != new else "nothing to change"
    assert found == new, (
        f"neither old nor new: {_differences(found, old)}, {_differences(found, new)}"
    )
    return "the new one there"


def _differences(found: Files, other: Files) -> list[str]:
    names = sorted(found.keys() | other.keys())
    return [name for name in names if found.get(name) != other.get(name)][:5]


# --- builds ---------------------------------------------------------------------------------------


class _Builds:
    """States of a book, each built once, and killed builds that lead from one to another."""

    def __init__(self, folder: Path, policies: int) -> None:
        self._folder = folder
        self._events: dict[tuple[int, int, str], list[str]] = {}
        self._book = folder / "book"
        first = folder / "state0"
        book_of(first, policies)
        for state in range(STATES):
            book = folder / f"state{state}"
            if state:
                shutil.copytree(first, book, ignore=shutil.ignore_patterns("site", ".cache"))
                self._edit(book, state, policies)
            ended = run_command(book, "build")
            assert ended.status == 0, ended
        self._sites = [contents(folder / f"state{state}" / "site") for state in range(STATES)]

    def _edit(self, book: Path, state: int, policies: int) -> None:
        random = Random(state)
        for _ in range(state * state):
            random_policy(book, f"Policy{random.randint(0, policies + 5)}", random)
        if state % 2:
            replace(book / "data/book.yml", "title: ", f"title: {state} ")

    def _start(self, old: int, new: int, kind: str) -> Files:
        """The book in the old state with the data of the new one; returns its site."""
        fresh_copy(self._folder / f"state{old}", self._book)
        fresh_copy(self._folder / f"state{new}" / "data", self._book / "data")
        if kind == "no site":
            shutil.rmtree(self._book / "site")
        if kind in ("no site", "no cache"):
            shutil.rmtree(self._book / ".cache")
        return contents(self._book / "site")

    def _noted(self, old: int, new: int, kind: str) -> list[str]:
        found = self._events.get((old, new, kind))
        if found is None:
            self._start(old, new, kind)
            log = self._folder / "events.log"
            ended = Child(self._book, "build", before=noted_in(log)).wait()
            assert ended.status == 0, ended
            found = self._events[old, new, kind] = log.read_text("utf-8").splitlines()
        return found

    def case(self, seed: int) -> str:
        random = Random(seed)
        old, new = random.sample(range(STATES), 2)
        kind = random.choice(("warm", "warm", "no cache", "no site"))
        events = self._noted(old, new, kind)
        before, after = self._start(old, new, kind), self._sites[new]
        found = ""
        for _ in range(random.choice((1, 1, 1, 2, 3))):
            event = drawn_event(events, self._book, random)
            ended = Child(self._book, "build", before=killed_at(event)).wait()
            assert ended.status in (0, -signal.SIGKILL), ended
            found = outcome(contents(self._book / "site"), before, after)
        ended = run_command(self._book, "build")
        assert ended.status == 0, ended
        assert outcome(contents(self._book / "site"), after, after)
        self._no_leftovers()
        return found

    def _no_leftovers(self) -> None:
        cache = self._book / ".cache" / "policybook"
        left = [path.name for path in self._book.glob(".site*")]
        left += [p.name for p in cache.iterdir() if p.suffix[1:].isdecimal()]
        assert not left, f"temporary files stay: {left}"


def killed_builds(policies: int) -> Callable[[Path], Case]:
    """A part whose cases kill builds of a book with so many policies."""
    return lambda folder: _Builds(folder, policies).case


# --- imports --------------------------------------------------------------------------------------


def archive_of(folder: Path, policies: int, branch: str = "main") -> Archive:
    """An archive with so many policies: seven commits, the last four of which change some."""
    archive = Archive(folder, branch)
    random = Random(policies)
    numbers = dict.fromkeys([f"Policy{number}" for number in range(policies)], 1)
    paths = {name: f"policies/{name}" for name in numbers}
    first = {paths[name]: snapshot(1) for name in numbers}
    archive.commit("2020-01-01", {**first, "policies-list.json": listing(*numbers)})
    for month in range(2, 8):
        changed: dict[str, str | bytes | None] = {}
        for name in random.sample(sorted(numbers), policies // 3):
            numbers[name] += 1
            created = f"2020-{month:02}-01T08:00:00+00:00"
            changed[paths[name]] = snapshot(numbers[name], f"s3:Get{month}*", created=created)
        archive.commit(f"2020-{month:02}-02", changed)
        if month == 4:
            archive.git("branch", "earlier")
    return archive


def imports_of(folder: Path, policies: int) -> Mapping[str, tuple[object, ...]]:
    """The arguments of imports of every kind, whose sources are made in the folder.

    `guide` imports two archives at once: one page about each half of the policies.
    """
    archive = archive_of(folder / "archive", policies)
    archive.git("bundle", "create", "--quiet", str(folder / "archive.bundle"), "--all")
    packed = {
        f"Policy{number}": {
            "arn": f"{ARN}/Policy{number}",
            "latestVersionId": "v9",
            "versions": {id_: {"document": document(f"s3:{id_}")} for id_ in ("v8", "v9")},
        }
        for number in range(policies)
    }
    (folder / "package.json").write_text(json.dumps(packed))
    for place, number in enumerate((0, policies // 2)):
        names = [f"Policy{n}" for n in range(number, number + policies // 2)]
        sections = (section(name, "s3:GetObject") for name in names)
        (folder / f"page{place}.md").write_text(page(*sections, title=f"Page {place}"))
    return {
        "git": ("git", folder / "archive.bundle", "--branch", "main"),
        "package": ("package", folder / "package.json"),
        "guide": ("guide", folder / "page0.md", folder / "page1.md"),
        "catalogue": ("catalogue", SAMPLES / "catalogue"),
    }


class _Imports:
    """States of a data folder before an import, and imports of each kind that are killed."""

    def __init__(self, folder: Path, policies: int) -> None:
        self._folder = folder
        self._data, self._scratch = folder / "data", folder / "tmp"
        self._imports = imports_of(folder, policies)
        self._events: dict[tuple[str, str], list[str]] = {}
        self._after: dict[tuple[str, str], Files] = {}
        (folder / "empty" / "policies").mkdir(parents=True)
        self._make("early")
        fresh_copy(folder / "early", folder / "edited")
        self._edit(folder / "edited" / "policies")
        (folder / "new").mkdir()
        for state in ("new", "empty", "early", "edited"):
            for kind in self._imports:
                self._note(state, kind)

    def _make(self, name: str) -> None:
        """A folder with an earlier state of the archive, and with the packages."""
        self._scratch.mkdir(exist_ok=True)
        (self._folder / name).mkdir()
        earlier = ("--branch", "earlier")
        for arguments in ((*self._imports["git"], *earlier), self._imports["package"]):
            ended = self._child(self._folder / name, arguments).wait()
            assert ended.status == 0, ended

    def _edit(self, policies: Path) -> None:
        """What people write: a line of their own, a policy of theirs, a document of theirs."""
        main = policies / "Policy3" / "policy.yml"
        main.write_text(f"# ours\nsummary: Ours.\n{main.read_text()}")
        own = policies / "Policy4"
        (own / "v1.yml").write_text('{"Statement": []}')
        (own / "v1.json").unlink()
        shutil.copytree(policies / "Policy5", policies / "Ours")
        replace(policies / "Ours/policy.yml", "Policy5", "Ours")

    def _child(
        self, data: Path, arguments: tuple[object, ...], before: Callable[[], object] | None = None
    ) -> Child:
        env = {"TMPDIR": str(self._scratch)}
        return Child(self._folder, "import", *arguments, "--data", data, before=before, env=env)

    def _note(self, state: str, kind: str) -> None:
        fresh_copy(self._folder / state, self._data)
        log = self._folder / "events.log"
        ended = self._child(self._data, self._imports[kind], noted_in(log)).wait()
        assert ended.status == 0, ended
        self._events[state, kind] = log.read_text("utf-8").splitlines()
        self._after[state, kind] = contents(self._data)

    def case(self, seed: int) -> str:
        random = Random(seed)
        state, kind = random.choice(sorted(self._events))
        arguments = self._imports[kind]
        fresh_copy(self._folder / state, self._data)
        fresh_copy(self._folder / "empty", self._scratch)
        before, after = contents(self._data), self._after[state, kind]
        found = ""
        for _ in range(random.choice((1, 1, 1, 2, 3))):
            event = drawn_event(self._events[state, kind], self._folder, random)
            ended = self._child(self._data, arguments, killed_at(event)).wait()
            assert ended.status in (0, -signal.SIGKILL), ended
            now = _visible(self._data)
            # The list of sources is written after the policies: its old state is still true.
            assert now.get(LIST) in (before.get(LIST), after.get(LIST))
            found = outcome(*({**files, LIST: b""} for files in (now, before, after)))
        ended = self._child(self._data, arguments).wait()
        assert ended.status == 0, ended
        assert outcome(contents(self._data), after, after)
        left = [p.name for p in self._data.rglob(".*")]
        left += [p.name for p in self._scratch.glob("policybook-*/*")]
        assert not left, f"temporary files stay: {left}"
        return f"{kind}: {found}"


def _visible(data: Path) -> Files:
    """The files of a data folder, without what a killed import has not finished."""
    return {path: text for path, text in contents(data).items() if "/." not in f"/{path}"}


def killed_imports(policies: int) -> Callable[[Path], Case]:
    """A part whose cases kill imports of every kind with so many policies."""
    return lambda folder: _Imports(folder, policies).case
