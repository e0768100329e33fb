"""Changes in a form that tests compare: in words, and without the order of their lists."""

from __future__ import annotations

from collections.abc import Iterable

from policybook.model.changes import Change, Evidence
from policybook.model.documents import Clause, Term

from tests.support.oracle import Request, speaks_of


def in_words(found: Iterable[Evidence]) -> tuple[str, ...]:
    """Each piece of evidence as the cases write it."""

    def term(side: Term) -> str:
        return ("not " if side.negated else "") + ", ".join(side.patterns)

    return tuple(
        f"{e.kind}: {e.grant.effect} {term(e.grant.action)} on {term(e.grant.resource)}"
        for e in found
    )


def in_full(found: Iterable[Evidence]) -> tuple[str, ...]:
    """The same with the condition after it, if there is one."""

    def clause(given: Clause) -> str:
        return f"{given.operator} {given.key} {' | '.join(given.values)}"

    pieces = tuple(found)
    return tuple(
        " if ".join(filter(None, (words, " and ".join(map(clause, piece.grant.condition)))))
        for words, piece in zip(in_words(pieces), pieces, strict=True)
    )


def spoken_of(request: Request, evidence: Iterable[Evidence]) -> bool:
    """Whether some piece of the evidence is about the request."""
    return any(speaks_of(piece.grant, request) for piece in evidence)


def in_sets(change: Change) -> tuple[str, frozenset[Evidence], frozenset[Evidence], frozenset[str]]:
    """The change without the order of its lists."""
    return (
        change.verdict,
        frozenset(change.gained),
        frozenset(change.lost),
        frozenset(change.undecided),
    )


def mirrored(
    change: Change,
) -> tuple[str, frozenset[Evidence], frozenset[Evidence], frozenset[str]]:
    """The expected change with old and new document swapped."""
    verdict, gained, lost, undecided = in_sets(change)
    other = {"widened": "narrowed", "narrowed": "widened"}.get(verdict, verdict)
    return other, lost, gained, undecided
