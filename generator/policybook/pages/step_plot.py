"""The plot of a policy's effective actions over time, in steps from version to version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from msgspec import Struct

from policybook.wording import day as in_words
from policybook.wording import number, words

WIDTH, HEIGHT, MARGIN = 760, 110, 8


class StepPoint(Struct, frozen=True):
    """A version or rollback: its number of effective actions, and what it did.

    `day` is None if it is unknown, `value` if the document is. `missing` says that versions between
    this and the one before are unknown, `verdict` is "" for a version without a comparison.
    """

    key: str
    name: str
    day: date | None
    value: int | None
    verdict: str = ""
    gained: bool = False
    lost: bool = False
    missing: bool = False


class StepMark(Struct, frozen=True):
    """A version at its place; `up` and `down` say whether it gained and lost grants."""

    key: str
    x: float
    y: float | None
    title: str
    up: bool
    down: bool
    dated: bool


class TimeSpan(Struct, frozen=True):
    """A stretch of time."""

    x: float
    width: float


class StepPlot(Struct, frozen=True):
    """Steps from left to right in time, and a text alternative.

    `lines` are the paths of SVG that draw the steps, `gaps` the stretches in which versions are
    unknown, `years` the years with the place where each begins.
    """

    lines: tuple[str, ...]
    marks: tuple[StepMark, ...]
    gaps: tuple[TimeSpan, ...]
    years: tuple[tuple[int, float], ...]
    highest: int
    title: str
    text: str
    width: int = WIDTH
    height: int = HEIGHT


def step_plot(points: Sequence[StepPoint], title: str) -> StepPlot | None:
    """Lay out the versions of a policy; None without a day or a known number.

    A version without a day is drawn between its neighbours, at equal distances.

    Args:
        points: The versions and rollbacks, oldest first.
        title: The title of the plot.
    """
    known = [point for point in points if point.value is not None]
    days = sorted(point.day for point in points if point.day)
    if not known or not days:
        return None
    last = days[-1] + max((days[-1] - days[0]) / 24, timedelta(30))  # so that the last step is seen
    time = _Time(days[0], last)
    places = tuple(_places(points, time))
    highest = max(point.value or 0 for point in known)
    marks = tuple(_mark(point, x, highest) for point, x in zip(points, places, strict=True))
    return StepPlot(
        lines=tuple(_lines(points, marks, time.x(last))),
        marks=marks,
        gaps=tuple(_gaps(points, places)),
        years=tuple((year, time.x(date(year, 1, 1))) for year in time.years()),
        highest=highest,
        title=title,
        text=_text(points, known),
    )


class _Time:
    """The axis from one day to another."""

    def __init__(self, first: date, last: date) -> None:
        self._first, self._last = first, last

    def x(self, when: date) -> float:
        whole = max((self._last - self._first).days, 1)
        return round(MARGIN + (when - self._first).days * (WIDTH - 2 * MARGIN) / whole, 2)

    def years(self) -> Iterator[int]:
        """The years that begin on the axis: at most about twelve."""
        every = range(self._first.year + 1, self._last.year + 1)
        yield from every[:: max(1, -(-len(every) // 12))]


def _places(points: Sequence[StepPoint], time: _Time) -> Iterator[float]:
    """Where each point is: never to the left of the one before."""
    fixed = [time.x(point.day) if point.day else None for point in points]
    x = float(MARGIN)
    for place, known in enumerate(fixed):
        found = known
        if found is None:
            later = [(n, f) for n, f in enumerate(fixed[place:], 1) if f is not None]
            steps, end = later[0] if later else (len(fixed) - place + 1, WIDTH - MARGIN)
            found = x + max(end - x, 0) / steps
        x = max(x, found)
        yield round(x, 2)


def _mark(point: StepPoint, x: float, highest: int) -> StepMark:
    y = None if point.value is None else round(HEIGHT - point.value * HEIGHT / max(highest, 1), 2)
    what = "document unknown" if point.value is None else words(point.value, "effective action")
    when = in_words(point.day) if point.day else "date unknown"
    parts = filter(None, (f"{point.name}, {when}", point.verdict, what))
    return StepMark(
        key=point.key,
        x=x,
        y=y,
        title=": ".join((next(parts), ", ".join(parts))),
        up=point.gained,
        down=point.lost,
        dated=point.day is not None,
    )


def _lines(points: Sequence[StepPoint], marks: Sequence[StepMark], end: float) -> Iterator[str]:
    """A path for each stretch of known documents without missing versions."""
    path = ""
    for place, (point, mark) in enumerate(zip(points, marks, strict=True)):
        if mark.y is None or point.missing:
            if path and mark.y is None:
                yield f"{path}H{mark.x}"
            elif path:
                yield path
            path = ""
        if mark.y is not None:
            path = f"{path}H{mark.x}V{mark.y}" if path else f"M{mark.x} {mark.y}"
        if place == len(points) - 1 and path:
            yield f"{path}H{end}"


def _gaps(points: Sequence[StepPoint], places: Sequence[float]) -> Iterator[TimeSpan]:
    for place, point in enumerate(points):
        if point.missing:
            start = places[place - 1] if place else float(MARGIN)
            yield TimeSpan(start, max(round(places[place] - start, 2), 2))


def _text(points: Sequence[StepPoint], known: Sequence[StepPoint]) -> str:
    first, last = known[0], known[-1]
    parts = [
        f"{number(first.value or 0)} in {first.name}",
        f"{number(last.value or 0)} in {last.name}",
    ]
    gained = sum(point.gained for point in points)
    lost = sum(point.lost for point in points)
    gaps = sum(point.missing for point in points)
    text = (
        f"From {' to '.join(parts)}. {words(gained, 'version')} gained grants, {number(lost)} lost "
        "some."
    )
    return text + (f" Versions are missing in {words(gaps, 'place')}." if gaps else "")
