"""Where a store is, and by which program it was written."""

from __future__ import annotations

import hashlib
import os
import sys
from contextlib import suppress
from pathlib import Path

_MOST = 8  # stores in the user's cache folder
_FILES = ("book", "history", "overlap", "membership", ".gitignore")


def store_folder(data: Path, config_file: str | None) -> Path | None:
    """The folder of the store of a data folder.

    Args:
        data: The data folder.
        config_file: The mkdocs.yml that names it; None if an option of the command does. The store
            is then in the user's cache folder, since a data folder has no cache beside it.

    Returns:
        The folder; None if there is no place for one.

    """
    if config_file is not None:
        return Path(config_file).absolute().parent / ".cache" / "policybook"
    with suppress(RuntimeError):  # no home
        cache = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
        name = hashlib.blake2b(os.path.realpath(data).encode("utf-8", "surrogateescape"))
        return Path(cache) / "policybook" / name.hexdigest()[:24]
    return None


def remove_old(folder: Path) -> None:
    """Remove the oldest stores beside this one in the user's cache folder, if there are many."""
    with suppress(OSError):
        others = sorted(folder.parent.iterdir(), key=lambda path: path.stat().st_mtime)
        for other in others[:-_MOST] if folder.parent.name == "policybook" else ():
            if other != folder and (other / "book").is_file():
                for name in _FILES:
                    with suppress(FileNotFoundError):
                        (other / name).unlink()
                other.rmdir()


def program_state() -> bytes:
    """A digest of Python's version, the installed packages, and the state of this program's files.

    Sizes and times are enough here: reading all files would take longer than many a question.
    """
    found = hashlib.blake2b(sys.version.encode(), digest_size=16)
    for place in map(Path, sys.path):
        with suppress(OSError):
            names = sorted(name for name in os.listdir(place) if name.endswith(".dist-info"))
            found.update("\0".join(("", *names)).encode("utf-8", "surrogateescape"))
    _add_files(found, str(Path(__file__).parent.parent))
    return found.digest()


def _add_files(found: hashlib.blake2b, folder: str) -> None:
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.is_dir():
            if entry.name not in ("__pycache__", "templates"):
                _add_files(found, entry.path)
        else:
            status = entry.stat()
            state = f"\0{entry.path}\0{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"
            found.update(state.encode("utf-8", "surrogateescape"))
