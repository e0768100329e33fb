"""Deprecated policies, their successors, and the permissions that a successor drops and adds."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from policybook.analysis.index import Index
from policybook.analysis.successors import HowKnown, Succession, Successor, succession, successors
from policybook.book.derived import Facts, derived
from policybook.catalogue.catalogue import Catalogue
from policybook.iam.grants import EVERYTHING
from policybook.model.book import Book
from policybook.model.changes import Verdict
from policybook.model.documents import Document
from policybook.model.policies import Policy


class SuccessorPart(Struct, frozen=True):
    """A deprecated policy compared with its successor, by the current documents of both.

    If one of them has no document, `compared` is False and there is no verdict. `lost` and `gained`
    count the grants that the successor drops and adds, `lacks` and `adds` the effective actions.
    `retired` says whether the successor is deprecated too.
    """

    name: str
    how: HowKnown
    retired: bool
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
    def successors(self) -> Mapping[str, Successor]:
        """The successors of deprecated policies, by the deprecated policy's name."""
        return successors(self._book)

    @derived
    def succeeds(self) -> Mapping[str, tuple[str, ...]]:
        """The deprecated policies that a policy replaces, by the successor's name."""
        found: dict[str, tuple[str, ...]] = {}
        for name, successor in self.successors().items():
            found[successor.name] = (*found.get(successor.name, ()), name)
        return found

    @derived
    def succession(self, policy: str) -> Succession | None:
        """The comparison of a policy's current document with its successor's.

        None without a successor, or if one of the documents is missing.
        """
        successor = self.successors().get(policy)
        old = self._document(policy)
        new = self._document(successor.name) if successor else None
        return succession(old, new, self._catalogue) if old and new else None

    def _document(self, name: str) -> Document | None:
        policy = self._book.policies.get(name)
        return policy.current.document if policy and policy.current else None

    def part(self, policy: str) -> SuccessorPart | None:
        """A policy's successor, with counts; None if no successor is known."""
        successor = self.successors().get(policy)
        if not successor:
            return None
        other = self._book.policies.get(successor.name)
        retired = bool(other and other.facts.deprecated)
        found = self.succession(policy)
        if not found:
            return SuccessorPart(successor.name, successor.how, retired)
        change = found.change
        return SuccessorPart(
            name=successor.name,
            how=successor.how,
            retired=retired,
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
        """The deprecated policies: dated ones newest first, then the others by name."""
        found = [policy for policy in self._book.policies.values() if policy.facts.deprecated]
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
    day = policy.facts.deprecated.date if policy.facts.deprecated else None
    return -day.toordinal() if day else 0, policy.name.lower()
