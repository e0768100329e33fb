"""The page of deprecated policies, and the successors shown on the pages of policies."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from policybook.analysis.evidence import EvidenceRow, evidence_rows
from policybook.book.context import BookContext
from policybook.book.facts.successors import SuccessorPart
from policybook.model.fields import Day
from policybook.model.policies import Policy
from policybook.pages.page import TocItem


class SuccessionPart(Struct, frozen=True):
    """The successor of a policy, and the policies that it succeeds."""

    successor: SuccessorPart | None
    succeeds: tuple[str, ...]


class DeprecatedPart(Struct, frozen=True):
    """A deprecated policy with its last version and its successor.

    `date` is the date of deprecation, `day` that of the last version. `lost` and `gained` are the
    grants that the successor lacks and adds.
    """

    name: str
    date: Day | None
    version: str
    day: Day | None
    successor: SuccessorPart | None
    lost: tuple[EvidenceRow, ...]
    gained: tuple[EvidenceRow, ...]


class DeprecatedView(Struct, frozen=True):
    """All deprecated policies: those with a date, newest first, then the others by name.

    `dated` is the number of those with a date. `succeeded` are those with a successor. `services`
    are the services that only deprecated policies name: prefix, service name, policy names.
    """

    toc: tuple[TocItem, ...]
    policies: tuple[DeprecatedPart, ...]
    dated: int
    succeeded: tuple[DeprecatedPart, ...]
    services: tuple[tuple[str, str, tuple[str, ...]], ...]


def deprecated_view(context: BookContext) -> DeprecatedView:
    """Create the view of the page."""
    parts = tuple(_part(context, policy) for policy in context.successors.deprecated())
    succeeded = tuple(part for part in parts if part.successor)
    services = context.successors.services_only_deprecated_grant()
    return DeprecatedView(
        toc=tuple(_toc(bool(parts), bool(succeeded), bool(services))),
        policies=parts,
        dated=sum(part.date is not None for part in parts),
        succeeded=succeeded,
        services=tuple(
            (prefix, context.catalogue.name(prefix) or "", names) for prefix, names in services
        ),
    )


def _toc(policies: bool, succeeded: bool, services: bool) -> Iterator[TocItem]:
    if policies:
        yield TocItem("policies", "All deprecated policies")
    if succeeded:
        yield TocItem("successors", "What you lose and gain")
    if services:
        yield TocItem("services", "Services that only deprecated policies grant")


def _part(context: BookContext, policy: Policy) -> DeprecatedPart:
    newest = policy.versions[0] if policy.versions else None
    found = context.successors.succession(policy.name)
    return DeprecatedPart(
        name=policy.name,
        date=policy.facts.deprecated.date if policy.facts.deprecated else None,
        version=newest.key if newest else "",
        day=newest.day if newest else None,
        successor=context.successors.part(policy.name),
        lost=evidence_rows(found.change.lost) if found else (),
        gained=evidence_rows(found.change.gained) if found else (),
    )


def succession_part(context: BookContext, name: str) -> SuccessionPart:
    """Return the successor of a policy, and the policies that it succeeds."""
    return SuccessionPart(
        context.successors.part(name), context.successors.succeeds().get(name, ())
    )
