"""The page of deprecated policies, and what policies' own pages say of successors."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from policybook.analysis.evidence import EvidenceRow, evidence_rows
from policybook.analysis.successors import HowKnown, Succession, succession
from policybook.book.context import BookContext, TocItem
from policybook.iam.grants import EVERYTHING
from policybook.model.changes import Verdict
from policybook.model.documents import Document
from policybook.model.fields import Day
from policybook.model.policies import Policy


class SuccessorPart(Struct, frozen=True):
    """A deprecated policy's successor beside it, by the current documents of both.

    Without one of those there is no verdict; then `compared` is false. `lost` and `gained` count
    grants that the successor lacks and adds, `lacks` and `adds` effective actions. `retired` says
    whether the successor is deprecated too.
    """

    name: str
    how: HowKnown
    retired: bool
    compared: bool = False
    verdict: Verdict | None = None
    undecided: tuple[str, ...] = ()
    lost: int = 0
    gained: int = 0
    lacks: int = 0
    adds: int = 0


class SuccessionPart(Struct, frozen=True):
    """What a policy's page says: its own successor, and the policies that it succeeds."""

    successor: SuccessorPart | None
    succeeds: tuple[str, ...]


class DeprecatedPart(Struct, frozen=True):
    """A deprecated policy: its date, its last version, its successor, and the evidence."""

    name: str
    date: Day | None
    version: str
    day: Day | None
    successor: SuccessorPart | None
    lost: tuple[EvidenceRow, ...]
    gained: tuple[EvidenceRow, ...]


class DeprecatedView(Struct, frozen=True):
    """All deprecated policies, dated ones newest first, then the others by name.

    `dated` counts the first. `services` are those that no other policies name, each with theirs.
    """

    toc: tuple[TocItem, ...]
    policies: tuple[DeprecatedPart, ...]
    dated: int
    succeeded: tuple[DeprecatedPart, ...]
    services: tuple[tuple[str, str, tuple[str, ...]], ...]


def deprecated_view(context: BookContext) -> DeprecatedView:
    """The view of the page."""
    parts = tuple(_part(context, policy) for policy in deprecated_policies(context))
    succeeded = tuple(part for part in parts if part.successor)
    services = only_deprecated(context)
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


def deprecated_policies(context: BookContext) -> tuple[Policy, ...]:
    """The deprecated policies in the order of the page."""
    found = [policy for policy in context.book.policies.values() if policy.facts.deprecated]
    return tuple(sorted(found, key=_newest_first))


def _newest_first(policy: Policy) -> tuple[int, str]:
    day = policy.facts.deprecated.date if policy.facts.deprecated else None
    return -day.toordinal() if day else 0, policy.name.lower()


def _part(context: BookContext, policy: Policy) -> DeprecatedPart:
    newest = policy.versions[0] if policy.versions else None
    found = succession_of(context, policy.name)
    return DeprecatedPart(
        name=policy.name,
        date=policy.facts.deprecated.date if policy.facts.deprecated else None,
        version=newest.key if newest else "",
        day=newest.day if newest else None,
        successor=successor_part(context, policy.name),
        lost=evidence_rows(found.change.lost) if found else (),
        gained=evidence_rows(found.change.gained) if found else (),
    )


def succession_of(context: BookContext, name: str) -> Succession | None:
    """A policy's current document beside its successor's; None without both or a successor."""
    successor = context.successors.get(name)
    if successor and name not in context.successions:
        old, new = _document(context, name), _document(context, successor.name)
        found = succession(old, new, context.catalogue) if old and new else None
        context.successions[name] = found
    return context.successions.get(name)


def _document(context: BookContext, name: str) -> Document | None:
    policy = context.book.policies.get(name)
    return policy.current.document if policy and policy.current else None


def successor_part(context: BookContext, name: str) -> SuccessorPart | None:
    """A policy's successor as pages and programs are told of it; None where none is known."""
    successor = context.successors.get(name)
    if not successor:
        return None
    policy = context.book.policies.get(successor.name)
    retired = bool(policy and policy.facts.deprecated)
    found = succession_of(context, name)
    if not found:
        return SuccessorPart(successor.name, successor.how, retired)
    change = found.change
    return SuccessorPart(
        name=successor.name,
        how=successor.how,
        retired=retired,
        compared=True,
        verdict=change.verdict,
        undecided=change.undecided,
        lost=len(change.lost),
        gained=len(change.gained),
        lacks=len(found.lacks),
        adds=len(found.adds),
    )


def succession_part(context: BookContext, name: str) -> SuccessionPart:
    """What the page of the policy says."""
    return SuccessionPart(successor_part(context, name), context.succeeds.get(name, ()))


def only_deprecated(context: BookContext) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The services of which deprecated policies alone allow something by name, with those."""
    found = {
        prefix: {use.policy for use in uses if use.effect == "Allow"}
        for prefix, uses in context.index.services.items()
        if prefix != EVERYTHING
    }
    gone = {policy.name for policy in deprecated_policies(context)}
    return tuple((p, tuple(sorted(names))) for p, names in found.items() if names and names <= gone)
