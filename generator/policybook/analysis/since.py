"""Since when a policy has granted something: the version, its day, and whether that is certain.

Something is held *since* a version if the default version before it is known and did not hold it,
or if there was none before it. Otherwise it was only *first seen* in that version: an older,
unknown one may have held it too. A policy that was deleted and created anew holds nothing of its
earlier life. That an unknown version in between held it is taken for granted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from msgspec import Struct

from policybook.analysis.default_version import became_default, not_known
from policybook.analysis.timeline import Transition, transitions, with_rollbacks
from policybook.model.documents import Document
from policybook.model.policies import Policy, Version

_OLDEST = "the oldest known document"


class Start(Struct, frozen=True, eq=False):
    """A version when it became the default: since then the policy may have held something.

    `place` is its position among all starts of the policy, from 0, and `key` that of its
    transition. `life` counts how often the policy was created anew by then. `day` is the day on
    which the version became the default; if it is only `observed`, it was first seen as the default
    on that day. `unknown` says what is not known of the default before it, "" if that is known or
    if there was none. `again` says that the version has been the default before.
    """

    place: int
    key: str
    version: Version
    life: int
    day: date | None
    observed: bool
    unknown: str
    again: bool = False

    @property
    def first_seen(self) -> bool:
        """Whether what begins here may be older, in a version that is not known."""
        return bool(self.unknown)

    @property
    def label(self) -> str:
        """The version and its day in words."""
        key = self.version.key
        if self.version.facts.id is None:
            return f"the document of {key}"
        on = f"first observed {self.day}" if self.observed else f"{self.day}"
        return f"{key}{' again' * self.again}, {on if self.day else 'date unknown'}"

    @property
    def since(self) -> str:
        """Since when something is held that begins here."""
        return f"first seen in {self.label}{self._doubt}" if self.unknown else f"since {self.label}"

    @property
    def until(self) -> str:
        """Until when something was held that this version no longer holds."""
        return f"until {self.label}{self._doubt}"

    @property
    def linked(self) -> str:
        """The key of the entry of the timeline that shows it."""
        return self.key if self.day or not self.again else self.version.key

    @property
    def _doubt(self) -> str:
        """What is not known, as the end of a sentence."""
        mark = "," if self.unknown == _OLDEST else ";"
        return f"{mark} {self.unknown}" if self.unknown else ""


def uncompared_history(policy: Policy) -> tuple[Transition, ...]:
    """The versions and rollbacks of a policy, newest first; the versions are not compared."""
    return with_rollbacks(policy, transitions(policy, [None] * len(policy.versions)))


def since_words(granted: Start | None, in_form: Start | None) -> str:
    """Since when a policy grants an action, and since when in the form of one grant, if later.

    Args:
        granted: Since when the action is granted; None if it is not.
        in_form: Since when the grant stands in its form.
    """
    found = [granted.since] if granted else []
    if in_form and in_form is not granted:
        found.append(f"in this form {in_form.since}")
    return "; ".join(found)


def starts(policy: Policy, history: Sequence[Transition]) -> tuple[Start, ...]:
    """Each start of a version as the default, oldest first.

    The last one is that of the current version, even if the data has no rollback to it.

    Args:
        policy: The policy.
        history: Its versions and rollbacks, newest first.
    """
    defaults = [t for t in reversed(history) if not t.outside_sequence]
    found: list[Start] = []
    for place, t in enumerate(defaults):
        life = (found[-1].life if found else 0) + t.recreated
        day, observed = became_default(policy, t.version)
        if t.returned:
            day, observed = t.default_since or t.returned, t.default_since is None
        unknown, again = _unknown(defaults, place), t.returned is not None
        found.append(Start(place, t.key, t.version, life, day, observed, unknown, again))
    current, known = policy.current, [start for start in found if start.version.document]
    if current and known and known[-1].version is not current:
        key, unknown = f"{current.key}-again", _undocumented(found[-1].version)
        life = known[-1].life
        found.append(Start(len(found), key, current, life, None, False, unknown, again=True))
    return tuple(found)


def _unknown(defaults: Sequence[Transition], place: int) -> str:
    """What is not known of the default before the one at a place, or ""."""
    this, older = defaults[place], defaults[:place]
    if this.version.number == 1 and not this.returned:
        return ""
    life = next((n for n in range(place, -1, -1) if defaults[n].recreated), 0)
    if not any(t.version.document for t in defaults[life:place]):
        return _OLDEST
    # A version that is missing after a rollback may have been the default before it.
    newer = next((t for t in defaults[place:] if not t.returned), this)
    if newer.missing and (newer is this or not newer.recreated):
        return not_known(newer.missing[0], newer.missing[-1], newer.version.life or 1)
    before = older[-1]
    listed = next((t.version for t in reversed(older) if not t.returned), before.version)
    if (this.returned or before.returned) and not listed.day:
        return f"of {listed.key} the day is not known"
    for version in (this.version, before.version):
        if version.facts.id is None:
            return f"the version number of the document of {version.key} is not known"
    return _undocumented(before.version)


def _undocumented(version: Version) -> str:
    return "" if version.document else f"the document of {version.key} is not known"


def last_start(found: Sequence[Start], version: Version, day: date | None = None) -> Start | None:
    """The last start of a version, until a day if one is given; None if it has none."""
    own = [start for start in found if start.version is version]
    then = [start for start in own if not (day and start.day and start.day > day)]
    return next(reversed(then or own), None)


def held_since(found: Sequence[Start], last: Start, holds: Callable[[Document], bool]) -> Start:
    """The oldest start since which every known default up to `last` has held something.

    Args:
        found: The starts of the policy.
        last: A start whose document holds it.
        holds: Whether a document holds it.
    """
    since = last
    for start in reversed(found[: last.place]):
        document = start.version.document
        if start.life != last.life or (document and not holds(document)):
            break
        since = start if document else since
    return since
