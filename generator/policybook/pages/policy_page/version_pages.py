"""Which versions of a policy have their evidence and document on which page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from policybook.book.context import BookContext
from policybook.book.limits import (
    BRIEF_STATEMENTS,
    HISTORY_EVIDENCE,
    HISTORY_VERSIONS,
    LINKED_PATTERNS,
    PAGE_EVIDENCE,
    VERSIONS_IN_FULL,
)


def is_long(context: BookContext, policy: str) -> bool:
    """Whether the current document is too long for a page with links on each of its patterns."""
    current = context.book.policies[policy].current
    statements = current.document.statements if current and current.document else ()
    many = len(statements) > BRIEF_STATEMENTS
    return many or context.statements.patterns(policy) > LINKED_PATTERNS


def version_pages(context: BookContext, policy: str) -> Mapping[str, int]:
    """The number of the page with the evidence of each version and rollback, by transition key.

    0 is the policy's own page, which has the newest ones as far as they fit.
    """
    room = PAGE_EVIDENCE // 3 if is_long(context, policy) else PAGE_EVIDENCE
    found: dict[str, int] = {}
    page, versions, most = 0, 0, VERSIONS_IN_FULL
    for key, elements in context.events.elements(policy).items():
        if versions >= most or (elements > room and (versions or not page)):
            page, versions, most, room = page + 1, 0, HISTORY_VERSIONS, HISTORY_EVIDENCE
        found[key] = page
        versions, room = versions + 1, room - elements
    return found


def history_pages(context: BookContext, policy: str) -> Sequence[int]:
    """The numbers of the pages of older versions, from 1; mostly there are none."""
    return range(1, max(version_pages(context, policy).values(), default=0) + 1)
