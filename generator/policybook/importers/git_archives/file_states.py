"""The states of files in the history of a repository."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

_SUBMODULE, _LINK = "160000", "120000"


class State(Struct, frozen=True):
    """A state of a file: commit, its day in UTC, path, blob and mode.

    `blob` is "" if the file was removed, and `day` None if no calendar has the commit's moment.
    `side` says that the commit is not on the first-parent line of the branch, but on one that was
    merged into it.
    """

    commit: str
    day: date | None
    path: str
    blob: str
    mode: str = "100644"
    side: bool = False

    @property
    def no_file(self) -> str:
        """Why this is not a file with a content; "" if it is."""
        kinds = {_SUBMODULE: "a commit of a submodule", _LINK: "a link"}
        return f"{kinds[self.mode]}, not a file" if self.mode in kinds else ""


def printable(path: str) -> str:
    """The path as text, also if its bytes are not UTF-8."""
    return path.encode("utf-8", "backslashreplace").decode()
