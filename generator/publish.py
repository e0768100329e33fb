"""Folders replaced as a whole: built beside their place, and exchanged with it in one step."""

from __future__ import annotations

import ctypes
import os
import shutil
from pathlib import Path


def staging(target: Path) -> Path:
    """A fresh folder beside the target in which to build; those that killed builds left go."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for left in target.parent.glob(f".{target.name}.building-*"):
        if not _runs(left.name.rpartition("-")[2]):
            shutil.rmtree(left, ignore_errors=True)
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
    """Put the built folder in the target's place, at no moment without a whole one there."""
    if target.exists():
        if not _exchange(built, target):
            before = built.with_name(built.name + "-before")
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
