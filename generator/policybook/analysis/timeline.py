"""A policy's versions through time: how each differs from the previous one, and rollbacks."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import date

from msgspec import Struct, structs

from policybook.analysis.compare import Comparison, compare
from policybook.iam.aws_reference import NO_REFERENCE, AwsReference
from policybook.model.changes import Change
from policybook.model.policies import Policy, Rollback, Version


class Transition(Struct, frozen=True):
    """A version of a policy, compared with the previous known version.

    `before` and `change` are None for the first known version and for one of which only the date is
    known. `missing` has the version numbers that the data does not list between this version and
    the next lower one that it lists. `recreated` says that it is the first known version after the
    policy was deleted and created anew. A document without an id that is not part of the version
    sequence is `outside_sequence` and has nothing before it. For a rollback, `returned` is the day
    on which `version` was first observed as the default again, `default_since` the day on which it
    became that, and `before` the default until then, each None if unknown.
    """

    policy: str
    version: Version
    before: Version | None
    change: Change | None
    missing: tuple[int, ...] = ()
    returned: date | None = None
    outside_sequence: bool = False
    recreated: bool = False
    default_since: date | None = None

    @property
    def gap(self) -> int:
        """The number of missing version numbers between this version and the previous one."""
        return len(self.missing)

    @property
    def day(self) -> date | None:
        """The day of the version, or of the rollback."""
        return self.returned or self.version.day

    @property
    def reissued(self) -> bool:
        """Whether it is a version without an effect."""
        new = self.returned or self.recreated
        return self.change is not None and not self.change.has_effect and not new

    @property
    def key(self) -> str:
        """The key of the transition, unique within its policy."""
        return f"{self.version.key}-again-{self.returned}" if self.returned else self.version.key


def transitions(
    policy: Policy,
    changes: Sequence[Change | None] | None = None,
    reference: AwsReference = NO_REFERENCE,
) -> tuple[Transition, ...]:
    """One transition for each listed version, newest first.

    Args:
        policy: The policy.
        changes: The changes of the versions in the same order, if they are already known.
        reference: What AWS's lists say about condition keys and ARNs.
    """
    found: list[Transition] = []
    sequence = {version.key for version in policy.sequence}
    comparison = Comparison(reference)
    last: Version | None = None
    listed: Version | None = None
    life = 1
    for place, version in reversed(tuple(enumerate(policy.versions))):
        outside = version.key not in sequence
        anew = (version.life or 1) > life and not outside
        missing = () if outside else _missing_numbers(None if anew else listed, version)
        if not outside:
            listed, life = version, max(version.life or 1, life)
        transition = Transition(
            policy.name, version, None, None, missing, outside_sequence=outside, recreated=anew
        )
        if version.document is None or outside:
            found.append(transition)
            continue
        if changes is not None:
            change = changes[place]
        else:
            before = last.document if last else None
            change = comparison.of(before, version.document) if before else None
        found.append(structs.replace(transition, before=last, change=change))
        last = version
    return tuple(reversed(found))


def _missing_numbers(older: Version | None, newer: Version) -> tuple[int, ...]:
    if newer.number is None or (older and older.number is None):
        return ()
    return tuple(range((older.number or 0) + 1 if older else 1, newer.number))


def unlisted(policy: Policy) -> tuple[int, ...]:
    """Every version number between listed ids that the data does not list, in order.

    None is counted next to a version without an id, as that may be one of them.
    """
    unchanged = [None] * len(policy.versions)  # so that nothing is compared
    return tuple(n for t in reversed(transitions(policy, unchanged)) for n in t.missing)


def with_rollbacks(
    policy: Policy, found: Sequence[Transition], reference: AwsReference = NO_REFERENCE
) -> tuple[Transition, ...]:
    """The transitions of a policy's versions with its rollbacks in between, newest first.

    A rollback comes after all versions of the same day.

    Args:
        policy: The policy.
        found: The transitions of its versions, newest first.
        reference: What AWS's lists say about condition keys and ARNs.
    """
    if not policy.facts.rollbacks:
        return tuple(found)
    history: list[Transition] = []
    left = deque(sorted(policy.facts.rollbacks, key=lambda back: back.observed))
    for transition in reversed(found):
        day = transition.version.day
        while day and left and left[0].observed < day:
            history.append(_rollback(policy, left.popleft(), history, reference))
        history.append(transition)
    for back in left:
        history.append(_rollback(policy, back, history, reference))
    return tuple(reversed(history))


def _rollback(
    policy: Policy, back: Rollback, history: Sequence[Transition], reference: AwsReference
) -> Transition:
    """The transition of a rollback, compared with the previous default."""
    to = policy.version(back.to)
    if to is None:
        raise ValueError(f"{policy.name}: {back.to} is no version of it")  # `check` finds it
    before = next((t.version for t in reversed(history) if not t.outside_sequence), None)
    old = before.document if before and before is not to else None
    change = compare(old, to.document, reference) if old and to.document else None
    return Transition(
        policy.name,
        to,
        before if change else None,
        change,
        returned=back.observed,
        default_since=back.default_since,
    )
