"""The drawing of an escalation path: a box for each step, and one for what it leads to."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from msgspec import Struct

WIDTH = 340
_LINE, _PADDING, _GAP, _NOTE = 18, 9, 26, 16
_CHARACTERS = 40
"""Characters of a line, with which a text of average width fits into a box."""


class DrawnBox(Struct, frozen=True):
    """A box: its top and height, its lines with the place of each, and a note below these.

    `number` is that of the step; 0 for what the path leads to.
    """

    y: int
    height: int
    number: int
    lines: tuple[tuple[int, str], ...]
    note: str
    note_y: int


class PathDrawing(Struct, frozen=True):
    """The boxes of a path; `arrows` are the places between them. `text` says the same."""

    height: int
    boxes: tuple[DrawnBox, ...]
    arrows: tuple[tuple[int, int], ...]
    text: str


def path_drawing(steps: Sequence[tuple[str, str]], result: str) -> PathDrawing:
    """Draw a path.

    Args:
        steps: What each step does, and a note on it.
        result: What all of them lead to.
    """
    boxes: list[DrawnBox] = []
    y = 0
    for number, (does, note) in enumerate((*steps, (result, ""))):
        lines = wrap(does, _CHARACTERS)
        first = y + _PADDING + 13
        note_y = first + _LINE * len(lines) - 1
        height = 2 * _PADDING + _LINE * len(lines) + (_NOTE if note else 0)
        places = tuple((first + _LINE * n, line) for n, line in enumerate(lines))
        last = number == len(steps)
        boxes.append(DrawnBox(y, height, 0 if last else number + 1, places, note, note_y))
        y += height + _GAP
    arrows = tuple((box.y + box.height, box.y + box.height + _GAP) for box in boxes[:-1])
    told = "; ".join(f"{n}. {does}" for n, (does, _) in enumerate(steps, 1))
    return PathDrawing(y - _GAP, tuple(boxes), arrows, f"{told}. Result: {result}.")
