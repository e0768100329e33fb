"""Writes records as data, beside what people have written there.

A policy that is new gets a `policy.yml`. In one that exists, nothing that stands there is changed:
lines are put in for versions and facts that it lacks. Documents are never written over.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import yaml
from msgspec import Struct

from generator.changes import compare
from generator.errors import DataError, PolicybookError
from generator.importers.records import ArchivedPolicy, ArchivedRollback, ArchivedVersion
from generator.load import DOCUMENT_ENDINGS, read_document, read_policy
from generator.model import Policy
from generator.publish import publish, staging


class Written(Struct, frozen=True):
    """What an import did: policies that are new and that grew, versions that are new, matches.

    A match says which archived version a curated one without id is the same as, grant for grant.
    """

    policies: int
    grown: int
    versions: int
    matches: tuple[str, ...]


def write(policies: Iterable[ArchivedPolicy], data: Path) -> Written:
    """Write the records into a data folder, as a whole or not at all.

    Raises DataError where a policy that is there already cannot be read.
    """
    target = data / "policies"
    built = staging(target)
    if target.is_dir():
        shutil.copytree(target, built, dirs_exist_ok=True, copy_function=os.link)
    new = grown = versions = 0
    matches: list[str] = []
    for policy in policies:
        folder = built / policy.name
        was_there = folder.is_dir()
        added = _into(folder, policy, target / policy.name if was_there else None, matches)
        versions += added
        new += not was_there
        grown += was_there and added > 0
    publish(built, target)
    return Written(new, grown, versions, tuple(matches))


def _into(folder: Path, record: ArchivedPolicy, existing: Path | None, matches: list[str]) -> int:
    """Write one policy, and return how many versions were new to it."""
    folder.mkdir(exist_ok=True)
    added = 0
    for version in record.versions:
        stem = f"v{version.number}"
        if not any((folder / (stem + ending)).exists() for ending in DOCUMENT_ENDINGS):
            pretty = msgspec.json.format(version.document, indent=2)
            (folder / f"{stem}.json").write_bytes(pretty + b"\n")
            added += 1
    main = folder / "policy.yml"
    if existing is None:
        main.write_text("\n".join(_lines(record)) + "\n", encoding="utf-8")
        return added
    curated = read_policy(existing)
    text = main.read_text(encoding="utf-8")
    merged = _merged(text, curated, record)
    if merged != text:
        main.unlink()  # it may be a second name of the file that is in use
        main.write_text(merged, encoding="utf-8")
    matches += _matches(curated, record, folder)
    return added


# --- policy.yml ----------------------------------------------------------------------------------


def _lines(record: ArchivedPolicy) -> Iterator[str]:
    """A whole `policy.yml`."""
    yield f"name: {_scalar(record.name)}"
    yield f"arn: {record.arn or 'null'}"
    yield f"type: {record.type}"
    yield from _fact_lines(record)
    yield "versions:"
    yield from map(_entry, record.versions)


def _fact_lines(record: ArchivedPolicy) -> Iterator[str]:
    """The facts beside name, ARN and type, as far as they are known."""
    if record.created:
        yield f"created: {record.created}"
    if record.attachable is not None:
        yield f"attachable: {str(record.attachable).lower()}"
    if record.deprecated:
        yield (
            f"deprecated: {{date: {record.deprecated_on}}}"
            if record.deprecated_on
            else "deprecated: {}"
        )
    back = [_rollback(r) for r in _known_rollbacks(record)]
    if back:
        yield "rollbacks:"
        yield from back


def _known_rollbacks(record: ArchivedPolicy) -> list[ArchivedRollback]:
    known = {version.number for version in record.versions}
    return [rollback for rollback in record.rollbacks if rollback.number in known]


def _rollback(rollback: ArchivedRollback) -> str:
    return f"  - {{to: v{rollback.number}, observed: {rollback.observed}}}"


def _entry(version: ArchivedVersion) -> str:
    days = f"published: {version.published}, observed: {version.observed}"
    return f"  - {{id: v{version.number}, {days}}}"


def _scalar(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", text) else f'"{text}"'


def _merged(text: str, curated: Policy, record: ArchivedPolicy) -> str:
    """The text with lines put in for what it lacks; no line that is there is changed."""
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    if not isinstance(root, yaml.MappingNode):
        raise PolicybookError(f"policies/{record.name}/policy.yml: expected a mapping")
    keys = {key.value: (key, value) for key, value in root.value}
    lines = text.splitlines()
    insert: list[tuple[int, list[str]]] = []
    missing = [v for v in record.versions if curated.version(f"v{v.number}") is None]
    if missing:
        insert += _version_inserts(keys.get("versions"), curated, missing, len(lines))
    facts = _missing_facts(keys.keys(), curated, record, bool(missing))
    if facts:
        place = keys["versions"][0].start_mark.line if "versions" in keys else len(lines)
        insert.insert(0, (place, facts))
    if "versions" in keys:
        insert += _observed(keys["versions"][1], curated, record)
    if "rollbacks" in keys:
        there = {(r.to, r.observed) for r in curated.facts.rollbacks}
        later = [r for r in _known_rollbacks(record) if (f"v{r.number}", r.observed) not in there]
        insert.append((keys["rollbacks"][1].end_mark.line, list(map(_rollback, later))))
    for place, added in sorted(insert, key=lambda item: item[0], reverse=True):
        lines[place:place] = added
    return "\n".join(lines) + "\n" if any(added for _, added in insert) else text


def _missing_facts(
    present: Iterable[str], curated: Policy, record: ArchivedPolicy, newer: bool
) -> list[str]:
    found: list[str] = []
    skip = False
    for line in _fact_lines(record):
        if not line.startswith(" "):
            skip = line.partition(":")[0] in present
        if not skip:
            found.append(line)
    notes = curated.facts.permissions or curated.facts.claims
    if newer and notes and not curated.facts.notes_for and curated.current:
        found.append(f"notes_for: {curated.current.key}")
    return found


def _observed(
    versions: yaml.Node, curated: Policy, record: ArchivedPolicy
) -> Iterator[tuple[int, list[str]]]:
    """The day of the first observation for entries that lack it, where they have a line a key."""
    days = {f"v{version.number}": version.observed for version in record.versions}
    for entry, listed in zip(versions.value, curated.versions, strict=True):
        if listed.key in days and listed.facts.observed is None and not entry.flow_style:
            key, value = entry.value[0]
            indent = " " * key.start_mark.column
            yield value.end_mark.line + 1, [f"{indent}observed: {days[listed.key]}"]


def _version_inserts(
    versions: tuple[yaml.Node, yaml.Node] | None,
    curated: Policy,
    missing: Iterable[ArchivedVersion],
    end: int,
) -> list[tuple[int, list[str]]]:
    """Where each missing version goes: in front of the first older entry, else at the end."""
    if versions is None:
        return [(end, ["versions:", *map(_entry, missing)])]
    key, node = versions
    if not isinstance(node, yaml.SequenceNode) or (node.flow_style and node.value):
        raise PolicybookError(
            f"policies/{curated.name}/policy.yml:{key.start_mark.line + 1}: versions: "
            "expected one entry a line, found a list in one line"
        )
    places = [item.start_mark.line for item in node.value]
    dash = " " * (node.start_mark.column if node.value else 2)
    last = node.end_mark.line if node.value else key.start_mark.line + 1
    inserts: dict[int, list[str]] = {}
    for version in missing:
        older = (
            place
            for place, listed in zip(places, curated.versions, strict=True)
            if (listed.number < version.number if listed.number else _before(listed.day, version))
        )
        inserts.setdefault(next(older, last), []).append(dash + _entry(version).lstrip())
    return list(inserts.items())


def _before(day: object, version: ArchivedVersion) -> bool:
    return day is not None and day <= version.published  # type: ignore[operator]  # both are days


# --- curated versions without an id --------------------------------------------------------------


def _matches(curated: Policy, record: ArchivedPolicy, folder: Path) -> Iterator[str]:
    for version in curated.versions:
        if version.number is None and version.document:
            same = [
                f"v{archived.number}"
                for archived in record.versions
                if _is_same(version.document, folder / f"v{archived.number}.json")
            ]
            answer = (
                f"the same, grant for grant, as {', '.join(same)}"
                if same
                else "like no archived version"
            )
            yield f"{curated.name}: the version of {version.key} is {answer}"


def _is_same(document: object, path: Path) -> bool:
    try:
        return compare(document, read_document(path)).verdict in ("identical", "equivalent")  # type: ignore[arg-type]
    except (DataError, PolicybookError):
        return False
