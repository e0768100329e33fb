"""Silent widening as lines of text and of Markdown, and as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from policybook.analysis.catalogue_growth import Growth, Known, PolicyGrowth, Widening
from policybook.output import csv_tables
from policybook.output.markdown.text import code
from policybook.pages.growth import level_parts

# So many names of a level stand in a line; JSON and the table have all.
MOST_NAMES = 12

Shown = Callable[[str], str]
"""How a name of the data or of a catalogue is written."""


def text_lines(found: Widening) -> Iterator[str]:
    """What grew in all, then a line for each pattern, by policy."""
    yield _summary(found, str)
    for policy in found.policies:
        note = f" [{_newer(policy)}]" if _newer(policy) else ""
        for growth in policy.patterns:
            pattern = growth.pattern or f"everything but {', '.join(growth.not_action or ())}"
            where = f"{policy.policy} {policy.version}: {pattern} (statement {growth.statement})"
            yield f"{where}: {_changes(growth, str)}{note}"


def markdown_lines(found: Widening) -> Iterator[str]:
    """The same as a paragraph and a table, such as a comment on a pull request may hold."""
    yield from ("## Silent widening", "", f"{_summary(found, code)}.")
    if found.policies:
        yield from ("", "| Policy | Statement | Pattern | Change |", "| --- | --- | --- | --- |")
    for policy in found.policies:
        note = f" ({_newer(policy)})" if _newer(policy) else ""
        for growth in policy.patterns:
            patterns = " ".join(map(code, growth.not_action or (growth.pattern or "",)))
            but = "everything but " if growth.pattern is None else ""
            yield (
                f"| {code(policy.policy)} {policy.version}{note} | {growth.statement} "
                f"| {but}{patterns} | {_changes(growth, code)} |"
            )


def table(found: Widening) -> str:
    """Comma-separated values, a row for each action of each pattern."""
    return csv_tables.text_of(csv_tables.widening(found))


def _summary(found: Widening, shown: Shown) -> str:
    old, new = (f"{shown(e.source)} of {e.date}" for e in (found.before, found.after))
    levels = ", ".join(f"{level.level} {level.actions}" for level in found.levels)
    return (
        f"{old} to {new}: {found.grown} of {_many(found.checked, 'policy', 'policies')} gained "
        f"{_many(found.actions, 'different action', 'different actions')} through wildcards"
        f"{f' ({levels})' if levels else ''}"
    )


def _many(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _newer(policy: PolicyGrowth) -> str:
    """What keeps the growth from being known as silent, or ""."""
    if policy.older or not policy.added:
        return ""
    return f"version of {policy.day}" if policy.day else "day of the version unknown"


def _changes(growth: Growth, shown: Shown) -> str:
    return "; ".join((*_parts("+", growth.added, shown), *_parts("-", growth.gone, shown)))


def _parts(sign: str, actions: Iterable[Known], shown: Shown) -> Iterator[str]:
    for part in level_parts(actions, MOST_NAMES):
        names = ", ".join(map(shown, part.names))
        more = f" and {part.more} more" if part.more else ""
        yield f"{sign}{part.level.count} {part.level.name}: {names}{more}"
