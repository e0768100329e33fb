"""What AWS added to its action list, step by step, and the policies that granted it at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from msgspec import Struct

from policybook.analysis.catalogue_growth import (
    AddedAction,
    CatalogueStep,
    PolicyGrowth,
    ServiceGrowth,
)
from policybook.analysis.pattern_growth import Growth
from policybook.book import addresses
from policybook.book.context import BookContext
from policybook.book.facts.growth import LevelPart, level_parts
from policybook.book.facts.levels import Level
from policybook.book.limits import (
    GROWTH_NAMES,
    GROWTH_PATTERNS,
    GROWTH_POLICIES,
    GROWTH_POLICY_PATTERNS,
    NEW_ACTIONS,
    NEW_ACTIONS_OF_ROW,
)
from policybook.pages.page import Page, TocItem


class Row(Struct, frozen=True):
    """Actions of a service that the same policies granted at once, and the first policies.

    `others` is the number of policies not shown. Policies that cover all services are left out.
    """

    actions: tuple[LevelPart, ...]
    policies: tuple[str, ...]
    others: int


class ServicePart(Struct, frozen=True):
    """A service with its new actions, and with those that AWS removed."""

    growth: ServiceGrowth
    rows: tuple[Row, ...]
    gone: tuple[LevelPart, ...]


class GrowthPart(Struct, frozen=True):
    """The actions that a pattern gained, and those that left the action list."""

    growth: Growth
    added: tuple[LevelPart, ...]
    gone: tuple[LevelPart, ...]


class PolicyPart(Struct, frozen=True):
    """A policy with its first patterns, and the number of patterns not shown."""

    growth: PolicyGrowth
    levels: tuple[Level, ...]
    patterns: tuple[GrowthPart, ...]
    more: int


class CatalogueStepPart(Struct, frozen=True):
    """The change from one action list to the next one.

    `covering_all` are policies that granted actions at once because they cover all services.
    `grown` are the policies that gained actions, the largest gain first; `lost` those that only
    lost actions. `newer` is the number of policies whose version may be newer than the older list.
    `kinds_differ` says whether the two lists are from different kinds of source.
    """

    step: CatalogueStep
    anchor: str
    levels: tuple[Level, ...]
    services: tuple[ServicePart, ...]
    covering_all: tuple[str, ...]
    grown: tuple[PolicyPart, ...]
    lost: tuple[PolicyPart, ...]
    newer: int
    kinds_differ: bool


class NewActionsView(Struct, frozen=True):
    """The page of actions that AWS added, the newest step first."""

    toc: tuple[TocItem, ...]
    steps: tuple[CatalogueStepPart, ...]


class _Room:
    """What is left of a limit for the whole page."""

    def __init__(self, most: int) -> None:
        self._left = most

    def take(self, wanted: int) -> int:
        """Take as much as is wanted, or what is left."""
        taken = min(wanted, self._left)
        self._left -= taken
        return taken


def new_actions_page(context: BookContext) -> Page:
    """The page of a book with an older action list than the one in use."""
    url = addresses.NEW_ACTIONS.url
    return Page(
        url,
        "Actions added by AWS",
        "Actions that AWS added, and policies that granted them at once through a wildcard.",
        "new_actions",
        url,
        partial(new_actions_view, context),
        crumbs=(("Changes", addresses.CHANGES.url),),
        feed=url + "feed.xml",
    )


def new_actions_view(context: BookContext) -> NewActionsView:
    """Create the view; the newest steps get the most room."""
    names, patterns = _Room(NEW_ACTIONS), _Room(GROWTH_PATTERNS)
    steps = tuple(_step(step, names, patterns) for step in context.growth.steps())
    toc = (TocItem(part.anchor, f"To {part.step.after.date}") for part in steps)
    return NewActionsView((*toc, TocItem("reading", "How to read this")), steps)


def _step(step: CatalogueStep, names: _Room, patterns: _Room) -> CatalogueStepPart:
    by_size = sorted(step.policies, key=lambda growth: (-growth.added, growth.policy))
    parts = tuple(_policies(by_size, patterns))
    covering = {
        policy for s in step.services for action in s.added for policy in action.covering_all
    }
    return CatalogueStepPart(
        step=step,
        anchor=addresses.step(step.after.date).anchor,
        levels=tuple(Level(level.level, level.actions) for level in step.levels),
        services=tuple(_service(growth, names) for growth in step.services),
        covering_all=tuple(sorted(covering)),
        grown=tuple(part for part in parts if part.growth.added),
        lost=tuple(part for part in parts if not part.growth.added),
        newer=sum(bool(g.added) and not g.older for g in step.policies),
        kinds_differ=step.before.kind != step.after.kind,
    )


def _service(growth: ServiceGrowth, room: _Room) -> ServicePart:
    by_policies: dict[tuple[str, ...], list[AddedAction]] = {}
    for action in growth.added:
        by_policies.setdefault(action.policies, []).append(action)
    rows = (_row(policies, actions, room) for policies, actions in sorted(by_policies.items()))
    gone = level_parts(growth.gone, room.take(min(len(growth.gone), NEW_ACTIONS_OF_ROW)))
    return ServicePart(growth, tuple(rows), gone)


def _row(policies: tuple[str, ...], actions: Sequence[AddedAction], room: _Room) -> Row:
    most = room.take(min(len(actions), NEW_ACTIONS_OF_ROW))
    return Row(
        level_parts(actions, most),
        policies[:GROWTH_POLICIES],
        max(len(policies) - GROWTH_POLICIES, 0),
    )


def _policies(found: Iterable[PolicyGrowth], room: _Room) -> Iterator[PolicyPart]:
    for growth in found:
        shown = growth.patterns[: room.take(min(len(growth.patterns), GROWTH_POLICY_PATTERNS))]
        yield PolicyPart(
            growth,
            tuple(Level(name, count) for name, count in growth.levels.items()),
            tuple(
                GrowthPart(g, level_parts(g.added, GROWTH_NAMES), level_parts(g.gone, GROWTH_NAMES))
                for g in shown
            ),
            len(growth.patterns) - len(shown),
        )
