"""The pages of tools, whose answers the reader's browser computes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from msgspec import Struct

from policybook.book import addresses
from policybook.book.addresses import Target
from policybook.book.context import BookContext
from policybook.book.site_file import Dependencies
from policybook.pages.page import Page, TocItem

# Title, address, description and template; `_entries` in mkdocs_plugin/theme.py has the navigation.
_TOOLS: tuple[tuple[str, Target, str, str], ...] = (
    (
        "Compare",
        addresses.COMPARE,
        "Compare managed policies, their versions or your own documents: which contains the other, "
        "and what it lacks.",
        "compare",
    ),
    (
        "Choose",
        addresses.CHOOSE,
        "Find the smallest managed policies, pairs and triples that grant the actions you need, "
        "and what they grant beyond them.",
        "choose",
    ),
    (
        "Check",
        addresses.CHECK,
        "Check a policy document: errors, effective actions, risks, wildcards, and the managed "
        "policies that contain it. It stays in your browser.",
        "check",
    ),
)


class ToolView(Struct, frozen=True):
    """The page of a tool, which shows nothing of the book until the reader asks.

    `has_risks` says whether the book has risk rules, whose page can be linked.
    """

    has_risks: bool
    toc: tuple[TocItem, ...] = ()


def tool_pages(context: BookContext) -> Iterator[Page]:
    """Yield the page of each tool."""
    has_risks = bool(context.book.rules)
    for title, target, description, template in _TOOLS:
        yield Page(
            target.url,
            title,
            description,
            template,
            target.url,
            partial(ToolView, has_risks),
            depends=Dependencies((), (has_risks,)),
            wide=True,
        )
