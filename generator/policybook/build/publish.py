"""Folders replaced as a whole: built beside their place, and exchanged with it in one step."""

from __future__ import annotations

import ctypes
import filecmp
import os
import shutil
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from policybook.build.site_size import walk
from policybook.errors import PolicybookError

_BEFORE = "-before"

# Below Python's own files, since there are tens of thousands of them.
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def check_target(target: Path, *kept: Path) -> None:
    """Refuse a place for a site that holds, or lies in, what has to be kept, or is no site.

    Raises PolicybookError.
    """
    place = target.resolve()
    for path in (path.resolve() for path in kept):
        if path.is_relative_to(place) or (path.is_dir() and place.is_relative_to(path)):
            raise PolicybookError(f"{target}: expected a folder apart from {path}, to be replaced")
    if place.exists() and not place.is_dir():
        raise PolicybookError(f"{target}: expected a folder for the site, found a file")
    if place.is_dir() and any(place.iterdir()) and not (place / "index.html").exists():
        raise PolicybookError(f"{target}: expected an earlier site or nothing, found other files")


def staging(target: Path, spare: Path | None = None) -> Path:
    """A folder beside the target in which to build; those that killed builds left go.

    Where there is a spare site, the folder is that, to be cleared of what is not wanted: making
    and removing folders would take longer than all else when little has changed. Where a build was
    killed between the two renames that `publish` may need, the folder that it had moved away is
    put back first.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    for left in sorted(target.parent.glob(f".{target.name}.building-*")):
        if _runs(left.name.removesuffix(_BEFORE).rpartition("-")[2]):
            continue
        if left.name.endswith(_BEFORE) and not target.exists():
            left.rename(target)
        else:
            discard(left)
    folder = target.with_name(f".{target.name}.building-{os.getpid()}")
    discard(folder)
    if spare:
        with suppress(OSError):
            spare.rename(folder)
    folder.mkdir(exist_ok=True)
    return folder


def adopt(built: Path, target: Path, wanted: Mapping[str, int]) -> None:
    """Bring the wanted files of the target into the folder, which then has nothing else.

    `wanted` are paths below both, each with the number (inode) of the target's file. Nothing is
    ever written to a file that stands in the folder then, since it is the published one.
    """
    there: set[str] = set()
    _keep_only(str(built), "", wanted, there)
    for path in wanted:
        if path not in there:
            take_over(os.path.join(target, path), os.path.join(built, path))


def _keep_only(folder: str, inside: str, wanted: Mapping[str, int], there: set[str]) -> bool:
    """Remove all files but the wanted ones, and folders that are empty; whether this one is."""
    empty = True
    for entry in list(os.scandir(folder)):
        path = inside + entry.name
        if entry.is_dir(follow_symlinks=False):
            if _keep_only(entry.path, path + "/", wanted, there):
                os.rmdir(entry.path)
                continue
        elif wanted.get(path) == entry.inode():
            there.add(path)
        else:
            os.unlink(entry.path)
            continue
        empty = False
    return empty


def write(path: str, content: bytes) -> None:
    """Write a new file, with the folders that it needs."""
    if path.endswith("/index.html"):  # a page has a folder of its own, which is new as a rule
        with suppress(FileExistsError):
            _make(os.path.dirname(path))
    try:
        file = os.open(path, _NEW, 0o666)
    except FileNotFoundError:
        _make(os.path.dirname(path))
        file = os.open(path, _NEW, 0o666)
    try:
        while content:
            content = content[os.write(file, content) :]
    finally:
        os.close(file)


def _make(folder: str) -> None:
    """Make a folder, and those above it where they are missing too, which is rare."""
    try:
        os.mkdir(folder)
    except FileNotFoundError:
        os.makedirs(folder)


def take_over(old: str, new: str) -> None:
    """Put a file of the earlier site into the one that is built: the same file where links can be.

    Neither is ever written to again.
    """
    try:
        os.link(old, new)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(new))
        take_over(old, new)
    except OSError:
        shutil.copy2(old, new)


def settle(built: Path, target: Path) -> dict[str, tuple[int, int]]:
    """Put the target's own file in the place of each of the built ones that has the same bytes.

    So the times of files that did not change stay. Returns the size and the time of change (ns) of
    every file by its path below the folder.
    """
    found = {}
    earlier = target.exists()
    for path, new, made in walk(built):
        old = os.path.join(target, path)
        same = earlier and _differs_only_in_time(new, made, old)
        if same:
            os.unlink(new)
            take_over(old, new)
        status = os.stat(new) if same else made
        found[path] = (status.st_size, status.st_mtime_ns)
    return found


def _differs_only_in_time(new: str, status: os.stat_result, old: str) -> bool:
    try:
        there = os.lstat(old)
    except OSError:
        return False
    return (
        status.st_ino != there.st_ino
        and status.st_size == there.st_size
        and stat.S_ISREG(there.st_mode)
        and filecmp.cmp(new, old, shallow=False)
    )


def discard(folder: Path) -> None:
    """Remove what a build left in its folder."""
    shutil.rmtree(folder, ignore_errors=True)


def _runs(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def publish(built: Path, target: Path, spare: Path | None = None) -> None:
    """Put the built folder in the target's place, and keep what was there as the spare, if any.

    Where the system can exchange two folders, there is a whole one at every moment; elsewhere there
    is one at every moment but one, and `staging` puts it back.
    """
    if not target.exists():
        built.rename(target)
        return
    if not _exchange(built, target):
        before = built.with_name(built.name + _BEFORE)
        target.rename(before)
        built.rename(target)
        built = before
    if spare:
        discard(spare)
        with suppress(OSError):  # such as another file system
            spare.parent.mkdir(parents=True, exist_ok=True)
            built.rename(spare)
    discard(built)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step (Linux: renameat2 with RENAME_EXCHANGE), if the system can."""
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    at_cwd, exchange = -100, 2
    return bool(call(at_cwd, os.fsencode(one), at_cwd, os.fsencode(other), exchange) == 0)
