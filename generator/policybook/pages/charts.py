"""The geometry of bar charts: positions, sizes and labels. A template draws them as SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate

from msgspec import Struct

HEIGHT = 96
WIDTH = 640


class Segment(Struct, frozen=True):
    """A part of a bar, measured from the top."""

    y: float
    height: float
    style: str


class Bar(Struct, frozen=True):
    """A bar with its label; its value is None if it is unknown."""

    x: float
    width: float
    label: str
    value: int | None
    title: str
    segments: tuple[Segment, ...]
    anchor: str = ""


class Plot(Struct, frozen=True):
    """A bar chart: bars from left to right, and a text alternative.

    `legend` has the styles of the segments with their meanings.
    """

    bars: tuple[Bar, ...]
    highest: int
    title: str
    text: str
    legend: tuple[tuple[str, str], ...] = ()
    width: int = WIDTH
    height: int = HEIGHT


class Column(Struct, frozen=True):
    """The data of a bar: values by style, from the bottom up, or None if unknown."""

    label: str
    title: str
    values: Sequence[tuple[str, int]] | None
    anchor: str = ""


def bars(columns: Sequence[Column], title: str, names: Mapping[str, str]) -> Plot:
    """Lay out columns as a bar chart that is at most `WIDTH` wide.

    Args:
        columns: The data, from left to right.
        title: The title of the chart.
        names: The meaning of each style; the legend has those that occur.
    """
    totals = [sum(v for _, v in c.values) for c in columns if c.values is not None]
    highest = max(totals, default=0)
    step = min(WIDTH / max(len(columns), 1), 56.0)
    gap = min(step * 0.3, 8.0)
    drawn = tuple(
        Bar(
            x=round(place * step + gap / 2, 2),
            width=round(step - gap, 2),
            label=column.label,
            value=sum(v for _, v in column.values) if column.values is not None else None,
            title=column.title,
            segments=_segments(column.values or (), highest),
            anchor=column.anchor,
        )
        for place, column in enumerate(columns)
    )
    used = {style for c in columns for style, value in c.values or () if value}
    legend = tuple((style, name) for style, name in names.items() if style in used)
    text = "; ".join(column.title for column in columns)
    return Plot(drawn, highest, title, text, legend, max(120, round(step * len(columns))))


def _segments(values: Sequence[tuple[str, int]], highest: int) -> tuple[Segment, ...]:
    scale = HEIGHT / highest if highest else 0
    tops = accumulate(value for _, value in values)
    return tuple(
        Segment(round(HEIGHT - top * scale, 2), round(value * scale, 2), style)
        for (style, value), top in zip(values, tops, strict=True)
        if value
    )
