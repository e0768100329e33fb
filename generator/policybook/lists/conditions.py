"""The list of condition keys."""

from __future__ import annotations

from policybook.book import addresses
from policybook.book.context import BookContext
from policybook.book.facts.catalogue import display_key
from policybook.lists.cells import some
from policybook.lists.table import Facet, LinkCell, ListColumn, ListRow, ListTable

_SCOPE_LABELS = {"global": "global key (aws:)", "service": "key of a service"}


def conditions_list(context: BookContext) -> ListTable:
    """The condition keys of current documents, by key."""
    return ListTable(
        name="conditions",
        title="Condition keys",
        noun="condition key",
        columns=(
            ListColumn("key", "Key", "link"),
            ListColumn("operators", "Operators", "codes"),
            ListColumn("policies", "Policies", "number"),
            ListColumn("statements", "Statements", "number"),
            ListColumn("services", "Services", "number", about="Services that support the key"),
        ),
        facets=(
            Facet("scope", "Scope", labels=_SCOPE_LABELS),
            Facet("operator", "Operator"),
            Facet("prefix", "Key of"),
            Facet("effect", "Effect", labels={"Allow": "Allow", "Deny": "Deny"}),
        ),
        rows=tuple(_row(context, key) for key in context.index.conditions),
        table="api/v1/conditions.csv",
    )


def _row(context: BookContext, key: str) -> ListRow:
    uses = context.index.conditions[key]
    operators = tuple(sorted({use.clause.operator for use in uses}))
    prefix = key.partition(":")[0]
    return ListRow(
        cells=(
            LinkCell(display_key(use.clause.key for use in uses), addresses.condition(key)),
            some(operators),
            len({use.policy for use in uses}),
            len({(use.policy, use.statement) for use in uses}),
            len(context.catalogue_facts.services_with(key)) or None,
        ),
        facets=(
            ("global" if prefix == "aws" else "service",),
            operators,
            (prefix,),
            tuple(sorted({use.effect for use in uses})),
        ),
    )
