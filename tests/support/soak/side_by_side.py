"""Commands that run at once on one book: two builds, an import beside a build, or beside serve."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from urllib.request import urlopen

from tests.support.sites import contents
from tests.support.soak.forked import Child, Ended, assert_in_one_line, run_command
from tests.support.soak.killed import archive_of, fresh_copy
from tests.support.soak.small_books import small_book

Case = Callable[[int], str]
LONGEST = 60
"""How long (s) a busy machine may take until a page is there or a process has ended."""


class _SideBySide:
    """A book of which an earlier state of an archive is imported and built."""

    def __init__(self, folder: Path, policies: int) -> None:
        self._folder, self._book = folder, folder / "book"
        archive_of(folder / "archive", policies)
        self._old, self._new = folder / "old", folder / "new"
        small_book(self._old)
        assert self._import(self._old, "earlier").wait().status == 0
        fresh_copy(self._old, self._new)
        assert self._import(self._new).wait().status == 0
        for book in (self._old, self._new):
            assert run_command(book, "build").status == 0
        self._before, self._after = contents(self._old / "site"), contents(self._new / "site")

    def _import(self, book: Path, branch: str = "main") -> Child:
        return Child(book, "import", "git", self._folder / "archive", "--branch", branch)

    def case(self, seed: int) -> str:
        random = Random(seed)
        fresh_copy(self._old, self._book)
        kind = (self._two_builds, self._two_imports, self._beside_build, self._beside_serve)[
            seed % 4
        ]
        return kind(random)

    def _two_builds(self, random: Random) -> str:
        """Both end well, or one says in a line what was in its way; the site is complete."""
        fresh_copy(self._new / "data", self._book / "data")
        if random.random() < 0.3:
            shutil.rmtree(self._book / ".cache")
        other = random.choice(("site", "site", "other"))
        first = Child(self._book, "build")
        time.sleep(random.uniform(0, 0.8))
        second = Child(self._book, "build", "-d", other)
        ended = (first.wait(), second.wait())
        assert any(e.status == 0 for e in ended), ended
        for one in ended:
            if one.status:
                assert_in_one_line(one)
        for folder, one in zip(("site", other), ended, strict=True):
            if one.status == 0:
                assert contents(self._book / folder) == self._after, folder
        self._builds_again()
        return f"two builds, {sum(e.status == 0 for e in ended)} ended well"

    def _two_imports(self, random: Random) -> str:
        first = self._import(self._book)
        time.sleep(random.uniform(0, 0.3))
        second = self._import(self._book)
        ended = (first.wait(), second.wait())
        assert any(e.status == 0 for e in ended), ended
        for one in ended:
            if one.status:
                assert_in_one_line(one)
        assert contents(self._book / "data") == contents(self._new / "data")
        self._builds_again()
        return f"two imports, {sum(e.status == 0 for e in ended)} ended well"

    def _beside_build(self, random: Random) -> str:
        """The build sees the data before or after; what it mixes is gone with the next build."""
        shutil.rmtree(self._book / ".cache")
        delay = random.uniform(-0.5, 0.4)
        build = Child(self._book, "build") if delay > 0 else None
        time.sleep(max(delay, 0))
        importing = self._import(self._book)
        time.sleep(max(-delay, 0))
        build = build or Child(self._book, "build")
        built, imported = build.wait(), importing.wait()
        assert imported.status == 0, imported
        if built.status:
            assert_errors_of_data(built)
        found = contents(self._book / "site")
        assert built.status == 0 or found == self._before
        self._builds_again()
        which = {True: "part of each"}
        seen = "old" if found == self._before else "new" if found == self._after else which[True]
        return f"import beside build, which saw the {seen} data"

    def _beside_serve(self, random: Random) -> str:
        """The preview shows what was imported, and ends when it is told to."""
        scratch = self._folder / "tmp"
        scratch.mkdir(exist_ok=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{free.getsockname()[1]}"
        serving = Child(self._book, "serve", "-a", address, env={"TMPDIR": str(scratch)})
        try:
            _until(lambda: _page(address, "policies/Policy0/"))
            time.sleep(random.uniform(0, 0.5))
            assert self._import(self._book).wait().status == 0
            path = "api/v1/policies.json"
            _until(lambda: _page(address, path) == self._after[path])
        finally:
            os.kill(serving.process, signal.SIGINT)
        ended = serving.wait()
        assert ended.status == 128 + signal.SIGINT, ended
        assert "Traceback" not in ended.stderr, ended.stderr
        assert not [p for p in scratch.iterdir() if p.name.startswith("mkdocs")]
        self._builds_again()
        return "import beside serve"

    def _builds_again(self) -> None:
        ended = run_command(self._book, "build")
        assert ended.status == 0, ended
        assert contents(self._book / "site") == self._after
        assert not list(self._book.glob(".site*")), "temporary files stay"
        assert not list((self._book / "data").glob(".*")), "temporary files stay"


def assert_errors_of_data(ended: Ended) -> None:
    """A build that failed named files that it could not read, a line each."""
    assert "Traceback" not in ended.stderr, ended.stderr
    assert "unexpected" not in ended.stderr, ended.stderr
    assert all(" expected " in line for line in ended.stderr.splitlines()), ended.stderr


def _page(address: str, path: str) -> bytes:
    try:
        with urlopen(f"http://{address}/{path}", timeout=LONGEST) as answer:
            found: bytes = answer.read()
            return found
    except OSError:
        return b""


def _until(condition: Callable[[], object]) -> None:
    ends = time.monotonic() + LONGEST
    while not condition():
        assert time.monotonic() < ends, "not there after a minute"
        time.sleep(0.05)


def side_by_side(policies: int) -> Callable[[Path], Case]:
    """A part whose cases run two commands at once."""
    return lambda folder: _SideBySide(folder, policies).case
