"""The list of services with their numbers of actions."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from policybook.book import addresses
from policybook.book.context import BookContext
from policybook.catalogue.catalogue import UNCATALOGUED
from policybook.lists.table import LinkCell, ListColumn, ListRow, ListTable
from policybook.wording import label


class ActionCounts(Struct, frozen=True):
    """The actions of a service: in AWS's action list, granted by name, and not in the list."""

    prefix: str
    title: str
    listed: int
    granted: int
    others: int


def action_counts(context: BookContext) -> Iterator[ActionCounts]:
    """Yield the numbers of every service that has actions, in the order of prefixes."""
    for prefix in context.services.prefixes():
        lines = list(context.services.action_lines(prefix))
        if lines:
            listed = [line for line in lines if line.level != UNCATALOGUED]
            granted = sum(line.named > 0 for line in listed)
            title = context.catalogue.name(prefix) or ""
            yield ActionCounts(prefix, title, len(listed), granted, len(lines) - len(listed))


def action_counts_list(context: BookContext) -> ListTable:
    """The services with actions."""
    return ListTable(
        name="action-counts",
        title="Actions by service",
        noun="service",
        columns=(
            ListColumn("name", "Prefix", "link", "services/{}/#actions"),
            ListColumn("title", "Service", "name"),
            ListColumn("listed", "Actions", "number", about="Actions in AWS's action list"),
            ListColumn(
                "granted",
                "Granted by name",
                "number",
                about="Granted by a policy that names the service",
            ),
            ListColumn("others", "Not in AWS's list", "number"),
        ),
        facets=(),
        rows=tuple(
            ListRow(
                cells=(
                    LinkCell(found.prefix, addresses.service(found.prefix, "actions")),
                    found.title or label(UNCATALOGUED, "level"),
                    found.listed,
                    found.granted,
                    found.others or None,
                ),
                facets=(),
            )
            for found in action_counts(context)
        ),
    )
