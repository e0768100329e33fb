"""The page of passed roles: which policies pass which roles to which services."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from msgspec import Struct

from policybook.analysis.passrole import Passing, prefix_by_name
from policybook.book.context import BookContext
from policybook.pages.page import TocItem
from policybook.wording import ABOUT_UNSUPPORTED, UNSUPPORTED


class PolicyPassings(Struct, frozen=True):
    """The roles that one policy passes; `anchored` if links to the policy lead to this entry."""

    policy: str
    passings: tuple[Passing, ...]
    anchored: bool = True


class ServicePassings(Struct, frozen=True):
    """The policies that pass roles to one known service; `prefix` is read from its name, or ""."""

    name: str
    prefix: str
    policies: tuple[PolicyPassings, ...]


class PassRoleView(Struct, frozen=True):
    """Passed roles by policy, and by service.

    `any` are the policies that pass roles to any service, `unnamed` those with a condition on the
    service that allows no known one, or that is not interpreted. Statements that cover all
    services are only in `everything`, and what names no role only in `unsupported`, which is not
    counted.
    """

    toc: tuple[TocItem, ...]
    policies: tuple[PolicyPassings, ...]
    any: tuple[PolicyPassings, ...]
    services: tuple[ServicePassings, ...]
    unnamed: tuple[PolicyPassings, ...]
    everything: tuple[PolicyPassings, ...]
    unsupported: tuple[PolicyPassings, ...]
    total: int
    roles: int
    unsupported_title: str = UNSUPPORTED
    unsupported_note: str = ABOUT_UNSUPPORTED


def passrole_view(context: BookContext) -> PassRoleView:
    """Create the view of all passed roles, with policies and services by name."""
    every = [p for p in context.passrole.passings() if p.certainty != "unsupported"]
    unsupported = [p for p in context.passrole.passings() if p.certainty == "unsupported"]
    named = [found for found in every if not found.everything]
    apart = [found for found in every if found.everything]
    policies = tuple(_by_policy(named))
    anchored = {part.policy for part in policies}
    return PassRoleView(
        toc=tuple(_toc(bool(policies), bool(apart), bool(unsupported))),
        policies=policies,
        any=tuple(_by_policy(p for p in named if p.services.to == "any")),
        services=tuple(_by_service(named)),
        unnamed=tuple(
            _by_policy(p for p in named if p.services.to != "any" and not p.services.names)
        ),
        everything=tuple(_by_policy(apart, anchored)),
        unsupported=tuple(_by_policy(unsupported, {found.policy for found in every})),
        total=len({found.policy for found in every}),
        roles=len({role for found in named for role in found.roles}),
    )


def _toc(named: bool, apart: bool, unsupported: bool) -> Iterator[TocItem]:
    if named:
        yield TocItem("services", "By service")
        yield TocItem("policies", "By policy")
    if apart:
        yield TocItem("everything", "Policies that cover all services")
    if unsupported:
        yield TocItem("unsupported", UNSUPPORTED)


def _by_policy(found: Iterable[Passing], elsewhere: Iterable[str] = ()) -> Iterator[PolicyPassings]:
    """Group by policy, in the given order; policies in `elsewhere` are not anchored here."""
    others = set(elsewhere)
    for policy, own in groupby(found, key=lambda passing: passing.policy):
        yield PolicyPassings(policy, tuple(own), policy not in others)


def _by_service(found: Iterable[Passing]) -> Iterator[ServicePassings]:
    services: Mapping[str, list[Passing]] = defaultdict(list)
    for passing in found:
        for name in passing.services.names:
            services[name].append(passing)
    for name, own in sorted(services.items()):
        yield ServicePassings(name, prefix_by_name(name), tuple(_by_policy(own)))
