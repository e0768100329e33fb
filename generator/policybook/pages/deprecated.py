"""The page of deprecated policies, and a page that compares each with its successors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from msgspec import Struct

from policybook.analysis.change_rows import ChangeRow, change_rows
from policybook.book import addresses
from policybook.book.context import BookContext
from policybook.book.dependencies import of_deprecated, of_policy_and_others
from policybook.book.facts.successors import SuccessorPart
from policybook.book.limits import PART_ELEMENTS, WHOLE_NAMES
from policybook.book.paging import in_pages, row_elements
from policybook.lists.deprecated import deprecated_list
from policybook.lists.table import ListTable
from policybook.model.deprecation import Deprecation
from policybook.model.fields import Day
from policybook.model.policies import Policy
from policybook.pages.page import Page, TocItem


class SuccessionPart(Struct, frozen=True):
    """The state of a policy, its successors, and the policies that it succeeds."""

    deprecation: Deprecation
    successors: tuple[SuccessorPart, ...]
    succeeds: tuple[str, ...]


class ComparedPart(Struct, frozen=True):
    """A successor, with what it changes of the actions of the policy."""

    successor: SuccessorPart
    changed: tuple[ChangeRow, ...]

    @property
    def shown(self) -> tuple[ChangeRow, ...]:
        """The changes that fit on a page."""
        pages = in_pages(self.changed, lambda row: row_elements(row, WHOLE_NAMES), PART_ELEMENTS)
        return next(pages, ())


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


class SuccessionView(Struct, frozen=True):
    """What the successors of a policy change, as far as it fits on a page."""

    toc: tuple[TocItem, ...]
    name: str
    deprecation: Deprecation
    successors: tuple[ComparedPart, ...]


def deprecated_pages(context: BookContext) -> Iterator[Page]:
    """Yield the page of all deprecated policies, then those of each that has a successor."""
    yield Page(
        addresses.DEPRECATED.url,
        "Deprecated policies",
        "Deprecated managed policies, their successors, and what you lose and gain by switching.",
        "deprecated",
        addresses.DEPRECATED.url,
        partial(deprecated_view, context),
        crumbs=(("Changes", addresses.CHANGES.url),),
        depends=of_deprecated(context),
    )
    for policy in (*context.successors.leaving(), *context.successors.deprecated()):
        if context.successors.parts(policy.name):
            yield _succession_page(context, policy.name)


def _succession_page(context: BookContext, name: str) -> Page:
    return Page(
        addresses.succession(name).url,
        f"{name} and its successor",
        f"What you lose and gain with the successor of the managed policy {name}.",
        "succession",
        addresses.DEPRECATED.url,
        partial(succession_view, context, name),
        crumbs=(("Deprecated policies", addresses.DEPRECATED.url),),
        depends=of_policy_and_others(context, name, None),
    )


def succession_view(context: BookContext, name: str) -> SuccessionView:
    """Create the view of the page that compares a policy with its successors."""
    parts = _compared_parts(context, name)
    return SuccessionView((), name, context.book.policies[name].deprecation, parts)


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
        successors=_compared_parts(context, policy.name),
    )


def _compared_parts(context: BookContext, name: str) -> tuple[ComparedPart, ...]:
    parts = context.successors.parts(name)
    return tuple(_compared(context, name, part) for part in parts)


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
