"""The plot of effective changes by month: what gained upward, what lost downward.

Versions reissued without change are counted, and a script draws them if a reader wants them.
"""

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
REISSUED = "reissued"


class MonthPart(Struct, frozen=True):
    """A part of a month's bar: the changes of one verdict; `y` is measured from the top."""

    verdict: str
    y: float
    height: float


class MonthBar(Struct, frozen=True):
    """The bar of a month, with the place that lists its changes.

    `counts` are the numbers of changes by verdict and of reissued versions, for the script, such as
    `widened=14 reissued=40`. A month that has only reissued versions has no parts.
    """

    month: str
    x: float
    title: str
    target: Target
    parts: tuple[MonthPart, ...]
    counts: str


class MonthPlot(Struct, frozen=True):
    """Bars from the first month with a change to the last, and a text alternative.

    `years` are the years with the place where each begins. `scale` is the height of one change, for
    the script that draws the bars of a filtered list. `reissued` is the number of versions reissued
    without change.
    """

    bars: tuple[MonthBar, ...]
    years: tuple[tuple[int, float], ...]
    verdicts: tuple[str, ...]
    title: str
    text: str
    step: float
    scale: float
    reissued: int
    width: int = WIDTH
    half: int = HALF


def month_plot(
    lines: Iterable[ChangeLine], place_of: Callable[[date], Target], year: int | None = None
) -> MonthPlot | None:
    """Plot the changes with an effect, or that may have one.

    None if they are all of one month, since one bar compares nothing. A `mixed` change counts in
    both directions. Versions reissued without change are not drawn.

    Args:
        lines: The events, in any order.
        place_of: Returns the place that lists the events of a month.
        year: The year of all of them, of which every month is shown; None for any.
    """
    counts = _counted(lines)
    effective = [month for month, own in counts.items() if _effective(own)]
    if len(effective) < 2:
        return None
    first, last = (date(year, 1, 1), date(year, 12, 1)) if year else (min(counts), max(counts))
    shown = tuple(_months(first, last))
    highest = max(max(_total(own, UP), _total(own, DOWN)) for own in counts.values())
    step, scale = min(WIDTH / len(shown), MOST_STEP), HALF / highest
    every = sum(counts.values(), Counter[str]())
    busiest = max(effective, key=lambda month: (_effective(counts[month]), month))
    return MonthPlot(
        bars=tuple(
            _bar(month, place_of(month), place * step, counts.get(month, Counter()), scale)
            for place, month in enumerate(shown)
        ),
        years=tuple((m.year, round(place * step, 2)) for place, m in _labelled(shown, step)),
        verdicts=tuple(verdict for verdict in WITH_EFFECT if every[verdict]),
        title=f"Changes with an effect by month, {_span(first, last)}",
        text=f"{_in_words(every)} in all. Most in {busiest:%B %Y}, with "
        f"{words(_effective(counts[busiest]), 'change')}.",
        step=round(step, 2),
        scale=round(scale, 3),
        reissued=every[REISSUED],
        width=max(240, round(step * len(shown))),
    )


def _counted(lines: Iterable[ChangeLine]) -> dict[date, Counter[str]]:
    """Count by month the changes of each verdict with an effect, and the reissued versions."""
    counts: dict[date, Counter[str]] = {}
    for line in lines:
        changed = line.kind in _VERSIONS and line.verdict in WITH_EFFECT
        if changed or line.without_effect:
            kind = REISSUED if line.without_effect else line.verdict or ""
            counts.setdefault(line.day.replace(day=1), Counter())[kind] += 1
    return counts


def _effective(counts: Mapping[str, int]) -> int:
    """The number of changes with an effect."""
    return _total(counts, WITH_EFFECT)


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
        " ".join(f"{name}={count}" for name, count in sorted(counts.items())),
    )


def _in_words(counts: Mapping[str, int]) -> str:
    found = [f"{number(n)} {name}" for name, n in sorted(counts.items()) if name in WITH_EFFECT]
    return all_of(found)
