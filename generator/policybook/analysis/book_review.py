"""What became of the policies and roles of a book, such as by a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, structs

from policybook.analysis.risks import RiskChange, Rulebook, risk_changes
from policybook.analysis.side_by_side import SideBySide, side_by_side
from policybook.catalogue.catalogue import Catalogue
from policybook.model.book import Book
from policybook.model.documents import Document, says_the_same
from policybook.model.policies import Policy
from policybook.model.roles import Role


class PolicyReview(Struct, frozen=True):
    """A policy that is not the same before and after; None on the side that lacks it.

    `compared` leads from the current document before to that after; None unless both are known.
    `rewritten` are versions that are on both sides with different documents, `dropped` those that
    are gone. `risks` are the changes of matching risk rules.
    """

    name: str
    old: Policy | None
    new: Policy | None
    compared: SideBySide | None = None
    rewritten: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    risks: tuple[RiskChange, ...] = ()


class RoleReview(Struct, frozen=True):
    """A role that is not the same before and after; None on the side that lacks it.

    `gained` and `lost` are its policies, by name or ARN.
    """

    name: str
    old: Role | None
    new: Role | None
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def policy_reviews(old: Book, new: Book, catalogue: Catalogue) -> Iterator[PolicyReview]:
    """Yield each policy that is not the same in both states of the book, by name.

    Args:
        old: The book before.
        new: The book after, whose risk rules count for both.
        catalogue: The services and actions of AWS.
    """
    rulebook = Rulebook(new.rules, catalogue)
    for name in sorted(old.policies.keys() | new.policies.keys(), key=lambda n: (n.lower(), n)):
        before, after = old.policies.get(name), new.policies.get(name)
        if before != after:
            yield _policy_review(name, before, after, catalogue, rulebook)


def _policy_review(
    name: str, old: Policy | None, new: Policy | None, catalogue: Catalogue, rulebook: Rulebook
) -> PolicyReview:
    was, now = _current(old), _current(new)
    review = PolicyReview(
        name,
        old,
        new,
        side_by_side([was], [now], catalogue) if was and now else None,
        risks=tuple(
            risk_changes(
                rulebook.rules,
                rulebook.flags(was) if was and _counts(old) else None,
                rulebook.flags(now) if now and _counts(new) else (),
            )
        ),
    )
    if not old or not new:
        return review
    before, after = _documents(old), _documents(new)
    return structs.replace(
        review,
        rewritten=tuple(
            key for key in before if key in after and not says_the_same(before[key], after[key])
        ),
        dropped=tuple(v.key for v in old.versions if new.version(v.key) is None),
    )


def _current(policy: Policy | None) -> Document | None:
    return policy.current.document if policy and policy.current else None


def _counts(policy: Policy | None) -> bool:
    """Whether the policy grants something; a boundary cannot be a risk."""
    return policy is not None and policy.grants


def _documents(policy: Policy) -> Mapping[str, Document]:
    return {v.key: v.document for v in policy.versions if v.document}


def role_reviews(old: Book, new: Book) -> Iterator[RoleReview]:
    """Yield each role that is not the same in both states of the book, by name."""
    for name in sorted(old.roles.keys() | new.roles.keys()):
        before, after = old.roles.get(name), new.roles.get(name)
        if before != after:
            had = before.policies if before else ()
            has = after.policies if after else ()
            yield RoleReview(
                name,
                before,
                after,
                tuple(policy for policy in has if policy not in had),
                tuple(policy for policy in had if policy not in has),
            )
