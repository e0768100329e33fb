"""Statements split into grants, and the service prefixes of grants."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from policybook.iam.terms import term_covers
from policybook.model.documents import EVERY_SERVICE, Document, Grant, Term

EVERYTHING = EVERY_SERVICE


def grants(document: Document) -> tuple[Grant, ...]:
    """All grants of the document, ordered by statement, then action, then resource."""
    return tuple(_grants(document))


def _grants(document: Document) -> Iterator[Grant]:
    for s in document.statements:
        for action in single_terms(s.actions):
            for resource in single_terms(s.resources):
                yield Grant(s.effect, action, resource, s.condition, s.number)


def single_terms(term: Term) -> tuple[Term, ...]:
    """One term for each pattern; a negated term (NotAction, NotResource) is returned whole."""
    if term.negated:
        return (term,)
    return tuple(Term((pattern,), False, term.variables) for pattern in term.patterns)


def compared(pattern: str) -> str:
    """An action pattern normalised for comparison: in lower case, and `*:*` as `*`."""
    return EVERYTHING if pattern == "*:*" else pattern.lower()


def compared_all(patterns: Iterable[str]) -> list[str]:
    """The same as `compared` for each of very many patterns."""
    lower = list(map(str.lower, patterns))
    return list(map(compared, lower)) if "*:*" in lower else lower


def compared_term(term: Term) -> Term:
    """An action term with its patterns normalised for comparison."""
    return Term(tuple(map(compared, term.patterns)), term.negated, term.variables)


def names_action(actions: Term, action: Term) -> bool:
    """Whether an Action or NotAction element names all that an action term in lower case names."""
    return term_covers(compared_term(actions), action)


def possible(actions: Term, action: str) -> Term:
    """The Action element without patterns that cannot match an action; NotAction as it is.

    Args:
        actions: An Action or NotAction element.
        action: The full name of an action, in any case.
    """
    if actions.negated:
        return actions
    return _possible(actions, action.partition(":")[0].lower())


@lru_cache(4_096)  # versions of a policy have most of their statements in common
def _possible(actions: Term, prefix: str) -> Term:
    """The patterns of the service, and those with a wildcard before the colon, or without one."""
    of_any = re.compile(rf"{re.escape(prefix)}:|[^:]*([*?$]|\Z)", re.IGNORECASE).match
    left = tuple([pattern for pattern in actions.patterns if of_any(pattern)])
    return actions if len(left) == len(actions.patterns) else Term(left, False, actions.variables)


def prefix_of(action: str) -> str:
    """The service prefix of an action pattern, in lower case; `*` if it matches every service."""
    return action.partition(":")[0].lower() if ":" in action else EVERYTHING


def with_prefix(actions: Iterable[str], prefix: str) -> tuple[str, ...]:
    """The action patterns whose `prefix_of` is the prefix, in order.

    Args:
        actions: Action patterns.
        prefix: A service prefix in lower case, or `*`.
    """
    if prefix == EVERYTHING:
        return tuple([action for action in actions if prefix_of(action) == prefix])
    head = f"{prefix}:"  # compared like this, since there are very many
    return tuple([action for action in actions if action[: len(head)].lower() == head])


def prefixes(grant: Grant) -> tuple[str, ...]:
    """The sorted prefixes under which the grant is listed; `*` for `*` and for NotAction."""
    if grant.action.negated:
        return (EVERYTHING,)
    return tuple(sorted({prefix_of(p) for p in grant.action.patterns}))


def explained_prefixes(document: Document) -> set[str]:
    """The prefixes that a policy's notes should explain: those of all actions it allows."""
    return {
        prefix
        for grant in grants(document)
        if grant.effect == "Allow"
        for prefix in prefixes(grant)
        if prefix != EVERYTHING
    }
