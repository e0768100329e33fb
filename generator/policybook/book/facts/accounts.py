"""In which accounts each policy is."""

from __future__ import annotations

from collections.abc import Iterator

from policybook.analysis.policy_accounts import PolicyAccounts, policy_accounts
from policybook.book.derived import Facts, derived
from policybook.catalogue.catalogue import Catalogue
from policybook.model.book import Book
from policybook.model.roles import Role


class AccountFacts(Facts):
    """Facts about accounts."""

    def __init__(self, book: Book, catalogue: Catalogue) -> None:
        super().__init__()
        self._book = book
        self._catalogue = catalogue

    @derived
    def of_policy(self, name: str) -> PolicyAccounts | None:
        """The accounts that have a policy; None if none is known to."""
        return policy_accounts(self._book.policies[name], self._book.accounts, self._catalogue)

    def differing(self, role: Role) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The policies of a role, and its accounts in which they have not the current document."""
        limit = (role.boundary,) if role.boundary else ()
        for reference in dict.fromkeys((*role.policies, *limit)):
            named = self._book.named(reference)
            known = self.of_policy(named.name) if role.accounts and named.in_book else None
            same = [one.accounts for one in known.same if one.is_current] if known else []
            ids = set(role.accounts).intersection(known.ids if known else ())
            if others := ids.difference(*same):
                yield named.name, tuple(sorted(others))
