"""The page of deprecated policies, and what policies' own pages say of successors."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from policybook.analysis.evidence import EvidenceRow, evidence_rows
from policybook.analysis.successors import HowKnown, Succession, succession
from policybook.book.context import Sources, TocItem
from policybook.iam.grants import EVERYTHING
from policybook.model.fields import Day
from policybook.model.model import Document, Policy, Verdict


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


def deprecated_view(sources: Sources) -> DeprecatedView:
    """The view of the page."""
    parts = tuple(_part(sources, policy) for policy in deprecated_policies(sources))
    succeeded = tuple(part for part in parts if part.successor)
    services = only_deprecated(sources)
    return DeprecatedView(
        toc=tuple(_toc(bool(parts), bool(succeeded), bool(services))),
        policies=parts,
        dated=sum(part.date is not None for part in parts),
        succeeded=succeeded,
        services=tuple(
            (prefix, sources.catalogue.name(prefix) or "", names) for prefix, names in services
        ),
    )


def _toc(policies: bool, succeeded: bool, services: bool) -> Iterator[TocItem]:
    if policies:
        yield TocItem("policies", "All deprecated policies")
    if succeeded:
        yield TocItem("successors", "What successors lack and add")
    if services:
        yield TocItem("services", "Services that only they grant")


def deprecated_policies(sources: Sources) -> tuple[Policy, ...]:
    """The deprecated policies in the order of the page."""
    found = [policy for policy in sources.book.policies.values() if policy.facts.deprecated]
    return tuple(sorted(found, key=_newest_first))


def _newest_first(policy: Policy) -> tuple[int, str]:
    day = policy.facts.deprecated.date if policy.facts.deprecated else None
    return -day.toordinal() if day else 0, policy.name.lower()


def _part(sources: Sources, policy: Policy) -> DeprecatedPart:
    newest = policy.versions[0] if policy.versions else None
    found = succession_of(sources, policy.name)
    return DeprecatedPart(
        name=policy.name,
        date=policy.facts.deprecated.date if policy.facts.deprecated else None,
        version=newest.key if newest else "",
        day=newest.day if newest else None,
        successor=successor_part(sources, policy.name),
        lost=evidence_rows(found.change.lost) if found else (),
        gained=evidence_rows(found.change.gained) if found else (),
    )


def succession_of(sources: Sources, name: str) -> Succession | None:
    """A policy's current document beside its successor's; None without both or a successor."""
    successor = sources.successors.get(name)
    if successor and name not in sources.successions:
        old, new = _document(sources, name), _document(sources, successor.name)
        found = succession(old, new, sources.catalogue) if old and new else None
        sources.successions[name] = found
    return sources.successions.get(name)


def _document(sources: Sources, name: str) -> Document | None:
    policy = sources.book.policies.get(name)
    return policy.current.document if policy and policy.current else None


def successor_part(sources: Sources, name: str) -> SuccessorPart | None:
    """A policy's successor as pages and programs are told of it; None where none is known."""
    successor = sources.successors.get(name)
    if not successor:
        return None
    policy = sources.book.policies.get(successor.name)
    retired = bool(policy and policy.facts.deprecated)
    found = succession_of(sources, name)
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


def succession_part(sources: Sources, name: str) -> SuccessionPart:
    """What the page of the policy says."""
    return SuccessionPart(successor_part(sources, name), sources.succeeds.get(name, ()))


def only_deprecated(sources: Sources) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The services of which deprecated policies alone allow something by name, with those."""
    found = {
        prefix: {use.policy for use in uses if use.effect == "Allow"}
        for prefix, uses in sources.index.services.items()
        if prefix != EVERYTHING
    }
    gone = {policy.name for policy in deprecated_policies(sources)}
    return tuple((p, tuple(sorted(names))) for p, names in found.items() if names and names <= gone)
