"""Guide drift: where the notes and claims taken from a guide differ from the policy document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct, structs

from policybook.analysis.compare import compare
from policybook.iam.aws_reference import NO_REFERENCE, AwsReference
from policybook.iam.grants import explained_prefixes
from policybook.iam.patterns import covers, overlaps
from policybook.iam.statements import document_of
from policybook.model.changes import Change
from policybook.model.claims import Claim
from policybook.model.documents import Document, Term
from policybook.model.policies import Policy


class PrefixDrift(Struct, frozen=True):
    """A prefix that the document grants and no note explains, or that only a note mentions."""

    prefix: str
    kind: Literal["unexplained", "ungranted"]
    remark: str | None


class ClaimDrift(Struct, frozen=True):
    """A claim compared with the document: what `change` gained, only the document grants."""

    claim: Claim
    change: Change


def prefix_drift(policy: Policy) -> tuple[PrefixDrift, ...]:
    """The prefixes in which notes and document differ, in order; empty without notes."""
    document = policy.explained.document if policy.explained else None
    if not policy.facts.permissions or not document:
        return ()
    granted = explained_prefixes(document)
    explained = set(policy.facts.permissions)
    return tuple(
        PrefixDrift(
            prefix,
            "unexplained" if prefix in granted else "ungranted",
            policy.facts.drift.get(prefix),
        )
        for prefix in sorted(granted ^ explained)
    )


def claim_drift(policy: Policy, reference: AwsReference = NO_REFERENCE) -> tuple[ClaimDrift, ...]:
    """Each claim, compared with what the document grants of the same actions, in order.

    Args:
        policy: The policy.
        reference: What AWS's lists say about condition keys and ARNs.
    """
    document = policy.explained.document if policy.explained else None
    if not document:
        return ()
    found = []
    for claim in policy.facts.claims:
        claimed = document_of(claim.statements, {"Statement": "claim"})
        named = [p for s in claimed.statements for p in s.actions.patterns]
        found.append(ClaimDrift(claim, compare(claimed, about(document, named), reference)))
    return tuple(found)


def about(document: Document, actions: Iterable[str]) -> Document:
    """The part of a document whose action patterns overlap with some actions.

    Args:
        document: The policy document.
        actions: Action patterns, in any case.
    """
    wanted = [action.lower() for action in actions]

    def speaks(pattern: str) -> bool:
        return any(overlaps(pattern.lower(), action) for action in wanted)

    def leaves_out(patterns: Iterable[str], action: str) -> bool:
        return any(covers(pattern.lower(), action) for pattern in patterns)

    kept = []
    for statement in document.statements:
        if statement.actions.negated:
            if any(not leaves_out(statement.actions.patterns, action) for action in wanted):
                kept.append(statement)
        elif patterns := tuple(p for p in statement.actions.patterns if speaks(p)):
            kept.append(structs.replace(statement, actions=Term(patterns)))
    return Document(tuple(kept), {"Statement": "part"})
