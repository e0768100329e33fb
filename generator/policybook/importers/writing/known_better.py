"""Lines of a `policy.yml` that still are as an importer writes them, but could say more.

What an importer did not know, it writes as such: `arn: null`, `type: unknown`, `deprecated: {}`. A
day of first observation is that of the archive which was read; an archive with a longer history
knows an earlier one. A line that people have touched is another line, and stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from policybook.importers.records import ArchivedPolicy
from policybook.importers.writing.deprecation_entries import deprecation_line, merged, stated_by
from policybook.importers.writing.version_entries import (
    entry,
    kept_description,
    merged_facts,
    source_line,
)
from policybook.model.policies import Policy, VersionFacts

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_VERSION = re.compile(r"(?P<dash> *- )\{(?:id|document): (?P<key>[a-z0-9~-]+)[,}].*")
_ROLLBACK = re.compile(
    rf"(?P<dash> *- )\{{to: (?P<id>v[0-9~]+), observed: (?P<day>{_DAY})\}}(?P<end>\s*)"
)


def known_better(
    lines: Sequence[str],
    places: Iterable[int],
    curated: Policy,
    record: ArchivedPolicy,
    source: str,
) -> Mapping[int, str]:
    """The new text of lines that the record knows better, by their places; "" without the line.

    Args:
        lines: The lines of the file.
        places: The lines of keys at the top, and of the entries of their lists.
        curated: The policy as it was read from them.
        record: The policy as an importer read it.
        source: The name of its source.
    """
    facts = dict(_facts(record, curated, source))
    listed = {facts.key: facts for facts in curated.facts.versions}
    found: dict[int, str] = {}
    for place in places:
        text = lines[place].rstrip("\r\n")
        new = _entry(text, listed, record, source) or _rollback(text, record) or text
        new = facts.get(text, new)
        if new != text:
            found[place] = new and new + lines[place][len(text) :]
    return found


def _facts(record: ArchivedPolicy, curated: Policy, source: str) -> Iterator[tuple[str, str]]:
    """What an importer writes of an unknown fact, and what it writes of a known one."""
    before = curated.facts.descriptions.get(source)
    if record.stated and before:
        kept = kept_description(source, before, record.stated)
        yield source_line(source, before), source_line(source, kept)
    if record.arn:
        yield "arn: null", f"arn: {record.arn}"
    if record.type != "unknown":
        yield "type: unknown", f"type: {record.type}"
    there, now = curated.facts.deprecated, stated_by(record)
    if there and now:
        stated = merged(there.sources, now, source)
        if stated or there.sources:  # people write the mapping without sources, too
            yield deprecation_line(there.sources), deprecation_line(stated) if stated else ""


def _entry(
    text: str, listed: Mapping[str, VersionFacts], record: ArchivedPolicy, source: str
) -> str:
    """The entry of a version with what the source states, if it is written as importers do."""
    match = _VERSION.fullmatch(text)
    there = listed.get(match["key"]) if match else None
    version = record.entries.get(match["key"]) if match else None
    if not match or not there or not version or text != match["dash"] + entry(there):
        return ""
    if not there.sources and not (there.published and there.observed):
        return ""  # people wrote it: importers knew both days before they named sources
    merged = merged_facts(there, version, source)
    return match["dash"] + entry(merged) if merged else ""


def _rollback(text: str, record: ArchivedPolicy) -> str:
    """The entry of a rollback with the day on which it happened."""
    match = _ROLLBACK.fullmatch(text)
    if not match:
        return ""
    for back in record.rollbacks:
        if (back.id, str(back.observed)) == (match["id"], match["day"]) and back.default_since:
            since = f"default_since: {back.default_since}"
            return f"{match['dash']}{{to: {back.id}, observed: {back.observed}, {since}}}"
    return ""
