"""The results about accounts: which have a policy, and where its document differs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from policybook.book.context import BookContext
from policybook.model.changes import Verdict


class AccountResult(Struct, frozen=True):
    """A policy in an account.

    Attributes:
        account: The id of the account.
        version: The id of its default version there, or null.
        same_as: The version of this policy with the same document, or null if there is none.
        verdict: How its document differs from the current version here, or null.
        document: The document, if no version here has it, else null.
    """

    account: str
    version: str | None
    same_as: str | None
    verdict: Verdict | None
    document: Mapping[str, Any] | None


class AccountsResult(Struct, frozen=True):
    """The accounts of a policy; the versions here are those of `source`, or of none known."""

    source: str | None
    accounts: tuple[AccountResult, ...]


def accounts_result(context: BookContext, name: str) -> AccountsResult | None:
    """Return the accounts of a policy, in order of their ids."""
    known = context.accounts.of_policy(name)
    if known is None:
        return None
    same = {id_: one.key for one in known.same for id_ in one.accounts}
    others = {id_: other for other in known.others for id_ in other.accounts}
    listed = []
    for id_ in known.ids:
        other = others.get(id_)
        verdict = other.change.verdict if other and other.change else None
        document = other.document.source if other else None
        listed.append(AccountResult(id_, known.versions.get(id_), same.get(id_), verdict, document))
    return AccountsResult(known.source or None, tuple(listed))
