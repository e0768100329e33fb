"""The results for versions of which others speak: the start of a grant, and the last change."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from policybook.analysis.last_change import LastChange
from policybook.analysis.since import Start
from policybook.model.changes import Verdict


class StartResult(Struct, frozen=True):
    """A version or rollback since which a policy may have granted something.

    Attributes:
        version: The key of the version.
        day: The date on which it became the default, or null.
        observed: Whether the version was only first observed as the default on that date.
        first_seen: Whether what begins here may be older, as the default version before it is not
            known.
        unknown: What is not known of the default version before it, or null.
    """

    version: str
    day: date | None
    observed: bool
    first_seen: bool
    unknown: str | None


def start_result(start: Start) -> StartResult:
    """Return the result for the start of a version as the default."""
    return StartResult(
        start.version.key, start.day, start.observed, start.first_seen, start.unknown or None
    )


class LastChangeResult(Struct, frozen=True):
    """The last known change of a policy with an effect.

    Attributes:
        version: The key of the version or rollback.
        day: The date of publication, or else of the first observation; null if both are unknown.
        published: The publication date of the version; null if it is unknown, and for a rollback.
        verdict: The verdict; `undetermined` if it may have had an effect.
    """

    version: str
    day: date | None
    published: date | None
    verdict: Verdict


def last_change_result(last: LastChange) -> LastChangeResult | None:
    """Return the result for the last change with an effect; None if none is known."""
    found = last.effective
    if found is None:
        return None
    return LastChangeResult(found.key, found.day, found.published, found.verdict)
