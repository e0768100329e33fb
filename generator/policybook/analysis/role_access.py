"""What the policies of a role grant together, and what remains of it under the role's boundary.

A role has what any of its policies allows and none denies, and of that what its boundary allows and
does not deny (IAM User Guide, "Permissions boundaries for IAM entities"). Policies that grant
nothing count for nothing. What a policy says whose document is not known is not guessed: the
answer is then about the known part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from policybook.analysis.effective_actions import effective_levels
from policybook.analysis.left_over import LeftOver, left_over
from policybook.catalogue.catalogue import Catalogue
from policybook.model.book import Book
from policybook.model.documents import Document, union
from policybook.model.roles import NamedPolicy, Role


class RoleAccess(Struct, frozen=True):
    """What a role can do.

    Attributes:
        policies: The role's policies.
        boundary: Its permissions boundary, or None.
        levels: The effective actions of the known policies together, full names in lower case,
            with their access levels.
        left: What the boundary leaves of them; None without one, or if its document is not known.
        unknown: The policies whose documents are not known. They may allow more, and deny some of
            what the others allow.
        not_counted: The policies of the role that grant nothing, such as permissions boundaries.
    """

    policies: tuple[NamedPolicy, ...]
    boundary: NamedPolicy | None
    levels: Mapping[str, str]
    left: LeftOver | None
    unknown: tuple[NamedPolicy, ...]
    not_counted: tuple[NamedPolicy, ...]

    @property
    def boundary_unknown(self) -> bool:
        """Whether the role has a boundary whose document is not known."""
        return self.boundary is not None and self.left is None

    @property
    def exact(self) -> bool:
        """Whether `left` is exactly what remains; else it is an upper bound of the known part."""
        return self.left is not None and self.left.exact and not self.unknown

    @property
    def remaining(self) -> Mapping[str, str]:
        """The actions that remain, as far as is known, with their access levels."""
        return self.left.levels if self.left else self.levels


def role_access(role: Role, book: Book, catalogue: Catalogue) -> RoleAccess:
    """What a role can do by the current documents of its policies and of its boundary.

    Args:
        role: The role.
        book: The policies that are known.
        catalogue: Expands wildcards and has the resources of actions.
    """
    named = tuple(dict.fromkeys(map(book.named, role.policies)))
    not_counted = tuple(n for n in named if n.in_book and not book.policies[n.name].grants)
    granting = [policy for policy in named if policy not in not_counted]
    known = {policy: document for policy in granting for document in _documents(policy, book)}
    together = union(tuple(known.values()) or (Document((), {"Statement": []}),))
    boundary = book.named(role.boundary) if role.boundary else None
    limit = next(_documents(boundary, book), None) if boundary else None
    return RoleAccess(
        policies=named,
        boundary=boundary,
        levels=effective_levels(together, catalogue),
        left=left_over(together, limit, catalogue) if limit else None,
        unknown=tuple(policy for policy in granting if policy not in known),
        not_counted=not_counted,
    )


def _documents(named: NamedPolicy, book: Book) -> Iterator[Document]:
    """The current document of a policy, if it is known."""
    current = book.policies[named.name].current if named.in_book else None
    if current and current.document:
        yield current.document
