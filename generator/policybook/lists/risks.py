"""The list of risks: which policies match which rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import get_args

from policybook.book.context import BookContext
from policybook.lists.cells import policy_cell
from policybook.lists.facets import state_facet
from policybook.lists.marks import Marks
from policybook.lists.risk_paths import LIMITS, mark
from policybook.lists.table import Facet, ListColumn, ListRow, ListTable
from policybook.model.risk_rules import Kind, Rule

KIND_TITLES: Mapping[Kind, str] = {
    "privilege-escalation": "Privilege escalation",
    "pass-role": "Passing roles to services",
    "permissions-management": "Permissions management",
    "resource-policy": "Resource access for others",
    "credentials": "Credentials exposed",
    "data-read": "Read access to all data",
}


def risks_list(context: BookContext) -> ListTable:
    """A row for each policy that matches a rule, by name, with a mark for each rule."""
    kinds = _by_kind(context.book.rules.values())
    return ListTable(
        name="risks",
        title="Risks of policies",
        noun="policy",
        columns=(
            ListColumn("policy", "Policy", "link", "policies/{}/"),
            *(_column(kind, rules) for kind, rules in kinds.items()),
        ),
        facets=(
            Facet("kind", "Kind", labels=KIND_TITLES),
            Facet("rule", "Rule", labels=_titles(context)),
            Facet("open", "Rule, without limits", labels={**_any_of(kinds), **_titles(context)}),
            Facet("type", "Type"),
            state_facet(),
        ),
        rows=tuple(_rows(context, kinds)),
        table="api/v1/risks.csv",
    )


def _by_kind(rules: Iterable[Rule]) -> Mapping[Kind, Sequence[Rule]]:
    """The rules of each kind that has any, in the order of the kinds, then in their own."""
    known = tuple(rules)
    found = {kind: [rule for rule in known if rule.kind == kind] for kind in get_args(Kind)}
    return {kind: of for kind, of in found.items() if of}


def _titles(context: BookContext) -> Mapping[str, str]:
    return {rule.id: rule.title for rule in context.book.rules.values()}


def _any_of(kinds: Iterable[Kind]) -> Mapping[str, str]:
    """A choice for each kind; no rule has an id with a colon."""
    return {f"any:{kind}": f"{KIND_TITLES[kind]}: any rule" for kind in kinds}


def _column(kind: Kind, rules: Iterable[Rule]) -> ListColumn:
    names = tuple((rule.id, rule.title) for rule in rules)
    return ListColumn(kind, KIND_TITLES[kind], "marks", marks=Marks(names, LIMITS))


def _rows(context: BookContext, kinds: Mapping[Kind, Sequence[Rule]]) -> Iterator[ListRow]:
    for name in sorted(context.book.policies, key=str.lower):
        found = context.risks.met(name)
        if not found:
            continue
        policy = context.book.policies[name]
        met = [context.book.rules[rule] for rule in found]
        unlimited = [rule for rule in met if found[rule.id] == "none"]
        of_open = [f"any:{kind}" for kind in dict.fromkeys(rule.kind for rule in unlimited)]
        yield ListRow(
            cells=(
                policy_cell(context, name),
                *(tuple(mark(found.get(rule.id)) for rule in of) for of in kinds.values()),
            ),
            facets=(
                tuple(dict.fromkeys(rule.kind for rule in met)),
                tuple(rule.id for rule in met),
                (*of_open, *(rule.id for rule in unlimited)),
                (policy.type,),
                (policy.deprecation.state,),
            ),
        )
