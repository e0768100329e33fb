"""The last change of a policy that had an effect, and what is known of the versions since then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import get_args

from msgspec import Struct

from policybook.analysis.timeline import Transition
from policybook.model.changes import Verdict
from policybook.wording import words

NO_CHANGE: Mapping[str, str] = {
    "reissued": "only reissues",
    "single": "one known document",
    "none": "no known change",
}
"""What is known of policies without a change with an effect, in words."""


class EffectiveChange(Struct, frozen=True):
    """A version or rollback that had an effect, or may have had one if that is undetermined.

    `key` is that of the transition, `day` its day, and `label` both in words. `published` is None
    for a rollback.
    """

    key: str
    day: date | None
    published: date | None
    verdict: Verdict
    label: str


class LastChange(Struct, frozen=True):
    """The last known change of a policy with an effect.

    `outcome` is its verdict, or a key of `NO_CHANGE` without one. `since_then` says what is known
    of newer versions and rollbacks, "" without any. `only` is the label of the only known document.
    """

    effective: EffectiveChange | None
    outcome: str
    since_then: str
    only: str = ""

    @property
    def words(self) -> str:
        """The change, or that there is none, without what came since then."""
        found = self.effective
        if found is None:
            return NO_CHANGE[self.outcome] + (f": {self.only}" if self.only else "")
        doubt = " (may have an effect)" if found.verdict == "undetermined" else ""
        return f"{found.verdict}{doubt} with {found.label}"


def outcomes(found: Iterable[LastChange]) -> tuple[tuple[str, str], ...]:
    """The outcomes that occur in last changes, each with its label."""
    there = {last.outcome for last in found}
    ordered = (*get_args(Verdict), *NO_CHANGE)
    return tuple((name, NO_CHANGE.get(name, name)) for name in ordered if name in there)


def last_change(history: Sequence[Transition]) -> LastChange:
    """The last change with an effect.

    Args:
        history: The versions and rollbacks of a policy, newest first.
    """
    known = [t for t in history if not t.outside_sequence]
    place = next((n for n, t in enumerate(known) if t.change and t.change.has_effect), len(known))
    since_then = "; ".join(_since_then(known[:place]))
    for transition in known[place : place + 1]:
        if transition.change:
            found = _effective(transition, transition.change.verdict)
            return LastChange(found, found.verdict, since_then)
    if any(t.reissued for t in known):
        return LastChange(None, "reissued", since_then)
    labels = [_label(t) for t in known if t.version.document and not t.returned]
    only = labels[0] if len(labels) == 1 else ""
    return LastChange(None, "single" if only else "none", since_then, only)


def _effective(transition: Transition, verdict: Verdict) -> EffectiveChange:
    published = None if transition.returned else transition.version.facts.published
    label = _label(transition)
    return EffectiveChange(transition.key, transition.day, published, verdict, label)


def _label(transition: Transition) -> str:
    version, again = transition.version, " again" if transition.returned else ""
    on = f", {transition.day or 'date unknown'}" if version.facts.id else ""
    return f"{version.key}{again}{on}"


def _since_then(newer: Sequence[Transition]) -> Iterator[str]:
    """What is known of versions and rollbacks without a known effect, newest first."""
    reissued = [t for t in newer if t.reissued]
    if reissued:
        several, on = len(reissued) > 1, reissued[0].day or "date unknown"
        which = words(len(reissued), "version") if several else reissued[0].version.key
        yield f"{which} reissued without change, {'last ' * several}{on}"
    unknown = [t.version.key for t in newer if not t.version.document and not t.returned]
    if unknown:
        yield f"{'documents' if len(unknown) > 1 else 'document'} of {', '.join(unknown)} unknown"
    for back in newer:
        if back.returned and not back.change:
            yield f"rollback to {back.version.key} not compared"
