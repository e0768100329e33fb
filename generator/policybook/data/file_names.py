"""Which arguments of commands name files with documents."""

from __future__ import annotations

from pathlib import Path

STANDARD_INPUT = "-"
ENDINGS = (".json", ".yml", ".yaml")


def is_file_name(name: str) -> bool:
    """Whether an argument names a file rather than a policy of the book.

    It does if it is `-`, has a slash or the ending of a document, or if there is such a file.
    """
    path = Path(name)
    return name == STANDARD_INPUT or "/" in name or path.suffix in ENDINGS or path.is_file()
