"""The ids of versions, and what follows from one."""

from __future__ import annotations

from functools import cache


def version_id(number: int, life: int = 1) -> str:
    """The id of a version in the data: `v3` in a policy's first life, `v3~2` in its second.

    A policy that is deleted and created anew under its old name numbers its versions from 1 again.
    """
    return f"v{number}" if life == 1 else f"v{number}~{life}"


def has_number(id_: str) -> bool:
    """Whether a version id has a number, and is not the beginning of a digest."""
    return id_.startswith("v")


@cache  # asked for millions of times, of a few hundred ids
def version_order(id_: str) -> tuple[int, int]:
    """The life and the number in a version id, which is the order of versions through time."""
    number, _, life = id_.removeprefix("v").partition("~")
    return int(life or 1), int(number)
