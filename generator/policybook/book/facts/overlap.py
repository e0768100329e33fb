"""Overlap: which policies contain, equal or nearly equal other policies."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from policybook.analysis.overlap import Overlap, Related, current_documents, overlaps
from policybook.analysis.overlap_pairs import related
from policybook.book.derived import Facts, derived
from policybook.catalogue.catalogue import Catalogue
from policybook.model.book import Book


class OverlapFacts(Facts):
    """The overlap of policies by their current documents."""

    def __init__(
        self,
        book: Book,
        catalogue: Catalogue,
        found: Related | None,
        about: Collection[str] | None,
    ) -> None:
        """Compute the overlap of all or some policies when it is first needed.

        Args:
            book: The book.
            catalogue: The catalogue of actions, used to expand wildcards.
            found: The pairs of overlapping policies. Default: computed when needed.
            about: The names of the policies to compute the overlap for. Default: all.

        """
        super().__init__()
        self._book = book
        self._catalogue = catalogue
        self._found = found
        self._about = about

    def of(self, policy: str) -> Overlap | None:
        """The overlap of a policy with all others; None if it has no current document."""
        return self._overlaps().get(policy)

    @derived
    def _overlaps(self) -> Mapping[str, Overlap]:
        documents = current_documents(self._book)
        return overlaps(self._found or related(documents, self._catalogue, about=self._about))
