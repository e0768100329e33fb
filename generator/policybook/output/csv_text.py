"""Comma-separated values (RFC 4180) in UTF-8, safe to open in spreadsheets.

Several values in one field are separated by spaces. A value with white space in it, which no action
or ARN of AWS has, is a JSON string. A condition is a condition block in JSON.
"""

from __future__ import annotations

import csv
import io
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
    """Format rows as comma-separated values."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(map(_without_formulas, rows))
    return text.getvalue()


def _without_formulas(row: Row) -> Row:
    """Put an apostrophe before texts that a spreadsheet could read as formulas."""
    return tuple([f"'{value}" if _is_formula(value) else value for value in row])


# A sign of a formula, after white space and unseen characters, also in its wide, small and raised
# forms; or a tab or the end of a line, at which a spreadsheet may begin a cell. The characters are
# listed, since Python's versions differ in what is printable.
_FORMULA = re.compile(
    "[\\s\0-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U000e0000-\U000e0fff]*[-=+@＝＋－＠﹦﹢﹣﹫⁼⁺⁻₌₊₋−]|[\t\r\n]"
)


def _is_formula(value: object) -> bool:
    return isinstance(value, str) and _FORMULA.match(value) is not None
