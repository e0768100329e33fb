"""Atomic publishing: a site is built in a staging folder, which then replaces the old site."""

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

# Flags for `os.open`, which is faster than `open` for tens of thousands of files.
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def check_target(target: Path, *kept: Path) -> None:
    """Check that a folder may be replaced with a site.

    Args:
        target: The folder of the site.
        *kept: Files and folders that must not be replaced.

    Raises:
        PolicybookError: The folder contains one of `kept` or is inside one of them, or it is
            neither empty nor a site.

    """
    folder = target.resolve()
    for path in (path.resolve() for path in kept):
        if path.is_relative_to(folder) or (path.is_dir() and folder.is_relative_to(path)):
            raise PolicybookError(f"{target}: expected a folder apart from {path}, to be replaced")
    if folder.exists() and not folder.is_dir():
        raise PolicybookError(f"{target}: expected a folder for the site, found a file")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "index.html").exists():
        raise PolicybookError(f"{target}: expected an earlier site or nothing, found other files")


def staging(target: Path, spare: Path | None = None) -> Path:
    """Create a staging folder next to the target, and remove those of killed builds.

    If a build was killed between the two renames of `publish`, the site that it had moved is first
    restored.

    Args:
        target: The folder of the site.
        spare: A former site to use as the staging folder, if it exists: when little has changed,
            creating thousands of folders would take most of the time. `reuse_files` clears it.

    Returns:
        The staging folder.

    """
    target.parent.mkdir(parents=True, exist_ok=True)
    for left in sorted(target.parent.glob(f".{target.name}.building-*")):
        if _is_running(left.name.removesuffix(_BEFORE).rpartition("-")[2]):
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


def reuse_files(built: Path, target: Path, wanted: Mapping[str, int]) -> None:
    """Fill the staging folder with the unchanged files of the target, and remove all others.

    The files must never be written to, since they are hard links to the published ones.

    Args:
        built: The staging folder.
        target: The folder of the published site.
        wanted: The relative paths of the unchanged files, with the inodes of the target's files.

    """
    present: set[str] = set()
    _keep_only(str(built), "", wanted, present)
    for path in wanted:
        if path not in present:
            link_or_copy(os.path.join(target, path), os.path.join(built, path))


def _keep_only(folder: str, inside: str, wanted: Mapping[str, int], present: set[str]) -> bool:
    """Remove all unwanted files and empty folders; returns whether this folder is empty."""
    empty = True
    for entry in list(os.scandir(folder)):
        path = inside + entry.name
        if entry.is_dir(follow_symlinks=False):
            if _keep_only(entry.path, path + "/", wanted, present):
                os.rmdir(entry.path)
                continue
        elif wanted.get(path) == entry.inode():
            present.add(path)
        else:
            os.unlink(entry.path)
            continue
        empty = False
    return empty


def write(path: str, content: bytes) -> None:
    """Write a new file, and create its folders if necessary."""
    if path.endswith("/index.html"):  # a page has its own folder, which is usually new
        with suppress(FileExistsError):
            _make_folder(os.path.dirname(path))
    try:
        file = os.open(path, _NEW, 0o666)
    except FileNotFoundError:
        _make_folder(os.path.dirname(path))
        file = os.open(path, _NEW, 0o666)
    try:
        while content:
            content = content[os.write(file, content) :]
    finally:
        os.close(file)


def _make_folder(folder: str) -> None:
    """Create a folder; its parents rarely need to be created too."""
    try:
        os.mkdir(folder)
    except FileNotFoundError:
        os.makedirs(folder)


def link_or_copy(old: str, new: str) -> None:
    """Reuse a file of the published site: as a hard link or, if that fails, as a copy.

    Neither file may be written to afterwards.

    Args:
        old: The path of the published file.
        new: The path in the staging folder.

    """
    try:
        os.link(old, new)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(new))
        link_or_copy(old, new)
    except OSError:
        shutil.copy2(old, new)


def reuse_identical_files(built: Path, target: Path) -> dict[str, tuple[int, int]]:
    """Replace each staged file that is identical to the published one with a link to that.

    Thus the modification times of unchanged files are kept.

    Args:
        built: The staging folder.
        target: The folder of the published site.

    Returns:
        The size and modification time (ns) of every staged file, by relative path.

    """
    found = {}
    published = target.exists()
    for path, new, staged in walk(built):
        old = os.path.join(target, path)
        same = published and _differs_only_in_time(new, staged, old)
        if same:
            os.unlink(new)
            link_or_copy(old, new)
        status = os.stat(new) if same else staged
        found[path] = (status.st_size, status.st_mtime_ns)
    return found


def _differs_only_in_time(new: str, status: os.stat_result, old: str) -> bool:
    try:
        published = os.lstat(old)
    except OSError:
        return False
    return (
        status.st_ino != published.st_ino
        and status.st_size == published.st_size
        and stat.S_ISREG(published.st_mode)
        and filecmp.cmp(new, old, shallow=False)
    )


def discard(folder: Path) -> None:
    """Remove a staging folder, if it exists, with the read-only folders in it."""
    shutil.rmtree(folder, ignore_errors=True)
    if folder.is_dir():
        for path, names, _ in os.walk(folder):
            for inner in (os.path.join(path, name) for name in names):
                if not os.path.islink(inner):
                    os.chmod(inner, 0o700)
        shutil.rmtree(folder, ignore_errors=True)


def _is_running(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def publish(built: Path, target: Path, spare: Path | None = None) -> None:
    """Replace the published site with the staging folder.

    If the system can exchange two folders, a complete site exists at every moment. Otherwise the
    folder is missing for a moment; if the process is killed then, `staging` restores it.

    Args:
        built: The staging folder.
        target: The folder of the site.
        spare: A folder in which to keep the old site for the next build. Default: it is removed.

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
        with suppress(OSError):  # such as on another file system
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
