"""The results for changes and removals, with gained and lost grants in rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from policybook.analysis.evidence import evidence_rows, rows_about
from policybook.analysis.removals import Removal, Way
from policybook.analysis.timeline import Transition
from policybook.book import addresses
from policybook.book.change_lines import ChangeLine, Kind
from policybook.book.context import BookContext
from policybook.book.facts.events import kind_of
from policybook.book.prose.policy_sentence import plain
from policybook.model.changes import Verdict
from policybook.output.json.evidence_results import RowResult, row_results


class EventResult(Struct, frozen=True):
    """An event: a version, a rollback, a deprecation, or the start of a topic's tracking.

    Attributes:
        day: The date of the event, or null.
        kind: The kind of the event.
        policy: The policy, or null for the tracking of a topic.
        key: The key of the version or rollback, unique within the policy.
        url: The address of the event in the site.
        compared_with: The key of the version that it was compared with, or null.
        verdict: The verdict of the comparison, or null.
        headline: What the change did, in a line, or "".
        text: What AWS says about the change, or "".
        gained: The gained grants.
        lost: The lost grants.
        undecided: Why grants could not be compared.
        missing: The version numbers missing between the two versions.
        services: The service prefixes of gained and lost grants, or of all grants of a first
            known document.
        levels: The access levels of the same grants.
    """

    day: date | None
    kind: Kind
    policy: str | None
    key: str
    url: str
    compared_with: str | None = None
    verdict: Verdict | None = None
    headline: str = ""
    text: str = ""
    gained: tuple[RowResult, ...] = ()
    lost: tuple[RowResult, ...] = ()
    undecided: tuple[str, ...] = ()
    missing: tuple[int, ...] = ()
    services: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()


class EffectiveResult(Struct, frozen=True):
    """The effective actions that a version gained and lost.

    Full names in order, with wildcards expanded by the catalogue whose date is in the envelope.
    """

    gained: tuple[str, ...]
    lost: tuple[str, ...]


class EnumerationResult(Struct, frozen=True):
    """A lost wildcard that the new document replaced by a list.

    Attributes:
        pattern: The wildcard.
        granted: The number of its actions that the new document grants.
        actions: The number of its actions in the catalogue.
    """

    pattern: str
    granted: int
    actions: int


class RemovalResult(Struct, frozen=True):
    """Permissions of one service that a version or rollback removed, all of one kind.

    Attributes:
        policy: The policy.
        key: The key of the version or rollback.
        before: The version that had the permissions.
        version: The version that lacks them.
        day: The date of the removal, or null.
        kind: The kind of removal.
        service: The service prefix; `*` for all services.
        lost: The lost grants.
        enumerations: Lost wildcards that were replaced by lists.
        restored_by: The key of the version or rollback since which all lost grants are granted
            again, or null.
    """

    policy: str
    key: str
    before: str
    version: str
    day: date | None
    kind: Way
    service: str
    lost: tuple[RowResult, ...]
    enumerations: tuple[EnumerationResult, ...]
    restored_by: str | None


class HistoryResult(Struct, frozen=True):
    """The history of a policy.

    Attributes:
        policy: The policy.
        changes: Its versions and rollbacks, newest first, with or without a date.
        effective: The effective actions gained and lost, by the key of the version or rollback.
        removals: Its removals, newest first.
    """

    policy: str
    changes: tuple[EventResult, ...]
    effective: Mapping[str, EffectiveResult]
    removals: tuple[RemovalResult, ...]


def year_result(context: BookContext, year: int) -> tuple[EventResult, ...]:
    """Return the events of a year, newest first."""
    lines = (line for line in context.events.lines() if line.day.year == year)
    return tuple(line_result(context, line) for line in lines)


def line_result(context: BookContext, line: ChangeLine, prefix: str = "") -> EventResult:
    """Return the result for an event.

    Args:
        context: The book.
        line: The event.
        prefix: The service to which gained and lost grants are limited; "" for all.
    """
    if transition := context.events.transition_of(line):
        return transition_result(context, transition, prefix, line.verdict)
    policy, place = line.policy or None, line.target.place
    return EventResult(line.day, line.kind, policy, line.key, place, text=line.text)


def transition_result(
    context: BookContext, transition: Transition, prefix: str = "", verdict: Verdict | None = None
) -> EventResult:
    """Return the result for a version or rollback.

    Args:
        context: The book.
        transition: The version or rollback, with the version that it was compared with.
        prefix: The service to which gained and lost grants are limited; "" for all.
        verdict: The verdict for that service; None for the verdict on all grants.
    """
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
        plain(context.events.headlines(transition.policy).get(transition.key, "")),
        "" if transition.returned else transition.version.facts.change or "",
        row_results(gained, "gained"),
        row_results(lost, "lost"),
        change.undecided if change else (),
        transition.missing,
        about.services,
        about.levels,
    )


def history_result(context: BookContext, name: str) -> HistoryResult:
    """Return the history of a policy."""
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
    """Return all removals, by policy, newest first."""
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
        row_results(evidence_rows(found.evidence), "lost"),
        tuple(EnumerationResult(e.pattern, e.granted, e.actions) for e in found.enumerations),
        found.returned or None,
    )
