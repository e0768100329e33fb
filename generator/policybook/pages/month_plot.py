"""The plot of effective changes by month: what gained upward, what lost downward."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from policybook.book.addresses import Target
from policybook.book.change_lines import ChangeLine
from policybook.model.changes import WITH_EFFECT
from policybook.wording import all_of, number, words

UP = ("widened", "mixed", "undetermined")
DOWN = ("narrowed", "mixed")

WIDTH, HALF, MOST_STEP, LABEL = 760, 72, 14.0, 48
_VERSIONS = ("version", "recreated", "rollback")


class MonthPart(Struct, frozen=True):
    """A part of a month's bar: the changes of one verdict; `y` is measured from the top."""

    verdict: str
    y: float
    height: float


class MonthBar(Struct, frozen=True):
    """The bar of a month, with the place that lists its changes."""

    month: str
    x: float
    title: str
    target: Target
    parts: tuple[MonthPart, ...]


class MonthPlot(Struct, frozen=True):
    """Bars from the first month with a change to the last, and a text alternative.

    `years` are the years with the place where each begins. `scale` is the height of one change, for
    the script that draws the bars of a filtered list.
    """

    bars: tuple[MonthBar, ...]
    years: tuple[tuple[int, float], ...]
    verdicts: tuple[str, ...]
    title: str
    text: str
    step: float
    scale: float
    width: int = WIDTH
    half: int = HALF


def month_plot(
    lines: Iterable[ChangeLine], place_of: Callable[[date], Target], year: int | None = None
) -> MonthPlot | None:
    """Plot the changes with an effect, or that may have one.

    None if they are all of one month, since one bar compares nothing. A `mixed` change counts in
    both directions. Versions reissued without change are left out.

    Args:
        lines: The events, in any order.
        place_of: Returns the place that lists the events of a month.
        year: The year of all of them, of which every month is shown; None for any.
    """
    counts: dict[date, Counter[str]] = {}
    for line in lines:
        if line.kind in _VERSIONS and line.verdict in WITH_EFFECT:
            month = line.day.replace(day=1)
            counts.setdefault(month, Counter())[line.verdict or ""] += 1
    if len(counts) < 2:
        return None
    first, last = (date(year, 1, 1), date(year, 12, 1)) if year else (min(counts), max(counts))
    shown = tuple(_months(first, last))
    highest = max(max(_total(c, UP), _total(c, DOWN)) for c in counts.values())
    step, scale = min(WIDTH / len(shown), MOST_STEP), HALF / highest
    every = Counter[str]()
    for counted in counts.values():
        every.update(counted)
    return MonthPlot(
        bars=tuple(
            _bar(month, place_of(month), place * step, counts.get(month, Counter()), scale)
            for place, month in enumerate(shown)
        ),
        years=tuple((m.year, round(place * step, 2)) for place, m in _labelled(shown, step)),
        verdicts=tuple(verdict for verdict in WITH_EFFECT if every[verdict]),
        title=f"Changes with an effect by month, {_span(first, last)}",
        text=f"{_in_words(every)} in all. Most in {_most(counts)}.",
        step=round(step, 2),
        scale=round(scale, 3),
        width=max(240, round(step * len(shown))),
    )


def _span(first: date, last: date) -> str:
    start = f"{first:%B %Y}"
    return start if first == last else f"{start} to {last:%B %Y}"


def _months(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first = date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _labelled(shown: Sequence[date], step: float) -> Iterator[tuple[int, date]]:
    """The months that name their year: each January, and the first if the next leaves it room."""
    for place, month in enumerate(shown):
        until_next = (12 - month.month + 1) * step
        if month.month == 1 or (place == 0 and until_next >= LABEL):
            yield place, month


def _total(counts: Mapping[str, int], verdicts: Iterable[str]) -> int:
    return sum(counts.get(verdict, 0) for verdict in verdicts)


def _bar(
    month: date, target: Target, x: float, counts: Mapping[str, int], scale: float
) -> MonthBar:
    parts: list[MonthPart] = []
    for direction, verdicts in ((-1, UP), (1, DOWN)):
        edge = float(HALF)
        for verdict in verdicts:
            if height := counts.get(verdict, 0) * scale:
                top = edge - height if direction < 0 else edge
                parts.append(MonthPart(verdict, round(top, 2), round(height, 2)))
                edge += direction * height
    return MonthBar(
        f"{month:%Y-%m}",
        round(x, 2),
        f"{month:%B %Y}: {_in_words(counts) or 'no change'}",
        target,
        tuple(parts),
    )


def _in_words(counts: Mapping[str, int]) -> str:
    found = [f"{number(n)} {verdict}" for verdict, n in sorted(counts.items()) if n]
    return all_of(found)


def _most(counts: Mapping[date, Counter[str]]) -> str:
    month, found = max(counts.items(), key=lambda item: (item[1].total(), item[0]))
    return f"{month:%B %Y}, with {words(found.total(), 'change')}"
