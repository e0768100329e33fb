"""What is granted on every resource, and how much of it could be limited to a resource."""

from __future__ import annotations

from collections.abc import Iterable

from policybook.analysis.index import Use
from policybook.book.context import BookContext, effective
from policybook.catalogue.catalogue import Scope
from policybook.model.documents import Term

ANY = Term(("*",))


def is_on_any(use: Use) -> bool:
    """Whether the statement's resources name `*`."""
    return not use.resources.negated and "*" in use.resources.patterns


def scope_on_any(context: BookContext, policy: str) -> Scope:
    """Of all that the policy's current document allows on `*`; see `Catalogue.scope`."""
    if policy not in context.scopes:
        uses = filter(is_on_any, context.index.uses[policy])
        context.scopes[policy] = scope_of(context, policy, uses)
    return context.scopes[policy]


def scope_of(context: BookContext, policy: str, uses: Iterable[Use]) -> Scope:
    """Of what some uses of the policy's current document allow."""
    names = effective(context.catalogue, tuple(uses), context.index.uses[policy])
    return context.catalogue.scope(names)
