"""Statements taken apart into grants, and the prefixes that grants are about."""

from __future__ import annotations

from collections.abc import Iterator

from policybook.iam.patterns import term_covers
from policybook.model.documents import Document, Grant, Term

EVERYTHING = "*"


def grants(document: Document) -> tuple[Grant, ...]:
    """Every grant of the document, in the order of statements, then actions, then resources."""
    return tuple(_grants(document))


def _grants(document: Document) -> Iterator[Grant]:
    for s in document.statements:
        for action in single_terms(s.actions):
            for resource in single_terms(s.resources):
                yield Grant(s.effect, action, resource, s.condition, s.number)


def single_terms(term: Term) -> tuple[Term, ...]:
    """The term's patterns one by one; "everything but" stays whole."""
    return (term,) if term.negated else tuple(Term((p,)) for p in term.patterns)


def compared(pattern: str) -> str:
    """An action pattern as it is compared: without case, and `*:*` as the `*` that it is."""
    return EVERYTHING if pattern == "*:*" else pattern.lower()


def compared_term(term: Term) -> Term:
    """An action term as it is compared."""
    return Term(tuple(map(compared, term.patterns)), term.negated)


def names_action(actions: Term, action: Term) -> bool:
    """Whether an Action or NotAction element names all that an action term in lower case names."""
    return term_covers(compared_term(actions), action)


def prefix_of(action: str) -> str:
    """The service prefix of an action pattern in lower case; `*` for a pattern of every service."""
    return action.partition(":")[0].lower() if ":" in action else EVERYTHING


def prefixes(grant: Grant) -> tuple[str, ...]:
    """The prefixes that the grant is listed under: `*` for every service, or for all but some."""
    if grant.action.negated:
        return (EVERYTHING,)
    return tuple(sorted({prefix_of(p) for p in grant.action.patterns}))


def explained_prefixes(document: Document) -> set[str]:
    """The prefixes that notes should explain: those of the actions that the document allows."""
    return {
        prefix
        for grant in grants(document)
        if grant.effect == "Allow"
        for prefix in prefixes(grant)
        if prefix != EVERYTHING
    }
