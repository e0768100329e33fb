"""The output of `policybook diff` as lines of text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from policybook.analysis.change_rows import change_rows
from policybook.book.prose.containment import relation_of
from policybook.book.prose.headline import headline
from policybook.book.prose.policy_sentence import plain
from policybook.commands.changes_report import changed_lines
from policybook.wording import relies_on_formats

if TYPE_CHECKING:
    from policybook.analysis.side_by_side import SideBySide
    from policybook.book.prose.headline import NameOf


def comparison_lines(found: SideBySide, name_of: NameOf) -> Iterator[str]:
    """Yield the verdict, the relation of the two sides, the headline, then what differs.

    Args:
        found: The comparison.
        name_of: How AWS calls a service.
    """
    change = found.change
    rows = change_rows(change.gained, change.lost)
    yield change.verdict
    if change.verdict != "identical":
        yield f"  {relation_of(found)}."
    if rows:
        yield f"  {plain(headline(rows, name_of))}."
    for reason in change.undecided:
        yield f"  ? {reason}"
    if change.formats_date:
        yield f"  {relies_on_formats(change.formats_date)}"
    for row in rows:
        yield from changed_lines(row)
