"""Parts of statements that name nothing, since no action has such a resource."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from policybook.catalogue.catalogue import Catalogue
from policybook.model.documents import Document, Statement, Term
from policybook.model.fields import Effect


class Unsupported(Struct, frozen=True):
    """An action pattern that can have none of its statement's resources, or the other way round.

    Attributes:
        statement: The number of the statement.
        effect: That of the statement.
        element: Whether `pattern` is an action pattern or a resource pattern.
        pattern: The pattern.
    """

    statement: int
    effect: Effect
    element: Literal["Action", "Resource"]
    pattern: str


def unsupported(document: Document, catalogue: Catalogue) -> tuple[Unsupported, ...]:
    """The patterns of a document without effect, in its order, actions before resources.

    For most services such a statement grants or denies nothing. An action that the catalogue does
    not have may have any resource.
    """
    return tuple(
        Unsupported(statement.number, statement.effect, element, pattern)
        for statement in document.statements
        for element, pattern in _parts(statement, catalogue)
    )


def _parts(
    statement: Statement, catalogue: Catalogue
) -> Iterator[tuple[Literal["Action", "Resource"], str]]:
    actions, resources = statement.actions, statement.resources
    for pattern in () if actions.negated else actions.patterns:
        one = Term((pattern,))
        if catalogue.named(one) and not catalogue.supporting(one, resources):
            yield "Action", pattern
    if resources.negated or not catalogue.named(actions):
        return
    for pattern in resources.patterns:
        one = Term((pattern,), variables=resources.variables)
        if not catalogue.supporting(actions, one):
            yield "Resource", pattern
