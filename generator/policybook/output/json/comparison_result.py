"""The result for two sets of policies side by side: of `policybook diff`, and of the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from policybook.analysis.change_rows import ChangeRow, Exceptions, Outcome, change_rows
from policybook.analysis.overlap import Decided
from policybook.analysis.risks import Flag
from policybook.analysis.side_by_side import Levels, SideBySide
from policybook.book.prose.containment import relation_of
from policybook.catalogue.catalogue import UNCATALOGUED, Catalogue
from policybook.catalogue.services import LEVELS
from policybook.model.changes import Verdict
from policybook.model.fields import Effect
from policybook.model.risk_rules import Rule
from policybook.output.json.conditions import Condition, condition_block
from policybook.output.json.evidence_results import (
    GroupedGrantsResult,
    evidence_results,
    group_results,
)
from policybook.output.json.results import ChangeResult


class ExceptionsResult(Struct, frozen=True):
    """How the exceptions of a NotAction or NotResource differ.

    Attributes:
        added: The exceptions of B only.
        dropped: The exceptions of A only.
        kept: The number of exceptions of both.
        resources: The resource patterns of the statement if the exceptions are actions, else null.
        not_resources: Whether it is about all resources except `resources`.
        condition: The condition block, values always as lists.
    """

    added: tuple[str, ...]
    dropped: tuple[str, ...]
    kept: int
    resources: tuple[str, ...] | None
    not_resources: bool
    condition: Condition


class ChangeRowResult(Struct, frozen=True):
    """What differs for some action patterns.

    Attributes:
        outcome: What B did to them, seen from A.
        effect: `Allow` or `Deny`.
        actions: The action patterns; none for a row about NotAction.
        was: What only A grants of them. A group without actions is about those of the row.
        now: What only B grants of them.
        kept: What both grant of them.
        partly: What both grant a part of that no pattern names.
        exceptions: How the exceptions of NotAction or NotResource differ.
    """

    outcome: Outcome
    effect: Effect
    actions: tuple[str, ...]
    was: tuple[GroupedGrantsResult, ...]
    now: tuple[GroupedGrantsResult, ...]
    kept: tuple[GroupedGrantsResult, ...]
    partly: tuple[GroupedGrantsResult, ...]
    exceptions: tuple[ExceptionsResult, ...]


class SideDocument(Struct, frozen=True):
    """A document of a side.

    Attributes:
        name: The name of the policy, or the path of the file.
        version: The key of the version; null for a file.
        day: The day on which the version was the default, if the side names one.
        unsure: Why that version is uncertain, or "".
        statements: The number of its statements. Those of a side are numbered through all of its
            documents.
    """

    name: str
    version: str | None
    day: date | None
    unsure: str
    statements: int


class MatchedRule(Struct, frozen=True):
    """A risk rule that a side matches: its id, its title, and what limits it."""

    rule: str
    title: str
    mitigation: str


class SideResult(Struct, frozen=True):
    """One side of a comparison; `risks` is null without risk rules."""

    documents: tuple[SideDocument, ...]
    risks: tuple[MatchedRule, ...] | None


class ServiceActionsResult(Struct, frozen=True):
    """The effective actions of one service, without its prefix, by access level.

    Attributes:
        only_a: The actions of A that B lacks.
        both: The actions of both.
        only_b: The actions of B that A lacks.
        otherwise: The actions of `both` that the sides grant on other resources or under other
            conditions, each with the verdict on the change from A to B.
    """

    only_a: Mapping[str, tuple[str, ...]]
    both: Mapping[str, tuple[str, ...]]
    only_b: Mapping[str, tuple[str, ...]]
    otherwise: Mapping[str, Verdict]


class ComparisonResult(ChangeResult, frozen=True):
    """Two sets of policies side by side; the change leads from A to B.

    Attributes:
        reverse: The verdict on the change from B to A.
        summary: Which side contains the other, and how many actions are lacking.
        b_contains_a: Whether B covers every grant of A.
        a_contains_b: Whether A covers every grant of B.
        a: The one side.
        b: The other side.
        services: The effective actions by service prefix.
        rows: The gained and lost grants by action.
    """

    reverse: Verdict
    summary: str
    b_contains_a: Decided
    a_contains_b: Decided
    a: SideResult
    b: SideResult
    services: Mapping[str, ServiceActionsResult]
    rows: tuple[ChangeRowResult, ...]


def comparison_result(
    found: SideBySide, a: SideResult, b: SideResult, catalogue: Catalogue
) -> ComparisonResult:
    """Return the result for a comparison.

    Args:
        found: The comparison.
        a: What the one side is.
        b: What the other side is.
        catalogue: Spells the names of actions.
    """
    change = found.change
    return ComparisonResult(
        change.verdict,
        evidence_results(change.gained, "gained"),
        evidence_results(change.lost, "lost"),
        change.undecided,
        change.formats_date or None,
        found.reverse,
        relation_of(found),
        found.b_contains_a,
        found.a_contains_b,
        a,
        b,
        _services(found, catalogue),
        tuple(map(_row, change_rows(change.gained, change.lost))),
    )


def matched_rules(found: Iterable[Flag], rules: Mapping[str, Rule]) -> tuple[MatchedRule, ...]:
    """Return the results for the risk rules that a side matches.

    Args:
        found: The matches.
        rules: The rules by id.
    """
    return tuple(MatchedRule(f.rule, rules[f.rule].title, f.mitigation) for f in found)


def _services(found: SideBySide, catalogue: Catalogue) -> Mapping[str, ServiceActionsResult]:
    only_a, both, only_b = (
        _by_prefix(part, catalogue) for part in (found.only_a, found.both, found.only_b)
    )
    otherwise: dict[str, dict[str, Verdict]] = defaultdict(dict)
    for name, verdict in sorted(found.otherwise.items()):
        prefix, action = _parts(name, catalogue)
        otherwise[prefix][action] = verdict
    return {
        prefix: ServiceActionsResult(
            only_a.get(prefix, {}),
            both.get(prefix, {}),
            only_b.get(prefix, {}),
            otherwise.get(prefix, {}),
        )
        for prefix in sorted({*only_a, *both, *only_b})
    }


def _by_prefix(levels: Levels, catalogue: Catalogue) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Return the names by prefix and level, levels in AWS's order."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, level in sorted(levels.items()):
        prefix, action = _parts(name, catalogue)
        found[prefix][level].append(action)
    return {
        prefix: {level: tuple(named[level]) for level in (*LEVELS, UNCATALOGUED) if level in named}
        for prefix, named in found.items()
    }


def _parts(name: str, catalogue: Catalogue) -> tuple[str, str]:
    prefix, _, action = (catalogue.spelled(name) or name).partition(":")
    return prefix, action


def _row(row: ChangeRow) -> ChangeRowResult:
    return ChangeRowResult(
        row.outcome,
        row.effect,
        row.actions,
        group_results(row.was),
        group_results(row.now),
        group_results(row.kept),
        group_results(row.partly),
        tuple(map(_exceptions, row.exceptions)),
    )


def _exceptions(found: Exceptions) -> ExceptionsResult:
    where = found.resources
    return ExceptionsResult(
        found.added,
        found.dropped,
        found.kept,
        where.patterns if where else None,
        bool(where and where.negated),
        condition_block(found.condition),
    )
