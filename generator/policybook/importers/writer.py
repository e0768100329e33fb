"""Writes records into a data folder, next to the existing data.

A new policy gets a `policy.yml`. In an existing one no line that people wrote is changed: lines are
added for versions and facts that it lacks. Existing documents are never overwritten, except one
that the archive itself had before for that version.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from policybook.analysis.nearest_version import ComparedVersion, by_nearness
from policybook.build.publish import discard, publish, staging
from policybook.data.file_reader import DOCUMENT_ENDINGS
from policybook.data.loader import read_document, read_policy
from policybook.errors import DataError, PolicybookError
from policybook.importers.alignment import aligned
from policybook.importers.policy_yaml import merged_yaml, new_yaml
from policybook.importers.records import ArchivedPolicy
from policybook.model.documents import Document
from policybook.model.policies import Policy
from policybook.wording import words


class Written(Struct, frozen=True):
    """What an import did: the numbers of new policies and of new versions.

    `matches` says for each curated version without an id which archived version has the same
    grants, or is nearest to it. `notes` are lines about what the data has otherwise.
    """

    policies: int
    versions: int
    matches: tuple[str, ...]
    notes: tuple[str, ...] = ()


def write(policies: Iterable[ArchivedPolicy], data: Path) -> Written:
    """Write the records into a data folder, as a whole or not at all.

    Args:
        policies: What an importer read.
        data: The data folder, which may be new.

    Raises:
        DataError: An existing policy of that name has errors.
        PolicybookError: Two names differ by case only, or an existing `policy.yml` has no place
            for new lines.
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
    new = versions = 0
    matches: list[str] = []
    notes: list[str] = []
    for policy in policies:
        if (other := spelled.get(policy.name.lower(), policy.name)) != policy.name:
            raise PolicybookError(
                f"policies/{other}: expected names that differ by more than case, "
                f"found {policy.name} in the archive"
            )
        folder = built / policy.name
        curated = read_policy(target / policy.name) if folder.is_dir() else None
        record, lines = aligned(policy, curated) if curated else (policy, ())
        added = _into(folder, record, curated)
        matches += _matches(curated, record, folder) if curated else ()
        notes += lines
        versions += added
        new += not curated
    return Written(new, versions, tuple(matches), tuple(notes))


def _into(folder: Path, record: ArchivedPolicy, curated: Policy | None) -> int:
    """Write one policy, and return the number of its new documents."""
    folder.mkdir(exist_ok=True)
    added = 0
    for version in record.versions:
        paths = [folder / (version.id + ending) for ending in DOCUMENT_ENDINGS]
        existing = next((path for path in paths if path.exists()), None)
        if existing and existing.read_bytes() in version.earlier:
            existing.unlink()  # it may be a second name of the file that is in use
            existing.write_bytes(version.document)
        elif not existing:
            (folder / f"{version.id}.json").write_bytes(version.document)
            added += 1
    main = folder / "policy.yml"
    if curated is None:
        main.write_text(new_yaml(record), encoding="utf-8")
        return added
    text = main.read_bytes().decode()
    merged = merged_yaml(text, curated, record, added > 0)
    if merged != text:
        main.unlink()
        main.write_bytes(merged.encode())
        _check_merged(folder)
    return added


def _check_merged(folder: Path) -> None:
    """Raise PolicybookError if the added lines have made the file unreadable."""
    try:
        read_policy(folder)
    except DataError as error:
        first = error.findings[0]
        raise PolicybookError(
            f"policies/{folder.name}/policy.yml: expected a place for new lines, "
            f"found none (with them: expected {first.expected}, found {first.found})"
        ) from error


# --- curated versions without an id --------------------------------------------------------------


def _matches(curated: Policy, record: ArchivedPolicy, folder: Path) -> Iterator[str]:
    """Which archived version each curated document without an id is the same as, or nearest to.

    Raises DataError if an archived document has errors.
    """
    unnumbered = [(v.key, v.document) for v in curated.versions if v.number is None and v.document]
    if unnumbered:
        archived = [(v.id, _document(folder, v.id)) for v in record.versions]
        for key, document in unnumbered:
            likeness = _likeness(by_nearness(document, archived))
            yield f"{curated.name}: the version of {key} is {likeness}"


def _likeness(ranked: Sequence[ComparedVersion]) -> str:
    same = [beside.key for beside in ranked if beside.is_equal]
    if same or not ranked:
        return f"the same, grant for grant, as {', '.join(same)}" if same else _LIKE_NONE
    differ = words(ranked[0].differing, "grant differs", "grants differ")
    return f"{_LIKE_NONE}, nearest to {ranked[0].key} ({differ})"


_LIKE_NONE = "like no archived version"


def _document(folder: Path, key: str) -> Document:
    paths = (folder / f"{key}{ending}" for ending in DOCUMENT_ENDINGS)
    return read_document(next(path for path in paths if path.exists()))
