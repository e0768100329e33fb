"""The site's own pages in the finder's index, each with further words for it."""

from __future__ import annotations

from collections.abc import Iterator

from policybook.book import addresses
from policybook.book.addresses import Target
from policybook.book.context import BookContext
from policybook.book.prose.glossary import TERMS, VERDICTS

IndexedPage = tuple[str, str, str, str]
"""A page: its title, its address, other words for it, separated by commas, and what it has."""

_Page = tuple[str, Target, str, str]


_TOOLS: tuple[_Page, ...] = (
    (
        "Compare",
        addresses.COMPARE,
        "compare policies, diff, difference, versus, vs, side by side, contains, lacks",
        "What only one of two sets of policies allows, and what both do",
    ),
    (
        "Check",
        addresses.CHECK,
        "check a policy, validate, lint, paste, own document, boundary, scp, my policy, errors",
        "Errors, effective actions and risks of a policy document of your own",
    ),
    (
        "Choose",
        addresses.CHOOSE,
        "choose policies, least privilege, which policy, smallest policy, minimal, covers, need, "
        "excess, unused, last accessed",
        "The smallest policies that grant the actions you need",
    ),
)


def site_pages(context: BookContext) -> tuple[IndexedPage, ...]:
    """Return the pages that are not about one policy, service, action, pattern or key."""
    pages = (*_tasks(context), *_lists(context), *_topics(context), *_about())
    return tuple((title, target.place, words, about) for title, target, words, about in pages)


_CHANGES: tuple[_Page, ...] = (
    (
        "PassRole",
        addresses.PASSROLE,
        "pass role, passed roles, who can pass roles, who passes roles, passing",
        "Which policies pass which roles to which services",
    ),
    (
        "Removals",
        addresses.REMOVALS,
        "removed permissions, what was removed, lost, taken away, dropped",
        "Every permission that a new version removed",
    ),
    (
        "Deprecated policies",
        addresses.DEPRECATED,
        "deprecated, deprecation, successor, successors, replacement, replaced, retired, obsolete, "
        "deleted, migrate, use instead",
        "With successors, and what you lose and gain",
    ),
    (
        "Changes",
        addresses.CHANGES,
        "what changed, what is new, what's new, new, history, timeline, latest, "
        "latest changes, updates, changelog, news, recent, widened or narrowed, last 30 days",
        "All changes of policies, newest first",
    ),
)
"""The pages about passing roles, and about changes."""


def _tasks(context: BookContext) -> Iterator[_Page]:
    """The pages about risks and changes."""
    rules = context.book.rules.values()
    if rules:
        yield (
            "Risks",
            addresses.RISKS,
            "privilege escalation, privesc, escalate, escalation, escalation paths, "
            "dangerous permissions, "
            "risky, permissions worth a second look",
            "Permissions worth a second look, by rule",
        )
    yield from _CHANGES
    for year in context.events.years():
        yield (
            f"Changes in {year}",
            addresses.year(year),
            f"{year}, changes {year}, what changed in {year}, history of {year}",
            "",
        )
    if context.growth.has_steps:
        yield (
            "Actions added by AWS",
            addresses.NEW_ACTIONS,
            "new actions, added actions, latest actions",
            "And the policies that granted them at once",
        )
    yield from _TOOLS
    for rule in rules:
        yield f"Risk: {rule.title}", addresses.risk(rule.id), ", ".join(rule.paths), ""


def _lists(context: BookContext) -> Iterator[_Page]:
    yield (
        "Policies",
        addresses.POLICIES,
        "all policies, list of policies, managed policies, least privilege, "
        "which policy is enough, smallest policy, filter policies",
        "All policies: filter by service, access level, condition and risk",
    )
    yield from _boundaries(context)
    yield (
        "Services",
        addresses.SERVICES,
        "service prefixes, all services, who can, policies by service",
        "Each with the policies that grant its actions",
    )
    yield (
        "Actions",
        addresses.ACTIONS,
        "all actions, permissions, who can, policies by action",
        "The services with their numbers of actions",
    )
    yield (
        "Resource patterns",
        addresses.RESOURCES,
        "resources, arns, buckets",
        "What policies allow on each",
    )
    yield (
        "Condition keys",
        addresses.CONDITIONS,
        "conditions, context keys, tags",
        "With operators, values and policies",
    )
    if "sts:assumerole" in context.actions.with_pages():
        yield (
            "Who can assume roles",
            addresses.action("sts", "AssumeRole"),
            "who can assume, who can assume a role, assume role, assume",
            "The policies that grant sts:AssumeRole; trust policies are not in the data",
        )


def _boundaries(context: BookContext) -> Iterator[_Page]:
    """The list of the policies that grant nothing, if there are any."""
    if context.book.limiting:
        yield (
            "Boundaries and control policies",
            addresses.BOUNDARIES,
            "permission boundary, permissions boundary, permission boundaries, permissions "
            "boundaries, scp, scps, rcp, rcps, service control policy, resource control policy, "
            "guardrails, policies that only limit",
            "Policies that grant nothing and only limit others",
        )


def _topics(context: BookContext) -> Iterator[_Page]:
    book = context.book
    if book.groups:
        yield "Topics", addresses.GROUPS, "policies by topic, families", "Policies by topic"
    for slug, group in book.groups.items():
        yield group.title, addresses.group(slug), "topic", ""
    if book.guides:
        yield "Guides", addresses.GUIDES, "how to, least privilege", ""
    for slug, guide in book.guides.items():
        yield guide.title, addresses.guide(slug), "guide", ""
    if book.roles:
        yield "Roles", addresses.ROLES, "execution roles", ""
    for name, role in book.roles.items():
        yield f"Role: {name}", addresses.role(name), f"role, {name.lower()}", role.summary or ""


_ABOUT: tuple[_Page, ...] = (
    (
        "About",
        addresses.ABOUT,
        "docs, sources, limits, method, help, source, data",
        "Sources, terms, verdicts and limits",
    ),
    (
        "Terms",
        addresses.about("terms"),
        "glossary, definitions, vocabulary, meaning, what does it mean",
        "What the words of this site mean",
    ),
    (
        "Verdicts",
        addresses.VERDICTS,
        "verdict, how verdicts are reached, comparison, widened narrowed mixed",
        "How two versions are compared",
    ),
    (
        "Feeds, CSV and JSON",
        addresses.about("reuse"),
        "feed, feeds, rss, rss feed, atom, atom feed, json feed, subscribe, notify, notifications, "
        "alerts, follow, download, downloads, "
        "export, csv, spreadsheet, excel, json, api, json api, "
        "json schema, data for programs",
        "To subscribe to changes, and to download data",
    ),
    (
        "Keyboard, links and print",
        addresses.about("using"),
        "keyboard, keyboard shortcuts, shortcut, shortcuts, print, pdf, copy link, permalink, "
        "permalinks, share, dark mode, dark, light mode, how to use this site",
        "How to use this site",
    ),
    (
        "Limits",
        addresses.about("limits"),
        "limitations, permission boundary, permissions boundary, permission boundaries, "
        "permissions boundaries, boundary, scp, scps, service control policy, "
        "service control policies, resource-based policies, trust policy, trust policies, "
        "not considered",
        "What is not considered: boundaries, service control, trust and resource-based policies",
    ),
    (
        "Mistakes",
        addresses.about("mistakes"),
        "report a mistake, mistake, bug, issue, github, repository, source code, contribute, edit",
        "Where to report a mistake, and to edit the data",
    ),
)
"""The page about the site, and its sections."""


def _about() -> Iterator[_Page]:
    """The page about the site, its sections, and the terms and verdicts on it."""
    yield from _ABOUT
    for term in TERMS:
        words = ", ".join((term.title, *term.words))
        yield f"Term: {term.title}", addresses.about(term.anchor), words.lower(), term.text
    for verdict in VERDICTS:
        title = verdict.title
        yield f"Verdict: {title}", addresses.about(verdict.anchor), title, verdict.text
