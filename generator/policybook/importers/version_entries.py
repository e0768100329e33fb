"""Entries of `policy.yml` as importers write them, and how sources are merged in a version's.

The rule for days: each entry keeps the days that each source states. `published` is the earliest
day of publication among them, `observed` the earliest day of observation, and `default_since` the
earliest day after publication on which the version became the default, if that is no later than the
day of observation. So the order in which sources are imported does not matter.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import date

import msgspec
import yaml

from policybook.importers.records import ArchivedVersion
from policybook.model.book import ImportedSource
from policybook.model.policies import Description, SourceDays, VersionFacts

_DAYS = ("published", "observed", "default_since")


class _Dumper(yaml.SafeDumper):
    """Writes each value where it belongs, and no alias of it."""

    def ignore_aliases(self, data: object) -> bool:  # PyYAML's hook
        return True


def entry(facts: VersionFacts) -> str:
    """The entry on one line, without its dash."""
    sources = ", ".join(f"{name}: {_mapping(days)}" for name, days in facts.sources.items())
    parts = [f"id: {facts.id}", *_day_parts(facts)]
    return "{" + ", ".join([*parts, f"sources: {{{sources}}}"] if sources else parts) + "}"


def source_line(source: str, facts: Description | ImportedSource) -> str:
    """The line of a source in a mapping by source, with its two spaces."""
    found = msgspec.to_builtins(facts, builtin_types=(date,))
    known = {key: value for key, value in found.items() if value}
    line = yaml.dump(
        known,
        Dumper=_Dumper,
        default_flow_style=True,
        allow_unicode=True,
        sort_keys=False,
        width=math.inf,
    )
    return f"  {source}: {line.rstrip()}"


def _mapping(days: SourceDays) -> str:
    return "{" + ", ".join(_day_parts(days)) + "}"


def _day_parts(days: VersionFacts | SourceDays) -> Iterator[str]:
    return (f"{name}: {day}" for name in _DAYS if (day := getattr(days, name)))


def new_facts(version: ArchivedVersion, source: str) -> VersionFacts:
    """The entry of a version that only this source has."""
    return _derived(VersionFacts(id=version.id, sources={source: version.days}))


def merged_facts(there: VersionFacts, version: ArchivedVersion, source: str) -> VersionFacts | None:
    """An entry with what one more source states, or the same source anew.

    Args:
        there: The entry in the data.
        version: The version in the source.
        source: The name of the source.

    Returns:
        The new entry; None if the data states another day of publication without naming a source,
        as people do.
    """
    day = there.published
    if not there.sources and day and version.published and day != version.published:
        return None
    before = there.sources.get(source, SourceDays())
    after = SourceDays(
        published=version.published or before.published,
        observed=_earliest((before.observed, version.observed)),
        default_since=version.default_since or before.default_since,
    )
    sources = {**there.sources, source: after}
    merged = {name: sources[name] for name in sorted(sources)}
    return _derived(
        VersionFacts(
            id=there.id,
            published=there.published,
            observed=there.observed,
            default_since=there.default_since,
            sources=merged,
        )
    )


def _derived(facts: VersionFacts) -> VersionFacts:
    """The entry with the days that follow from those of the sources."""
    stated: tuple[VersionFacts | SourceDays, ...] = (facts, *facts.sources.values())
    published = _earliest(days.published for days in stated)
    observed = _earliest(days.observed for days in stated)
    since = _earliest(
        day
        for day in (days.default_since for days in stated)
        if day and not (published and day <= published) and not (observed and day > observed)
    )
    return VersionFacts(
        id=facts.id,
        published=published,
        observed=observed,
        default_since=since,
        sources=facts.sources,
    )


def _earliest(days: Iterable[date | None]) -> date | None:
    return min(filter(None, days), default=None)
