"""The page of deprecated policies, and the successors shown on the pages of policies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from policybook.analysis.change_rows import ChangeRow, change_rows
from policybook.book.context import BookContext
from policybook.book.facts.successors import SuccessorPart
from policybook.lists.deprecated import deprecated_list
from policybook.lists.table import ListTable
from policybook.model.deprecation import Deprecation
from policybook.model.fields import Day
from policybook.model.policies import Policy
from policybook.pages.page import TocItem


class SuccessionPart(Struct, frozen=True):
    """The state of a policy, its successors, and the policies that it succeeds."""

    deprecation: Deprecation
    successors: tuple[SuccessorPart, ...]
    succeeds: tuple[str, ...]


class ComparedPart(Struct, frozen=True):
    """A successor, with what it changes of the actions of the policy."""

    successor: SuccessorPart
    changed: tuple[ChangeRow, ...]


class DeprecatedPart(Struct, frozen=True):
    """A policy that is not current, with its last version, that one's day, and its successors."""

    name: str
    deprecation: Deprecation
    version: str
    day: Day | None
    successors: tuple[ComparedPart, ...]


class DeprecatedView(Struct, frozen=True):
    """All policies that are not current, by state: first those on the way out.

    In each state, those with a date come first, newest first, then the others by name. `dated` and
    `succeeded` are the numbers of all those with a date, and with a successor. `services` are the
    services that only deprecated policies name: prefix, service name, policy names.
    """

    toc: tuple[TocItem, ...]
    jump: tuple[TocItem, ...]
    table: ListTable
    leaving: tuple[DeprecatedPart, ...]
    deprecated: tuple[DeprecatedPart, ...]
    current: int
    dated: int
    succeeded: tuple[DeprecatedPart, ...]
    services: tuple[tuple[str, str, tuple[str, ...]], ...]


def deprecated_view(context: BookContext) -> DeprecatedView:
    """Create the view of the page."""
    leaving = _parts(context, context.successors.leaving())
    deprecated = _parts(context, context.successors.deprecated())
    every = (*leaving, *deprecated)
    succeeded = tuple(part for part in every if part.successors)
    services = context.successors.services_only_deprecated_grant()
    return DeprecatedView(
        toc=(),
        jump=tuple(_toc(bool(every), bool(succeeded), bool(services))),
        table=deprecated_list(context),
        leaving=leaving,
        deprecated=deprecated,
        current=len(context.book.policies) - len(every),
        dated=sum(part.deprecation.date is not None for part in every),
        succeeded=succeeded,
        services=tuple(
            (prefix, context.catalogue.name(prefix) or "", names) for prefix, names in services
        ),
    )


def _toc(found: bool, succeeded: bool, services: bool) -> Iterator[TocItem]:
    if found:
        yield TocItem("sources", "Who says so")
    if succeeded:
        yield TocItem("successors", "What you lose and gain")
    if services:
        yield TocItem("services", "Services that only deprecated policies grant")


def _parts(context: BookContext, policies: Iterable[Policy]) -> tuple[DeprecatedPart, ...]:
    return tuple(_part(context, policy) for policy in policies)


def _part(context: BookContext, policy: Policy) -> DeprecatedPart:
    newest = policy.versions[0] if policy.versions else None
    return DeprecatedPart(
        name=policy.name,
        deprecation=policy.deprecation,
        version=newest.key if newest else "",
        day=newest.day if newest else None,
        successors=tuple(
            _compared(context, policy.name, part) for part in context.successors.parts(policy.name)
        ),
    )


def _compared(context: BookContext, policy: str, successor: SuccessorPart) -> ComparedPart:
    found = context.successors.succession(policy, successor.name)
    return ComparedPart(
        successor,
        change_rows(found.change.gained, found.change.lost) if found else (),
    )


def succession_part(context: BookContext, name: str) -> SuccessionPart:
    """Return the state of a policy, its successors, and the policies that it succeeds."""
    return SuccessionPart(
        context.book.policies[name].deprecation,
        context.successors.parts(name),
        context.successors.succeeds().get(name, ()),
    )
