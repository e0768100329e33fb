"""Grants and evidence as sentences, for commands and feeds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from policybook.analysis.change_rows import ChangeRow, Exceptions, Outcome
from policybook.analysis.evidence import GroupedGrants
from policybook.book.limits import SENTENCE_NAMES
from policybook.book.prose.terms import term_text
from policybook.model.documents import Clause, Grant, Term
from policybook.model.fields import Effect

# What happened to a row's actions in words: an Allow, and a Deny.
_OUTCOMES: Mapping[tuple[Effect, Outcome], str] = {
    ("Deny", "added"): "now denied",
    ("Deny", "removed"): "no longer denied",
    ("Deny", "widened"): "more denied",
    ("Deny", "narrowed"): "less denied",
    ("Deny", "changed"): "denied otherwise",
}


_PARTS = {"was": "was", "now": "now", "kept": "kept", "partly": "kept in part"}


def outcome_words(row: ChangeRow) -> str:
    """What happened to what the row is about, in one or two words."""
    return _OUTCOMES.get((row.effect, row.outcome), row.outcome)


def sign_of(row: ChangeRow) -> str:
    """`+` if the row is only about what was gained, `-` if only about what was lost, else `~`."""
    signs = ("+", "-") if row.effect == "Allow" else ("-", "+")
    if row.outcome in ("added", "widened"):
        return signs[0]
    return signs[1] if row.outcome in ("removed", "narrowed") else "~"


def row_lines(row: ChangeRow) -> Iterator[str]:
    """Yield what happened to some actions: one line, or one and then one for each part."""
    head = f"{outcome_words(row)}: "
    every = [(name, group) for name in _PARTS for group in getattr(row, name)]
    if len(every) == 1 and not row.exceptions:
        yield head + _group_line(every[0][1], row.actions)
        return
    yield head + (
        _first_names(row.actions, False) if row.actions else "all actions with exceptions"
    )
    for name, group in every:
        yield f"  {_PARTS[name]:<4} {_group_line(group, ())}"
    for change in row.exceptions:
        yield f"  {_exceptions_line(change)}"


def _group_line(group: GroupedGrants, actions: tuple[str, ...]) -> str:
    """Format grants; without actions of its own, the group is about those that are given."""
    names = group.actions or actions
    where = _first_names(group.resources.patterns, group.resources.negated)
    scope = f"{_first_names(names, group.negated)} on {where}" if names else f"on {where}"
    return _with_condition(scope, group.condition)


def _exceptions_line(change: Exceptions) -> str:
    """Format the exceptions of NotAction or NotResource that were added or dropped."""
    parts = [
        f"{len(patterns)} {'exception' if len(patterns) == 1 else 'exceptions'} {verb}: "
        f"{_first_names(patterns, False)}"
        for verb, patterns in (("added", change.added), ("dropped", change.dropped))
        if patterns
    ]
    if change.kept:
        parts.append(f"{change.kept} kept")
    where = f" on {term_text(change.resources)}" if change.resources else ""
    return _with_condition("; ".join(parts) + where, change.condition)


def grant_line(grant: Grant) -> str:
    """Format a grant as a sentence."""
    return f"{grant.effect} {_scope(grant)}"


def _scope(grant: Grant) -> str:
    return _sentence(term_text(grant.action), term_text(grant.resource), grant.condition)


def _sentence(actions: str, resources: str, condition: tuple[Clause, ...]) -> str:
    return _with_condition(f"{actions} on {resources}", condition)


def _with_condition(text: str, condition: tuple[Clause, ...]) -> str:
    return text + (f" if {condition_text(condition)}" if condition else "")


def _first_names(patterns: tuple[str, ...], negated: bool) -> str:
    more = len(patterns) - SENTENCE_NAMES
    return term_text(Term(patterns[:SENTENCE_NAMES], negated)) + (
        f" and {more} more" if more > 0 else ""
    )


def condition_text(clauses: Iterable[Clause]) -> str:
    """Format the clauses of a condition block on one line."""
    return " and ".join(f"{c.key} {c.operator} {' or '.join(c.values)}" for c in clauses)
