"""The evidence of a change for readers: for each action what was, what is now and what is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, get_args

from msgspec import Struct, structs

from policybook.analysis.evidence import GroupedGrants, grouped
from policybook.analysis.kept_parts import meaning
from policybook.iam.grants import EVERYTHING, compared_term, with_prefix
from policybook.model.changes import Evidence, in_newer
from policybook.model.documents import Clause, Grant, Term
from policybook.model.fields import Effect

Outcome = Literal["added", "widened", "changed", "narrowed", "removed"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


class Exceptions(Struct, frozen=True):
    """How the exceptions of a NotAction or NotResource differ; `kept` is how many stay.

    `resources` is that of the statement if the exceptions are actions, and None if they are
    resources.
    """

    added: tuple[str, ...]
    dropped: tuple[str, ...]
    kept: int
    resources: Term | None
    condition: tuple[Clause, ...]


class ChangeRow(Struct, frozen=True):
    """What a change did to some actions.

    `was` is what only the older document grants of them, `now` what only the newer one grants, and
    `kept` what both grant. Of what is `partly` kept, both grant a part that no pattern names. In
    these, a group without actions is about the actions of the row.
    `exceptions` are those of NotAction and NotResource that were added or dropped. A row about
    NotAction has the actions of each of its groups, and none itself.
    """

    effect: Effect
    actions: tuple[str, ...]
    was: tuple[GroupedGrants, ...]
    now: tuple[GroupedGrants, ...]
    kept: tuple[GroupedGrants, ...]
    partly: tuple[GroupedGrants, ...] = ()
    exceptions: tuple[Exceptions, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """What happened to what the row is about."""
        was = self.was or any(change.added for change in self.exceptions)
        now = self.now or any(change.dropped for change in self.exceptions)
        if was and now:
            return "changed"
        if self.kept or self.partly or self.exceptions:
            return "widened" if now else "narrowed"
        return "added" if now else "removed"


def change_rows(gained: Iterable[Evidence], lost: Iterable[Evidence]) -> tuple[ChangeRow, ...]:
    """The evidence of a change by action: rows of equal outcome together, Allows before Denies.

    Args:
        gained: The gained grants, and Denies of the older document that the newer one lacks.
        lost: The lost grants, and Denies of the newer document that the older one lacks.
    """
    sides: dict[tuple[Effect, Term | None], _Sides] = {}
    for newer, evidence in (
        *((in_newer(item.kind, gained=True), item) for item in gained),
        *((in_newer(item.kind, gained=False), item) for item in lost),
    ):
        action = evidence.grant.action
        key = evidence.grant.effect, None if action.negated else compared_term(action)
        sides.setdefault(key, _Sides(action)).add(evidence, newer)
    rows = _joined((effect, side) for (effect, _), side in sides.items())
    return tuple(sorted(rows, key=lambda row: (row.effect, OUTCOMES.index(row.outcome))))


def change_rows_about(rows: Iterable[ChangeRow], prefix: str) -> tuple[ChangeRow, ...]:
    """The parts of the rows about one service.

    Args:
        rows: The rows of a change.
        prefix: The service prefix; `*` for rows about every service, among them those of NotAction.
    """
    return tuple(
        structs.replace(row, actions=own)
        for row in rows
        if (own := with_prefix(row.actions, prefix)) or (prefix == EVERYTHING and not row.actions)
    )


class _Sides:
    """The grants about one action: of the older document, of the newer one, and of both."""

    def __init__(self, action: Term) -> None:
        self.action = action
        self._was: list[Grant] = []
        self._now: list[Grant] = []
        self._kept: dict[tuple[object, ...], Grant] = {}
        self._beside: list[Grant] = []

    def add(self, evidence: Evidence, newer: bool) -> None:
        (self._now if newer else self._was).append(evidence.rest)
        for grant in evidence.kept:
            self._kept.setdefault(meaning(grant), grant)
        self._beside += evidence.beside

    def parts(self) -> tuple[tuple[GroupedGrants, ...], ...]:
        """The older, newer, kept and partly kept grants in groups, without its own actions."""
        own = compared_term(self.action)
        shown = {(grant.action, grant.resource) for grant in self._kept.values()}
        partly = [grant for grant in self._beside if (grant.action, grant.resource) not in shown]
        return tuple(
            tuple(
                GroupedGrants(False, (), group.resources, group.condition)
                if not group.negated and compared_term(Term(group.actions)) == own
                else group
                for group in grouped(grants)
            )
            for grants in (self._was, self._now, self._kept.values(), partly)
        )


def _joined(found: Iterable[tuple[Effect, _Sides]]) -> Iterator[ChangeRow]:
    """A row for all actions of which the same was, is and is kept."""
    actions: dict[tuple[Effect, tuple[tuple[GroupedGrants, ...], ...]], list[str]] = {}
    for effect, side in found:
        names = actions.setdefault((effect, side.parts()), [])
        names += () if side.action.negated else side.action.patterns
    for (effect, (was, now, kept, partly)), names in actions.items():
        yield _with_exceptions(ChangeRow(effect, tuple(names), was, now, kept, partly))


def _with_exceptions(row: ChangeRow) -> ChangeRow:
    """The row with groups that differ only in their exceptions as `Exceptions`."""
    was, now, kept, partly = map(list, (row.was, row.now, row.kept, row.partly))
    found: list[Exceptions] = []
    for older in (*row.was, *row.kept):
        for newer in (*now, *kept, *partly):
            change = _exceptions(older, newer) if older is not newer else None
            if change and not (older in kept and newer in kept):
                found.append(change)
                for groups in (was, now, kept, partly):
                    groups[:] = [group for group in groups if group not in (older, newer)]
                break
    if not found:
        return row
    return structs.replace(
        row,
        was=tuple(was),
        now=tuple(now),
        kept=tuple(kept),
        partly=tuple(partly),
        exceptions=tuple(found),
    )


def _exceptions(older: GroupedGrants, newer: GroupedGrants) -> Exceptions | None:
    """How the exceptions differ; None if more than those of one element differ."""
    if older.condition != newer.condition:
        return None
    if older.negated and newer.negated and older.resources == newer.resources:
        return _difference(older.actions, newer.actions, older.resources, older.condition)
    same = older.negated == newer.negated and older.actions == newer.actions
    if same and older.resources.negated and newer.resources.negated:
        return _difference(
            older.resources.patterns, newer.resources.patterns, None, older.condition
        )
    return None


def _difference(
    older: Sequence[str],
    newer: Sequence[str],
    resources: Term | None,
    condition: tuple[Clause, ...],
) -> Exceptions:
    added = tuple(pattern for pattern in newer if pattern not in older)
    dropped = tuple(pattern for pattern in older if pattern not in newer)
    return Exceptions(added, dropped, len(newer) - len(added), resources, condition)
