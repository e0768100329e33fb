"""The list of risks: which policy matches which rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from policybook.book import addresses
from policybook.book.context import BookContext
from policybook.iam.mitigation import MITIGATIONS, Mitigation
from policybook.lists.cells import policy_cell
from policybook.lists.facets import state_facet
from policybook.lists.table import Facet, LinkCell, ListColumn, ListRow, ListTable
from policybook.model.risk_rules import Kind, Rule
from policybook.wording import label

KIND_TITLES: Mapping[Kind, str] = {
    "privilege-escalation": "Privilege escalation",
    "pass-role": "Passing roles to services",
    "permissions-management": "Permissions management",
    "resource-policy": "Resource access for others",
    "credentials": "Credentials exposed",
    "data-read": "Read access to all data",
}


def risks_list(context: BookContext) -> ListTable:
    """A row for each policy and each rule that it matches, by policy, then rule."""
    return ListTable(
        name="risks",
        title="Risks of policies",
        noun="match",
        columns=(
            ListColumn("policy", "Policy", "link", "policies/{}/"),
            ListColumn("rule", "Rule", "link"),
            ListColumn("kind", "Kind", "name"),
            ListColumn("limits", "Limits", "name"),
            ListColumn("type", "Type"),
        ),
        facets=(
            Facet("kind", "Kind", labels=KIND_TITLES),
            Facet("rule", "Rule", labels={r.id: r.title for r in context.book.rules.values()}),
            Facet(
                "limits",
                "Limits",
                labels={limit: label(limit, "mitigation") for limit in MITIGATIONS},
            ),
            Facet("type", "Type"),
            state_facet(),
        ),
        rows=tuple(_rows(context)),
        table="api/v1/risks.csv",
    )


def _rows(context: BookContext) -> Iterator[ListRow]:
    for name in sorted(context.book.policies, key=str.lower):
        policy = context.book.policies[name]
        for rule, limits in _met(context, name):
            yield ListRow(
                cells=(
                    policy_cell(context, name),
                    LinkCell(rule.title, addresses.risk(rule.id)),
                    KIND_TITLES[rule.kind],
                    label(limits, "mitigation"),
                    policy.facts.type,
                ),
                facets=(
                    (rule.kind,),
                    (rule.id,),
                    (limits,),
                    (policy.facts.type,),
                    (policy.deprecation.state,),
                ),
            )


def _met(context: BookContext, name: str) -> Iterable[tuple[Rule, Mitigation]]:
    rules = context.book.rules
    return [(rules[rule], limits) for rule, limits in context.risks.met(name).items()]
