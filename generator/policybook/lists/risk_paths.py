"""The lists of a risk rule: which policies match it alone, and which grant some of its steps."""

from __future__ import annotations

from collections.abc import Sequence

from policybook.book import addresses
from policybook.book.context import BookContext
from policybook.book.facts.risks import RiskStart
from policybook.iam.mitigation import MITIGATIONS, Mitigation, all_of
from policybook.lists.cells import policy_cell
from policybook.lists.facets import state_facet
from policybook.lists.marks import Marks
from policybook.lists.table import Facet, LinkCell, ListColumn, ListRow, ListTable
from policybook.model.attachable import can_be_attached
from policybook.wording import label

LIMITS = tuple(label(limits, "mitigation") for limits in MITIGATIONS)
"""What marks say about limits, in the order of `MITIGATIONS`."""

_YES_NO = {"yes": "yes", "no": "no"}


def mark(limits: Mitigation | None) -> int:
    """The mark of something with these limits, of the marks that say `LIMITS`; 0 for None."""
    return MITIGATIONS.index(limits) + 1 if limits else 0


def matching(context: BookContext, rule: str) -> Sequence[str]:
    """The policies that match a rule alone, by name, ignoring case."""
    return [name for name, steps in context.risks.granting(rule).items() if all(steps)]


def granting_steps(context: BookContext, rule: str) -> Sequence[str]:
    """The policies that can be attached and grant a step of a rule, by name, ignoring case."""
    policies = context.book.policies
    return [n for n in context.risks.granting(rule) if can_be_attached(policies[n])]


def alone_list(context: BookContext, rule: str) -> ListTable:
    """A row for each policy that matches a rule alone: its limits, and since when."""
    return ListTable(
        name=f"risks/{rule}",
        title="Policies that match the rule alone",
        noun="policy",
        columns=(
            ListColumn("policy", "Policy", "link", "policies/{}/"),
            ListColumn("limits", "Limits", "name"),
            ListColumn("since", "Since", "link"),
            ListColumn("type", "Type"),
        ),
        facets=(
            Facet("limits", "Limits", labels=dict(zip(MITIGATIONS, LIMITS, strict=True))),
            Facet("attachable", "Can be attached", labels=_YES_NO),
            Facet("type", "Type"),
            state_facet(),
        ),
        rows=tuple(_alone(context, rule, name) for name in matching(context, rule)),
        table=f"api/v1/risks/{rule}.csv",
    )


def _alone(context: BookContext, rule: str, name: str) -> ListRow:
    policy, limits = context.book.policies[name], context.risks.met(name)[rule]
    return ListRow(
        cells=(
            policy_cell(context, name),
            label(limits, "mitigation"),
            _since(name, context.risks.since(name).get(rule)),
            policy.facts.type,
        ),
        facets=(
            (limits,),
            ("yes" if can_be_attached(policy) else "no",),
            (policy.facts.type,),
            (policy.deprecation.state,),
        ),
    )


def _since(policy: str, start: RiskStart | None) -> LinkCell | None:
    if not start:
        return None
    flag = "or earlier" if start.first_seen else ""
    return LinkCell(start.label, addresses.policy(policy, start.linked), flag)


def steps_list(context: BookContext, rule: str) -> ListTable:
    """A row for each policy that can be attached and grants a step of a rule, with its steps."""
    steps = context.book.rules[rule].steps
    names = tuple((str(n), f"{n}. {step.does}") for n, step in enumerate(steps, 1))
    titles = dict(names)
    return ListTable(
        name=f"risk-steps/{rule}",
        title="Policies that allow steps of the path",
        noun="policy",
        key="steps",
        columns=(
            ListColumn("policy", "Policy", "link", "policies/{}/"),
            ListColumn("steps", "Steps", "marks", marks=Marks(names, LIMITS)),
            ListColumn("alone", "Alone", "name"),
            ListColumn("type", "Type"),
        ),
        facets=(
            Facet("step", "Step", labels=titles),
            Facet("open", "Step, without limits", labels=titles),
            Facet("whole", "All steps", labels=_YES_NO),
            Facet("type", "Type"),
            state_facet(),
        ),
        rows=tuple(_steps(context, rule, name) for name in granting_steps(context, rule)),
        table=f"api/v1/risks/{rule}.csv",
    )


def _steps(context: BookContext, rule: str, name: str) -> ListRow:
    policy, found = context.book.policies[name], context.risks.granting(rule)[name]
    limits = [step for step in found if step]
    whole = len(limits) == len(found)
    return ListRow(
        cells=(
            policy_cell(context, name),
            tuple(map(mark, found)),
            label(all_of(limits), "mitigation") if whole else "",
            policy.facts.type,
        ),
        facets=(
            tuple(str(n) for n, step in enumerate(found, 1) if step),
            tuple(str(n) for n, step in enumerate(found, 1) if step == "none"),
            ("yes" if whole else "no",),
            (policy.facts.type,),
            (policy.deprecation.state,),
        ),
    )
