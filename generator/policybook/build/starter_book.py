"""Creates a new book: an example policy, its settings, and the risk rules."""

from __future__ import annotations

import shutil
from pathlib import Path

from policybook.errors import PolicybookError
from policybook.output.html.templating import templates_folder


def start_book(folder: Path) -> None:
    """Copy the example book and the rules; raises PolicybookError if the folder is not empty."""
    require_empty(folder)
    shutil.copytree(templates_folder() / "starter_book", folder, dirs_exist_ok=True)
    rules = templates_folder().parent / "data" / "rules.yml"
    if rules.is_file():  # a wheel has them in the starter book
        shutil.copy(rules, folder / "data")


def require_empty(folder: Path) -> None:
    """Raises PolicybookError if the folder exists and is not empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise PolicybookError(f"{folder}: expected a new or empty folder, found content")
