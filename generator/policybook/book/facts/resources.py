"""The resource patterns of the book, by the page that has them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping

from policybook.analysis.index import Index
from policybook.book import addresses
from policybook.book.derived import Facts, derived
from policybook.model.documents import Term


class ResourceFacts(Facts):
    """The resource patterns of current documents, and their order in the finder's files."""

    def __init__(self, policies: Iterable[str], index: Index) -> None:
        super().__init__()
        self._policies = policies
        self._index = index

    @derived
    def by_service(self) -> Mapping[str, tuple[Term, ...]]:
        """The patterns by the service that they are listed under, services in order."""
        found: dict[str, list[Term]] = defaultdict(list)
        for term in self._index.resources:
            found[addresses.resource_service(term)].append(term)
        return {service: tuple(found[service]) for service in sorted(found)}

    @derived
    def places(self) -> Mapping[Term, int]:
        """The position of each pattern among all, service after service."""
        every = (term for terms in self.by_service().values() for term in terms)
        return {term: place for place, term in enumerate(every)}

    @derived
    def order_digest(self) -> str:
        """A digest of the order of all policies and patterns, by which files name them."""
        lines = (f"{term.negated} {' '.join(term.patterns)}" for term in self.places())
        return hashlib.sha256("\n".join((*self._policies, *lines)).encode()).hexdigest()
