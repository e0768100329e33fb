"""The page of the finder."""

from __future__ import annotations

from msgspec import Struct

from policybook.book.context import BookContext
from policybook.iam.grants import EVERYTHING
from policybook.pages.page import TocItem


class SearchView(Struct, frozen=True):
    """The page of the finder; its counts leave out the policies in `everything`."""

    toc: tuple[TocItem, ...]
    everything: tuple[str, ...]


def search_view(context: BookContext) -> SearchView:
    """Create the view of the finder's page."""
    uses = context.index.services.get(EVERYTHING, ())
    return SearchView((), tuple(dict.fromkeys(u.policy for u in uses if u.effect == "Allow")))
