"""Writes `policy.yml`: a new one, or lines added to one that people have edited.

This edits the text by line, and not through a YAML library, because what people wrote has to stay
as it is to the byte: comments, order, quoting and line ends.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

import yaml

from policybook.errors import PolicybookError
from policybook.importers.records import ArchivedPolicy, ArchivedRollback
from policybook.importers.writing.deprecation_entries import deprecation_line, merged, stated_by
from policybook.importers.writing.known_better import known_better
from policybook.importers.writing.version_entries import entry, new_facts, source_line
from policybook.importers.writing.version_places import Insert, above, version_lines
from policybook.model.descriptions import GUIDE, Description
from policybook.model.policies import Policy


def new_yaml(record: ArchivedPolicy, source: str) -> str:
    """The text of `policy.yml` for a policy that is not in the data yet."""
    return "\n".join(_lines(record, source)) + "\n"


def _lines(record: ArchivedPolicy, source: str) -> Iterator[str]:
    yield f"name: {scalar(record.name)}"
    yield f"arn: {record.arn or 'null'}"
    yield f"type: {record.type}"
    for lines in _fact_lines(record, source).values():
        yield from lines
    if record.entries:
        yield "versions:"
        yield from _entries(record, source)


def _entries(record: ArchivedPolicy, source: str) -> Iterator[str]:
    return (f"  - {entry(new_facts(version, source))}" for version in record.entries.values())


def _fact_lines(record: ArchivedPolicy, source: str) -> Mapping[str, list[str]]:
    """The lines of the facts beside name, ARN and type, as far as they are known, by key.

    Importers write them in this order, whichever of them becomes known first.
    """
    found: dict[str, list[str]] = {}
    if record.created:
        found["created"] = [f"created: {record.created}"]
    if record.attachable is not None:
        found["attachable"] = [f"attachable: {str(record.attachable).lower()}"]
    if stated := merged({}, stated_by(record), source):
        found["deprecated"] = [deprecation_line(stated)]
    if record.stated:
        found["descriptions"] = ["descriptions:", source_line(source, record.stated)]
    if back := [_rollback(r) for r in _known_rollbacks(record)]:
        found["rollbacks"] = ["rollbacks:", *back]
    return found


_ORDER = ("created", "attachable", "deprecated", "descriptions", "rollbacks", "notes_for")


def _known_rollbacks(record: ArchivedPolicy) -> list[ArchivedRollback]:
    known = {version.id for version in record.versions}
    return [rollback for rollback in record.rollbacks if rollback.id in known]


def _missing_rollbacks(curated: Policy, record: ArchivedPolicy) -> list[ArchivedRollback]:
    there = {(back.to, back.observed) for back in curated.facts.rollbacks}
    return [back for back in _known_rollbacks(record) if (back.id, back.observed) not in there]


def _rollback(rollback: ArchivedRollback) -> str:
    since = f", default_since: {rollback.default_since}" if rollback.default_since else ""
    return f"  - {{to: {rollback.id}, observed: {rollback.observed}{since}}}"


def scalar(text: str) -> str:
    """The text as a value in YAML, in quotes if it needs them."""
    plain = re.fullmatch(r"(?!(true|false|null)$)[A-Za-z][A-Za-z0-9_-]*", text)
    return text if plain else f'"{text}"'


def merged_yaml(text: str, curated: Policy, record: ArchivedPolicy, source: str, grew: bool) -> str:
    """The text of an existing `policy.yml`, with lines added for what it lacks.

    A line that people wrote is never changed. A line that still is as an importer writes it is, if
    the record knows better: see `policybook.importers.writing.known_better`.

    Args:
        text: The text of the file.
        curated: The policy as it was read from that file.
        record: The policy as the importer read it.
        source: The name of its source.
        grew: Whether documents were added to the policy's folder.

    Raises:
        PolicybookError: There is no place for the lines, as in a list in brackets.
    """
    lines = text.splitlines(keepends=True)
    ending = "\r\n" if lines[0].endswith("\r\n") else "\n"
    if not lines[-1].endswith(("\n", "\r")):
        lines[-1] += ending
    root = yaml.compose("".join(lines), Loader=yaml.CSafeLoader)
    assert isinstance(root, yaml.MappingNode)  # or it would not have been read
    insert, gone = _inserts(lines, root, curated, record, source, grew)
    better = known_better(lines, _places(root), curated, record, source)
    if not insert and not better:
        return text
    for place, line in better.items():
        lines[place] = line
    for place in gone:
        lines[place] = ""
    for place, added in sorted(insert, key=lambda item: item[0], reverse=True):
        lines[place:place] = [line + ending for line in added]
    return "".join(lines)


def _places(root: yaml.MappingNode) -> Iterator[int]:
    """The lines of keys at the top, and of the entries of their lists and mappings."""
    for key, value in root.value:
        yield key.start_mark.line
        if isinstance(value, yaml.SequenceNode):
            yield from (item.start_mark.line for item in value.value)
        elif isinstance(value, yaml.MappingNode):
            yield from (inner.start_mark.line for inner, _ in value.value)


def _inserts(
    lines: list[str],
    root: yaml.MappingNode,
    curated: Policy,
    record: ArchivedPolicy,
    source: str,
    grew: bool,
) -> tuple[list[Insert], frozenset[int]]:
    """What to add, and above which of the lines; and which lines to take away."""
    keys = {key.value: (key, value) for key, value in root.value}
    end, insert, gone = root.end_mark.line, list[Insert](), frozenset[int]()
    missing = record.entries.keys() - {facts.key for facts in curated.facts.versions}
    back = _missing_rollbacks(curated, record)
    newer = grew or bool(back) or any(version.id in missing for version in record.versions)
    facts = _missing_facts(keys.keys(), curated, record, source, newer)
    if root.flow_style and (missing or facts):
        raise _flow(curated, root, "one key a line, found a mapping in braces")
    if missing and "versions" not in keys:
        insert.append((end, ["versions:", *_entries(record, source)]))
    elif "versions" in keys:
        node = keys["versions"][1]
        if missing or not node.flow_style:
            block = _block(curated, "versions", node)
            insert, gone = version_lines(lines, block, curated.facts.versions, record, source)
    starts = {key: node.start_mark.line for key, (node, _) in keys.items()}
    # Of what is added at one place, the later in this list is above: facts are above new versions,
    # but below what is added to the list in front of them.
    at = 0 if "versions" in keys else len(insert)
    insert[at:at] = [(above(lines, place, 0), new) for place, new in _placed(facts, starts, end)]
    if "descriptions" in keys and record.stated:
        insert += _described(keys["descriptions"][1], curated, record.stated, source)
    if "versions" in keys:
        insert += _dates(keys["versions"][1], curated, record, source)
    if "rollbacks" in keys and back:
        node = _block(curated, "rollbacks", keys["rollbacks"][1])
        dash = " " * node.start_mark.column
        place = above(lines, node.end_mark.line, len(dash), blank=True)
        insert.append((place, [dash + _rollback(r).lstrip() for r in back]))
    return insert, gone


def _flow(curated: Policy, node: yaml.Node, expected: str) -> PolicybookError:
    line = node.start_mark.line + 1
    return PolicybookError(f"policies/{curated.name}/policy.yml:{line}: expected {expected}")


def _block(curated: Policy, key: str, node: yaml.Node) -> yaml.SequenceNode:
    """A list with one entry a line or more."""
    if not isinstance(node, yaml.SequenceNode) or node.flow_style:
        raise _flow(curated, node, f"{key} with one entry a line, found a list in brackets")
    return node


def _missing_facts(
    present: Collection[str], curated: Policy, record: ArchivedPolicy, source: str, newer: bool
) -> Mapping[str, list[str]]:
    """The lines of the facts that the file lacks, by key."""
    found = {k: v for k, v in _fact_lines(record, source).items() if k not in present}
    notes = curated.facts.permissions or curated.facts.claims
    shown = curated.current
    if newer and notes and not curated.facts.notes_for and shown and not shown.facts.is_shown:
        found["notes_for"] = [f"notes_for: {scalar(shown.key)}"]
    return found


def _placed(
    facts: Mapping[str, list[str]], starts: Mapping[str, int], end: int
) -> Iterator[Insert]:
    """The facts with their places: each above the first key that follows it, if there is one.

    So the order in which sources are imported does not matter.
    """
    found: dict[int, list[str]] = {}
    for key, lines in facts.items():
        later = (*_ORDER[_ORDER.index(key) + 1 :], "versions")
        place = next((starts[other] for other in later if other in starts), end)
        found.setdefault(place, []).extend(lines)
    yield from found.items()


def _described(
    node: yaml.Node, curated: Policy, description: Description, source: str
) -> Iterator[Insert]:
    """Where the source's description goes among those of other sources, in order of their names."""
    if source in curated.facts.descriptions:
        return
    if not isinstance(node, yaml.MappingNode) or node.flow_style:
        raise _flow(curated, node, "descriptions with one source a line, found them in braces")
    later = (key.start_mark.line for key, _ in node.value if key.value > source)
    yield next(later, node.end_mark.line), [source_line(source, description)]


def _dates(
    versions: yaml.Node, curated: Policy, record: ArchivedPolicy, source: str
) -> Iterator[Insert]:
    """The days that entries lack, where they have a line a key: below the line of the id.

    People's entries do not name sources, so the days of a guide, which may be wrong, are not added.
    """
    if source.startswith(GUIDE):
        return
    archived = {version.id: version for version in record.versions}
    for item, listed in zip(versions.value, curated.facts.versions, strict=True):
        version = archived.get(listed.key)
        if version is None or item.flow_style:
            continue
        key, value = next((k, v) for k, v in item.value if k.value == "id")
        indent = " " * key.start_mark.column
        days = {
            "published": version.published,
            "observed": version.observed,
            "default_since": version.default_since,
        }
        added = [
            f"{indent}{name}: {day}"
            for name, day in days.items()
            if day and getattr(listed, name) is None
        ]
        if added:
            yield value.end_mark.line + 1, added
