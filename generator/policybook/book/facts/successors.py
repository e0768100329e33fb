"""Deprecated policies, their successors, and the permissions that a successor drops and adds."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from policybook.analysis.index import Index
from policybook.analysis.successors import (
    Alike,
    HowKnown,
    Succession,
    Successor,
    alike,
    succession,
    successors,
    successors_of,
)
from policybook.book.derived import Facts, derived
from policybook.catalogue.catalogue import Catalogue
from policybook.iam.grants import EVERYTHING
from policybook.model.book import Book
from policybook.model.changes import Verdict
from policybook.model.deprecation import DeprecationStatement, State
from policybook.model.documents import Document
from policybook.model.policies import Policy


class SuccessorPart(Struct, frozen=True):
    """A deprecated policy compared with a successor, by the current documents of both.

    If one of them has no document, `compared` is False and there is no verdict. `lost` and `gained`
    count the grants that the successor drops and adds, `lacks` and `adds` the effective actions.
    `state` is the successor's own, None if the book lacks it. `sources` are the statements that
    name it.
    """

    name: str
    how: HowKnown
    state: State | None
    sources: tuple[DeprecationStatement, ...] = ()
    compared: bool = False
    verdict: Verdict | None = None
    undecided: tuple[str, ...] = ()
    lost: int = 0
    gained: int = 0
    lacks: int = 0
    adds: int = 0


class SuccessorFacts(Facts):
    """Deprecated policies and their successors."""

    def __init__(self, book: Book, index: Index, catalogue: Catalogue) -> None:
        super().__init__()
        self._book = book
        self._index = index
        self._catalogue = catalogue

    @derived
    def successors(self) -> Mapping[str, tuple[Successor, ...]]:
        """The successors of policies that are not current, by the name of such a policy."""
        return successors(self._book)

    @derived
    def of(self, policy: str) -> tuple[Successor, ...]:
        """The successors of a policy; none if it is current."""
        return successors_of(self._book, self._book.policies[policy], self._alike())

    @derived
    def _alike(self) -> Alike:
        return alike(self._book.policies)

    @derived
    def succeeds(self) -> Mapping[str, tuple[str, ...]]:
        """The policies that a policy replaces, by the successor's name."""
        found: dict[str, tuple[str, ...]] = {}
        for name, named in self.successors().items():
            for successor in named:
                found[successor.name] = (*found.get(successor.name, ()), name)
        return found

    @derived
    def succession(self, policy: str, successor: str) -> Succession | None:
        """The comparison of a policy's current document with a successor's.

        None if one of the documents is missing.
        """
        old, new = self._document(policy), self._document(successor)
        return succession(old, new, self._catalogue) if old and new else None

    def _document(self, name: str) -> Document | None:
        policy = self._book.policies.get(name)
        return policy.current.document if policy and policy.current else None

    def parts(self, policy: str) -> tuple[SuccessorPart, ...]:
        """A policy's successors, with counts."""
        return tuple(self._part(policy, found) for found in self.of(policy))

    def _part(self, policy: str, successor: Successor) -> SuccessorPart:
        other = self._book.policies.get(successor.name)
        state = other.deprecation.state if other else None
        sources = self._book.policies[policy].deprecation.naming(successor.name)
        found = self.succession(policy, successor.name)
        if not found:
            return SuccessorPart(successor.name, successor.how, state, sources)
        change = found.change
        return SuccessorPart(
            name=successor.name,
            how=successor.how,
            state=state,
            sources=sources,
            compared=True,
            verdict=change.verdict,
            undecided=change.undecided,
            lost=len(change.lost),
            gained=len(change.gained),
            lacks=len(found.lacks),
            adds=len(found.adds),
        )

    @derived
    def deprecated(self) -> tuple[Policy, ...]:
        """The policies that are deprecated: dated ones newest first, then the others by name."""
        return self._of("deprecated")

    @derived
    def leaving(self) -> tuple[Policy, ...]:
        """The policies that are on the way out, in the same order."""
        return self._of("on-the-way-out")

    def _of(self, state: State) -> tuple[Policy, ...]:
        found = [p for p in self._book.policies.values() if p.deprecation.state == state]
        return tuple(sorted(found, key=_newest_first))

    @derived
    def services_only_deprecated_grant(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The services that only deprecated policies allow, with the names of those policies.

        Statements about every service are not considered.
        """
        found = {
            prefix: {use.policy for use in uses if use.effect == "Allow"}
            for prefix, uses in self._index.services.items()
            if prefix != EVERYTHING
        }
        deprecated = {policy.name for policy in self.deprecated()}
        return tuple(
            (prefix, tuple(sorted(names)))
            for prefix, names in found.items()
            if names and names <= deprecated
        )


def _newest_first(policy: Policy) -> tuple[int, str]:
    day = policy.deprecation.date
    return -day.toordinal() if day else 0, policy.name.lower()
