"""Grants and evidence as sentences, for the command line and for feeds."""

from __future__ import annotations

from collections.abc import Iterable

from policybook.analysis.evidence import EvidenceRow
from policybook.book.limits import SENTENCE_NAMES
from policybook.model.changes import Evidence
from policybook.model.documents import Clause, Grant, Term


def evidence_line(evidence: Evidence, sign: str) -> str:
    """A gained (`+`) or lost (`-`) grant: its kind, then the grant; a denial as what it means."""
    if evidence.kind == "deny":
        return f"{_denied(sign)}: {_scope(evidence.grant)}"
    return f"{evidence.kind}: {grant_line(evidence.grant)}"


def row_line(row: EvidenceRow, sign: str) -> str:
    """Gained (`+`) or lost (`-`) grants that share kind, resources and condition."""
    scope = _said(
        _some(row.actions, row.negated),
        _some(row.resources.patterns, row.resources.negated),
        row.condition,
    )
    return f"{_denied(sign) if row.kind == 'deny' else row.kind}: {scope}"


def _denied(sign: str) -> str:
    return "no longer denied" if sign == "+" else "now denied"


def grant_line(grant: Grant) -> str:
    """A grant as a sentence."""
    return f"{grant.effect} {_scope(grant)}"


def _scope(grant: Grant) -> str:
    return _said(term_text(grant.action), term_text(grant.resource), grant.condition)


def _said(actions: str, resources: str, condition: tuple[Clause, ...]) -> str:
    return f"{actions} on {resources}" + (f" if {condition_text(condition)}" if condition else "")


def _some(patterns: tuple[str, ...], negated: bool) -> str:
    more = len(patterns) - SENTENCE_NAMES
    return term_text(Term(patterns[:SENTENCE_NAMES], negated)) + (
        f" and {more} more" if more > 0 else ""
    )


def term_text(term: Term) -> str:
    """A pattern, or everything but several."""
    return ("all except " if term.negated else "") + ", ".join(term.patterns)


def condition_text(clauses: Iterable[Clause]) -> str:
    """A condition block in one line."""
    return " and ".join(f"{c.key} {c.operator} {' or '.join(c.values)}" for c in clauses)
