"""Writes records as data, beside what people have written there.

A policy that is new gets a `policy.yml`. In one that exists, nothing that stands there is changed:
lines are put in for versions and facts that it lacks. Documents are never written over.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

import yaml
from msgspec import Struct

from policybook.analysis.nearest_version import Beside, by_nearness
from policybook.build.publish import discard, publish, staging
from policybook.data.file_reader import DOCUMENT_ENDINGS
from policybook.data.loader import read_document, read_policy
from policybook.errors import DataError, PolicybookError
from policybook.importers.records import ArchivedPolicy, ArchivedRollback, ArchivedVersion
from policybook.model.documents import Document
from policybook.model.policies import Policy


class Written(Struct, frozen=True):
    """What an import did: policies that are new and that grew, versions that are new, matches.

    A match says which archived version a curated one without id is the same as, grant for grant, or
    nearest to.
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
    try:
        if target.is_dir():
            shutil.copytree(target, built, dirs_exist_ok=True, copy_function=os.link)
        written = _all(policies, built, target)
        publish(built, target)
    finally:
        discard(built)
    return written


def _all(policies: Iterable[ArchivedPolicy], built: Path, target: Path) -> Written:
    """Write the records into the copy of the target that is being built."""
    spelled = {folder.name.lower(): folder.name for folder in built.iterdir()}
    new = grown = versions = 0
    matches: list[str] = []
    for policy in policies:
        if (other := spelled.get(policy.name.lower(), policy.name)) != policy.name:
            raise PolicybookError(
                f"policies/{other}: expected names that differ by more than case, "
                f"found {policy.name} in the archive"
            )
        folder = built / policy.name
        was_there = folder.is_dir()
        added = _into(folder, policy, target / policy.name if was_there else None, matches)
        versions += added
        new += not was_there
        grown += was_there and added > 0
    return Written(new, grown, versions, tuple(matches))


def _into(folder: Path, record: ArchivedPolicy, existing: Path | None, matches: list[str]) -> int:
    """Write one policy, and return how many versions were new to it."""
    folder.mkdir(exist_ok=True)
    added = 0
    for version in record.versions:
        stem = f"v{version.number}"
        if not any((folder / (stem + ending)).exists() for ending in DOCUMENT_ENDINGS):
            (folder / f"{stem}.json").write_bytes(version.document)
            added += 1
    main = folder / "policy.yml"
    if existing is None:
        main.write_text("\n".join(_lines(record)) + "\n", encoding="utf-8")
        return added
    curated = read_policy(existing)
    text = main.read_bytes().decode()
    merged = _merged(text, curated, record, added > 0)
    if merged != text:
        main.unlink()  # it may be a second name of the file that is in use
        main.write_bytes(merged.encode())
        _is_sound(folder)
    matches += _matches(curated, record, folder)
    return added


def _is_sound(folder: Path) -> None:
    """Refuse to go on where the lines that were put in have made the file unreadable."""
    try:
        read_policy(folder)
    except DataError as error:
        fault = error.findings[0]
        raise PolicybookError(
            f"policies/{folder.name}/policy.yml: expected a place for new lines, "
            f"found none (with them: expected {fault.expected}, found {fault.found})"
        ) from error


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


def _merged(text: str, curated: Policy, record: ArchivedPolicy, grew: bool) -> str:
    """The text with lines put in for what it lacks; no line that is there is changed."""
    lines = text.splitlines(keepends=True)
    ending = "\r\n" if lines[0].endswith("\r\n") else "\n"
    if not lines[-1].endswith(("\n", "\r")):
        lines[-1] += ending
    root = yaml.compose("".join(lines), Loader=yaml.CSafeLoader)
    assert isinstance(root, yaml.MappingNode)  # or it would not have been read
    keys = {key.value: (key, value) for key, value in root.value}
    end = root.end_mark.line
    insert: list[tuple[int, list[str]]] = []
    missing = [v for v in record.versions if curated.version(f"v{v.number}") is None]
    there = {(r.to, r.observed) for r in curated.facts.rollbacks}
    back = [r for r in _known_rollbacks(record) if (f"v{r.number}", r.observed) not in there]
    facts = _missing_facts(keys.keys(), curated, record, grew or bool(missing or back))
    if root.flow_style and (missing or facts):
        raise _flow(curated, root, "one key a line, found a mapping in braces")
    if missing:
        insert += _version_inserts(keys.get("versions"), curated, missing, lines, end)
    if facts:
        place = keys["versions"][0].start_mark.line if "versions" in keys else end
        insert.insert(0, (_above(lines, place, 0), facts))
    if "versions" in keys:
        insert += _dates(keys["versions"][1], curated, record)
    if "rollbacks" in keys and back:
        node = keys["rollbacks"][1]
        dash = _dash(curated, "rollbacks", node)
        place = _above(lines, node.end_mark.line, len(dash), blank=True)
        insert.append((place, [dash + _rollback(r).lstrip() for r in back]))
    if not insert:
        return text
    for place, added in sorted(insert, key=lambda item: item[0], reverse=True):
        lines[place:place] = [line + ending for line in added]
    return "".join(lines)


def _flow(curated: Policy, node: yaml.Node, expected: str) -> PolicybookError:
    line = node.start_mark.line + 1
    return PolicybookError(f"policies/{curated.name}/policy.yml:{line}: expected {expected}")


def _dash(curated: Policy, key: str, node: yaml.Node) -> str:
    """What stands before the dashes of a list."""
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
        found.append(f"notes_for: {_scalar(curated.current.key)}")
    return found


def _dates(
    versions: yaml.Node, curated: Policy, record: ArchivedPolicy
) -> Iterator[tuple[int, list[str]]]:
    """The days that entries lack, where they have a line a key: below the line of the id."""
    archived = {f"v{version.number}": version for version in record.versions}
    for entry, listed in zip(versions.value, curated.versions, strict=True):
        version = archived.get(listed.key)
        if version is None or entry.flow_style:
            continue
        key, value = next((k, v) for k, v in entry.value if k.value == "id")
        indent = " " * key.start_mark.column
        days = {"published": version.published, "observed": version.observed}
        added = [
            f"{indent}{name}: {day}"
            for name, day in days.items()
            if getattr(listed.facts, name) is None
        ]
        if added:
            yield value.end_mark.line + 1, added


def _version_inserts(
    versions: tuple[yaml.Node, yaml.Node] | None,
    curated: Policy,
    missing: Iterable[ArchivedVersion],
    lines: list[str],
    end: int,
) -> list[tuple[int, list[str]]]:
    """Where each missing version goes: in front of the first older entry, else at the end."""
    if versions is None:
        return [(end, ["versions:", *map(_entry, missing)])]
    node = versions[1]
    dash = _dash(curated, "versions", node)
    places = [_above(lines, _dash_line(lines, item), len(dash)) for item in node.value]
    last = _above(lines, node.end_mark.line, len(dash), blank=True)
    inserts: dict[int, list[str]] = {}
    for version in missing:
        older = (
            place
            for place, listed in zip(places, curated.versions, strict=True)
            if (listed.number < version.number if listed.number else _before(listed.day, version))
        )
        inserts.setdefault(next(older, last), []).append(dash + _entry(version).lstrip())
    return list(inserts.items())


def _dash_line(lines: list[str], item: yaml.Node) -> int:
    """The line of an entry's dash, which may stand on a line of its own."""
    line: int = item.start_mark.line
    while not lines[line].lstrip().startswith("-"):
        line -= 1
    return line


def _before(day: date | None, version: ArchivedVersion) -> bool:
    return day is not None and day <= version.published


# --- curated versions without an id --------------------------------------------------------------


def _matches(curated: Policy, record: ArchivedPolicy, folder: Path) -> Iterator[str]:
    """Which archived version each curated document without an id is the same as, or nearest to.

    Raises DataError where an archived document has faults.
    """
    asked = [(v.key, v.document) for v in curated.versions if v.number is None and v.document]
    if asked:
        archived = [(v.number, _document(folder, v.number)) for v in record.versions]
        for key, document in asked:
            likeness = _likeness(by_nearness(document, archived))
            yield f"{curated.name}: the version of {key} is {likeness}"


def _likeness(ranked: Sequence[Beside]) -> str:
    same = [beside.key for beside in ranked if beside.is_equal]
    if same or not ranked:
        return f"the same, grant for grant, as {', '.join(same)}" if same else _LIKE_NONE
    differ = (
        "1 grant differs" if ranked[0].differing == 1 else f"{ranked[0].differing} grants differ"
    )
    return f"{_LIKE_NONE}, nearest to {ranked[0].key} ({differ})"


_LIKE_NONE = "like no archived version"


def _document(folder: Path, number: int) -> Document:
    paths = (folder / f"v{number}{ending}" for ending in DOCUMENT_ENDINGS)
    return read_document(next(path for path in paths if path.exists()))
