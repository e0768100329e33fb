"""The pages of resource patterns, and of those of each service with the policies that use them."""

from __future__ import annotations

from msgspec import Struct

from policybook.book.context import BookContext
from policybook.lists.resources import resource_list, resource_title, resources_list
from policybook.lists.table import ListTable
from policybook.pages.page import TocItem


class ResourcesView(Struct, frozen=True):
    """All resource patterns by service."""

    toc: tuple[TocItem, ...]
    table: ListTable


class ResourceView(Struct, frozen=True):
    """The resource patterns of one service, and the ARN formats of its resource types.

    `patterns` is the number of patterns; `any` is true for the page of `*`.
    """

    toc: tuple[TocItem, ...]
    title: str
    table: ListTable
    formats: tuple[tuple[str, tuple[str, ...]], ...]
    patterns: int
    any: bool


def resources_view(context: BookContext) -> ResourcesView:
    """Create the view of all resource patterns."""
    return ResourcesView((), resources_list(context))


def resource_view(context: BookContext, service: str) -> ResourceView:
    """Create the view of the resource patterns of one service."""
    known = context.catalogue.service(service)
    table = resource_list(context, service)
    types = known.resource_types.values() if known else ()
    return ResourceView(
        (),
        resource_title(context, service),
        table,
        tuple((found.name, found.arns) for found in types),
        len(table.anchors),
        service == "any",
    )
