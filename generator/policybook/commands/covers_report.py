"""The output of `policybook covers` and `policybook choose` as lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from policybook.analysis.asked_actions import AskedActions
from policybook.analysis.covers import Cover, Held
from policybook.analysis.since import since_words
from policybook.book.prose.terms import term_text
from policybook.commands.grants_report import operation_lines
from policybook.data.asked_text import NotUnderstood
from policybook.errors import one_line
from policybook.iam.denies import GRANTED
from policybook.output.sentences import condition_text


def cover_lines(covers: Sequence[Cover]) -> Iterator[str]:
    """Yield how many actions are granted, then each with the statements that match it."""
    counts = {state: sum(c.state == state for c in covers) for state in _STATES}
    yield ", ".join(f"{state} {count}" for state, count in counts.items())
    for state in _STATES:
        for cover in covers:
            if cover.state == state:
                yield f"{state:<11} {cover.action.spelled} ({cover.action.level})"
                yield from map(_held, cover.grants)


_STATES = ("has", "conditional", "lacks")


def _held(held: Held) -> str:
    answer, attached = held.answer, held.attached
    version = f" {attached.version.key}" if attached.version else ""
    since = ""
    if held.granting and answer.certainty in GRANTED:
        since = f" ({since_words(held.granting.since, held.granting.in_form_since(answer))})"
    through = ", ".join(answer.patterns) or term_text(answer.statement.actions)
    condition = f" if {condition_text(answer.condition)}" if answer.condition else ""
    where = f"{attached.label}{version}, statement {answer.statement.number}{since}"
    denies = [
        *(f"statement {number}" for number in answer.denials),
        *(f"{name}, statement {number}" for name, number in held.denied_by),
    ]
    limit = f" (Deny in {'; '.join(denies)})" if denies else ""
    what = f"{through} on {term_text(answer.resource)}{condition}{limit}"
    return f"  {answer.certainty:<11} {where}: {what}"


def operation_lines_of(asked: AskedActions) -> Iterator[str]:
    """Yield what the API operations that are asked about need, and who says so."""
    for operation in asked.operations:
        yield from operation_lines(operation)


def unknown_lines(unknown: Iterable[NotUnderstood]) -> Iterator[str]:
    """Yield what was not understood, and why."""
    return (one_line(f"unknown: {part.text}: {part.why}") for part in unknown)
