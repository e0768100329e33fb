"""Decodes the files of a catalogue, with errors that name file, field and place."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Protocol, TypeVar

import msgspec

from policybook.catalogue.services import LEVELS
from policybook.errors import PolicybookError

T = TypeVar("T")


def is_day(text: str) -> bool:
    """Whether the text is a day, YYYY-MM-DD."""
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


@lru_cache(maxsize=256)
def primary_level(levels: tuple[str, ...]) -> str:
    """The level that counts: the one that is last in `LEVELS`."""
    return max(levels, key=LEVELS.index)


@lru_cache(maxsize=4096)
def joined_keys(*parts: tuple[str, ...]) -> tuple[str, ...]:
    """The condition keys of all parts, each once, in alphabetical order.

    Cached, since many actions have the same keys.
    """
    return tuple(
        sorted({key for part in parts for key in part}, key=lambda key: (key.lower(), key))
    )


_MISSING = re.compile(r"Object missing required field `(.*?)`(?: - at `(.*)`)?")
_OTHER = re.compile(r"Expected `(.*?)`, got `(.*?)`(?: - at `(.*)`)?")


class Readable(Protocol):
    """A file: a path, or a file of an archive."""

    def read_bytes(self) -> bytes:
        """The content; raises OSError if there is none."""


def decoded(path: Readable, shown: str, of: type[T]) -> T:
    """A JSON file as the type.

    Args:
        path: The file.
        shown: The file's name for errors.
        of: The type that the file must have.

    Raises:
        PolicybookError: The file is missing, is not JSON, or has another form.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=of)
    except OSError as error:
        raise PolicybookError(
            f"catalogue {shown}: expected a file, found {error.strerror}"
        ) from error
    except msgspec.MsgspecError as error:
        raise PolicybookError(f"catalogue {shown}: {_said(str(error))}") from error


def _said(message: str) -> str:
    """What msgspec says, in the words of our own errors."""
    if missing := _MISSING.fullmatch(message):
        name, place = missing.groups()
        return f"expected the field {name}, found none{_at(place)}"
    if other := _OTHER.fullmatch(message):
        expected, found, place = other.groups()
        return f"expected {expected}, found {found}{_at(place)}"
    return f"expected JSON of the catalogue's form, found: {message}"


def _at(place: str | None) -> str:
    return f" at {place}" if place else ""
