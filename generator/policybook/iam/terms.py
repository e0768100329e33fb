"""Terms: several patterns together, or everything except them."""

from __future__ import annotations

from policybook.iam.patterns import as_text, covers, overlaps
from policybook.model.documents import Term


def matched(term: Term) -> tuple[str, ...]:
    """The term's patterns as they are matched: with `${` as text if it has no variables."""
    return term.patterns if term.variables else tuple(map(as_text, term.patterns))


def term_covers(wide: Term, narrow: Term) -> bool:
    """Whether everything that the term `narrow` names is named by the term `wide`.

    Exact for two patterns, and for a pattern within a negated term. A negated term lies in a
    pattern only if that pattern matches everything. It lies in another negated term if each pattern
    excluded by `wide` is covered by one excluded by `narrow`.
    """
    outer, inner = matched(wide), matched(narrow)
    if len(outer) == len(inner) == 1 and not (wide.negated or narrow.negated):
        return covers(outer[0], inner[0])
    if wide.negated and narrow.negated:
        others = set(outer).difference(inner)
        return all(any(covers(n, w) for n in inner) for w in others)
    if wide.negated:
        return not any(overlaps(w, n) for w in outer for n in inner)
    if narrow.negated:
        return any(covers(w, "*") for w in outer)
    return all(any(covers(w, n) for w in outer) for n in inner)


def term_overlaps(one: Term, other: Term) -> bool:
    """Whether something may be named by both terms.

    Exact for two patterns. A negated term is assumed to overlap with a pattern unless one excluded
    pattern covers it, and with every other negated term.
    """
    if one.negated and other.negated:
        return True
    if one.negated or other.negated:
        out, kept = (one, other) if one.negated else (other, one)
        return any(not any(covers(w, n) for w in matched(out)) for n in matched(kept))
    return any(overlaps(a, b) for a in matched(one) for b in matched(other))
