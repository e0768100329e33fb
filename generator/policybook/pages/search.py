"""The finder's own page."""

from __future__ import annotations

from msgspec import Struct

from policybook.book.context import BookContext
from policybook.iam.grants import EVERYTHING
from policybook.pages.page import TocItem


class SearchView(Struct, frozen=True):
    """The page of the finder: the policies that it leaves out of the numbers it gives."""

    toc: tuple[TocItem, ...]
    everything: tuple[str, ...]


def search_view(context: BookContext) -> SearchView:
    """The view of the finder's page."""
    uses = context.index.services.get(EVERYTHING, ())
    return SearchView((), tuple(dict.fromkeys(u.policy for u in uses if u.effect == "Allow")))
