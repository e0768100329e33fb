"""Builds and imports on a disk that is full after so many bytes, and again when it no longer is."""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from tests.support.sites import contents
from tests.support.soak.forked import Child, Ended, assert_in_one_line, run_command
from tests.support.soak.killed import Files, fresh_copy, imports_of
from tests.support.soak.small_books import book_of, random_policy

Case = Callable[[int], str]
SIZES = 20
_NEW_MOUNTS = 0x00020000


def most_bytes(size: int) -> int:
    """The most bytes of a file: from 16 to some millions."""
    return round(16 * 1.9**size)


def free_bytes(size: int) -> int:
    """The free bytes of the small file system: from one page to some megabytes."""
    return round(4096 * 1.5**size)


class _FullDisk:
    """A book that was built before an edit, and an archive to import into it."""

    def __init__(self, folder: Path, policies: int) -> None:
        self._folder, self._book = folder, folder / "book"
        old, new = folder / "old", folder / "new"
        book_of(old, policies)
        assert run_command(old, "build").status == 0
        fresh_copy(old, new)
        shutil.rmtree(new / ".cache")
        for number in range(0, policies, 2):
            random_policy(new, f"Policy{number}", Random(number))
        assert run_command(new, "build").status == 0
        self._before, self._after = contents(old / "site"), contents(new / "site")
        (folder / "tmp").mkdir()
        (folder / "first").mkdir()
        self._imports = imports_of(folder, policies)
        assert self._import(folder / "first", "package").status == 0
        self._imported: dict[tuple[str, str], Files] = {}
        for data, kind in self._cases():
            copy = fresh_copy(folder / data, folder / "data")
            assert self._import(copy, kind).status == 0
            self._imported[data, kind] = contents(copy)

    def _cases(self) -> Iterator[tuple[str, str]]:
        """Imports of every kind, into a new folder and into one with another source."""
        (self._folder / "none").mkdir(exist_ok=True)
        for data in ("none", "first"):
            yield from ((data, kind) for kind in self._imports)

    def case(self, seed: int) -> str:
        size = seed % SIZES
        limit = most_bytes(size)
        found = [f"build: {self._built(self._book, lambda: _limit(limit), lambda: None)}"]
        endings = Counter(self._imported_with(limit, *one) for one in self._cases())
        found.append(", ".join(f"imports {said}: {endings[said]}" for said in sorted(endings)))
        disk = self._folder / "disk"
        found.append(f"small disk: {in_small_disk(disk, lambda: self._on_disk(disk, size))}")
        return ", ".join(found)

    def _built(self, book: Path, fill: Callable[[], None], empty: Callable[[], None]) -> str:
        """Build the edited book with too little space, and then with enough."""
        fresh_copy(self._folder / "old", book)
        fresh_copy(self._folder / "new" / "data", book / "data")
        ended = Child(book, "build", before=fill).wait()
        if ended.status:
            assert_in_one_line(ended)
            assert contents(book / "site") == self._before, "the old site has changed"
            assert not list(book.glob(".site*")), "temporary files stay"
        else:
            assert contents(book / "site") == self._after, "not the new site"
        empty()
        ended_again = run_command(book, "build")
        assert ended_again.status == 0, ended_again
        assert contents(book / "site") == self._after
        return "refused" if ended.status else "built"

    def _on_disk(self, disk: Path, size: int) -> str:
        """The same in the file system that is mounted at the folder."""
        filler = disk / "filler"

        def fill() -> None:
            free = os.statvfs(disk)
            left = free.f_bavail * free.f_frsize - free_bytes(size)
            with filler.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, max(left, 1))

        return self._built(disk / "book", fill, filler.unlink)

    def _imported_with(self, limit: int, first: str, kind: str) -> str:
        data = fresh_copy(self._folder / first, self._folder / "data")
        before, after = contents(data), self._imported[first, kind]
        ended = self._import(data, kind, lambda: _limit(limit))
        if ended.status:
            assert_in_one_line(ended)
            assert contents(data) == before, f"part of an import of {kind} stays"
        else:
            assert contents(data) == after
        left = list((self._folder / "tmp").glob("policybook-*/*"))
        assert not left, f"temporary files stay: {left}"
        assert self._import(data, kind).status == 0
        assert contents(data) == after
        return "refused" if ended.status else "done"

    def _import(self, data: Path, kind: str, before: Callable[[], None] | None = None) -> Ended:
        arguments = ("import", *self._imports[kind], "--data", data)
        env = {"TMPDIR": str(self._folder / "tmp")}
        return Child(self._folder, *arguments, before=before, env=env).wait()


def _limit(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def full_disk(policies: int) -> Callable[[Path], Case]:
    """A part whose cases are sizes of the space that is left."""
    return lambda folder: _FullDisk(folder, policies).case


def in_small_disk(folder: Path, action: Callable[[], str], size: str = "256m") -> str:
    """What an action returns in a process with a file system of its own at the folder.

    Returns:
        The text, or "not allowed" where the system allows no such file system.

    """
    folder.mkdir(exist_ok=True)
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            libc = ctypes.CDLL(None, use_errno=True)
            options = f"size={size}".encode()
            mounted = libc.unshare(_NEW_MOUNTS) == 0 and _mount(libc, os.fsencode(folder), options)
            said = action() if mounted else "not allowed"
        except BaseException as error:
            said = f"failed: {error!r}"
        os.write(writes, said.encode()[:4_000])
        os._exit(0)
    os.close(writes)
    os.waitpid(child, 0)
    said = os.read(reads, 4_096).decode()
    os.close(reads)
    assert not said.startswith("failed: "), said
    return said


def _mount(libc: ctypes.CDLL, folder: bytes, options: bytes) -> bool:
    private = 1 << 18 | 1 << 14  # this process alone sees what is mounted
    if libc.mount(b"none", b"/", None, private, None):
        return False
    return bool(libc.mount(b"none", folder, b"tmpfs", 0, options) == 0)
