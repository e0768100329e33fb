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

from policybook.build.publishing.site_size import walk
from policybook.errors import PolicybookError

MARKER = ".policybook-site"
"""The file that says that policybook made a folder, and may replace it."""

_BUILDING, _BEFORE = ".building-", "-before"

# For `os.open`, which is faster than `open` for tens of thousands of files.
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def check_target(target: Path, *kept: Path) -> None:
    """Check that a folder may be replaced with a site.

    Args:
        target: The folder of the site.
        *kept: Files and folders that must not be replaced.

    Raises:
        PolicybookError: `check_apart` does, or it is neither empty nor a site of policybook.
    """
    check_apart(target, *kept)
    folder = _real(target)
    if folder.exists() and not folder.is_dir():
        raise PolicybookError(f"{target}: expected a folder for the site, found a file")
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    if not _is_site(folder):
        raise PolicybookError(
            f"{target}: expected a site that policybook built or nothing, found other files"
            f" and no {MARKER}; empty the folder or name another one"
        )
    if os.path.lexists(folder / ".git"):
        raise PolicybookError(f"{target}: expected a folder to be replaced, found a git repository")


def check_apart(target: Path, *kept: Path) -> None:
    """Check that a folder neither contains nor is inside any of some files and folders.

    Args:
        target: The folder, which may be missing.
        *kept: The files and folders.

    Raises:
        PolicybookError: It does, or is.
    """
    folder = _real(target)
    for path in map(_real, kept):
        if path.is_relative_to(folder) or folder.is_relative_to(path):
            raise PolicybookError(f"{target}: expected a folder apart from {path}; name another")


def _real(path: Path) -> Path:
    """The path without symbolic links; `Path.resolve` fails if they form a circle."""
    return Path(os.path.realpath(path))


def _is_site(folder: Path) -> bool:
    """Whether policybook made the folder: the marker is the only proof of that."""
    return not folder.is_symlink() and (folder / MARKER).is_file()


def mark(folder: Path) -> None:
    """Mark a staged site as one that policybook builds, so that the next build may replace it."""
    text = b"policybook built this folder. The next build replaces everything in it.\n"
    write(str(folder / MARKER), text)


def staging(target: Path, spare: Path | None = None) -> Path:
    """Create a staging folder next to the target, and remove those of killed builds.

    If a build was killed between the two renames of `publish`, the site that it had moved is first
    restored.

    Args:
        target: The folder of the site; not a symbolic link, which would itself be replaced.
        spare: A former site to use as the staging folder, if it exists: when little has changed,
            creating thousands of folders would take most of the time. `reuse_files` clears it.

    Returns:
        The staging folder.

    """
    target.parent.mkdir(parents=True, exist_ok=True)
    start = f".{target.name}{_BUILDING}"
    for left in sorted(target.parent.iterdir()):
        process = left.name.removeprefix(start).removesuffix(_BEFORE)
        if left.name.startswith(start) and process.isdecimal() and not is_running(int(process)):
            discard(target.with_name(start + process))
    folder = target.with_name(f"{start}{os.getpid()}")
    discard(folder)
    if spare and _is_site(spare):
        with suppress(OSError):  # such as on another file system
            spare.rename(folder)
            return folder
    folder.mkdir()
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
    """Create a folder, unless another process has; its parents rarely need to be created too."""
    try:
        with suppress(FileExistsError):
            os.mkdir(folder)
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)


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


def reuse_identical_files(
    built: Path, target: Path, linked: Mapping[str, int]
) -> dict[str, tuple[int, int]]:
    """Replace each staged file that is identical to the published one with a link to that.

    Thus the modification times of unchanged files are kept.

    Args:
        built: The staging folder.
        target: The folder of the published site.
        linked: The relative paths of files that are links to it already, with their inodes.

    Returns:
        The size and modification time (ns) of every staged file, by relative path.

    """
    found = {}
    published = target.exists()
    for path, new, staged in walk(built):
        old = f"{target}{os.sep}{path}"
        new_file = published and linked.get(path) != staged.st_ino
        same = new_file and _differs_only_in_time(new, staged, old)
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
    """Remove a staging folder, if it exists, and restore a site that `publish` had moved."""
    target = folder.with_name(folder.name[1:].rpartition(_BUILDING)[0])
    before = folder.with_name(folder.name + _BEFORE)
    if before.is_dir() and not target.exists():
        before.rename(target)
    for left in (folder, before):
        remove(left)


def remove(folder: Path) -> None:
    """Remove a folder, if it exists, with the read-only folders in it."""
    shutil.rmtree(folder, ignore_errors=True)
    if folder.is_dir():
        for path, names, _ in os.walk(folder):
            for inner in (os.path.join(path, name) for name in names):
                if not os.path.islink(inner):
                    os.chmod(inner, 0o700)
        shutil.rmtree(folder, ignore_errors=True)


def is_running(process: int) -> bool:
    """Whether a process of that number is running."""
    try:
        os.kill(process, 0)
    except (OverflowError, ProcessLookupError):
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
        shutil.rmtree(spare, ignore_errors=True)
        with suppress(OSError):  # such as on another file system
            spare.parent.mkdir(parents=True, exist_ok=True)
            built.rename(spare)
    shutil.rmtree(built, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step (Linux: renameat2 with RENAME_EXCHANGE), if the system can."""
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    at_cwd, exchange = -100, 2
    return bool(call(at_cwd, os.fsencode(one), at_cwd, os.fsencode(other), exchange) == 0)
