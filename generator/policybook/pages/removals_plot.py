"""The plot of removals: positions, sizes and labels of its bars. A template draws them as SVG."""

from __future__ import annotations

import json
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
    """A bar with its label and the sum of its parts."""

    x: float
    width: float
    label: str
    value: int
    title: str
    segments: tuple[Segment, ...]


class Plot(Struct, frozen=True):
    """A bar chart: bars from left to right, and a text alternative.

    `legend` has the styles of the segments with their meanings. `scale` is the height of one, for
    the script that draws the bars of a filtered list.
    """

    bars: tuple[Bar, ...]
    scale: float
    title: str
    text: str
    legend: tuple[tuple[str, str], ...] = ()
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def kinds(self) -> str:
        """The legend for the script, as JSON: pairs of a style and its meaning."""
        return json.dumps(self.legend)


class Column(Struct, frozen=True):
    """The data of a bar: values by style, from the bottom up."""

    label: str
    title: str
    values: Sequence[tuple[str, int]]


def bars(columns: Sequence[Column], title: str, names: Mapping[str, str]) -> Plot:
    """Lay out columns as a bar chart that is at most `WIDTH` wide.

    Args:
        columns: The data, from left to right.
        title: The title of the chart.
        names: The meaning of each style; the legend has those that occur.
    """
    totals = [sum(value for _, value in column.values) for column in columns]
    highest = max(totals, default=0)
    scale = HEIGHT / highest if highest else 0.0
    step = min(WIDTH / max(len(columns), 1), 56.0)
    gap = min(step * 0.3, 8.0)
    drawn = tuple(
        Bar(
            x=round(place * step + gap / 2, 2),
            width=round(step - gap, 2),
            label=column.label,
            value=total,
            title=column.title,
            segments=_segments(column.values, scale),
        )
        for place, (column, total) in enumerate(zip(columns, totals, strict=True))
    )
    used = {style for c in columns for style, value in c.values if value}
    legend = tuple((style, name) for style, name in names.items() if style in used)
    text = "; ".join(column.title for column in columns)
    width = max(120, round(step * len(columns)))
    return Plot(drawn, round(scale, 4), title, text, legend, width)


def _segments(values: Sequence[tuple[str, int]], scale: float) -> tuple[Segment, ...]:
    tops = accumulate(value for _, value in values)
    return tuple(
        Segment(round(HEIGHT - top * scale, 2), round(value * scale, 2), style)
        for (style, value), top in zip(values, tops, strict=True)
        if value
    )
