"""The pages of resource patterns, by service and resource type, with what policies allow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from policybook.book import addresses
from policybook.book.context import BookContext
from policybook.book.facts.levels import ANY
from policybook.book.limits import BRIEF_POLICIES, RESOURCE_TYPES
from policybook.model.documents import Term
from policybook.pages.page import TocItem
from policybook.pages.services import PolicyUses, by_policy

Kind = Literal["type", "several", "but", "none"]
_TITLES: Mapping[Kind, str] = {
    "several": "Several resource types",
    "but": "All resources except",
    "none": "No known resource type",
}


class TypeGroup(Struct, frozen=True):
    """The resource patterns of one type or kind.

    `kind` is `type` for a resource type, whose ARN formats are in `formats`; `several` for patterns
    that match several types; `but` for NotResource; `none` for patterns that match no type in the
    catalogue.
    """

    kind: Kind
    title: str
    anchor: str
    formats: tuple[str, ...]
    terms: tuple[Term, ...]


class TypeLine(Struct, frozen=True):
    """The patterns of a group, each with the number of policies that use it."""

    group: TypeGroup
    patterns: tuple[tuple[Term, int], ...]


class ResourceLine(Struct, frozen=True):
    """The resource patterns of one service in the list; `plain` if no resource types are known."""

    service: str
    title: str
    plain: bool
    types: tuple[TypeLine, ...]


class ResourcesView(Struct, frozen=True):
    """All resource patterns by service."""

    toc: tuple[TocItem, ...]
    services: tuple[ResourceLine, ...]
    total: int


class PatternPart(Struct, frozen=True):
    """A resource pattern, the policies that use it, and some of the types that it matches.

    `brief` if there are too many policies to show statements. `scoped` if each policy has the
    number of actions that could be limited to a resource.
    """

    term: Term
    anchor: str
    policies: tuple[PolicyUses, ...]
    brief: bool
    types: tuple[str, ...]
    more_types: int
    scoped: bool


class TypePart(Struct, frozen=True):
    """The patterns of a group."""

    group: TypeGroup
    patterns: tuple[PatternPart, ...]


class ResourceView(Struct, frozen=True):
    """The resource patterns of one service; `plain` if no resource types are known."""

    toc: tuple[TocItem, ...]
    service: str
    title: str
    plain: bool
    types: tuple[TypePart, ...]


def resource_services(context: BookContext) -> Mapping[str, tuple[Term, ...]]:
    """Group the resource patterns by the service that they are listed under, services in order."""
    found: dict[str, list[Term]] = defaultdict(list)
    for term in context.index.resources:
        found[addresses.resource_service(term)].append(term)
    return {service: tuple(found[service]) for service in sorted(found)}


def resources_view(context: BookContext) -> ResourcesView:
    """Create the view of all resource patterns."""
    uses = context.index.resources
    found = tuple(
        ResourceLine(
            service,
            resource_title(context, service),
            _plain(context, service),
            tuple(
                TypeLine(
                    group,
                    tuple((term, len({u.policy for u in uses[term]})) for term in group.terms),
                )
                for group in type_groups(context, service, terms)
            ),
        )
        for service, terms in resource_services(context).items()
    )
    return ResourcesView((), found, len(uses))


def resource_view(context: BookContext, service: str, terms: Iterable[Term]) -> ResourceView:
    """Create the view of the resource patterns of one service."""
    groups = type_groups(context, service, terms)
    plain = _plain(context, service)
    toc = () if plain else tuple(TocItem(group.anchor, group.title) for group in groups)
    parts = tuple(
        TypePart(group, tuple(_pattern(context, service, term, group) for term in group.terms))
        for group in groups
    )
    return ResourceView(toc, service, resource_title(context, service), plain, parts)


def _pattern(context: BookContext, service: str, term: Term, group: TypeGroup) -> PatternPart:
    policies = by_policy(context, context.index.resources[term], BRIEF_POLICIES)
    if term == ANY:
        policies = tuple(
            replace(found, scope=context.levels.scope_on_any(found.policy)) for found in policies
        )
    types = resource_types(context, service, term) if group.kind == "several" else ()
    return PatternPart(
        term=term,
        anchor=addresses.resource_anchor(term),
        policies=policies,
        brief=len(policies) > BRIEF_POLICIES,
        types=types[:RESOURCE_TYPES],
        more_types=max(0, len(types) - RESOURCE_TYPES),
        scoped=term == ANY,
    )


def resource_title(context: BookContext, service: str) -> str:
    """Return the title of the resource patterns of a service, or of `any` or `several`."""
    if service == "any":
        return "All resources"
    if service == "several":
        return "Several services"
    return context.catalogue.name(service) or service


# --- types of resource ----------------------------------------------------------------------------


def _plain(context: BookContext, service: str) -> bool:
    """Whether the catalogue has no resource types for the service."""
    found = context.catalogue.service(service)
    return not found or not found.resource_types


def type_groups(context: BookContext, service: str, terms: Iterable[Term]) -> tuple[TypeGroup, ...]:
    """Group the patterns, each in one group: types by name, then the other kinds."""
    found: dict[tuple[Kind, str], list[Term]] = defaultdict(list)
    for term in terms:
        found[_group_of(context, service, term)].append(term)
    groups = (_group(context, service, *key, tuple(own)) for key, own in found.items())
    return tuple(sorted(groups, key=_order))


def _group_of(context: BookContext, service: str, term: Term) -> tuple[Kind, str]:
    if term.negated:
        return "but", ""
    types = resource_types(context, service, term)
    if len(types) == 1:
        return "type", types[0]
    return ("several" if types else "none"), ""


def _group(
    context: BookContext, service: str, kind: Kind, name: str, terms: tuple[Term, ...]
) -> TypeGroup:
    if kind != "type":
        return TypeGroup(kind, _TITLES[kind], f"kind-{kind}", (), terms)
    known = context.catalogue.service(service)
    formats = known.resource_types[name.lower()].arns if known else ()
    return TypeGroup(kind, name, "type-" + addresses.slug(name), formats, terms)


def _order(group: TypeGroup) -> tuple[int, str]:
    kinds: tuple[Kind, ...] = ("type", "several", "but", "none")
    return kinds.index(group.kind), group.title.lower()


def resource_types(context: BookContext, service: str, term: Term) -> tuple[str, ...]:
    """Return the types that a pattern matches; none if it covers all or several services."""
    (pattern,) = term.patterns
    return context.catalogue_facts.resource_types(service, pattern)
