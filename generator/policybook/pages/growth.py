"""Actions that wildcards gained since an older catalogue, by level, policy and service."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from policybook.analysis.catalogue_growth import (
    Edition,
    LevelGrowth,
    PolicyGrowth,
    ServiceGrowth,
    Widening,
)
from policybook.analysis.pattern_growth import Growth
from policybook.book.context import BookContext
from policybook.book.facts.growth import LevelPart, level_parts
from policybook.book.facts.levels import Level
from policybook.book.limits import GROWTH_NAMES, GROWTH_PATTERNS, GROWTH_POLICY_PATTERNS
from policybook.pages.page import TocItem


class GrowthPart(Struct, frozen=True):
    """The actions that a pattern gained, and those that left the catalogue."""

    growth: Growth
    added: tuple[LevelPart, ...]
    gone: tuple[LevelPart, ...]


class PolicyPart(Struct, frozen=True):
    """A policy with its first patterns, and the number of patterns not shown."""

    growth: PolicyGrowth
    levels: tuple[Level, ...]
    patterns: tuple[GrowthPart, ...]
    more: int


class ServicePart(Struct, frozen=True):
    """A service, and those of its actions that policies gained."""

    growth: ServiceGrowth
    actions: tuple[LevelPart, ...]


class WideningView(Struct, frozen=True):
    """The page of catalogue growth.

    `grown` are the policies that gained actions, the largest gain first; `lost` those that only
    lost actions. `newer` is the number of policies whose version may be newer than the older
    catalogue.
    """

    toc: tuple[TocItem, ...]
    before: Edition
    after: Edition
    checked: int
    actions: int
    newer: int
    levels: tuple[LevelGrowth, ...]
    grown: tuple[PolicyPart, ...]
    lost: tuple[PolicyPart, ...]
    services: tuple[ServicePart, ...]


def widening_view(context: BookContext) -> WideningView:
    """Create the view; the context must have an older catalogue."""
    found = context.growth.found()
    assert found  # noqa: S101  # the plan has this page only with an older catalogue
    by_size = sorted(found.policies, key=lambda growth: (-growth.added, growth.policy))
    parts = tuple(_policies(by_size))
    return WideningView(
        toc=tuple(_toc(found)),
        before=found.before,
        after=found.after,
        checked=found.checked,
        actions=found.actions,
        newer=sum(bool(g.added) and not g.older for g in found.policies),
        levels=found.levels,
        grown=tuple(part for part in parts if part.growth.added),
        lost=tuple(part for part in parts if not part.growth.added),
        services=tuple(
            ServicePart(s, level_parts(s.actions, GROWTH_NAMES)) for s in found.services
        ),
    )


def _toc(found: Widening) -> Iterator[TocItem]:
    if found.grown:
        yield TocItem("levels", "By access level")
        yield TocItem("policies", "By policy")
    if len(found.policies) > found.grown:
        yield TocItem("lost", "Policies that only lost actions")
    if found.services:
        yield TocItem("services", "By service")


def _policies(found: Iterable[PolicyGrowth]) -> Iterator[PolicyPart]:
    room = GROWTH_PATTERNS
    for growth in found:
        shown = growth.patterns[: min(GROWTH_POLICY_PATTERNS, room)]
        room -= len(shown)
        yield PolicyPart(
            growth,
            tuple(Level(name, count) for name, count in growth.levels.items()),
            tuple(
                GrowthPart(g, level_parts(g.added, GROWTH_NAMES), level_parts(g.gone, GROWTH_NAMES))
                for g in shown
            ),
            len(growth.patterns) - len(shown),
        )
