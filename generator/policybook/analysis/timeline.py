"""A policy's versions in time: what each brought beside the one before, and rollbacks."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from policybook.analysis.compare import Comparison, compare
from policybook.model.changes import Change
from policybook.model.policies import Policy, Rollback, Version


class Transition(Struct, frozen=True):
    """A known version of a policy beside the known one before it, and what lies between.

    `before` and `change` are None for the first known version and for one known by its date only.
    `missing` holds the version numbers below this one that the data does not list, up to the next
    lower one that it does. A document without an id that is none of the sequence stands `aside`,
    without anything before it. Of a rollback, `returned` is the day on which `version` was first
    seen as the default again, and `before` the default until then, None where that is not known.
    """

    policy: str
    version: Version
    before: Version | None
    change: Change | None
    missing: tuple[int, ...] = ()
    returned: date | None = None
    aside: bool = False

    @property
    def gap(self) -> int:
        """How many version ids nobody has observed between this version and the one before."""
        return len(self.missing)

    @property
    def day(self) -> date | None:
        """The day of the version, or of the rollback."""
        return self.returned or self.version.day

    @property
    def key(self) -> str:
        """What tells it from the policy's other transitions."""
        return f"{self.version.key}-again-{self.returned}" if self.returned else self.version.key


def transitions(
    policy: Policy, changes: Sequence[Change | None] | None = None
) -> tuple[Transition, ...]:
    """One transition for each listed version, newest first.

    `changes` are theirs in the same order, where they are known already.
    """
    found: list[Transition] = []
    sequence = {version.key for version in policy.sequence}
    comparison = Comparison()
    last: Version | None = None
    listed: Version | None = None
    for place, version in reversed(tuple(enumerate(policy.versions))):
        aside = version.key not in sequence
        missing = () if aside else _missing_numbers(listed, version)
        listed = listed if aside else version
        if version.document is None or aside:
            found.append(Transition(policy.name, version, None, None, missing, aside=aside))
            continue
        if changes is not None:
            change = changes[place]
        else:
            before = last.document if last else None
            change = comparison.of(before, version.document) if before else None
        found.append(Transition(policy.name, version, last, change, missing))
        last = version
    return tuple(reversed(found))


def _missing_numbers(older: Version | None, newer: Version) -> tuple[int, ...]:
    if newer.number is None or (older and older.number is None):
        return ()
    return tuple(range((older.number or 0) + 1 if older else 1, newer.number))


def unlisted(policy: Policy) -> tuple[int, ...]:
    """Every version number between listed ids that the data does not list, in order.

    Beside a version without an id nothing is counted, as it may be one of them.
    """
    return tuple(n for t in reversed(transitions(policy)) for n in t.missing)


def story(policy: Policy, found: Sequence[Transition]) -> tuple[Transition, ...]:
    """The transitions of a policy's versions with its rollbacks between them, newest first.

    A rollback comes after every version of its day.
    """
    if not policy.facts.rollbacks:
        return tuple(found)
    told: list[Transition] = []
    left = deque(sorted(policy.facts.rollbacks, key=lambda back: back.observed))
    for transition in reversed(found):
        day = transition.version.day
        while day and left and left[0].observed < day:
            told.append(_rollback(policy, left.popleft(), told))
        told.append(transition)
    for back in left:
        told.append(_rollback(policy, back, told))
    return tuple(reversed(told))


def _rollback(policy: Policy, back: Rollback, told: Sequence[Transition]) -> Transition:
    """The rollback beside what was the default last."""
    to = policy.version(back.to)
    if to is None:
        raise ValueError(f"{policy.name}: {back.to} is no version of it")  # `check` finds it
    before = next((t.version for t in reversed(told) if not t.aside), None)
    old = before.document if before and before is not to else None
    change = compare(old, to.document) if old and to.document else None
    return Transition(policy.name, to, before if change else None, change, (), back.observed)
