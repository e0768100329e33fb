"""Writes `policy.yml`: a new one, or lines added to one that people have edited.

This edits the text by line, and not through a YAML library, because what people wrote has to stay
as it is to the byte: comments, order, quoting and line ends.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

import yaml

from policybook.errors import PolicybookError
from policybook.importers.deprecation_entries import deprecation_line, merged, said
from policybook.importers.known_better import known_better
from policybook.importers.records import ArchivedPolicy, ArchivedRollback, ArchivedVersion
from policybook.importers.version_entries import entry as written_entry
from policybook.importers.version_entries import new_facts, source_line
from policybook.model.policies import Description, Policy, version_order

Insert = tuple[int, list[str]]
"""The place of added lines, which is the number of lines before them, and the lines."""


def new_yaml(record: ArchivedPolicy, source: str) -> str:
    """The text of `policy.yml` for a policy that is not in the data yet."""
    return "\n".join(_lines(record, source)) + "\n"


def _lines(record: ArchivedPolicy, source: str) -> Iterator[str]:
    yield f"name: {scalar(record.name)}"
    yield f"arn: {record.arn or 'null'}"
    yield f"type: {record.type}"
    for lines in _fact_lines(record, source).values():
        yield from lines
    yield "versions:"
    yield from (_entry(version, source) for version in record.versions)


def _fact_lines(record: ArchivedPolicy, source: str) -> Mapping[str, list[str]]:
    """The lines of the facts beside name, ARN and type, as far as they are known, by key.

    Importers write them in this order, whichever of them becomes known first.
    """
    found: dict[str, list[str]] = {}
    if record.created:
        found["created"] = [f"created: {record.created}"]
    if record.attachable is not None:
        found["attachable"] = [f"attachable: {str(record.attachable).lower()}"]
    if stated := merged({}, said(record), source):
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


def _rollback(rollback: ArchivedRollback) -> str:
    since = f", default_since: {rollback.default_since}" if rollback.default_since else ""
    return f"  - {{to: {rollback.id}, observed: {rollback.observed}{since}}}"


def _entry(version: ArchivedVersion, source: str) -> str:
    return f"  - {written_entry(new_facts(version, source))}"


def scalar(text: str) -> str:
    """The text as a value in YAML, in quotes if it needs them."""
    return text if re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", text) else f'"{text}"'


def merged_yaml(text: str, curated: Policy, record: ArchivedPolicy, source: str, grew: bool) -> str:
    """The text of an existing `policy.yml`, with lines added for what it lacks.

    A line that people wrote is never changed. A line that still is as an importer writes it is, if
    the record knows better: see `policybook.importers.known_better`.

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
    insert = _inserts(lines, root, curated, record, source, grew)
    better = known_better(lines, _places(root), curated, record, source)
    if not insert and not better:
        return text
    for place, line in better.items():
        lines[place] = line
    for place, added in sorted(insert, key=lambda item: item[0], reverse=True):
        lines[place:place] = [line + ending for line in added]
    return "".join(lines)


def _places(root: yaml.MappingNode) -> Iterator[int]:
    """The lines of keys at the top, and of the entries of their lists and mappings."""
    for key, value in root.value:
        yield key.start_mark.line
        if isinstance(value, yaml.SequenceNode):
            yield from (entry.start_mark.line for entry in value.value)
        elif isinstance(value, yaml.MappingNode):
            yield from (entry.start_mark.line for entry, _ in value.value)


def _inserts(
    lines: list[str],
    root: yaml.MappingNode,
    curated: Policy,
    record: ArchivedPolicy,
    source: str,
    grew: bool,
) -> list[Insert]:
    """What to add, and above which of the lines."""
    keys = {key.value: (key, value) for key, value in root.value}
    end = root.end_mark.line
    insert: list[Insert] = []
    missing = [v for v in record.versions if curated.version(v.id) is None]
    there = {(r.to, r.observed) for r in curated.facts.rollbacks}
    back = [r for r in _known_rollbacks(record) if (r.id, r.observed) not in there]
    newer = grew or bool(missing or back)
    facts = _missing_facts(keys.keys(), curated, record, source, newer)
    if root.flow_style and (missing or facts):
        raise _flow(curated, root, "one key a line, found a mapping in braces")
    if missing:
        insert += _version_inserts(keys.get("versions"), curated, missing, source, lines, end)
    starts = {key: node.start_mark.line for key, (node, _) in keys.items()}
    insert[:0] = [(_above(lines, place, 0), new) for place, new in _placed(facts, starts, end)]
    if "descriptions" in keys and record.stated:
        insert += _described(keys["descriptions"][1], curated, record.stated, source)
    if "versions" in keys:
        insert += _dates(keys["versions"][1], curated, record)
    if "rollbacks" in keys and back:
        node = keys["rollbacks"][1]
        dash = _dash(curated, "rollbacks", node)
        place = _above(lines, node.end_mark.line, len(dash), blank=True)
        insert.append((place, [dash + _rollback(r).lstrip() for r in back]))
    return insert


def _flow(curated: Policy, node: yaml.Node, expected: str) -> PolicybookError:
    line = node.start_mark.line + 1
    return PolicybookError(f"policies/{curated.name}/policy.yml:{line}: expected {expected}")


def _dash(curated: Policy, key: str, node: yaml.Node) -> str:
    """The spaces before the dashes of a list."""
    if not isinstance(node, yaml.SequenceNode) or node.flow_style:
        raise _flow(curated, node, f"{key} with one entry a line, found a list in brackets")
    return " " * node.start_mark.column


def _above(lines: list[str], place: int, column: int, blank: bool = False) -> int:
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


def _missing_facts(
    present: Collection[str], curated: Policy, record: ArchivedPolicy, source: str, newer: bool
) -> Mapping[str, list[str]]:
    """The lines of the facts that the file lacks, by key."""
    found = {k: v for k, v in _fact_lines(record, source).items() if k not in present}
    notes = curated.facts.permissions or curated.facts.claims
    if newer and notes and not curated.facts.notes_for and curated.current:
        found["notes_for"] = [f"notes_for: {scalar(curated.current.key)}"]
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


def _dates(versions: yaml.Node, curated: Policy, record: ArchivedPolicy) -> Iterator[Insert]:
    """The days that entries lack, where they have a line a key: below the line of the id."""
    archived = {version.id: version for version in record.versions}
    for entry, listed in zip(versions.value, curated.versions, strict=True):
        version = archived.get(listed.key)
        if version is None or entry.flow_style:
            continue
        key, value = next((k, v) for k, v in entry.value if k.value == "id")
        indent = " " * key.start_mark.column
        days = {
            "published": version.published,
            "observed": version.observed,
            "default_since": version.default_since,
        }
        added = [
            f"{indent}{name}: {day}"
            for name, day in days.items()
            if day and getattr(listed.facts, name) is None
        ]
        if added:
            yield value.end_mark.line + 1, added


def _version_inserts(
    versions: tuple[yaml.Node, yaml.Node] | None,
    curated: Policy,
    missing: Iterable[ArchivedVersion],
    source: str,
    lines: list[str],
    end: int,
) -> list[Insert]:
    """Where each missing version goes: in front of the first older entry, else at the end."""
    if versions is None:
        return [(end, ["versions:", *(_entry(version, source) for version in missing)])]
    node = versions[1]
    dash = _dash(curated, "versions", node)
    places = [_above(lines, _dash_line(lines, item), len(dash)) for item in node.value]
    last = _above(lines, node.end_mark.line, len(dash), blank=True)
    inserts: dict[int, list[str]] = {}
    missing = list(missing)
    known = [(v.order, v.facts.published) for v in curated.versions if v.order]
    known += [(version_order(v.id), v.published) for v in missing]
    for version in missing:
        order = version_order(version.id)
        # It is no older than a version with a lower number.
        day = max((d for other, d in known if d and other <= order), default=None)
        older = (
            place
            for place, listed in zip(places, curated.versions, strict=True)
            if (listed.order < order if listed.order else listed.day and day and listed.day <= day)
        )
        inserts.setdefault(next(older, last), []).append(dash + _entry(version, source).lstrip())
    return list(inserts.items())


def _dash_line(lines: list[str], item: yaml.Node) -> int:
    """The line of an entry's dash, which may be above the entry's first key."""
    line: int = item.start_mark.line
    while not lines[line].lstrip().startswith("-"):
        line -= 1
    return line
