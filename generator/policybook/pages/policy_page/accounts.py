"""In which accounts a policy is, for its page."""

from __future__ import annotations

from msgspec import Struct

from policybook.analysis.change_rows import ChangeRow, change_rows
from policybook.analysis.policy_accounts import AccountsOfVersion, PolicyAccounts
from policybook.book.context import BookContext
from policybook.book.documents import as_json
from policybook.book.limits import ACCOUNT_DOCUMENTS
from policybook.model.changes import Verdict


class OtherPart(Struct, frozen=True):
    """A document that other accounts have, compared with the current version."""

    accounts: tuple[str, ...]
    verdict: Verdict | None
    rows: tuple[ChangeRow, ...]
    document: str


class AccountsPart(Struct, frozen=True):
    """The accounts of a policy. `more` counts documents that have no place on the page."""

    known: PolicyAccounts
    same: tuple[AccountsOfVersion, ...]
    others: tuple[OtherPart, ...]
    more: int


def accounts_part(context: BookContext, name: str) -> AccountsPart | None:
    """Create the part about accounts; None if no account is known to have the policy."""
    known = context.accounts.of_policy(name)
    if known is None:
        return None
    shown = known.others[:ACCOUNT_DOCUMENTS]
    parts = (
        OtherPart(
            other.accounts,
            other.change.verdict if other.change else None,
            change_rows(other.change.gained, other.change.lost) if other.change else (),
            as_json(other.document),
        )
        for other in shown
    )
    return AccountsPart(known, known.same, tuple(parts), len(known.others) - len(shown))
