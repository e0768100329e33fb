"""What can go wrong, as values: one base error, and faults that name file, line and key path."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

Level = Literal["fault", "note"]
KeyPath = tuple[str | int, ...]


class PolicybookError(Exception):
    """Base of every error that a user can cause; its text is one line fit for a terminal."""


class Finding(Struct, frozen=True, kw_only=True):
    """One thing that a check found: where it stands, what was expected there and what was found.

    `file` is relative to the data folder until the loader places the finding. `line` counts from
    1, and is 0 where the finding is about a whole file or folder. A `fault` stops a build; a
    `note` is something that a reader should know, and stops nothing.
    """

    file: str
    path: KeyPath = ()
    kind: str
    expected: str
    found: str = ""
    level: Level = "fault"
    line: int = 0

    def __str__(self) -> str:
        """One line: place, key path, expected, found and the kind."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        path = f" {dotted(self.path)}:" if self.path else ""
        found = f", found {self.found}" if self.found else ""
        return f"{place}:{path} expected {self.expected}{found} [{self.kind}]"

    @property
    def order(self) -> tuple[str, int, str, str]:
        """What findings are sorted by: file, line, key path, kind."""
        return self.file, self.line, dotted(self.path), self.kind


class DataError(PolicybookError):
    """The data has faults; `findings` holds every one of them, in order of file and line."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(sorted(findings, key=lambda f: f.order))
        super().__init__("\n".join(map(str, self.findings)))


def dotted(path: KeyPath) -> str:
    """A key path as text: `('versions', 0, 'id')` is `versions[0].id`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text


def shown(value: object, limit: int = 80) -> str:
    """A found value as one short line: strings quoted, long ones cut, containers by their kind."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case str():
            return repr(value if len(value) <= limit else value[: limit - 1] + "…")
        case dict():
            return "a mapping"
        case list() | tuple():
            return "a list"
        case _:
            return repr(value)
