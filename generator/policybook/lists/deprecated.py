"""The list of policies that are deprecated or on the way out."""

from __future__ import annotations

from collections.abc import Iterator

from policybook.book import addresses
from policybook.book.context import BookContext
from policybook.book.facts.successors import SuccessorPart
from policybook.lists.cells import policy_cell
from policybook.lists.facets import years
from policybook.lists.table import Facet, LinkCell, ListColumn, ListRow, ListTable
from policybook.model.deprecation import STATES
from policybook.model.policies import Policy
from policybook.wording import label

_KNOWN_LABELS = {"named": "documented", "evident": "inferred from the name", "unknown": "unknown"}


def deprecated_list(context: BookContext) -> ListTable:
    """The policies that are not current: those on the way out first, then newest first."""
    policies = (*context.successors.leaving(), *context.successors.deprecated())
    rows = tuple(_row(context, policy) for policy in policies)
    return ListTable(
        name="deprecated",
        title="Deprecated policies",
        noun="policy",
        columns=(
            ListColumn("policy", "Policy", "link", "policies/{}/"),
            ListColumn("since", "Since", "day", about="Or earlier, where the source has no date"),
            ListColumn("version", "Last version", "link"),
            ListColumn("successor", "Successor", "codes"),
            ListColumn("verdict", "Difference", "verdict"),
            ListColumn("lost", "Grants lost", "number", about="If you use the successor instead"),
            ListColumn("gained", "Grants gained", "number"),
            ListColumn("lacks", "Actions lost", "number", about="Effective actions"),
            ListColumn("adds", "Actions gained", "number"),
        ),
        facets=(
            Facet("state", "State", labels={state: label(state, "state") for state in STATES[1:]}),
            Facet("year", "Since", labels=years(row.facets[1] for row in rows)),
            Facet("successor", "Successor", labels=_KNOWN_LABELS),
            Facet("verdict", "Beside its successor"),
            Facet("type", "Type"),
        ),
        rows=rows,
    )


def _row(context: BookContext, policy: Policy) -> ListRow:
    state, since = policy.deprecation.state, policy.deprecation.date
    newest = policy.versions[0] if policy.versions else None
    parts = context.successors.parts(policy.name)
    first = parts[0] if parts and parts[0].compared else None
    known: tuple[str, ...] = tuple(dict.fromkeys(part.how for part in parts)) or ("unknown",)
    return ListRow(
        cells=(
            policy_cell(context, policy.name),
            since,
            LinkCell(newest.key, addresses.policy(policy.name, newest.key)) if newest else None,
            tuple(_successors(context, policy.name)),
            _difference(policy.name, first),
            *((first.lost, first.gained, first.lacks, first.adds) if first else (None,) * 4),
        ),
        facets=(
            (state,),
            (str(since.year),) if since else (),
            known,
            tuple(dict.fromkeys(part.verdict for part in parts if part.verdict)),
            (policy.type,),
        ),
        anchors=(addresses.deprecated(policy.name).anchor,),
    )


def _difference(name: str, part: SuccessorPart | None) -> LinkCell | None:
    return LinkCell("details", addresses.succession(name), part.verdict or "") if part else None


def _successors(context: BookContext, name: str) -> Iterator[LinkCell]:
    for part in context.successors.parts(name):
        known = part.name in context.book.policies
        yield LinkCell(part.name, addresses.policy(part.name) if known else None)
