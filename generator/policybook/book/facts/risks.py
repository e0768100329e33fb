"""The matches of risk rules in each policy and its versions."""

from __future__ import annotations

from collections.abc import Mapping

from policybook.analysis.risks import Rulebook, VersionRisks, risks
from policybook.book.derived import Facts, derived
from policybook.catalogue.catalogue import Catalogue
from policybook.iam.mitigation import Mitigation
from policybook.model.book import Book


class RiskFacts(Facts):
    """Risks of policies and their versions."""

    def __init__(self, book: Book, catalogue: Catalogue) -> None:
        super().__init__()
        self._book = book
        self._catalogue = catalogue

    @derived
    def rulebook(self) -> Rulebook:
        """The book's risk rules, prepared for the catalogue."""
        return Rulebook(self._book.rules, self._catalogue)

    @derived
    def history(self, policy: str) -> Mapping[str, VersionRisks]:
        """The matches of each version with a document, and how they changed, by version key."""
        return risks(self._book.policies[policy], self.rulebook()) if self._book.rules else {}

    @derived(kept="rules")
    def met(self, policy: str) -> Mapping[str, Mitigation]:
        """The rules that match the policy's current version, by id, and how each is limited."""
        current = self._book.policies[policy].current
        document = current.document if current else None
        found = self.rulebook().flags(document) if document else ()
        return {flag.rule: flag.mitigation for flag in found}
