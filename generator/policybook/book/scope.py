"""What is granted on every resource, and how much of it could be limited to a resource."""

from __future__ import annotations

from collections.abc import Iterable

from policybook.analysis.index import Use
from policybook.book.context import Sources, effective
from policybook.catalogue.catalogue import Scope
from policybook.model.model import Term

ANY = Term(("*",))


def is_on_any(use: Use) -> bool:
    """Whether the statement's resources name `*`."""
    return not use.resources.negated and "*" in use.resources.patterns


def scope_on_any(sources: Sources, policy: str) -> Scope:
    """Of all that the policy's current document allows on `*`; see `Catalogue.scope`."""
    if policy not in sources.scopes:
        uses = filter(is_on_any, sources.index.uses[policy])
        sources.scopes[policy] = scope_of(sources, policy, uses)
    return sources.scopes[policy]


def scope_of(sources: Sources, policy: str, uses: Iterable[Use]) -> Scope:
    """Of what some uses of the policy's current document allow."""
    names = effective(sources.catalogue, tuple(uses), sources.index.uses[policy])
    return sources.catalogue.scope(names)
