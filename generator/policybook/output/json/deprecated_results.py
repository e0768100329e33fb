"""The list of deprecated policies that programs get."""

from __future__ import annotations

from msgspec import Struct

from policybook.analysis.successors import HowKnown
from policybook.book import addresses
from policybook.book.context import BookContext
from policybook.book.facts.successors import SuccessorPart
from policybook.model.changes import Verdict
from policybook.model.fields import Day
from policybook.model.policies import Policy


class SuccessorResult(Struct, frozen=True, kw_only=True):
    """A deprecated policy's successor beside it.

    `verdict` is null where the book lacks a document of either. `lost` and `gained` count grants
    that the successor lacks and adds, `lacks` and `adds` effective actions.
    """

    name: str
    how: HowKnown
    deprecated: bool
    verdict: Verdict | None
    undecided: tuple[str, ...]
    lost: int
    gained: int
    lacks: int
    adds: int


class DeprecatedResult(Struct, frozen=True, kw_only=True):
    """A deprecated policy in the list of those."""

    name: str
    date: Day | None
    version: str | None
    published: Day | None
    successor: SuccessorResult | None
    url: str
    api: str


class OnlyDeprecatedResult(Struct, frozen=True):
    """A service prefix that only deprecated policies name, and those policies."""

    prefix: str
    policies: tuple[str, ...]


class DeprecatedListResult(Struct, frozen=True):
    """All deprecated policies, dated ones newest first; and the services that only they name."""

    policies: tuple[DeprecatedResult, ...]
    services: tuple[OnlyDeprecatedResult, ...]


def deprecated_result(context: BookContext) -> DeprecatedListResult:
    """The result for deprecated policies, in the order of their page."""
    return DeprecatedListResult(
        tuple(_deprecated(context, policy) for policy in context.successors.deprecated()),
        tuple(
            OnlyDeprecatedResult(*found)
            for found in context.successors.services_only_deprecated_grant()
        ),
    )


def _deprecated(context: BookContext, policy: Policy) -> DeprecatedResult:
    newest = policy.versions[0] if policy.versions else None
    found = context.successors.part(policy.name)
    return DeprecatedResult(
        name=policy.name,
        date=policy.facts.deprecated.date if policy.facts.deprecated else None,
        version=newest.key if newest else None,
        published=newest.facts.published if newest else None,
        successor=_successor(found) if found else None,
        url=addresses.deprecated(policy.name).place,
        api=f"{addresses.API_ROOT}policies/{policy.name}.json",
    )


def _successor(found: SuccessorPart) -> SuccessorResult:
    return SuccessorResult(
        name=found.name,
        how=found.how,
        deprecated=found.retired,
        verdict=found.verdict,
        undecided=found.undecided,
        lost=found.lost,
        gained=found.gained,
        lacks=found.lacks,
        adds=found.adds,
    )
