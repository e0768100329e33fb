"""The base error, and findings with file, line and key path."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

Level = Literal["error", "warning"]
KeyPath = tuple[str | int, ...]


class PolicybookError(Exception):
    """Base of every error that a user can cause; the message is shown without a traceback."""


class Ended(SystemExit):
    """A signal ends the process; its code is 128 and the number of the signal."""


class Finding(Struct, frozen=True, kw_only=True):
    """An error or a warning about the data: location, expected and found value.

    An `error` stops a build; a `warning` does not.

    `hint` is a remedy, if one is known, such as "did you mean Action?".

    `file` is relative to the data folder until the loader adds the folder, and empty while only a
    text or value is validated. `line` counts from 1; it is 0 if the finding is about a whole file
    or folder, or not yet known.
    """

    file: str = ""
    path: KeyPath = ()
    kind: str
    expected: str
    found: str = ""
    level: Level = "error"
    line: int = 0
    hint: str = ""

    def __str__(self) -> str:
        """One line: `file:line: key.path: expected …, found …; remedy [kind]`."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        return one_line(f"{where}: {self.reason} [{self.kind}]")

    @property
    def reason(self) -> str:
        """What is wrong, without the file: `key.path: expected …, found …; remedy`."""
        path = f"{dotted(self.path)}: " if self.path else ""
        found = f", found {self.found}" if self.found else ""
        return f"{path}expected {self.expected}{found}" + (f"; {self.hint}" if self.hint else "")

    @property
    def order(self) -> tuple[str, int, str, str]:
        """The sort key of findings: file, line, key path, kind."""
        return self.file, self.line, dotted(self.path), self.kind


class DataError(PolicybookError):
    """The data has errors; `findings` has all of them, sorted by file and line."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(sorted(findings, key=lambda f: f.order))
        super().__init__("\n".join(map(str, self.findings)))


class DocumentError(DataError):
    """A file that an argument names has errors, and not the data: the command could not run."""


def one_line(text: str) -> str:
    r"""The text with an escape such as `\n` or `\u202e` for each character that is not printable.

    So text of any origin stays on its line, and changes nothing else in a terminal.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def dotted(path: KeyPath) -> str:
    """A key path as text: `('versions', 0, 'id')` is `versions[0].id`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text


def place(name: str, path: KeyPath, line: int) -> str:
    """Where something is: `file:line: key.path`, without the parts that are empty."""
    numbered = f"{name}:{line}" if line else name
    return one_line(f"{numbered}: {dotted(path)}" if path else numbered)


def shown(value: object, limit: int = 80) -> str:
    """A value found in a file, as one short line for an error message.

    Args:
        value: The value.
        limit: The maximum length of a text in characters.

    Returns:
        A text in quotes, truncated if too long; for a container its kind, such as "a list".
    """
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
