"""Starts a new book: the example policy, its settings, and the risk rules."""

from __future__ import annotations

import shutil
from pathlib import Path

from policybook.build.planner import templates_folder
from policybook.errors import PolicybookError


def start_book(folder: Path) -> None:
    """Copy the starter book and the risk rules into a new or empty folder.

    Raises:
        PolicybookError: The folder is not empty.
    """
    require_empty(folder)
    shutil.copytree(templates_folder() / "starter_book", folder, dirs_exist_ok=True)
    rules = templates_folder().parent / "data" / "rules.yml"
    if rules.is_file():  # in a checkout; a wheel has them in the starter book
        shutil.copy(rules, folder / "data")


def require_empty(folder: Path) -> None:
    """Raise PolicybookError if the folder exists and is not empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise PolicybookError(f"{folder}: expected a new or empty folder, found content")
