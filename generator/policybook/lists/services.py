"""The lists of services, of a service's policies and of its actions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policybook.analysis.index import Use
from policybook.book import addresses
from policybook.book.context import BookContext
from policybook.book.facts.levels import is_on_any
from policybook.book.facts.services import ActionLine
from policybook.book.limits import ROW_ITEMS
from policybook.catalogue.catalogue import UNCATALOGUED
from policybook.iam.grants import EVERYTHING
from policybook.lists.cells import policy_cell, share, some
from policybook.lists.facets import CONDITION_LABELS, state_facet, years
from policybook.lists.table import (
    LEVEL_FACETS,
    LEVEL_LABELS,
    LEVELS_COLUMN,
    Facet,
    LinkCell,
    ListColumn,
    ListRow,
    ListTable,
    level_counts,
    levels_bits,
)
from policybook.wording import label

# --- services -------------------------------------------------------------------------------------


def services_list(context: BookContext) -> ListTable:
    """The service prefixes of current documents, in order."""
    prefixes = [prefix for prefix in context.index.services if prefix != EVERYTHING]
    rows = tuple(_service(context, prefix) for prefix in prefixes)
    return ListTable(
        name="services",
        title="Services",
        noun="service prefix",
        columns=(
            ListColumn("name", "Prefix", "link", "services/{}/"),
            ListColumn("title", "Service", "name"),
            ListColumn("policies", "Policies", "number", about="Policies that grant its actions"),
            ListColumn("named", "By name", "number", about="Without those that cover all services"),
            ListColumn("patterns", "Patterns", "number", about="Action patterns of the service"),
            LEVELS_COLUMN,
            ListColumn("changed", "Last change", "verdict"),
        ),
        facets=(
            Facet("service", "Service", "services", hidden=True),
            *LEVEL_FACETS,
            Facet("year", "Changed in", labels=years(row.facets[1] for row in rows)),
        ),
        rows=rows,
    )


def _service(context: BookContext, prefix: str) -> ListRow:
    uses = context.index.services[prefix]
    granting = context.services.granting(prefix)
    naming = {use.policy for use in uses if use.effect == "Allow"}
    levels = context.services.levels(prefix)
    changes = context.events.of_service(prefix)
    last = next((line for line, _ in changes if not line.without_effect), None)
    return ListRow(
        cells=(
            LinkCell(prefix, addresses.service(prefix)),
            context.catalogue.name(prefix) or label(UNCATALOGUED, "level"),
            len(granting),
            len(naming.intersection(granting)),
            len({p.lower() for use in uses for p in use.actions.patterns}),
            level_counts(levels),
            LinkCell(str(last.day), last.target, last.verdict or "") if last else None,
        ),
        facets=(((prefix, levels_bits(levels)),), (str(last.day.year),) if last else ()),
    )


# --- policies of a service ------------------------------------------------------------------------

_HOW_LABELS = {
    "named": "names actions",
    "pattern": "pattern of this service",
    "service": "all actions of this service",
    "all": "all services, through *",
    "except": "all services, through NotAction",
    "denied": "only denies",
    "nothing": "no effective action",
}
_RESOURCE_LABELS = {"all": "all resources", "some": "some resources only"}


def policies_about(context: BookContext, prefix: str) -> tuple[str, ...]:
    """The policies that grant or name actions of a service, also through `*` or NotAction."""
    naming = {use.policy for use in context.index.services.get(prefix, ())}
    return tuple(sorted({*context.services.granting(prefix), *naming}, key=str.lower))


def service_policies(context: BookContext, prefix: str) -> ListTable:
    """The policies that grant or deny actions of a service, by name, ignoring case."""
    rows = tuple(_policy(context, prefix, name) for name in policies_about(context, prefix))
    return ListTable(
        name=f"services/{prefix}",
        title=f"Policies that grant {prefix}",
        noun="policy",
        columns=(
            ListColumn("name", "Policy", "link", "policies/{}/"),
            ListColumn("how", "Granted through", "codes"),
            LEVELS_COLUMN,
            ListColumn("resources", "Resources", "codes"),
            ListColumn("condition", "Conditions"),
        ),
        facets=(
            Facet("service", "Service", "services", hidden=True),
            *LEVEL_FACETS,
            Facet("how", "How", labels=_HOW_LABELS),
            Facet("on", "Resources", labels=_RESOURCE_LABELS),
            Facet("condition", "Conditions", labels=CONDITION_LABELS),
            Facet("type", "Type"),
            state_facet(),
        ),
        rows=rows,
        table=f"api/v1/actions/{prefix}.csv",
    )


def _policy(context: BookContext, prefix: str, name: str) -> ListRow:
    own = [use for use in context.index.uses[name] if use.prefix in (prefix, EVERYTHING)]
    levels = context.levels.by_service(name).get(prefix, ())
    allowing = [use for use in own if use.effect == "Allow"] if levels else []
    condition = share(sum(bool(use.condition) for use in allowing), len(allowing))
    policy = context.book.policies[name]
    patterns = tuple(dict.fromkeys(text for use in allowing or own for text in _patterns(use)))
    resources = dict.fromkeys(text for use in allowing or own for text in _resources(use))
    how = tuple(_how(allowing)) or (_without_effect(own),)
    return ListRow(
        cells=(
            policy_cell(context, name),
            some(patterns),
            level_counts(levels),
            some(tuple(resources)),
            CONDITION_LABELS[condition] if allowing else _HOW_LABELS[how[0]],
        ),
        facets=(
            ((prefix, levels_bits(levels)),),
            how,
            ("all" if any(map(is_on_any, allowing)) else "some",) if allowing else (),
            (condition,) if allowing else (),
            (policy.facts.type,),
            (policy.deprecation.state,),
        ),
    )


def _patterns(use: Use) -> Iterator[str]:
    """The action patterns of a use; for NotAction that it excepts some, in words."""
    if use.actions.negated:
        yield f"NotAction: {len(use.actions.patterns)} patterns"
    else:
        yield from use.actions.patterns


def _resources(use: Use) -> Iterator[str]:
    if use.resources.negated:
        yield f"NotResource: {' '.join(use.resources.patterns[:ROW_ITEMS])}"
    else:
        yield from use.resources.patterns


def _how(uses: Iterable[Use]) -> Iterator[str]:
    """Through what a service's actions are granted, as keys of `_HOW_LABELS` in their order."""
    found = set()
    for use in uses:
        if use.actions.negated:
            found.add("except")
        else:
            found.update(map(_how_of, use.actions.patterns))
    return (how for how in _HOW_LABELS if how in found)


def _without_effect(uses: Iterable[Use]) -> str:
    """Why statements grant no action of a service, as a key of `_HOW_LABELS`.

    A statement that allows some may name actions that AWS's list does not have, that are denied, or
    that can have none of its resources.
    """
    return "denied" if all(use.effect == "Deny" for use in uses) else "nothing"


def _how_of(pattern: str) -> str:
    if ":" not in pattern or pattern.startswith("*:"):
        return "all"
    if pattern.endswith(":*"):
        return "service"
    return "pattern" if "*" in pattern or "?" in pattern else "named"


# --- actions of a service -------------------------------------------------------------------------

_GRANTED_LABELS = {
    "yes": "by at least one policy",
    "all": "only by policies for all services",
    "no": "by no policy",
}


def service_actions(context: BookContext, prefix: str) -> ListTable:
    """The actions of a service by name, then those that are not in the catalogue."""
    return ListTable(
        name=f"actions/{prefix}",
        title=f"Actions of {prefix}",
        noun="action",
        columns=(
            ListColumn("name", "Action", "link"),
            ListColumn("levels", "Access level"),
            ListColumn("types", "Resource types", "codes"),
            ListColumn("policies", "Policies", "number", about="Policies that grant it"),
            ListColumn("named", "By name", "number", about="Without those that cover all services"),
        ),
        facets=(
            Facet("level", "Access level", labels=LEVEL_LABELS),
            Facet("granted", "Granted", labels=_GRANTED_LABELS),
        ),
        rows=tuple(_action(context, line) for line in context.services.action_lines(prefix)),
        table=f"api/v1/actions/{prefix}.csv",
        key="actions",
    )


def _action(context: BookContext, line: ActionLine) -> ListRow:
    ever = context.actions.with_pages().get(line.full.lower())
    target = addresses.action(line.prefix, ever.name.partition(":")[2]) if ever else None
    return ListRow(
        cells=(
            LinkCell(line.full, target),
            ", ".join(LEVEL_LABELS[level] for level in line.levels),
            some(line.resource_types),
            line.policies,
            line.named,
        ),
        facets=(line.levels, ("yes" if line.named else "all" if line.policies else "no",)),
    )
