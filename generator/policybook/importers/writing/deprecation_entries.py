"""`deprecated` in `policy.yml` as importers write it, and how sources are merged in it.

What each source says is kept under its name. Which state, day and successors follow from all of
them is decided when the data is read (`policybook.model.deprecation`), so the order in which
sources are imported does not matter. Keys beside `sources` are those of people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import msgspec
from msgspec import structs

from policybook.importers.deprecation_wording import deprecation_in
from policybook.importers.records import ArchivedPolicy
from policybook.model.deprecation import STATES, DeprecationFacts, SourceDeprecation
from policybook.model.descriptions import is_page

_DAYS = ("date", "observed", "not_attachable", "not_listed")
_NOTHING = SourceDeprecation()

Stated = Mapping[str, SourceDeprecation]
"""What sources say, by the name of the source."""


def deprecation_line(sources: Stated) -> str:
    """The line; without sources the empty mapping, which earlier importers wrote."""
    stated = ", ".join(f"{name}: {{{', '.join(_parts(sources[name]))}}}" for name in sources)
    return f"deprecated: {{sources: {{{stated}}}}}" if stated else "deprecated: {}"


def _parts(said: SourceDeprecation) -> Iterator[str]:
    if said.state:
        yield f"state: {said.state}"
    for name in _DAYS:
        if day := getattr(said, name):
            yield f"{name}: {day}"
    if said.successors:
        yield f"successors: {msgspec.json.encode(said.successors).decode()}"


def stated_by(record: ArchivedPolicy) -> SourceDeprecation | None:
    """What a source says of a policy: as its importer found it, else in the source's words."""
    if record.deprecation is None and record.description and record.description.text:
        return deprecation_in(record.description.text, record.name)
    return record.deprecation


def merged(there: Stated, now: SourceDeprecation | None, source: str) -> Stated:
    """What sources say, with what one of them says now.

    Of each day of first observation the earlier one counts, since an archive may have been read
    with less of its history. What the source no longer says is left out, but for pages: of several
    states of one, the furthest counts, whichever is imported last.

    Args:
        there: What the data has.
        now: What the source says; None if nothing, an empty one if it takes back what it said.
        source: The name of the source.
    """
    if now is None:
        return there
    before = there.get(source, _NOTHING)
    if is_page(source):
        now = of_both(before, now)
        now = structs.replace(now, successors=tuple(sorted(now.successors)))
    found = {**there, source: _since(before, now)}
    return {name: found[name] for name in sorted(found) if found[name] != _NOTHING}


def of_newer(
    facts: DeprecationFacts | None, older: SourceDeprecation, source: str
) -> SourceDeprecation:
    """What a source says where an older state of it is imported: what it said, since earlier days.

    Args:
        facts: What the data has, which is that of the newer state.
        older: What the older state says.
        source: The name of the source.
    """
    return _since(older, facts.sources.get(source, _NOTHING) if facts else _NOTHING)


def _since(before: SourceDeprecation, now: SourceDeprecation) -> SourceDeprecation:
    return structs.replace(
        now,
        observed=_earliest(before.observed, now.observed),
        not_attachable=_earliest(before.not_attachable, now.not_attachable),
        not_listed=_earliest(before.not_listed, now.not_listed),
    )


def of_both(one: SourceDeprecation, other: SourceDeprecation) -> SourceDeprecation:
    """The furthest state of both with its earliest stated day, and all successors."""
    states = [said.state for said in (one, other) if said.state]
    state = max(states, key=STATES.index, default=None)
    days = [said.date for said in (one, other) if said.date and said.state == state]
    successors = tuple(dict.fromkeys((*one.successors, *other.successors)))
    return SourceDeprecation(state=state, date=min(days, default=None), successors=successors)


def _earliest(before: date | None, now: date | None) -> date | None:
    """The earlier day; None if it is not so now."""
    return min(before or now, now) if now else None
