"""Folders replaced as a whole: built beside their place, and exchanged with it in one step."""

from __future__ import annotations

import ctypes
import os
import shutil
from pathlib import Path

from generator.errors import PolicybookError

_BEFORE = "-before"


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


def staging(target: Path) -> Path:
    """A fresh folder beside the target in which to build; those that killed builds left go.

    Where a build was killed between the two renames that `publish` may need, the folder that it had
    moved away is put back first.
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
    folder.mkdir()
    return folder


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


def publish(built: Path, target: Path) -> None:
    """Put the built folder in the target's place.

    Where the system can exchange two folders, there is a whole one at every moment; elsewhere there
    is one at every moment but one, and `staging` puts it back.
    """
    if target.exists():
        if not _exchange(built, target):
            before = built.with_name(built.name + _BEFORE)
            target.rename(before)
            built.rename(target)
            built = before
        discard(built)
    else:
        built.rename(target)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step (Linux: renameat2 with RENAME_EXCHANGE), if the system can."""
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    at_cwd, exchange = -100, 2
    return bool(call(at_cwd, os.fsencode(one), at_cwd, os.fsencode(other), exchange) == 0)
