"""Control characters, which no text of a data file may have, as they are or as an escape.

Among them are those that change the direction of text, so that a reader sees something else than a
program does, separators of lines that few programs know, and what XML cannot hold. Tabs and ends of
lines may be in texts, but not in those of policy documents.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from policybook.errors import Finding, KeyPath

_HIDDEN = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters except for tab, LF and CR
    "\u2028\u2029"  # separators of lines and paragraphs
    "\u202a-\u202e\u2066-\u2069"  # embeddings, overrides and isolates of direction
    "\ufdd0-\ufdef\ufffe\uffff"  # no characters
)
_IN_FILE = re.compile(f"[{_HIDDEN}]")
_IN_VALUE = re.compile(f"[{_HIDDEN}\r]")
_IN_DOCUMENT = re.compile(f"[{_HIDDEN}\t\n\r]")


def control_characters_in_file(text: str) -> Iterator[Finding]:
    """Yield an error for each such character of a file, once a line."""
    if not text.isascii() or _IN_FILE.search(text):
        for number, line in enumerate(text.split("\n"), 1):
            for char in sorted(set(_IN_FILE.findall(line))):
                yield _finding(char, (), number)


def control_characters_in_value(
    value: Any, *, document: bool, at: KeyPath = ()
) -> Iterator[Finding]:
    """Yield an error for each such character in the keys and texts of a plain value.

    Args:
        value: The value.
        document: Whether it is a policy document, in which no text has several lines.
        at: The key path of the value.
    """
    if isinstance(value, dict):
        for key, part in value.items():
            yield from control_characters_in_value(key, document=document, at=(*at, key))
            yield from control_characters_in_value(part, document=document, at=(*at, key))
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from control_characters_in_value(part, document=document, at=(*at, place))
    elif isinstance(value, str) and not value.isprintable():
        for char in sorted(set((_IN_DOCUMENT if document else _IN_VALUE).findall(value))):
            yield _finding(char, at)


def _finding(char: str, at: KeyPath, line: int = 0) -> Finding:
    name = unicodedata.name(char, "")
    return Finding(
        path=at,
        line=line,
        kind="control-character",
        expected="text without control characters",
        found=f"U+{ord(char):04X}" + (f" ({name})" if name else ""),
    )
