"""The results for versions through time: the start of a grant, the last change, the defaults."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from policybook.analysis.default_version import default_spans
from policybook.analysis.last_change import LastChange
from policybook.analysis.since import Start
from policybook.book import addresses
from policybook.book.context import BookContext
from policybook.book.documents import detached, documents_file
from policybook.book.facts.levels import Level
from policybook.catalogue.catalogue import UNCATALOGUED
from policybook.catalogue.services import LEVELS
from policybook.model.changes import Verdict
from policybook.model.policies import Policy, Version


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


# --- default versions by day ----------------------------------------------------------------------

ALL_LEVELS = (*LEVELS, UNCATALOGUED)


class DefaultSpanResult(Struct, frozen=True):
    """The days with one default version, up to the day before the next entry.

    Attributes:
        since: The first day; null for all days before the next entry.
        version: The key of the default version, or null if there was none.
        unsure: Why that is uncertain, or "".
    """

    since: date | None
    version: str | None
    unsure: str


class DefaultVersionResult(Struct, frozen=True):
    """A version that was the default.

    Attributes:
        url: The address of the version on the page of the policy.
        services: The number of effective actions by service, in the order of `levels`; null if
            the document is unknown.
        document_file: The path of the file with its document, or null if the policy's file has it.
    """

    url: str
    services: Mapping[str, tuple[int, ...]] | None
    document_file: str | None


class DefaultsResult(Struct, frozen=True):
    """The default versions of a policy by day.

    Attributes:
        policy: The name of the policy.
        levels: The access levels that `services` of a version counts, in order.
        defaults: The default version of each day, oldest first.
        versions: The versions in `defaults`, by key.
    """

    policy: str
    levels: tuple[str, ...]
    defaults: tuple[DefaultSpanResult, ...]
    versions: Mapping[str, DefaultVersionResult]


def defaults_result(context: BookContext, name: str) -> DefaultsResult:
    """Return the default versions of a policy by day."""
    policy = context.book.policies[name]
    spans = default_spans(policy)
    found = {span.version.key: span.version for span in spans if span.version}
    files = {version.key for version in detached(policy)}
    return DefaultsResult(
        policy=name,
        levels=ALL_LEVELS,
        defaults=tuple(
            DefaultSpanResult(s.since, s.version.key if s.version else None, s.unsure)
            for s in spans
        ),
        versions={
            key: _version(context, policy, version, detached=key in files)
            for key, version in found.items()
        },
    )


def _version(
    context: BookContext, policy: Policy, version: Version, *, detached: bool
) -> DefaultVersionResult:
    counts = context.history.services(policy.name).get(version.key)
    return DefaultVersionResult(
        url=addresses.policy(policy.name, version.key).place,
        services={prefix: _counts(levels) for prefix, levels in counts.items()}
        if counts is not None
        else None,
        document_file=documents_file(policy) if detached else None,
    )


def _counts(levels: tuple[Level, ...]) -> tuple[int, ...]:
    by_name = {level.name: level.count for level in levels}
    return tuple([by_name.get(name, 0) for name in ALL_LEVELS])  # twice as fast as a generator
