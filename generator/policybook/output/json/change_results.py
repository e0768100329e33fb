"""Changes and removals as results for programs, with their evidence in rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from policybook.analysis.evidence import EvidenceRow, evidence_rows, rows_about
from policybook.analysis.removals import Removal, Way
from policybook.analysis.timeline import Transition
from policybook.book import addresses
from policybook.book.change_lines import ChangeLine, Kind
from policybook.book.context import BookContext
from policybook.book.facts.events import kind_of
from policybook.model.changes import EvidenceKind, Verdict
from policybook.model.fields import Effect
from policybook.output.json.results import Condition, condition_block


class RowResult(Struct, frozen=True):
    """Gained or lost grants that share kind, effect, resources and condition.

    Where the statement names everything but some, `not_actions` or `not_resources` is true.
    """

    kind: EvidenceKind
    effect: Effect
    actions: tuple[str, ...]
    not_actions: bool
    resources: tuple[str, ...]
    not_resources: bool
    condition: Condition


class EventResult(Struct, frozen=True):
    """An event: a version, a rollback, a deprecation, or the start of a topic's tracking.

    `against` is the version that it was compared with, `services` and `levels` those that gained
    and lost grants are about, or all grants of a first known document.
    """

    day: date | None
    kind: Kind
    policy: str | None
    key: str
    url: str
    against: str | None = None
    verdict: Verdict | None = None
    text: str = ""
    gained: tuple[RowResult, ...] = ()
    lost: tuple[RowResult, ...] = ()
    undecided: tuple[str, ...] = ()
    missing: tuple[int, ...] = ()
    services: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()


class EffectiveResult(Struct, frozen=True):
    """The effective actions that a version gained and lost, by the catalogue of the envelope."""

    gained: tuple[str, ...]
    lost: tuple[str, ...]


class EnumerationResult(Struct, frozen=True):
    """How many actions of a lost pattern, in the envelope's catalogue, the new document grants."""

    pattern: str
    granted: int
    actions: int


class RemovalResult(Struct, frozen=True):
    """What a version took away of one service in one way; `*` stands for every service.

    `returned` is the key of the version or rollback since which all of it is there again, or null.
    """

    policy: str
    key: str
    before: str
    version: str
    day: date | None
    way: Way
    service: str
    lost: tuple[RowResult, ...]
    enumerations: tuple[EnumerationResult, ...]
    returned: str | None


class HistoryResult(Struct, frozen=True):
    """The versions of a policy and its rollbacks, newest first, dated or not.

    `effective` are the effective actions that versions gained and lost, by their keys.
    """

    policy: str
    changes: tuple[EventResult, ...]
    effective: Mapping[str, EffectiveResult]
    removals: tuple[RemovalResult, ...]


def year_result(context: BookContext, year: int) -> tuple[EventResult, ...]:
    """The events of a year, newest first."""
    lines = (line for line in context.events.lines() if line.day.year == year)
    return tuple(line_result(context, line) for line in lines)


def line_result(context: BookContext, line: ChangeLine, prefix: str = "") -> EventResult:
    """The result for a line of a list, or, where it is about one service, for that alone."""
    if transition := context.events.transition_of(line):
        return transition_result(context, transition, prefix, line.verdict)
    policy, place = line.policy or None, line.target.place
    return EventResult(line.day, line.kind, policy, line.key, place, text=line.text)


def transition_result(
    context: BookContext, transition: Transition, prefix: str = "", verdict: Verdict | None = None
) -> EventResult:
    """The result for a transition, or, with the verdict on it, for what it says of one service."""
    gained, lost = context.events.rows(transition)
    if prefix:
        gained, lost = rows_about(gained, prefix), rows_about(lost, prefix)
    change = transition.change
    about = context.events.touched(transition.policy)[transition.key]
    return EventResult(
        transition.day,
        kind_of(transition),
        transition.policy,
        transition.key,
        addresses.policy(transition.policy, transition.key).place,
        transition.before.key if transition.before else None,
        verdict or (change.verdict if change else None),
        "" if transition.returned else transition.version.facts.change or "",
        _rows(gained),
        _rows(lost),
        change.undecided if change else (),
        transition.missing,
        about.services,
        about.levels,
    )


def history_result(context: BookContext, name: str) -> HistoryResult:
    """The result for all that happened to a policy."""
    histories = context.index.histories[name]
    return HistoryResult(
        name,
        tuple(transition_result(context, transition) for transition in histories),
        {
            key: EffectiveResult(gained, lost)
            for key, (gained, lost) in context.history.actions_changed(name).items()
        },
        tuple(map(_removal, context.removals.of(name))),
    )


def removals_result(context: BookContext) -> tuple[RemovalResult, ...]:
    """The result for all removals, by policy, newest first."""
    names = context.book.policies
    return tuple(_removal(removal) for name in names for removal in context.removals.of(name))


def _removal(found: Removal) -> RemovalResult:
    return RemovalResult(
        found.policy,
        found.key,
        found.before,
        found.version,
        found.day,
        found.way,
        found.prefix,
        _rows(evidence_rows(found.evidence)),
        tuple(EnumerationResult(e.pattern, e.granted, e.actions) for e in found.enumerations),
        found.returned or None,
    )


def _rows(rows: Iterable[EvidenceRow]) -> tuple[RowResult, ...]:
    return tuple(
        RowResult(
            row.kind,
            row.effect,
            row.actions,
            row.negated,
            row.resources.patterns,
            row.resources.negated,
            condition_block(row.condition),
        )
        for row in rows
    )
