"""The pages of services: the policies that grant a service's actions, and those actions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from msgspec import Struct

from policybook.analysis.evidence import EvidenceRow, rows_about
from policybook.analysis.index import Use
from policybook.analysis.passrole import Principal
from policybook.book.change_lines import ChangeLine
from policybook.book.context import BookContext
from policybook.book.facts.levels import Level, levels_of
from policybook.book.facts.statements import UseRow
from policybook.book.limits import SERVICE_CHANGES
from policybook.catalogue.catalogue import UNCATALOGUED
from policybook.iam.grants import EVERYTHING
from policybook.lists.services import service_actions, service_policies, services_list
from policybook.lists.table import ListTable
from policybook.model.documents import Term
from policybook.pages.page import TocItem


class EverythingLine(Struct, frozen=True):
    """A statement about all services: its policy, and how many patterns NotAction excepts."""

    policy: str
    row: UseRow
    excepted: int


class ServicesView(Struct, frozen=True):
    """The list of services, and the statements that cover all services.

    `past` are the prefixes that only old versions have.
    """

    toc: tuple[TocItem, ...]
    table: ListTable
    past: tuple[str, ...]
    everything: tuple[EverythingLine, ...]


class ServiceChange(Struct, frozen=True):
    """The action patterns of a service in grants that a version gained and lost."""

    line: ChangeLine
    gained: tuple[str, ...]
    lost: tuple[str, ...]


class ServiceView(Struct, frozen=True):
    """A service prefix: the policies that grant its actions, its actions and its last changes.

    `jump` are the headings, linked at the top of the page: tables have the width of the sidebar.
    `granting` is the number of policies that grant an action, `everything` that of those which do
    so only through statements about all services. `denying` is the number of policies in the list
    that only deny its actions, `idle` that of those whose statements have no effective action.
    `changed` is the number of all changes.
    """

    toc: tuple[TocItem, ...]
    jump: tuple[TocItem, ...]
    prefix: str
    title: str
    policies: ListTable
    granting: int
    everything: int
    denying: int
    idle: int
    catalogue_levels: tuple[Level, ...]
    actions: ListTable
    catalogued: int
    granted: int
    principals: tuple[Principal, ...]
    changes: tuple[tuple[str, tuple[ServiceChange, ...]], ...]
    changed: int


# --- services ------------------------------------------------------------------------------------


def services_view(context: BookContext) -> ServicesView:
    """Create the view of all services."""
    everything = tuple(
        EverythingLine(use.policy, context.statements.row(use), len(use.actions.patterns))
        for use in context.index.services.get(EVERYTHING, ())
    )
    past = tuple(p for p in context.services.prefixes() if p not in context.index.services)
    return ServicesView((), services_list(context), past, everything)


def service_view(context: BookContext, prefix: str) -> ServiceView:
    """Create the view of one service prefix."""
    service = context.catalogue.service(prefix)
    actions = tuple(context.services.action_lines(prefix))
    known = [action for action in actions if action.level != UNCATALOGUED]
    counts = context.services.granting_counts()
    changes = tuple(_service_changes(context, prefix))
    granting = context.services.granting(prefix)
    naming = {u.policy for u in context.index.services.get(prefix, ()) if u.effect == "Allow"}
    principals = context.passrole.principals().get(prefix, ())
    policies = service_policies(context, prefix)
    headings = (
        (policies.rows, "policies", "Policies that grant actions of this service"),
        (actions, "actions", "Actions"),
        (principals, "roles", "Roles passed to this service"),
        (changes, "changes", "Changes"),
    )
    return ServiceView(
        toc=(),
        jump=tuple(TocItem(anchor, title) for found, anchor, title in headings if found),
        prefix=prefix,
        title=service.name if service else "",
        policies=policies,
        granting=len(granting),
        everything=len(set(granting) - naming),
        denying=policies.having("how", "denied"),
        idle=policies.having("how", "nothing"),
        catalogue_levels=_catalogue_levels(context, prefix),
        actions=service_actions(context, prefix),
        catalogued=len(known),
        granted=sum(counts[action.full.lower()] > 0 for action in known),
        principals=principals,
        changes=tuple(_by_month(changes[:SERVICE_CHANGES])),
        changed=len(changes),
    )


def _catalogue_levels(context: BookContext, prefix: str) -> tuple[Level, ...]:
    every = Use("", prefix, "Allow", Term((f"{prefix}:*",)), Term(("*",)), (), 0)
    return levels_of(context.catalogue, (every,))


def _names(rows: Iterable[EvidenceRow], prefix: str) -> tuple[str, ...]:
    """Return the action patterns of the service in evidence, each once, as written."""
    return tuple(dict.fromkeys(p for row in rows_about(rows, prefix) for p in row.actions))


def _service_changes(context: BookContext, prefix: str) -> Iterator[ServiceChange]:
    for line, transition in context.events.of_service(prefix):
        gained, lost = context.events.rows(transition)
        yield ServiceChange(line, _names(gained, prefix), _names(lost, prefix))


def _by_month(found: Iterable[ServiceChange]) -> Iterator[tuple[str, tuple[ServiceChange, ...]]]:
    for month, group in groupby(found, lambda change: f"{change.line.day:%B %Y}"):
        yield month, tuple(group)
