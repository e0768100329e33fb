"""The result for deprecated policies."""

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
    """The successor of a deprecated policy, with numbers only.

    Attributes:
        name: The name of the successor.
        how: `named` in the data, or `evident` (inferred from its name).
        deprecated: Whether the successor is deprecated itself.
        verdict: The verdict on the change to the successor; null if a document is unknown.
        undecided: Why grants could not be compared.
        lost: The number of grants that the successor lacks.
        gained: The number of grants that it adds.
        lacks: The number of effective actions that it lacks.
        adds: The number of effective actions that it adds.
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
    """A deprecated policy in the list.

    Attributes:
        name: The name of the policy.
        date: The date of its deprecation, or null.
        version: The key of its last version, or null.
        published: The publication date of that version, or null.
        successor: Its successor, or null.
        url: The address of its entry on the page of deprecated policies.
        api: The address of its own JSON file.
    """

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
    """All deprecated policies, and the services that only they name.

    `policies` are those with a date, newest first, then those without.
    """

    policies: tuple[DeprecatedResult, ...]
    services: tuple[OnlyDeprecatedResult, ...]


def deprecated_result(context: BookContext) -> DeprecatedListResult:
    """Return the deprecated policies, in the order of their page."""
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
