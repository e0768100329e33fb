"""In which accounts a policy is, and where its document differs there."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from policybook.analysis.compare import compare
from policybook.iam.aws_reference import NO_REFERENCE, AwsReference
from policybook.model.accounts import Account
from policybook.model.changes import Change
from policybook.model.documents import Document, says_the_same
from policybook.model.policies import Policy


class AccountsOfVersion(Struct, frozen=True):
    """The accounts whose document is that of a version of the book's policy."""

    key: str
    is_current: bool
    accounts: tuple[str, ...]


class OtherDocument(Struct, frozen=True):
    """A document that no version of the book's policy has, and the accounts that have it.

    `change` goes from the current version to this document; None if that is not known.
    """

    accounts: tuple[str, ...]
    document: Document
    change: Change | None


class PolicyAccounts(Struct, frozen=True):
    """The accounts of a policy.

    Attributes:
        ids: All of them, in order.
        source: The account whose versions the policy of the book has; "" if none is known to be.
        same: The versions that are the default somewhere, the current one first.
        others: The documents that differ from all versions.
        versions: The id that the default version has in each account, if it is known.
    """

    ids: tuple[str, ...]
    source: str
    same: tuple[AccountsOfVersion, ...]
    others: tuple[OtherDocument, ...]
    versions: Mapping[str, str]


def policy_accounts(
    policy: Policy, accounts: Mapping[str, Account], reference: AwsReference = NO_REFERENCE
) -> PolicyAccounts | None:
    """The accounts that have a policy; None if none is known to.

    Args:
        policy: The policy.
        accounts: The accounts by id.
        reference: What AWS's lists say about condition keys and ARNs.
    """
    having = {id_: one for id_, one in accounts.items() if policy.name in one.facts.policies}
    if not having:
        return None
    current = policy.current
    same, others = _states(policy, having)
    shown, now = (current.document, current.key) if current else (None, "")
    stated = {id_: one.facts.policies[policy.name].version for id_, one in having.items()}
    return PolicyAccounts(
        ids=tuple(having),
        source=next((id_ for id_, one in having.items() if one.is_source_of(policy.name)), ""),
        same=tuple(AccountsOfVersion(key, key == now, tuple(ids)) for key, ids in same.items()),
        others=tuple(
            OtherDocument(
                tuple(ids), document, compare(shown, document, reference) if shown else None
            )
            for document, ids in others
        ),
        versions={id_: version for id_, version in stated.items() if version},
    )


def _states(
    policy: Policy, having: Mapping[str, Account]
) -> tuple[dict[str, list[str]], list[tuple[Document, list[str]]]]:
    """The accounts by the version whose document they have, the current one first; and others."""
    same: dict[str, list[str]] = {policy.current.key: []} if policy.current else {}
    others: list[tuple[Document, list[str]]] = []
    for id_, one in having.items():
        own, entry = one.documents.get(policy.name), one.facts.policies[policy.name]
        key = entry.same_as or _key(policy, own, entry.version)
        if key:
            same.setdefault(key, []).append(id_)
        elif own:
            found = next((ids for other, ids in others if says_the_same(other, own)), None)
            if found is None:
                others.append((own, found := []))
            found.append(id_)
    return {key: ids for key, ids in same.items() if ids}, others


def _key(policy: Policy, own: Document | None, version: str | None) -> str | None:
    """The version with a document of an account, or of the account whose versions these are."""
    listed = (*((policy.current,) if policy.current else ()), *policy.versions)
    if own is None:
        return next((v.key for v in listed if version in (None, v.key)), None)
    return next((v.key for v in listed if says_the_same(v.document, own)), None)
