"""Comma-separated values (RFC 4180) in UTF-8, safe to open in spreadsheets.

Several values in one field are separated by spaces. A value with white space in it, which no action
or ARN of AWS has, is a JSON string. A condition is a condition block in JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

Row = tuple[object, ...]


def pair(patterns: Iterable[str], negated: bool) -> tuple[str, str]:
    """Return the column and its `not_` column; one of them is empty."""
    joined = " ".join(map(value_text, patterns))
    return ("", joined) if negated else (joined, "")


def value_text(text: str) -> str:
    """Return a value as it is written in a field with several values."""
    return text if len(text.split()) == 1 else msgspec.json.encode(text).decode()


def condition_text(block: object) -> str:
    """Return a condition block as JSON, or "" without one."""
    return msgspec.json.encode(block).decode() if block else ""


def text_of(rows: Iterable[Row]) -> str:
    """Format rows as comma-separated values; none of the values may be a boolean."""
    cells = _Cells()
    lines = (",".join([cells[value] for value in row]) for row in rows)
    return "".join([f"{line or _EMPTY}\r\n" for line in lines])


class _Cells(dict[object, str]):
    """The fields of values, each made once: tables of many rows have few different values."""

    def __missing__(self, value: object) -> str:
        text = self[value] = _cell(value)
        return text


def _cell(value: object) -> str:
    """A value as a field, with an apostrophe before a text that may be read as a formula."""
    text = "" if value is None else str(value)
    if isinstance(value, str) and _FORMULA.match(value):
        text = f"'{text}"
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


_EMPTY = '""'  # a row with one empty field, which would be an empty line
_QUOTED = re.compile('[",\r\n]')  # RFC 4180, section 2

# A sign of a formula, after white space and unseen characters, also in its wide, small and raised
# forms; or a tab or the end of a line, at which a spreadsheet may begin a cell. The characters are
# listed, since Python's versions differ in what is printable.
_FORMULA = re.compile(
    "[\\s\0-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U000e0000-\U000e0fff]*[-=+@＝＋－＠﹦﹢﹣﹫⁼⁺⁻₌₊₋−]|[\t\r\n]"
)
