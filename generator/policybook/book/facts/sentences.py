"""The sentence about each policy document."""

from __future__ import annotations

from policybook.analysis.reach import reach
from policybook.book.derived import Facts, derived
from policybook.book.prose.policy_sentence import UNKNOWN, policy_sentence
from policybook.catalogue.catalogue import Catalogue
from policybook.model.book import Book
from policybook.model.documents import Document
from policybook.model.policies import Policy, Version


class SentenceFacts(Facts):
    """What each policy document does, in one sentence."""

    def __init__(self, book: Book, catalogue: Catalogue) -> None:
        super().__init__()
        self._book = book
        self._catalogue = catalogue

    @derived(kept="policy")
    def of_policy(self, policy: str) -> str:
        """The sentence about the policy's current document."""
        current = self._book.policies[policy].current
        return self._of_document(current.document if current else None)

    def of_version(self, policy: Policy, version: Version | None) -> str:
        """The sentence about the document of a version of the policy; None for no version."""
        if version is policy.current:
            return self.of_policy(policy.name)
        return self._of_document(version.document if version else None)

    def _of_document(self, document: Document | None) -> str:
        if document is None:
            return UNKNOWN
        spelled = self._catalogue.spelled
        return policy_sentence(reach(document, self._catalogue), lambda name: spelled(name) or name)
