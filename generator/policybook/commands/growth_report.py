"""Catalogue growth as text, Markdown and CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from policybook.analysis.catalogue_growth import CatalogueStep, PolicyGrowth
from policybook.analysis.pattern_growth import Growth, ListedAction
from policybook.book.facts.growth import level_parts
from policybook.book.limits import GROWTH_LINE_NAMES
from policybook.output.csv_tables import steps
from policybook.output.csv_text import text_of

Shown = Callable[[str], str]
"""Formats a name from the data or a catalogue."""


def text_lines(found: CatalogueStep) -> Iterator[str]:
    """Yield a summary, then a line for each pattern that grew, by policy."""
    yield _summary(found, str)
    for policy in found.policies:
        remark = f" [{_newer(policy)}]" if _newer(policy) else ""
        for growth in policy.patterns:
            pattern = growth.pattern or f"all actions except {', '.join(growth.not_action or ())}"
            place = f"{policy.policy} {policy.version}: {pattern} (statement {growth.statement})"
            yield f"{place}: {_changes(growth, str)}{remark}"


def markdown_lines(found: CatalogueStep) -> Iterator[str]:
    """Yield a summary and a table in Markdown, for a comment on a pull request."""
    from policybook.output.markdown.text import code  # imports Jinja, which is slow

    yield from ("## Catalogue growth", "", f"{_summary(found, code)}.")
    if found.policies:
        yield from ("", "| Policy | Statement | Pattern | Change |", "| --- | --- | --- | --- |")
    for policy in found.policies:
        remark = f" ({_newer(policy)})" if _newer(policy) else ""
        for growth in policy.patterns:
            patterns = " ".join(map(code, growth.not_action or (growth.pattern or "",)))
            prefix = "all actions except " if growth.pattern is None else ""
            yield (
                f"| {code(policy.policy)} {policy.version}{remark} | {growth.statement} "
                f"| {prefix}{patterns} | {_changes(growth, code)} |"
            )


def table(found: CatalogueStep) -> str:
    """Format the growth as CSV, with a row for each action and each pattern that gained it."""
    return text_of(steps((found,)))


def _summary(found: CatalogueStep, shown: Shown) -> str:
    old, new = (f"{shown(e.source)} of {e.date}" for e in (found.before, found.after))
    levels = ", ".join(f"{level.level} {level.actions}" for level in found.levels)
    return (
        f"{old} to {new}: AWS added {_counted(found.added, 'action', 'actions')} and removed "
        f"{found.gone}; {found.grown} of {_counted(found.checked, 'policy', 'policies')} gained "
        f"{_counted(found.gained, 'different action', 'different actions')} through wildcards"
        f"{f' ({levels})' if levels else ''}"
    )


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _newer(policy: PolicyGrowth) -> str:
    """Say why the version may already take the new actions into account; "" if it is older."""
    if policy.older or not policy.added:
        return ""
    return f"version of {policy.day}" if policy.day else "date of the version unknown"


def _changes(growth: Growth, shown: Shown) -> str:
    return "; ".join((*_parts("+", growth.added, shown), *_parts("-", growth.gone, shown)))


def _parts(sign: str, actions: Iterable[ListedAction], shown: Shown) -> Iterator[str]:
    for part in level_parts(actions, GROWTH_LINE_NAMES):
        names = ", ".join(map(shown, part.names))
        more = f" and {part.more} more" if part.more else ""
        yield f"{sign}{part.level.count} {part.level.name}: {names}{more}"
