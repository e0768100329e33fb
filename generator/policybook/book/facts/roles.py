"""What each role can do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from msgspec import Struct

from policybook.analysis.role_access import RoleAccess, role_access
from policybook.book import addresses
from policybook.book.derived import Facts, derived
from policybook.catalogue.catalogue import Catalogue
from policybook.model.book import Book
from policybook.model.roles import NamedPolicy


class PolicyLink(Struct, frozen=True):
    """A policy that a role names, and where it is.

    `url` is its address in a book of AWS's policies, "" if it is in this book or if there is none.
    """

    policy: NamedPolicy
    url: str


class RoleFacts(Facts):
    """Facts about roles, by name."""

    def __init__(self, book: Book, catalogue: Catalogue, aws_book: str) -> None:
        super().__init__()
        self._book = book
        self._catalogue = catalogue
        self._aws_book = aws_book

    @derived
    def access(self, role: str) -> RoleAccess:
        """What a role can do."""
        return role_access(self._book.roles[role], self._book, self._catalogue)

    def policy_link(self, policy: NamedPolicy) -> PolicyLink:
        """Where a policy is that a role names."""
        outside = policy.of_aws and not policy.in_book and self._aws_book
        url = f"{self._aws_book}{addresses.policy(policy.name).url}" if outside else ""
        return PolicyLink(policy, url)

    @derived
    def passed_by(self) -> Mapping[str, tuple[str, ...]]:
        """The roles that pass each role."""
        found: dict[str, list[str]] = defaultdict(list)
        for role in self._book.roles.values():
            for other in role.passes:
                found[other].append(role.name)
        return {name: tuple(by) for name, by in found.items()}

    @derived
    def _by_plain_name(self) -> Mapping[str, tuple[str, ...]]:
        """The roles by their names without an account behind a `~`."""
        found: dict[str, tuple[str, ...]] = {}
        for name, role in self._book.roles.items():
            plain = name.partition("~")[0] if role.accounts else name
            found[plain] = (*found.get(plain, ()), name)
        return found

    def elsewhere(self, name: str) -> tuple[str, ...]:
        """The other roles of the same name, which other accounts have."""
        plain = name.partition("~")[0] if self._book.roles[name].accounts else name
        return tuple(other for other in self._by_plain_name()[plain] if other != name)

    @derived
    def by_slug(self) -> Mapping[str, str]:
        """The names of the roles by their part of an address."""
        return {addresses.slug(name): name for name in self._book.roles}
