"""The pages of a policy's older versions, which do not fit on the page of the policy."""

from __future__ import annotations

from msgspec import Struct

from policybook.book.context import BookContext
from policybook.pages.page import TocItem
from policybook.pages.policy_page.version_pages import history_pages
from policybook.pages.timeline import Stretch, stretches, version_parts


class OlderVersionsView(Struct, frozen=True):
    """A page of older versions, and the number of all such pages of the policy."""

    toc: tuple[TocItem, ...]
    policy: str
    number: int
    pages: int
    stretches: tuple[Stretch, ...]


def older_versions_view(context: BookContext, policy: str, number: int) -> OlderVersionsView:
    """Create the view of a page of older versions, counted from 1."""
    parts = version_parts(context, context.book.policies[policy], number)
    return OlderVersionsView(
        toc=(),
        policy=policy,
        number=number,
        pages=len(history_pages(context, policy)),
        stretches=tuple(stretches(parts)),
    )
