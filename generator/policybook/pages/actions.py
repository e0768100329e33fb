"""The page of an action: which policies grant it, with pattern, resources, condition and date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from policybook.analysis.operations import Operation
from policybook.analysis.passrole import PASS_ROLE
from policybook.analysis.since import Start
from policybook.book.context import BookContext
from policybook.book.facts.actions import GrantRow
from policybook.book.facts.catalogue import noun
from policybook.book.facts.growth import Listing
from policybook.book.limits import JUMP_ROWS, RELATED_ACTIONS
from policybook.catalogue.catalogue import UNCATALOGUED
from policybook.catalogue.services import Service
from policybook.iam.denies import GRANTED
from policybook.lists.action_counts import action_counts, action_counts_list
from policybook.lists.granting import TITLES, Openness, granting_list, grants_of, has_list, openness
from policybook.lists.table import ListTable
from policybook.pages.page import TocItem
from policybook.wording import ABOUT_UNSUPPORTED


class ActionsView(Struct, frozen=True):
    """The list of services with their numbers of actions.

    `totals` are the sums of the actions in AWS's list, of those that are granted, and of those that
    the list does not have. `unnamed` is the number of services in the catalogue that no policy
    names.
    """

    toc: tuple[TocItem, ...]
    table: ListTable
    totals: tuple[int, int, int]
    unnamed: int


class GrantGroup(Struct, frozen=True):
    """Grants of an action that are equally open.

    `rows` are the grants of statements that name the service, `everything` those of policies that
    cover all services; `policies` is the number of different policies among both. `note` says what
    is known of grants that have no effect; "" for the others.
    """

    openness: Openness
    title: str
    rows: tuple[GrantRow, ...]
    everything: tuple[GrantRow, ...]
    policies: int
    note: str = ""


class Lost(Struct, frozen=True):
    """A policy that used to grant an action.

    `since` says since when it granted it, `until` which version was the first to not do so.
    """

    policy: str
    since: Start
    until: Start


class ActionView(Struct, frozen=True):
    """The page of an action.

    `jump` are the headings, linked at the top of a long page, which has no sidebar. `table` is
    the list of all grants if there are too many to be written out by group. `levels`
    are AWS's access levels of the action. `others` is the number of other actions of the service
    in the catalogue. `policies` is the number of policies that grant the action, `everything` that
    of those which do so only because they cover all services, `unlimited` that of those which grant
    it without a condition. `has_service` is true if the service has a page.
    `passes` is true for `iam:PassRole`. `listed` says when AWS last added or removed the action, if
    there is an older action list. `operations` are the API operations of other names that need it.
    """

    toc: tuple[TocItem, ...]
    jump: tuple[TocItem, ...]
    table: ListTable | None
    prefix: str
    name: str
    title: str
    level: str
    levels: tuple[str, ...]
    description: str
    resource_types: tuple[tuple[str, tuple[str, ...]], ...]
    condition_keys: tuple[str, ...]
    policies: int
    groups: tuple[GrantGroup, ...]
    everything: int
    unlimited: int
    lost: tuple[Lost, ...]
    related: tuple[str, ...]
    others: int
    has_service: bool
    passes: bool
    listed: Listing | None
    operations: tuple[Operation, ...]

    @property
    def style(self) -> str:
        """The primary level's first word in lower case."""
        return self.level.split()[0].lower()


def actions_view(context: BookContext) -> ActionsView:
    """Create the view of all services that have actions, with their numbers."""
    found = tuple(action_counts(context))
    totals = (
        sum(line.listed for line in found),
        sum(line.granted for line in found),
        sum(line.others for line in found),
    )
    unnamed = len(set(context.catalogue.prefixes) - set(context.services.prefixes()))
    return ActionsView((), action_counts_list(context), totals, unnamed)


def action_view(context: BookContext, full: str) -> ActionView:
    """Create the view of an action, given by its full name in lower case."""
    prefix, _, key = full.partition(":")
    name = context.actions.ever_granted()[full].name.partition(":")[2]
    service = context.catalogue.service(prefix)
    action = service.actions.get(key) if service else None
    has_service = prefix in context.index.services or prefix in context.index.service_events
    every_row = grants_of(context, full)
    of_all = context.actions.granted_by_all(full)
    rows = every_row[: len(every_row) - len(of_all)]
    groups = tuple(_groups(rows, of_all))
    lost = tuple(_lost(context, full))
    jump = [TocItem(group.openness, f"{group.title} ({group.policies:,})") for group in groups]
    jump += [TocItem("lost", f"No longer granted ({len(lost):,})")] if lost else []
    listed = has_list(len(every_row))
    named, every = _granting(rows), _granting(every_row)
    return ActionView(
        toc=(),
        jump=tuple(jump) if len(jump) > 1 and len(rows) > JUMP_ROWS and not listed else (),
        table=granting_list(context, full, every_row) if listed else None,
        prefix=prefix,
        name=name,
        title=service.name if service else "",
        level=action.level if action else UNCATALOGUED,
        levels=action.levels if action else (UNCATALOGUED,),
        description=action.description if action else "",
        resource_types=tuple(_types(service, action.resource_types)) if service and action else (),
        condition_keys=action.condition_keys if action else (),
        policies=len(every),
        groups=groups,
        everything=len(every - named),
        unlimited=len({r.use.policy for r in every_row if r.certainty == "yes"}),
        lost=lost,
        related=tuple(_related(context, service, name)) if service else (),
        others=len(service.actions) - bool(action) if service else 0,
        has_service=has_service,
        passes=full == PASS_ROLE.lower(),
        listed=context.growth.last_listing().get(full),
        operations=context.operations.by_action().get(full, ()),
    )


def _granting(rows: Iterable[GrantRow]) -> set[str]:
    return {row.use.policy for row in rows if row.certainty in GRANTED}


def _groups(rows: Iterable[GrantRow], of_all: Iterable[GrantRow]) -> Iterator[GrantGroup]:
    named: dict[Openness, list[GrantRow]] = {kind: [] for kind in TITLES}
    every: dict[Openness, list[GrantRow]] = {kind: [] for kind in TITLES}
    for row in rows:
        named[openness(row)].append(row)
    for row in of_all:
        every[openness(row)].append(row)
    for kind, title in TITLES.items():
        own, others = tuple(named[kind]), tuple(every[kind])
        if own or others:
            policies = len({row.use.policy for row in (*own, *others)})
            note = ABOUT_UNSUPPORTED if kind == "unsupported" else ""
            yield GrantGroup(kind, title, own, others, policies, note)


def _lost(context: BookContext, full: str) -> Iterator[Lost]:
    """Yield the policies that used to grant the action, with the last span in which they did."""
    for policy in context.actions.ever_granted()[full].policies:
        last = context.history.spans(policy).get(full, ())[-1:]
        for span in last:
            if span.until:
                yield Lost(policy, span.since, span.until)


def _types(service: Service, names: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name in dict.fromkeys(names):
        found = service.resource_types.get(name.lower())
        yield name, found.arns if found else ()


def _related(context: BookContext, service: Service, name: str) -> Iterator[str]:
    """Yield actions of the service whose nouns share their first words, the closest first."""
    family, wanted = context.catalogue_facts.actions_by_noun(service.prefix), noun(name)
    seen = {name.lower()}
    for size in range(len(wanted), 0, -1):
        for key in family.get(wanted[:size], ()):
            if len(seen) > RELATED_ACTIONS:
                return
            if key not in seen:
                seen.add(key)
                yield f"{service.prefix}:{service.actions[key].name}"
