"""The list of all policies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import structs

from policybook.analysis.last_change import outcomes
from policybook.book import addresses
from policybook.book.context import BookContext
from policybook.book.facts.policy_lines import PolicyLine
from policybook.lists.cells import policy_cell, share
from policybook.lists.facets import (
    CONDITION_LABELS,
    risk_facet,
    service_facet,
    state_facet,
    years,
)
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
from policybook.model.attachable import can_be_attached
from policybook.model.policies import Policy
from policybook.wording import label

ATTACHABLE_LABELS = {"yes": "yes", "no": "no", "unknown": "unknown"}

COLUMNS = (
    ListColumn("name", "Policy", "link", "policies/{}/"),
    ListColumn("type", "Type"),
    ListColumn("version", "Version"),
    ListColumn("changed", "Last effective change", "verdict"),
    ListColumn("services", "Services", "number", about="Services with an effective action"),
    LEVELS_COLUMN,
    ListColumn("risks", "Risks", "number", about="Risk rules that match"),
)


def policies_list(context: BookContext) -> ListTable:
    """All policies that grant something by name, ignoring case."""
    lines = _lines(context, context.book.granting)
    return ListTable(
        name="policies",
        title="Policies",
        noun="managed policy",
        columns=COLUMNS,
        facets=_facets(context, lines),
        rows=tuple(_row(context, line) for line in lines),
        table="api/v1/policies.csv",
    )


def boundaries_list(context: BookContext) -> ListTable:
    """The policies that only limit others by name, ignoring case; no risk rule is about them."""
    lines = _lines(context, context.book.limiting)
    rows = (_row(context, line) for line in lines)
    return ListTable(
        name="boundaries",
        title="Boundaries and control policies",
        noun="boundary or control policy",
        several="boundaries and control policies",
        columns=COLUMNS[:-1],
        facets=_facets(context, lines),
        rows=tuple(structs.replace(row, cells=row.cells[:-1]) for row in rows),
        table="api/v1/policies.csv",
    )


def _lines(context: BookContext, names: Iterable[str]) -> Sequence[PolicyLine]:
    return [context.policy_lines.of(name) for name in sorted(names, key=str.lower)]


def _facets(context: BookContext, lines: Sequence[PolicyLine]) -> tuple[Facet, ...]:
    found = sorted({line.partition for line in lines if line.partition})
    partitions = {partition: label(partition, "partition") for partition in found}
    prefixes = {prefix for line in lines for prefix in context.levels.by_service(line.name)}
    return (
        service_facet(context, prefixes),
        *LEVEL_FACETS,
        Facet("only", "Only these services", "only"),
        Facet("condition", "Conditions", labels=CONDITION_LABELS),
        Facet("type", "Type"),
        Facet("verdict", "Last effective change", labels=dict(outcomes(x.last for x in lines))),
        Facet("year", "Changed in", labels=years(line.changed for line in lines)),
        risk_facet(context),
        state_facet(),
        Facet("attachable", "Attachable", labels=ATTACHABLE_LABELS),
        Facet("partition", "Partition", labels=partitions),
    )


def _row(context: BookContext, line: PolicyLine) -> ListRow:
    policy = context.book.policies[line.name]
    services = context.levels.by_service(line.name)
    risks = tuple(context.risks.met(line.name))
    return ListRow(
        cells=(
            policy_cell(context, line.name),
            line.type,
            line.version or None,
            _change(line),
            len(services) or None,
            level_counts(line.levels),
            len(risks) or None,
        ),
        facets=(
            tuple((prefix, levels_bits(levels)) for prefix, levels in services.items()),
            (conditions_of(policy),) if line.version else (),
            (line.type,),
            (line.last.outcome,),
            (str(line.changed.year),) if line.changed else (),
            risks,
            (line.state,),
            (attachable(policy),),
            (line.partition,) if line.partition else (),
        ),
    )


def _change(line: PolicyLine) -> LinkCell:
    found = line.last.effective
    if not found:
        return LinkCell(line.last.words.partition(":")[0])
    text = str(found.day) if found.day else "date unknown"
    return LinkCell(text, addresses.policy(line.name, found.key), found.verdict)


def attachable(policy: Policy) -> str:
    """Whether the policy can be attached, as a key of `ATTACHABLE_LABELS`."""
    if not can_be_attached(policy):
        return "no"
    return "yes" if policy.facts.attachable else "unknown"


def conditions_of(policy: Policy) -> str:
    """How many Allow statements have a condition, as a key of `CONDITION_LABELS`."""
    document = policy.current.document if policy.current else None
    allowing = [s for s in document.statements if s.effect == "Allow"] if document else []
    return share(sum(bool(s.condition) for s in allowing), len(allowing))
