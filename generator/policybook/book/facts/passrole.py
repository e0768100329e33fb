"""The statements that allow passing roles, and the services that receive them."""

from __future__ import annotations

from collections.abc import Mapping

from policybook.analysis.index import Index
from policybook.analysis.passrole import Passing, Principal, passings, principals
from policybook.book.derived import Facts, derived
from policybook.catalogue.catalogue import Catalogue
from policybook.model.book import Book


class PassRoleFacts(Facts):
    """Passed roles, by statement and by service."""

    def __init__(self, book: Book, index: Index, catalogue: Catalogue) -> None:
        super().__init__()
        self._book = book
        self._index = index
        self._catalogue = catalogue

    @derived
    def passings(self) -> tuple[Passing, ...]:
        """Every statement that allows passing roles, ordered by policy."""
        return passings(self._book, self._index, self._catalogue)

    @derived
    def principals(self) -> Mapping[str, tuple[Principal, ...]]:
        """The service principals that roles can be passed to, by service prefix."""
        return principals(self._index, self._catalogue)
