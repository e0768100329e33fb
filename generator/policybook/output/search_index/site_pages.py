"""The site's own pages in the finder's index, each with further words for it."""

from __future__ import annotations

from collections.abc import Iterator

from policybook.book import addresses
from policybook.book.addresses import Target
from policybook.book.context import BookContext

IndexedPage = tuple[str, str, str]
"""A page: its title, its address, and other words for it, separated by commas."""


_TOOLS: tuple[tuple[str, Target, str], ...] = (
    (
        "Compare",
        addresses.COMPARE,
        "compare policies, diff, difference, versus, vs, side by side, contains, lacks",
    ),
    (
        "Choose",
        addresses.CHOOSE,
        "choose policies, least privilege, which policy, smallest policy, minimal, covers, need, "
        "excess, unused, last accessed",
    ),
)


def site_pages(context: BookContext) -> tuple[IndexedPage, ...]:
    """Return the pages that are not about one policy, service, action, pattern or key."""
    return tuple((title, target.place, words) for title, target, words in _pages(context))


def _pages(context: BookContext) -> Iterator[tuple[str, Target, str]]:
    if context.book.rules:
        yield (
            "Risks",
            addresses.RISKS,
            "privilege escalation, escalate, escalation paths, dangerous permissions, risky, "
            "permissions worth a second look",
        )
    yield "PassRole", addresses.PASSROLE, "pass role, passed roles, who can pass roles, passing"
    yield (
        "Removals",
        addresses.REMOVALS,
        "removed permissions, what was removed, lost, taken away, dropped, narrowed",
    )
    yield (
        "Deprecated policies",
        addresses.DEPRECATED,
        "successors, replacement, replaced, retired, obsolete, deleted, migrate",
    )
    yield (
        "Changes",
        addresses.CHANGES,
        "what changed, history, timeline, latest, updates, changelog, news, recent, feed",
    )
    for year in context.events.years():
        yield (
            f"Changes in {year}",
            addresses.year(year),
            f"{year}, changes {year}, what changed in {year}, history of {year}",
        )
    if context.growth.has_steps:
        yield (
            "Actions added by AWS",
            addresses.NEW_ACTIONS,
            "new actions, added actions, latest actions",
        )
    yield from _TOOLS
    yield from _lists(context)
    for rule in context.book.rules.values():
        yield f"Risk: {rule.title}", addresses.risk(rule.id), ""


def _lists(context: BookContext) -> Iterator[tuple[str, Target, str]]:
    book = context.book
    yield "Policies", addresses.POLICIES, "all policies, list of policies, managed policies"
    if book.groups:
        yield "Topics", addresses.GROUPS, "policies by topic, families"
    for slug, group in book.groups.items():
        yield group.title, addresses.group(slug), "topic"
    if book.guides:
        yield "Guides", addresses.GUIDES, "how to, least privilege"
    for slug, guide in book.guides.items():
        yield guide.title, addresses.guide(slug), "guide"
    if book.roles:
        yield "Roles", addresses.ROLES, "execution roles"
    yield (
        "Services",
        addresses.SERVICES,
        "service prefixes, all services, who can, policies by service",
    )
    yield (
        "Actions",
        addresses.ACTIONS,
        "all actions, permissions, who can, access levels, policies by action",
    )
    yield "Resource patterns", addresses.RESOURCES, "resources, arns, buckets"
    yield "Condition keys", addresses.CONDITIONS, "conditions, context keys, tags"
    yield "About", addresses.ABOUT, "docs, sources, terms, verdicts, limits, method, help"
