"""The list of the statements that grant an action, for actions that many grant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from policybook.analysis.index import Use
from policybook.book import addresses
from policybook.book.addresses import Target
from policybook.book.context import BookContext
from policybook.book.facts.actions import GrantRow
from policybook.book.facts.levels import is_on_any
from policybook.book.limits import FIRST_ROWS, GRANT_ROWS, STATEMENT_PLACES
from policybook.book.prose.terms import term_text
from policybook.iam.denies import CERTAINTIES
from policybook.iam.grants import EVERYTHING
from policybook.lists.cells import policy_cell, some
from policybook.lists.facets import state_facet, years
from policybook.lists.policies import ATTACHABLE_LABELS, attachable
from policybook.lists.table import Facet, LinkCell, ListColumn, ListRow, ListTable
from policybook.model.documents import Clause
from policybook.wording import UNSUPPORTED, label

Openness = Literal["open", "scoped", "conditional", "unsupported", "denied"]

TITLES: dict[Openness, str] = {
    "open": "On all resources, no condition",
    "scoped": "On some resources, no condition",
    "conditional": "Only under a condition, or limited by a Deny",
    "unsupported": UNSUPPORTED,
    "denied": "Denied by the same policy",
}
"""How open grants of an action are, the widest first."""

_THROUGH_LABELS = {
    "named": "names the action",
    "pattern": "pattern of the service",
    "all": "all services",
}
_STRENGTHS = ("none", "tag", "organisation or account", "calling service", "other")

COLUMNS = (
    ListColumn("policy", "Policy", "link", "policies/{}/"),
    ListColumn("statement", "Statement", "link"),
    ListColumn("through", "Granted through", "codes"),
    ListColumn("resources", "Resources", "codes"),
    ListColumn("condition", "Conditions", "codes"),
    ListColumn("certainty", "Certainty"),
    ListColumn("start", "Since", "day"),
)


def openness(row: GrantRow) -> Openness:
    """How open a grant is."""
    if row.certainty == "no":
        return "denied"
    if row.certainty in ("conditional", "unsupported"):
        return row.certainty
    return "open" if is_on_any(row.use) else "scoped"


def grants_of(context: BookContext, full: str) -> tuple[GrantRow, ...]:
    """The grants of an action by current documents, also those of statements about all services.

    Args:
        context: The book.
        full: The full name of the action, in lower case.
    """
    named = context.actions.granted(full.partition(":")[0]).get(full, ())
    return (*(grant.row for grant in named), *context.actions.granted_by_all(full))


def has_list(rows: int) -> bool:
    """Whether so many grants of an action are a list with filters on its page."""
    return rows > GRANT_ROWS


def granting_list(context: BookContext, full: str, rows: Iterable[GrantRow]) -> ListTable:
    """The grants of an action, the widest first, then by policy, ignoring case.

    Args:
        context: The book.
        full: The full name of the action, in lower case.
        rows: Its grants.
    """
    name = context.actions.ever_granted()[full].name
    order = list(TITLES)
    found = sorted(
        rows,
        key=lambda row: (order.index(openness(row)), row.use.policy.lower(), row.use.statement),
    )
    return ListTable(
        name=list_name(name),
        title=f"Statements that grant {name}",
        noun="statement",
        columns=COLUMNS,
        facets=(
            Facet("grant", "Granted", labels=TITLES),
            Facet("certainty", "Certainty", labels={c: label(c, "certainty") for c in CERTAINTIES}),
            Facet("condition", "Condition", labels={s: label(s, "strength") for s in _STRENGTHS}),
            Facet("through", "Through", labels=_THROUGH_LABELS),
            Facet("type", "Type"),
            state_facet(),
            Facet("attachable", "Attachable", labels=ATTACHABLE_LABELS),
            Facet("year", "Since", labels=years(_day(row) for row in found)),
        ),
        rows=tuple(_row(context, row) for row in found),
        table=f"api/v1/actions/{full.partition(':')[0]}.csv",
        shared=True,
    )


def granted_often(context: BookContext) -> Mapping[str, int]:
    """The numbers of rows of the lists of actions with pages that have more than these.

    By the full name of the action.
    """
    found: dict[str, int] = {}
    for full, ever in context.actions.with_pages().items():
        statements = context.services.statement_counts(full.partition(":")[0]).get(full, 0)
        if statements + len(context.services.policies_of_all()) > FIRST_ROWS:
            rows = statements + len(context.actions.granted_by_all(full))
            if rows > FIRST_ROWS:
                found[ever.name] = rows
    return found


def action_page(name: str) -> Target:
    """The page of an action, given by its full name as spelled."""
    prefix, _, action = name.partition(":")
    return addresses.action(prefix, action)


def list_name(name: str) -> str:
    """The name of the files of an action's list, which is that of its page."""
    return "granting/" + action_page(name).url.removeprefix("actions/").removesuffix(".html")


def _row(context: BookContext, row: GrantRow) -> ListRow:
    use, policy = row.use, context.book.policies[row.use.policy]
    day = _day(row)
    return ListRow(
        cells=(
            policy_cell(context, use.policy),
            LinkCell(str(use.statement), addresses.statement(use.policy, use.statement)),
            _through(row),
            _resources(use),
            some([_clause(clause) for clause in use.condition]),
            label(row.certainty, "certainty"),
            _since(row),
        ),
        facets=(
            (openness(row),),
            (row.certainty,),
            row.strengths or ("none",),
            (_kind(row),),
            (policy.facts.type,),
            (policy.deprecation.state,),
            (attachable(policy),),
            (day[:4],) if day else (),
        ),
    )


def _resources(use: Use) -> tuple[LinkCell | str, ...]:
    if use.resources.negated:
        return (term_text(use.resources),)
    return ("*",) if is_on_any(use) else some(use.resources.patterns)


def _through(row: GrantRow) -> tuple[LinkCell | str, ...]:
    if row.use.actions.negated:
        return (f"NotAction: {len(row.use.actions.patterns)} patterns",)
    return some([*(["named explicitly"] if row.by_name else []), *row.patterns])


def _kind(row: GrantRow) -> str:
    if row.use.prefix == EVERYTHING:
        return "all"
    return "named" if row.by_name else "pattern"


def _clause(clause: Clause) -> str:
    """A clause of a condition, with the first of its values."""
    more = len(clause.values) - STATEMENT_PLACES
    values = " or ".join(map(str, clause.values[:STATEMENT_PLACES]))
    return f"{clause.key} {clause.operator} {values}" + (f" or {more} more" if more > 0 else "")


def _day(row: GrantRow) -> str:
    return str(row.since.day) if row.since and row.since.day else ""


def _since(row: GrantRow) -> str | None:
    """Since when the action is granted: the day first, by which the column is sorted."""
    if not row.since:
        return None
    earlier = " or earlier" if row.since.first_seen else ""
    return f"{_day(row) or 'date unknown'}, {row.since.version.key}{earlier}"
