"""Days, numbers, counts and labels as readers see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

# What pages call values that JSON and CSV name in a word. Values without a label stay as they are.
LABELS: Mapping[str, Mapping[str, str]] = {
    "level": {"Uncatalogued": "Not in AWS's action list"},
    "mitigation": {
        "none": "no limits",
        "scoped": "limited resources",
        "scoped and conditional": "limited resources and conditional",
        "scoped or conditional": "limited resources or conditional",
    },
    "strength": {"organisation or account": "organization or account", "other": "other key"},
    "type": {"unknown": "type unknown"},
    "certainty": {"yes": "always", "no": "denied", "unsupported": "no such resource"},
    "source": {"git": "git archive", "package": "npm package"},
    "partition": {
        "aws": "AWS",
        "aws-cn": "AWS China",
        "aws-us-gov": "AWS GovCloud (US)",
    },
    "state": {"on-the-way-out": "on the way out"},
    "says": {
        "current": "not deprecated",
        "on-the-way-out": "on the way out",
        "not-attachable": "cannot be attached",
        "not-listed": "no longer in its list of all policies",
    },
    "successor": {"named": "documented", "evident": "inferred from the name"},
}

# About an event whose day is that of its first observation.
DATE_AT_LATEST = "First seen on this day; it may have happened before."

# The heading above grants on a resource that the action cannot have, and what is known of them.
UNSUPPORTED = "On a resource that the action does not have"
ABOUT_UNSUPPORTED = (
    "AWS's action list has no resource of this action that the pattern matches; for most services "
    "such a statement grants nothing."
)


def label(value: str, kind: str) -> str:
    """The label of a value of one kind of `LABELS`, or the value itself."""
    return LABELS[kind].get(value, value)


def day(value: date | str | None) -> str:
    """A day as ISO 8601 has it, such as `2026-03-04`: as in lists, files and addresses."""
    return str(value or "unknown")


def since(value: date | None, precision: str) -> str:
    """Since when something is so, such as `since 2022-04-26 or earlier`.

    Args:
        value: The day, or None.
        precision: `exact`, `at-latest` or `unknown`.
    """
    if not value:
        return "date unknown"
    return f"since {value}" + (" or earlier" if precision == "at-latest" else "")


def number(value: int) -> str:
    """A number with commas between thousands, such as `1,525`."""
    return f"{value:,}"


def words(count: int, one: str, many: str = "") -> str:
    """A count with its noun, such as `1 policy` and `1,525 policies`.

    Args:
        count: How many there are.
        one: The noun in the singular, or a whole phrase.
        many: The plural, for what `plural` cannot form: phrases with a verb.

    """
    return f"{number(count)} {one if count == 1 else many or plural(one)}"


def plural(noun: str) -> str:
    """The plural of a regular English noun."""
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


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
    from difflib import get_close_matches

    names = {name.lower(): name for name in sorted(known)}
    close = get_close_matches(text.lower(), names, n=most, cutoff=cutoff)
    return tuple(names[name] for name in close)


def meant(text: str, known: Iterable[str], most: int = 3) -> str:
    """Which known names a text most likely means, as a question: "did you mean A or B?"; or "".

    A name that differs by case, or by what joins its words, is the only one. So are names that are
    much more alike than others.

    Args:
        text: What somebody wrote.
        known: The names to choose from.
        most: How many to name at most.
    """
    from difflib import SequenceMatcher

    names = sorted(set(known) - {text})
    same = [name for name in names if _letters(name) == _letters(text)]
    if not same:
        close = close_names(text, names, most)
        alike = [SequenceMatcher(None, text.lower(), name.lower()).ratio() for name in close]
        same = [name for name, ratio in zip(close, alike, strict=True) if ratio > alike[0] - 0.1]
    return did_you_mean(same).removeprefix("; ")


def _letters(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalnum())


def did_you_mean(names: Sequence[str]) -> str:
    """The end of an error's text, "; did you mean A, B or C?"; "" without names."""
    if not names:
        return ""
    return f"; did you mean {either(names)}?"


def either(names: Sequence[str]) -> str:
    """The names in words, "A, B or C"; "" without names."""
    return _series(names, "or")


def all_of(names: Sequence[str]) -> str:
    """The names in words, "A, B and C"; "" without names."""
    return _series(names, "and")


def _series(names: Sequence[str], before_last: str) -> str:
    *others, last = names or ("",)
    return f"{', '.join(others)} {before_last} {last}" if others else last


def relies_on_formats(listed: str) -> str:
    """The sentence about a verdict that the ARN formats of AWS's list of a day decided."""
    return f"This verdict relies on the ARN formats in AWS's action list of {day(listed)}."
