"""Accounts of AWS: which policies of the book each has, and its roles and groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, structs

from policybook.model.documents import Document
from policybook.model.fields import Count, PolicyName, Record, VersionId
from policybook.model.roles import Role


class InAccount(Record, frozen=True):
    """A policy in one account: its default version there, by the id that it has there.

    `same_as` is the version of the book's policy with that document. Without it the account has
    another document, which is in a file beside; without that file, too, the versions of the book's
    policy are those of this account.
    """

    version: VersionId | None = None
    same_as: VersionId | None = None


class AccountFile(Record, frozen=True):
    """`accounts/<id>/account.yml`, which imports write.

    `users` is the number of users. All is as in the last import.
    """

    users: Count | None = None
    policies: dict[PolicyName, InAccount] = {}


class Account(Struct, frozen=True):
    """An account; `roles` are by the paths of their files, groups and users among them.

    `documents` are the account's own ones of policies of which the book has others.
    """

    id: str
    facts: AccountFile
    roles: Mapping[str, Role] = {}
    documents: Mapping[str, Document] = {}

    def is_source_of(self, name: str) -> bool:
        """Whether the versions of a policy of the book are those of this account."""
        entry = self.facts.policies.get(name)
        return entry is not None and not entry.same_as and name not in self.documents


class PlacedRole(Struct, frozen=True):
    """A role, its file, and its key path there."""

    role: Role
    file: str
    at: tuple[str | int, ...] = ()


def merged_roles(own: Iterable[Role], accounts: Mapping[str, Account]) -> Iterator[PlacedRole]:
    """All roles, those of people first.

    A role that is the same in several accounts is one. Where accounts have different roles of one
    name, each but the first has `~` and the number of its first account behind the name. What
    people wrote of a role comes before what its first accounts have of it, key by key.

    Args:
        own: The roles that people wrote, in the order of `roles.yml`.
        accounts: The accounts by id, in order.
    """
    found: dict[str, list[PlacedRole]] = {}
    for account in accounts.values():
        for file, role in account.roles.items():
            _add(found.setdefault(role.name, []), PlacedRole(role, file), account.id)
    for place, role in enumerate(own):
        there = found.get(role.name, [])
        merged = _over(role, there.pop(0).role) if there else role
        yield PlacedRole(merged, "roles.yml", ("roles", place))
    for states in found.values():
        yield from states


def _add(states: list[PlacedRole], new: PlacedRole, account: str) -> None:
    """Add an account's role, or the account to the role that is the same."""
    for number, there in enumerate(states):
        role, name = there.role, new.role.name
        if structs.replace(role, name=name, accounts=()) == new.role:
            both = structs.replace(role, accounts=(*role.accounts, account))
            states[number] = structs.replace(there, role=both)
            return
    name = f"{new.role.name}~{account}" if states else new.role.name
    role = structs.replace(new.role, name=name, accounts=(account,))
    states.append(structs.replace(new, role=role))


def _over(own: Role, found: Role) -> Role:
    """What people wrote of a role, with what an account has of it for keys that they left out."""
    return Role(**{key: getattr(own, key) or getattr(found, key) for key in Role.__struct_fields__})
