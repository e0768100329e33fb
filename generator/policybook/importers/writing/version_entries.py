"""Entries of `policy.yml` as importers write them, and how sources are merged in a version's.

The rule for days: each entry keeps the days that each source states. `published` is the earliest
day of publication among them. The days of a guide count only if no other source states one: AWS's
tables have the day on which a page was changed, which is often a day before or after the version's
own. `observed` is the earliest day of observation, and `default_since` the earliest day after
publication on which the version became the default, if that is no later than the day of
observation. So the order in which sources are imported does not matter.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import msgspec
import yaml
from msgspec import structs

from policybook.importers.records import ArchivedVersion, ShownDocument
from policybook.model.book import ImportedSource
from policybook.model.descriptions import GUIDE, Description, is_page
from policybook.model.links import SourceDays
from policybook.model.policies import VersionFacts

_UNKNOWN: tuple[object, ...] = (None, False, {}, ())
_DAYS = ("published", "observed", "default_since", "as_of")


class _Dumper(yaml.SafeDumper):
    """Writes each value where it belongs, no alias of it, and each text on one line."""

    def ignore_aliases(self, data: object) -> bool:  # PyYAML's hook
        return True

    def choose_scalar_style(self) -> str:  # PyYAML's hook
        text = getattr(self.event, "value", "")
        return '"' if "\n" in text else super().choose_scalar_style()


def entry(facts: VersionFacts) -> str:
    """The entry on one line, without its dash."""
    sources = ", ".join(f"{name}: {_mapping(days)}" for name, days in facts.sources.items())
    key = f"id: {facts.id}" if facts.id else f"document: {facts.document}"
    parts = [key, *_day_parts(facts)]
    return "{" + ", ".join([*parts, f"sources: {{{sources}}}"] if sources else parts) + "}"


def source_line(source: str, facts: Description | ImportedSource) -> str:
    """The line of a source in a mapping by source, with its two spaces."""
    line = yaml.dump(
        _known(msgspec.to_builtins(facts, builtin_types=(date,))),
        Dumper=_Dumper,
        default_flow_style=True,
        allow_unicode=True,
        sort_keys=False,
        width=math.inf,
    )
    return f"  {source}: {line.rstrip()}"


def _known(value: Any) -> Any:
    """The value without what is unknown or empty."""
    if isinstance(value, dict):
        return {key: _known(part) for key, part in value.items() if part not in _UNKNOWN}
    return [_known(part) for part in value] if isinstance(value, tuple) else value


def kept_description(source: str, before: Description, after: Description) -> Description:
    """Which of two descriptions by one source the data keeps; `after` is the one being imported.

    Of a page that is the one of the later day, a day being later than none. Of one day it is the
    one with a licence, and else the one that comes later in the alphabet: any rule will do that
    does not depend on the order of imports. What another source says anew replaces what it said.
    """
    return max(before, after, key=_state) if is_page(source) else after


def _state(description: Description) -> tuple[str, bool, bytes]:
    text = msgspec.json.encode(description)
    return description.as_of or "", bool(description.license), text


def _mapping(days: SourceDays) -> str:
    return "{" + ", ".join(_day_parts(days)) + "}"


def _day_parts(days: VersionFacts | SourceDays) -> Iterator[str]:
    return (f"{name}: {day}" for name in _DAYS if (day := getattr(days, name, None)))


def new_facts(version: ArchivedVersion | ShownDocument, source: str) -> VersionFacts:
    """The entry of a version that only this source has."""
    if isinstance(version, ShownDocument):
        own = VersionFacts(document=version.name)
    else:
        own = VersionFacts(id=version.id)
    return _derived(own, {source: version.days})


def merged_facts(
    there: VersionFacts, version: ArchivedVersion | ShownDocument, source: str
) -> VersionFacts | None:
    """An entry with what one more source states, or the same source anew.

    Args:
        there: The entry in the data.
        version: The version in the source.
        source: The name of the source.

    Returns:
        The new entry; None if the data states another day of publication without naming a source,
        as people do.
    """
    day, stated = there.published, version.days
    if not there.sources and day and stated.published and day != stated.published:
        return None
    before = there.sources.get(source, SourceDays())
    after = SourceDays(
        published=_earliest((before.published, stated.published)),
        observed=_earliest((before.observed, stated.observed)),
        default_since=stated.default_since or before.default_since,
        as_of=max(filter(None, (before.as_of, stated.as_of)), default=None),
    )
    sources = {**there.sources, source: after}
    # A day that no source states was in the data before sources were named.
    named = any(day == days.published for days in there.sources.values())
    own = structs.replace(there, published=None if named else day, sources={})
    return _derived(own, {name: sources[name] for name in sorted(sources)})


def _derived(own: VersionFacts, sources: Mapping[str, SourceDays]) -> VersionFacts:
    """The entry with these sources, and with the days that follow from them and its own."""
    stated: tuple[VersionFacts | SourceDays, ...] = (own, *sources.values())
    exact: tuple[VersionFacts | SourceDays, ...] = (
        own,
        *(days for name, days in sources.items() if not name.startswith(GUIDE)),
    )
    published = _earliest(days.published for days in exact)
    published = published or _earliest(days.published for days in stated)
    observed = _earliest(days.observed for days in stated)
    since = _earliest(
        day
        for day in (days.default_since for days in stated)
        if day and not (published and day <= published) and not (observed and day > observed)
    )
    return VersionFacts(
        id=own.id,
        document=own.document,
        published=published,
        observed=observed,
        default_since=since,
        sources=dict(sources),
    )


def _earliest(days: Iterable[date | None]) -> date | None:
    return min(filter(None, days), default=None)
