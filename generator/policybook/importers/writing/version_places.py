"""Where the entries of versions are in `policy.yml`, by rules that do not depend on time.

* Versions with a number are newest first. Documents that pages show without a number are last, in
  order of their names.
* A document without a number that people wrote is below the versions that were published since its
  day, and above all others.

A later import may learn such a day. Entries that an import wrote then change their place, so that
the order in which sources are imported does not matter. What people wrote stays where it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import yaml

from policybook.importers.records import ArchivedPolicy
from policybook.importers.writing.version_entries import entry, merged_facts, new_facts
from policybook.model.policies import VersionFacts

Insert = tuple[int, list[str]]
"""The place of added lines, which is the number of lines before them, and the lines."""


def version_lines(
    lines: Sequence[str],
    node: yaml.SequenceNode,
    listed: Sequence[VersionFacts],
    record: ArchivedPolicy,
    source: str,
) -> tuple[list[Insert], frozenset[int]]:
    """The lines of versions that the list lacks, and the lines that others leave.

    Args:
        lines: The lines of the file.
        node: The list, with one entry a line or more.
        listed: Its entries.
        record: The policy as an importer read it.
        source: The name of its source.
    """
    starts = [_dash_line(lines, item) for item in node.value]
    written = [
        f"- {entry(facts)}" == lines[at].strip() for facts, at in zip(listed, starts, strict=True)
    ]
    after = _after(listed, written, record, source)
    ranks = {key: -place for place, key in enumerate(record.entries)} if record.is_named else {}
    gone = {
        place
        for place, facts in enumerate(listed)
        if written[place] and _is_misplaced(place, facts, listed, after)
    }
    added = [facts for key, facts in after.items() if key not in {f.key for f in listed}]
    added += [after[listed[place].key] for place in gone]
    dash = " " * node.start_mark.column
    last = above(lines, node.end_mark.line, len(dash), blank=True)
    inserts: dict[int, list[str]] = {}
    for facts in sorted(added, key=lambda facts: _order(facts, ranks)):
        older = (
            above(lines, starts[place], len(dash))
            for place, other in enumerate(listed)
            if place not in gone and _is_below(other, facts, after, ranks)
        )
        inserts.setdefault(next(older, last), []).append(f"{dash}- {entry(facts)}")
    return list(inserts.items()), frozenset(starts[place] for place in gone)


def _after(
    listed: Sequence[VersionFacts], written: Sequence[bool], record: ArchivedPolicy, source: str
) -> Mapping[str, VersionFacts]:
    """All entries as they are after the import, by key."""
    found: dict[str, VersionFacts] = {}
    for facts, by_import in zip(listed, written, strict=True):
        version = record.entries.get(facts.key) if by_import else None
        found[facts.key] = (version and merged_facts(facts, version, source)) or facts
    for key, version in record.entries.items():
        if key not in found:
            found[key] = new_facts(version, source)
    return found


def _order(facts: VersionFacts, ranks: Mapping[str, int]) -> tuple[bool, tuple[int, ...], str]:
    order = (ranks[facts.key],) if facts.key in ranks else facts.order or ()
    return facts.is_shown, tuple(-number for number in order), facts.key


def _is_misplaced(
    place: int,
    facts: VersionFacts,
    listed: Sequence[VersionFacts],
    after: Mapping[str, VersionFacts],
) -> bool:
    """Whether an entry is on the wrong side of a document that people wrote."""
    return any(
        (place < at) != _is_older(other, facts, after)
        for at, other in enumerate(listed)
        if facts.order and not other.order and not other.is_shown
    )


def _is_below(
    listed: VersionFacts,
    facts: VersionFacts,
    after: Mapping[str, VersionFacts],
    ranks: Mapping[str, int],
) -> bool:
    """Whether an entry of the list belongs below a new one; `ranks` are those of the source.

    A version without a number has its place by the source's order, else by its day. Without a day
    it is the newest: it was found just now.
    """
    if facts.key not in ranks:
        return _is_older(listed, facts, after)
    if listed.key in ranks:
        return ranks[listed.key] < ranks[facts.key]
    return not (listed.day and facts.day) or listed.day <= facts.day


def _is_older(listed: VersionFacts, facts: VersionFacts, after: Mapping[str, VersionFacts]) -> bool:
    """Whether an entry of the list belongs below another one."""
    if not facts.order:
        return listed.is_shown and listed.key > facts.key
    if listed.order or listed.is_shown:
        return listed.is_shown or (listed.order or (0, 0)) < facts.order
    day = listed.published or (listed.observed if listed.id else None)
    since = [v.order for v in after.values() if day and v.published and v.published >= day]
    return any(order and facts.order >= order for order in since)


def _dash_line(lines: Sequence[str], item: yaml.Node) -> int:
    """The line of an entry's dash, which may be above the entry's first key."""
    line: int = item.start_mark.line
    while not lines[line].lstrip().startswith("-"):
        line -= 1
    return line


def above(lines: Sequence[str], place: int, column: int, blank: bool = False) -> int:
    """The place above the comments in front of it, as far as they can belong to what follows."""
    while place:
        line = lines[place - 1]
        inner = line.lstrip(" ")
        if not (inner.startswith("#") and len(line) - len(inner) <= column) and not (
            blank and not line.strip()
        ):
            break
        place -= 1
    return place
