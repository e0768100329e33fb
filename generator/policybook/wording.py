"""Days, numbers, counts and suggestions in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from difflib import get_close_matches


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


def close_names(
    text: str, known: Iterable[str], most: int = 3, cutoff: float = 0.6
) -> tuple[str, ...]:
    """The known names that are most like a text, compared without case, most alike first.

    Args:
        text: What somebody wrote.
        known: The names to choose from.
        most: How many to return at most.
        cutoff: How alike a name must be, from 0 to 1 (see `difflib.get_close_matches`).
    """
    names = {name.lower(): name for name in sorted(known)}
    close = get_close_matches(text.lower(), names, n=most, cutoff=cutoff)
    return tuple(names[name] for name in close)


def did_you_mean(names: Sequence[str]) -> str:
    """The end of an error's text, "; did you mean A, B or C?"; "" without names."""
    if not names:
        return ""
    *others, last = names
    return f"; did you mean {', '.join(others)}{' or ' if others else ''}{last}?"
