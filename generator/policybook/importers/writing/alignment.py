"""Numbers the lives of an archived policy as the data does.

An archive that begins after a policy was re-created knows the second life alone, and numbers it as
the first. Versions are the same if they have one id and one day of publication.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import msgspec
from msgspec import structs

from policybook.importers.git_archives.history import fits
from policybook.importers.records import ArchivedPolicy, ArchivedVersion
from policybook.importers.snapshots import canonical
from policybook.model.policies import Policy, Version
from policybook.model.version_ids import version_id


def aligned(record: ArchivedPolicy, curated: Policy) -> tuple[ArchivedPolicy, tuple[str, ...]]:
    """The record with the data's numbers of lives.

    Args:
        record: The policy as the importer read it.
        curated: The policy in the data.

    Returns:
        The record without what has no place in the data, and a line for each version that has none,
        and for what the data says otherwise.
    """
    if record.is_named:
        return structs.replace(record, versions=tuple(_known(record, curated))), ()
    numbers = dict(_numbers(record, curated))
    kept = tuple(
        structs.replace(v, life=number) for v in record.versions if (number := numbers[v.life])
    )
    back = tuple(
        structs.replace(r, life=number) for r in record.rollbacks if (number := numbers[r.life])
    )
    lost = [v for v in record.versions if not numbers[v.life]]
    lines = [
        f"{record.name}: v{v.number} of {v.published} is left out, since the data begins with a "
        "later life of the policy; without that policy's folder it can be imported whole"
        for v in lost
    ]
    others = (*lines, *_facts(record, curated), *_days(kept, curated))
    return structs.replace(record, versions=kept, rollbacks=back), others


def older_lives(record: ArchivedPolicy, curated: Policy) -> int:
    """How many lives of the record are older than the first one in the data."""
    if record.is_named:
        return 0
    return sum(number == 0 for _, number in _numbers(record, curated))


def _known(record: ArchivedPolicy, curated: Policy) -> Iterator[ArchivedVersion]:
    """The versions of a source without numbers, each with the id that its document has in the data.

    Of several versions with one document, the newest is the newest one there.
    """
    left = [v for v in curated.versions if v.document and v.facts.id]
    own = {version.id for version in record.versions}
    for version in record.versions:
        same = (v for v in left if v.key == version.id)
        if curated.version(version.id) is None:
            same = (v for v in left if v.key not in own and _has_document(version, v))
        found = next(same, None)
        if found:
            left.remove(found)
        yield structs.replace(version, name=found.key) if found else version


def _numbers(record: ArchivedPolicy, curated: Policy) -> Iterator[tuple[int, int]]:
    """Each life of the record with its number in the data; 0 if it is older than the data."""
    known: dict[int, dict[int, Version]] = {1: {}}
    for version in curated.versions:
        if version.order:
            known.setdefault(version.order[0], {})[version.order[1]] = version
    lives: dict[int, list[ArchivedVersion]] = {}
    for archived in sorted(record.versions, key=lambda v: (v.life, v.number)):
        lives.setdefault(archived.life, []).append(archived)
    exact = {
        life: number
        for life, versions in lives.items()
        for number, there in known.items()
        if any(_is_same(version, there.get(version.number)) for version in versions)
    }
    last = 0
    for life, versions in lives.items():
        later = [number for other, number in exact.items() if other > life]
        number = exact.get(life) or (
            max(*known, last) + 1 if _is_anew(versions, known[max(known)]) else max(life, last + 1)
        )
        if life not in exact and (
            (later and number >= min(later)) or _is_before(versions, known[1])
        ):
            number = 0
        last = max(last, number)
        yield life, number


def _is_same(version: ArchivedVersion, other: Version | None) -> bool:
    if not other or not (version.published and other.facts.published):
        return _has_document(version, other)
    return other.facts.published == version.published


def _is_anew(versions: list[ArchivedVersion], known: Mapping[int, Version]) -> bool:
    """Whether the versions are of a life after the known one: a later day contradicts it."""
    days = [day for _, day in _dated(known)]
    return any(day > max(days) for day in _contradictions(versions, known))


def _is_before(versions: list[ArchivedVersion], known: Mapping[int, Version]) -> bool:
    """Whether the versions are of a life before the known one.

    That is so if a day contradicts it and none is later than its first one.
    """
    days = [day for _, day in _dated(known)]
    own = [version.published for version in versions if version.published]
    return bool(_contradictions(versions, known)) and max(own) < min(days)


def _contradictions(
    versions: list[ArchivedVersion], known: Mapping[int, Version]
) -> tuple[date, ...]:
    """The days of versions that are not of the known life.

    There is none if a document is the same: a day that people wrote may be another one than that of
    AWS, and so may that of a page which dates versions without showing them.
    """
    versions = [version for version in versions if version.document]
    dated = _dated(known)
    if not dated or any(_has_document(v, known.get(v.number)) for v in versions):
        return ()
    return tuple(
        v.published for v in versions if v.published and not fits(v.number, v.published, dated)
    )


def _dated(known: Mapping[int, Version]) -> list[tuple[int, date]]:
    """The days of a known life, by number."""
    days = ((n, v.facts.published) for n, v in known.items() if v.document)
    return [(number, day) for number, day in days if day]


def _has_document(version: ArchivedVersion, other: Version | None) -> bool:
    if not other or not other.document or not version.document:
        return False
    return canonical(msgspec.json.encode(other.document.source)) == version.document


def _facts(record: ArchivedPolicy, curated: Policy) -> Iterator[str]:
    """A line for each fact that the data has otherwise: a person may have written it."""
    for key in ("created", "attachable"):
        there, found = getattr(curated.facts, key), getattr(record, key)
        if None not in (there, found) and there != found:
            yield (
                f"{curated.name}: expected {key}: {_text(there)} as in the data, which stays, "
                f"found {_text(found)} in the source"
            )


def _text(fact: date | bool) -> str:
    return str(fact).lower()


def _days(versions: tuple[ArchivedVersion, ...], curated: Policy) -> Iterator[str]:
    """A line for each version that the data has with another day of publication."""
    for version in reversed(versions):
        there = curated.version(version_id(version.number, version.life))
        day = there.facts.published if there else None
        if day and version.published and day != version.published:
            yield (
                f"{curated.name}: {version.id} was published on {version.published} by the "
                f"source, and on {day} by the data"
            )
