"""The plan of the site: every page with its address, its template and its view."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from policybook.book import addresses
from policybook.book.addresses import Target
from policybook.book.context import BookContext
from policybook.book.dependencies import (
    of_action,
    of_passrole,
    of_policy_and_others,
    of_resources,
    of_service,
)
from policybook.book.prose.introduction import introduction
from policybook.book.prose.policy_sentence import plain
from policybook.lists.resources import resource_title
from policybook.pages import (
    actions,
    changes,
    conditions,
    deprecated,
    new_actions,
    passrole,
    removals,
    resources,
    risk_paths,
    risks,
    roles,
    search,
    services,
    tools,
    topics,
)
from policybook.pages.home import home_view
from policybook.pages.overlap import overlap_view
from policybook.pages.page import Page, View
from policybook.pages.policy_page.further_pages import policy_parts
from policybook.pages.policy_page.view import policy_view

# The pages in the navigation: title, address and description, by template.
_ENTRIES: Mapping[str, tuple[str, Target, str]] = {
    "policies": (
        "Policies",
        addresses.POLICIES,
        "All managed policies on this site, with filters and sorting.",
    ),
    "boundaries": (
        "Boundaries and control policies",
        addresses.BOUNDARIES,
        "Permissions boundaries and control policies, which grant nothing and only limit others.",
    ),
    "services": (
        "Services",
        addresses.SERVICES,
        "All service prefixes, and the policies that grant their actions.",
    ),
    "actions": ("Actions", addresses.ACTIONS, "The number of actions of each service."),
    "resources": (
        "Resource patterns",
        addresses.RESOURCES,
        "All resource patterns, and what managed policies allow on them.",
    ),
    "conditions": (
        "Condition keys",
        addresses.CONDITIONS,
        "All condition keys, with operators, values and policies.",
    ),
    "risks": ("Risks", addresses.RISKS, "Permissions worth a second look, by rule."),
    "groups": ("Topics", addresses.GROUPS, "Policies by topic, with roles and updates."),
    "guides": ("Guides", addresses.GUIDES, "Guides to using managed policies."),
    "roles": (
        "Roles",
        addresses.ROLES,
        "Roles that use policies of this site, and the roles that they pass.",
    ),
    "about": ("About", addresses.ABOUT, "Sources, terms, verdicts and limits."),
    "search": (
        "Find",
        addresses.SEARCH,
        "Search actions, policies, services, resources and condition keys by name, pattern or ARN.",
    ),
}


def plan(context: BookContext) -> Iterator[Page]:
    """Yield every page of the site: home, then section by section; views are created later."""
    book = context.book
    yield Page(
        "",
        book.facts.title,
        introduction(context)[0],
        "home",
        "",
        partial(home_view, context),
        feed="feed.xml",
    )
    yield from _policies(context)
    yield from _services(context)
    yield from _actions(context)
    yield from _resources(context)
    yield from _conditions(context)
    yield from _passrole_and_risks(context)
    yield from _groups(context)
    yield from _guides(context)
    yield from _others(context)
    yield from _changes(context)
    if context.growth.has_steps:
        yield new_actions.new_actions_page(context)


def _policies(context: BookContext) -> Iterator[Page]:
    yield _top(context, "policies", topics.policies_view)
    if context.book.limiting:
        yield _top(context, "boundaries", topics.boundaries_view)
    yield from deprecated.deprecated_pages(context)
    for name in context.book.policies:
        steps = context.growth.by_policy().get(name, ())
        listed = "policies" if context.book.policies[name].grants else "boundaries"
        title, above, _ = _ENTRIES[listed]
        yield Page(
            addresses.policy(name).url,
            name,
            plain(context.sentences.of_policy(name)),
            "policy",
            above.url,
            partial(policy_view, context, name),
            crumbs=((title, above.url),),
            feed=addresses.policy(name).url + "feed.xml",
            source=f"policies/{name}/policy.yml",
            depends=of_policy_and_others(context, name, overlap_view(context, name), *steps),
            wide=True,
            markdown=context.has_markdown,
        )
        yield from policy_parts(context, name)


def _services(context: BookContext) -> Iterator[Page]:
    yield _top(context, "services", services.services_view)
    for prefix in context.services.prefixes():
        yield Page(
            addresses.service(prefix).url,
            prefix,
            f"Managed policies that grant actions of {context.catalogue.name(prefix) or prefix}.",
            "service",
            addresses.SERVICES.url,
            partial(services.service_view, context, prefix),
            crumbs=(("Services", addresses.SERVICES.url),),
            feed=addresses.service(prefix).url + "feed.xml",
            depends=of_service(context, prefix),
            markdown=context.has_markdown,
        )


def _actions(context: BookContext) -> Iterator[Page]:
    yield _top(context, "actions", actions.actions_view)
    services = ("Services", addresses.SERVICES.url)
    known = set(context.services.prefixes())
    for lower, ever in context.actions.with_pages().items():
        prefix, _, name = ever.name.partition(":")
        above = ((prefix, addresses.service(prefix).url),) if prefix in known else ()
        yield Page(
            addresses.action(prefix, name).url,
            ever.name,
            f"Policies that grant {ever.name}: patterns, resources, conditions and dates.",
            "action",
            addresses.ACTIONS.url,
            partial(actions.action_view, context, lower),
            crumbs=(services, *above),
            depends=of_action(context, lower),
        )


def _resources(context: BookContext) -> Iterator[Page]:
    yield _top(context, "resources", resources.resources_view)
    for service, terms in context.resources.by_service().items():
        title = resource_title(context, service)
        yield Page(
            addresses.resources(service).url,
            f"{title}: resource patterns",
            f"Resource patterns: {title}, and what managed policies allow on them.",
            "resource",
            addresses.RESOURCES.url,
            partial(resources.resource_view, context, service),
            crumbs=(("Resource patterns", addresses.RESOURCES.url),),
            depends=of_resources(context, terms),
        )


def _conditions(context: BookContext) -> Iterator[Page]:
    yield _top(context, "conditions", conditions.conditions_view)
    for key in context.index.conditions:
        yield from conditions.condition_pages(context, key)


def _passrole_and_risks(context: BookContext) -> Iterator[Page]:
    yield Page(
        addresses.PASSROLE.url,
        "PassRole",
        "Which managed policies pass which roles to which services.",
        "passrole",
        addresses.PASSROLE.url,
        partial(passrole.passrole_view, context),
        depends=of_passrole(context),
    )
    if context.book.rules:
        yield _top(context, "risks", risks.risks_view, "rules.yml")
        yield from risk_paths.rule_pages(context)


def _groups(context: BookContext) -> Iterator[Page]:
    yield _top(context, "groups", topics.groups_view)
    for slug, group in context.book.groups.items():
        yield Page(
            addresses.group(slug).url,
            group.title,
            _first_sentence(group.introduction[0]) if group.introduction else group.title,
            "group",
            addresses.GROUPS.url,
            partial(topics.group_view, context, slug),
            crumbs=(("Topics", addresses.GROUPS.url),),
            feed=addresses.group(slug).url + "feed.xml",
            source=f"groups/{slug}.yml",
            markdown=context.has_markdown,
        )


def _guides(context: BookContext) -> Iterator[Page]:
    yield _top(context, "guides", topics.guides_view)
    for slug, guide in context.book.guides.items():
        yield Page(
            addresses.guide(slug).url,
            guide.title,
            _first_sentence(guide.summary),
            "guide",
            addresses.GUIDES.url,
            partial(topics.guide_view, context, slug),
            crumbs=(("Guides", addresses.GUIDES.url),),
            source=f"guides/{slug}.yml",
        )


def _others(context: BookContext) -> Iterator[Page]:
    source = "roles.yml" if context.book.roles else ""
    yield _top(context, "roles", roles.roles_view, source)
    yield from roles.role_pages(context)
    yield _top(context, "about", topics.about_view, "book.yml")
    yield _top(context, "search", search.search_view)
    yield from tools.tool_pages(context)


def _changes(context: BookContext) -> Iterator[Page]:
    yield Page(
        addresses.CHANGES.url,
        "Changes",
        "Changes of managed policies, newest first, with verdicts.",
        "changes",
        addresses.CHANGES.url,
        partial(changes.changes_view, context),
        feed="feed.xml",
    )
    yield from removals.removal_pages(context)
    yield from changes.year_pages(context)


def _top(
    context: BookContext, template: str, view: Callable[[BookContext], View], source: str = ""
) -> Page:
    """Create a page of the navigation, which depends on the whole book."""
    title, target, description = _ENTRIES[template]
    made = partial(view, context)
    return Page(target.url, title, description, template, target.url, made, source=source)


def _first_sentence(text: str) -> str:
    head, stop, _ = text.replace("`", "").partition(". ")
    return (head + stop).strip()[:300]
