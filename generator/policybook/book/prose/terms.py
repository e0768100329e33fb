"""Patterns in words."""

from __future__ import annotations

from policybook.model.documents import Term


def term_text(term: Term) -> str:
    """Patterns, or that everything except them is meant."""
    return ("all except " if term.negated else "") + ", ".join(term.patterns)
