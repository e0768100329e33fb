"""The output of `policybook changes` as lines of text, and the lines of one change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from policybook.analysis.change_rows import ChangeRow, change_rows_about
from policybook.output.sentences import row_lines, sign_of

if TYPE_CHECKING:
    from policybook.book.change_lines import ChangeLine
    from policybook.book.context import BookContext


def event_lines(context: BookContext, lines: Iterable[ChangeLine], prefix: str) -> Iterator[str]:
    """Yield a line for each change, followed by what happened to each action.

    Args:
        context: The book.
        lines: The changes, in the order to print.
        prefix: The service to which gains and losses are limited; "" for all.
    """
    for line in lines:
        yield f"{line.day}  {_event(line)}"
        for row in _rows(context, line, prefix):
            yield from changed_lines(row)


def event_list(
    context: BookContext, lines: Iterable[ChangeLine], prefix: str, site_url: str
) -> Iterator[str]:
    """Yield each change, with what happened to each action, as a Markdown list.

    Args:
        context: The book.
        lines: The changes, in the order to print.
        prefix: The service to which gains and losses are limited; "" for all.
        site_url: The URL of the site with a slash at its end, for links; "" for none.
    """
    from policybook.output.markdown.text import (  # imports Jinja, which is slow
        code,
        escaped,
    )

    for line in lines:
        title = escaped(_event(line))
        link = f"[{title}]({site_url}{line.target.place})" if site_url else title
        yield f"- {line.day} {link}"
        for row in _rows(context, line, prefix):
            first, *others = row_lines(row)
            yield f"  - {code(first)}"
            yield from (f"    - {code(part.strip())}" for part in others)


def _event(line: ChangeLine) -> str:
    what = ", ".join(filter(None, (line.note, line.verdict)))
    return f"{line.title}: {what}" + (f" (after {line.against})" if line.against else "")


def _rows(context: BookContext, line: ChangeLine, prefix: str) -> Iterable[ChangeRow]:
    transition = context.events.transition_of(line)
    rows = context.events.changed(transition) if transition else ()
    return change_rows_about(rows, prefix) if prefix else rows


def changed_lines(row: ChangeRow) -> Iterator[str]:
    """Yield the lines for what happened to an action."""
    first, *others = row_lines(row)
    yield f"  {sign_of(row)} {first}"
    yield from (f"    {line}" for line in others)
