"""The pages that belong to the page of a policy: its older versions, and long lists of actions."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from policybook.book import addresses
from policybook.book.context import BookContext
from policybook.book.dependencies import of_policy
from policybook.pages.page import Page
from policybook.pages.policy_page.older_versions import older_versions_view
from policybook.pages.policy_page.permission_rows import actions_view, prefixes_apart
from policybook.pages.policy_page.version_pages import history_pages


def policy_parts(context: BookContext, name: str) -> Iterator[Page]:
    """Yield the pages of older versions, then those of action names by service; mostly none."""
    above = (("Policies", addresses.POLICIES.url), (name, addresses.policy(name).url))
    for number in history_pages(context, name):
        yield Page(
            addresses.policy_history(name, number).url,
            f"{name}: versions" + (f", page {number}" if number > 1 else ""),
            f"Versions of the managed policy {name} that are not on its page, with their changes.",
            "policy_history",
            addresses.POLICIES.url,
            partial(older_versions_view, context, name, number),
            crumbs=above,
            depends=of_policy(context, name),
        )
    for prefix in prefixes_apart(context, name):
        yield Page(
            addresses.policy_actions(name, prefix).url,
            f"{name}: actions of {prefix}",
            f"The actions of {prefix} that wildcards of the managed policy {name} match.",
            "policy_actions",
            addresses.POLICIES.url,
            partial(actions_view, context, name, prefix),
            crumbs=above,
            depends=of_policy(context, name),
            plain=True,
        )
