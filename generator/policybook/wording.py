"""Days, numbers and counts in words."""

from __future__ import annotations

from datetime import date


def day(value: date | None) -> str:
    """A day in words."""
    return f"{value:%B} {value.day}, {value.year}" if value else "unknown"


def monthday(value: date) -> str:
    """A day of a year that is known."""
    return f"{value:%B} {value.day}"


def number(value: int) -> str:
    """A number with its thousands apart."""
    return f"{value:,}".replace(",", "\u202f")


def words(count: int, one: str, many: str = "") -> str:
    """A count with its noun."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"
