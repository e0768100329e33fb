"""The lists of resource patterns, and of the policies that use those of one service."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from policybook.analysis.index import Use
from policybook.book import addresses
from policybook.book.context import BookContext
from policybook.book.facts.levels import ANY
from policybook.book.prose.terms import term_text
from policybook.lists.cells import policy_cell, share, some
from policybook.lists.facets import CONDITION_LABELS, state_facet
from policybook.lists.table import (
    LEVEL_FACETS,
    LEVELS_COLUMN,
    Facet,
    LinkCell,
    ListColumn,
    ListRow,
    ListTable,
    level_counts,
    levels_bits,
)
from policybook.model.documents import Term

Kind = Literal["type", "several", "but", "none"]

KIND_TITLES: Mapping[Kind, str] = {
    "type": "one resource type",
    "several": "several resource types",
    "but": "all resources except",
    "none": "no known resource type",
}
"""What a resource pattern matches: kinds of patterns in words."""

_EFFECT_LABELS = {"Allow": "Allow", "Deny": "Deny"}


def resource_title(context: BookContext, service: str) -> str:
    """Return the title of the resource patterns of a service, or of `any` or `several`."""
    if service == "any":
        return "All resources"
    if service == "several":
        return "Several services"
    return context.catalogue.name(service) or service


def resource_types(context: BookContext, service: str, term: Term) -> tuple[Kind, tuple[str, ...]]:
    """What a pattern matches: the kind, and the resource types of the service if there are any."""
    if term.negated:
        return "but", ()
    types = context.catalogue_facts.resource_types(service, term.patterns[0])
    return ("type" if len(types) == 1 else "several" if types else "none"), types


def resources_list(context: BookContext) -> ListTable:
    """All resource patterns, by service, then pattern."""
    by_service = context.resources.by_service()
    titles = {service: resource_title(context, service) for service in by_service}
    return ListTable(
        name="resources",
        title="Resource patterns",
        noun="resource pattern",
        columns=(
            ListColumn("pattern", "Pattern", "link"),
            ListColumn("title", "Service", "name"),
            ListColumn("type", "Resource type", "codes"),
            ListColumn("policies", "Policies", "number", about="With an Allow or a Deny on it"),
            LEVELS_COLUMN,
        ),
        facets=(
            Facet("service", "Service", "services", titles),
            *LEVEL_FACETS,
            Facet("matches", "Matches", labels=KIND_TITLES),
            _type_facet(context, by_service),
        ),
        rows=tuple(
            _resource(context, service, titles[service], term)
            for service, terms in by_service.items()
            for term in terms
        ),
    )


def _resource(context: BookContext, service: str, title: str, term: Term) -> ListRow:
    uses = context.index.resources[term]
    levels = context.levels.on_resource(term)
    kind, types = resource_types(context, service, term)
    return ListRow(
        cells=(
            LinkCell(term_text(term), addresses.resource(term)),
            title,
            some(types),
            len({use.policy for use in uses}),
            level_counts(levels),
        ),
        facets=(((service, levels_bits(levels)),), (kind,), types if kind == "type" else ()),
    )


def _type_facet(context: BookContext, by_service: Mapping[str, Iterable[Term]]) -> Facet:
    types = {
        found[0]
        for service, terms in by_service.items()
        for term in terms
        for kind, found in [resource_types(context, service, term)]
        if kind == "type"
    }
    ordered = sorted(types, key=lambda name: (name.lower(), name))  # some differ only in case
    return Facet("type", "Resource type", labels=dict.fromkeys(ordered, ""))


# --- the patterns of one service ------------------------------------------------------------------


def resource_list(context: BookContext, service: str) -> ListTable:
    """The policies with the resource patterns of one service: a row for each pattern and policy."""
    terms = context.resources.by_service()[service]
    scoped = set(terms) == {ANY}
    columns = (
        ListColumn("pattern", "Pattern", "link"),
        ListColumn("policy", "Policy", "link", "policies/{}/"),
        ListColumn("effect", "Effect"),
        LEVELS_COLUMN,
        ListColumn("actions", "Actions", "codes"),
        ListColumn("condition", "Conditions"),
        *([ListColumn("scope", "Could be limited", "number")] if scoped else []),
    )
    return ListTable(
        name=f"resources/{service}",
        title=f"{resource_title(context, service)}: resource patterns",
        noun="pair of a pattern and a policy",
        several="pairs of a pattern and a policy",
        columns=columns[1:] if scoped else columns,
        facets=(
            Facet("service", "Service", "services", hidden=True),
            *LEVEL_FACETS,
            Facet("effect", "Effect", labels=_EFFECT_LABELS),
            Facet("condition", "Conditions", labels=CONDITION_LABELS),
            _type_facet(context, {service: terms}),
            Facet("policytype", "Policy type"),
            state_facet(),
        ),
        rows=tuple(
            _of_pattern(context, service, term, policy, uses, scoped)
            for term in terms
            for policy, uses in _by_policy(context.index.resources[term])
        ),
    )


def _of_pattern(
    context: BookContext, service: str, term: Term, name: str, uses: list[Use], scoped: bool
) -> ListRow:
    levels = context.levels.of_part(name, uses)
    effects = tuple(dict.fromkeys(use.effect for use in uses))
    condition = share(sum(bool(use.condition) for use in uses), len(uses))
    kind, types = resource_types(context, service, term)
    policy = context.book.policies[name]
    cells = (
        LinkCell(term_text(term)),
        policy_cell(context, name),
        ", ".join(effect for effect in _EFFECT_LABELS if effect in effects),
        level_counts(levels),
        some(tuple(dict.fromkeys(text for use in uses for text in _actions(use)))),
        CONDITION_LABELS[condition],
    )
    scope = (context.levels.scope_on_any(name).could or None,)
    return ListRow(
        cells=(*cells[1:], *scope) if scoped else cells,
        facets=(
            ((service, levels_bits(levels)),),
            effects,
            (condition,),
            types if kind == "type" else (),
            (policy.facts.type,),
            (policy.deprecation.state,),
        ),
        anchors=(addresses.resource_anchor(term),),
    )


def _actions(use: Use) -> Iterator[str]:
    if use.actions.negated:
        yield f"NotAction: {len(use.actions.patterns)} patterns"
    else:
        yield from use.actions.patterns


def pairs(context: BookContext, terms: Iterable[Term]) -> int:
    """The number of rows of a list of some resource patterns and the policies that use them."""
    return sum(len({use.policy for use in context.index.resources[term]}) for term in terms)


def _by_policy(uses: Iterable[Use]) -> Iterator[tuple[str, list[Use]]]:
    found: dict[str, list[Use]] = defaultdict(list)
    for use in uses:
        found[use.policy].append(use)
    yield from sorted(found.items(), key=lambda item: item[0].lower())
