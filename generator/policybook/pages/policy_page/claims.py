"""What AWS's guide claims about a policy, compared with its document."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from policybook.analysis.change_rows import ChangeRow, change_rows
from policybook.analysis.guide_drift import claim_drift
from policybook.book.context import BookContext
from policybook.model.changes import Verdict
from policybook.model.claims import Claim
from policybook.model.policies import Policy


class ClaimPart(Struct, frozen=True):
    """A claim of an AWS guide, and what the document changes of it."""

    claim: Claim
    verdict: Verdict
    changed: tuple[ChangeRow, ...]


def claim_parts(context: BookContext, policy: Policy) -> Iterator[ClaimPart]:
    """Yield each claim about the policy, in the order of the data."""
    for drift in claim_drift(policy, context.catalogue):
        change = drift.change
        rows = change_rows(change.gained, change.lost)
        yield ClaimPart(drift.claim, change.verdict, rows)
