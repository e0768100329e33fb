"""Grants and evidence as sentences, for commands and feeds."""

from __future__ import annotations

from collections.abc import Iterable

from policybook.analysis.evidence import EvidenceRow
from policybook.book.limits import SENTENCE_NAMES
from policybook.model.changes import Evidence
from policybook.model.documents import Clause, Grant, Term


def evidence_line(evidence: Evidence, sign: str) -> str:
    """Format a gained or lost grant: its kind, then the grant.

    Args:
        evidence: The grant.
        sign: `+` if it was gained, `-` if it was lost.
    """
    if evidence.kind == "deny":
        return f"{_denied(sign)}: {_scope(evidence.grant)}"
    return f"{evidence.kind}: {grant_line(evidence.grant)}"


def row_line(row: EvidenceRow, sign: str) -> str:
    """Format gained or lost grants with the same kind, resources and condition.

    Args:
        row: The grants.
        sign: `+` if they were gained, `-` if they were lost.
    """
    scope = _sentence(
        _first_names(row.actions, row.negated),
        _first_names(row.resources.patterns, row.resources.negated),
        row.condition,
    )
    return f"{_denied(sign) if row.kind == 'deny' else row.kind}: {scope}"


def _denied(sign: str) -> str:
    return "no longer denied" if sign == "+" else "now denied"


def grant_line(grant: Grant) -> str:
    """Format a grant as a sentence."""
    return f"{grant.effect} {_scope(grant)}"


def _scope(grant: Grant) -> str:
    return _sentence(term_text(grant.action), term_text(grant.resource), grant.condition)


def _sentence(actions: str, resources: str, condition: tuple[Clause, ...]) -> str:
    return f"{actions} on {resources}" + (f" if {condition_text(condition)}" if condition else "")


def _first_names(patterns: tuple[str, ...], negated: bool) -> str:
    more = len(patterns) - SENTENCE_NAMES
    return term_text(Term(patterns[:SENTENCE_NAMES], negated)) + (
        f" and {more} more" if more > 0 else ""
    )


def term_text(term: Term) -> str:
    """Format patterns, or everything except them."""
    return ("all except " if term.negated else "") + ", ".join(term.patterns)


def condition_text(clauses: Iterable[Clause]) -> str:
    """Format the clauses of a condition block on one line."""
    return " and ".join(f"{c.key} {c.operator} {' or '.join(c.values)}" for c in clauses)
