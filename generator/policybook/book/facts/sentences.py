"""The sentence about each policy document."""

from __future__ import annotations

from policybook.analysis.reach import reach
from policybook.book.derived import Facts, derived
from policybook.book.prose.policy_sentence import UNKNOWN, as_limit, policy_sentence
from policybook.catalogue.catalogue import Catalogue
from policybook.model.book import Book
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
        found = self._book.policies[policy]
        return self._of_document(found, found.current)

    def of_version(self, policy: Policy, version: Version | None) -> str:
        """The sentence about the document of a version of the policy; None for no version."""
        if version is policy.current:
            return self.of_policy(policy.name)
        return self._of_document(policy, version)

    def _of_document(self, policy: Policy, version: Version | None) -> str:
        if not version or not version.document:
            return UNKNOWN
        spelled, found = self._catalogue.spelled, reach(version.document, self._catalogue)
        sentence = policy_sentence(found, lambda name: spelled(name) or name)
        return sentence if policy.grants else as_limit(sentence)
