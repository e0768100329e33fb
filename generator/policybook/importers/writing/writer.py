"""Writes records into a data folder, next to the existing data.

A new policy gets a `policy.yml`. In an existing one no line that people wrote is changed: lines are
added for versions and facts that it lacks. Existing documents are never overwritten, except one
that the source itself had before for that version, and one that an importer wrote and that says the
same: then the shorter text stays, whichever source is imported first.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

from msgspec import Struct, structs

from policybook.analysis.nearest_version import ComparedVersion, by_nearness
from policybook.build.publishing.publish import discard, publish, staging
from policybook.data.account_reader import FOLDER
from policybook.data.file_reader import DOCUMENT_ENDINGS, document_in
from policybook.data.loader import read_document, read_policy, read_sources
from policybook.errors import DataError, PolicybookError
from policybook.importers.records import Archive, ArchivedPolicy, ArchivedVersion, ShownDocument
from policybook.importers.snapshots import is_canonical
from policybook.importers.writing import sources_file
from policybook.importers.writing.account_folders import AccountFolders
from policybook.importers.writing.account_folders import there as accounts_in
from policybook.importers.writing.alignment import aligned, older_lives
from policybook.importers.writing.deprecation_entries import of_newer
from policybook.importers.writing.policy_folders import PolicyFolders
from policybook.importers.writing.policy_yaml import merged_yaml, new_yaml
from policybook.model.book import ImportedSource
from policybook.model.descriptions import GUIDE, is_page
from policybook.model.documents import Document, says_the_same
from policybook.model.policies import Policy, VersionFacts
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


def write(archives: Sequence[Archive], data: Path) -> Written:
    """Write what an importer read into a data folder, as a whole or not at all.

    Args:
        archives: What it read, of each source.
        data: The data folder, which may be new.

    Raises:
        DataError: An existing policy of that name, or `sources.yml`, has errors.
        PolicybookError: Two names differ by case only, an existing `policy.yml` has no place for
            new lines, two sources have different documents of one version, or another import has
            changed the folder meanwhile.
    """
    target, target_accounts = data / "policies", data / FOLDER
    having = any(archive.accounts for archive in archives)
    built = staging(target)
    built_accounts = staging(target_accounts) if having else target_accounts
    try:
        with _undisturbed(target):
            for there, copy in ((target, built), (target_accounts, built_accounts)):
                if there.is_dir() and there is not copy:
                    shutil.copytree(there, copy, dirs_exist_ok=True, copy_function=os.link)
            known = read_sources(data)
            folders = PolicyFolders(built, target)
            accounts = AccountFolders(built_accounts, folders, accounts_in(data))
            written = _all(archives, built, folders, accounts, known)
            sources = sources_file.updated(known, archives)
        found = any(archive.policies or archive.accounts for archive in archives)
        with sources_file.replaced(data / sources_file.NAME, sources) if found else nullcontext():
            publish(built, target)
            if having:
                publish(built_accounts, target_accounts)
    finally:
        discard(built)
        if having:
            discard(built_accounts)
    return written


@contextmanager
def _undisturbed(target: Path) -> Iterator[None]:
    """Raises PolicybookError after the block if another import has replaced the folder meanwhile.

    What that one has added would be lost, and what has been read may be half of each.
    """
    before = _inode(target)
    try:
        yield
    except Exception:
        _check_same(target, before)
        raise
    _check_same(target, before)


def _check_same(target: Path, before: int) -> None:
    if _inode(target) != before:
        raise PolicybookError(
            f"{target}: expected one import at a time, found that of another one;"
            " run this one again"
        )


def _inode(folder: Path) -> int:
    """The number of the folder, which an import replaces by another one; 0 if there is none."""
    return folder.stat().st_ino if folder.is_dir() else 0


def _all(
    archives: Sequence[Archive],
    built: Path,
    folders: PolicyFolders,
    accounts: AccountFolders,
    known: Mapping[str, ImportedSource],
) -> Written:
    """Write the records into the copies that are being built."""
    new = versions = 0
    matches: list[str] = []
    notes: list[str] = []
    every = [(a, p) for a in archives for p in a.policies]
    every += [(a, p) for a in archives for p in accounts.source_policies(a.accounts)]
    for archive, found in every:
        policy = structs.replace(found, name=folders.place(found))
        folder = built / policy.name
        curated = folders.read(policy.name)
        if curated and (lives := older_lives(policy, curated)):
            curated = folders.with_later_lives(curated, lives)
        if curated and sources_file.is_older(archive.origin, known.get(archive.source)):
            policy = _as_of_newer(policy, curated, archive.source)
        record, lines = aligned(policy, curated) if curated else (policy, ())
        added, doubts = _into(folder, record, curated, archive.source)
        matches += _matches(curated, record, folder) if curated else ()
        notes += (*lines, *doubts)
        versions += added
        new += not curated
        folders.forget(policy.name)
    for archive in archives:
        notes += accounts.write(archive.accounts)
    return Written(new, versions, tuple(matches), tuple(notes))


def _as_of_newer(policy: ArchivedPolicy, curated: Policy, source: str) -> ArchivedPolicy:
    """A policy in an older state of a source; the data has what the newer one says of it."""
    known = any(source in facts.sources for facts in curated.facts.versions)
    if not known or policy.deprecation is None or is_page(source):
        return policy
    said = of_newer(curated.facts.deprecated, policy.deprecation, source)
    return structs.replace(policy, deprecation=said)


def _into(
    folder: Path, record: ArchivedPolicy, curated: Policy | None, source: str
) -> tuple[int, list[str]]:
    """Write one policy; returns the number of its new versions and documents, and lines."""
    folder.mkdir(exist_ok=True)
    listed = {facts.key: facts for facts in curated.facts.versions} if curated else {}
    written: list[str] = []
    notes: list[str] = []
    for key, version in record.entries.items():
        existing = _document_file(folder, key)
        if existing and version.document:
            notes += _beside(existing, version, listed.get(key), source)
        elif version.document:
            (folder / f"{key}.json").write_bytes(version.document)
            written.append(key)
    added = len({*written, *(record.entries.keys() - listed.keys())})
    main = folder / "policy.yml"
    if curated is None:
        main.write_text(new_yaml(record, source), encoding="utf-8")
        return added, notes
    text = main.read_bytes().decode()
    grew = any(version.id in written for version in record.versions)
    merged = merged_yaml(text, curated, record, source, grew)
    if merged != text:
        main.unlink()
        main.write_bytes(merged.encode())
        _check_merged(folder)
    return added, notes


def _document_file(folder: Path, key: str) -> Path | None:
    paths = (folder / f"{key}{ending}" for ending in DOCUMENT_ENDINGS)
    return next((path for path in paths if path.exists()), None)


def _beside(
    existing: Path,
    version: ArchivedVersion | ShownDocument,
    there: VersionFacts | None,
    source: str,
) -> Iterator[str]:
    """Compare the document in the data with that of the source, and keep the right one.

    Yields:
        A line if they are different documents and the data's stays.

    Raises:
        PolicybookError: Another source has a different document.
    """
    own = there.sources if there else {}
    assert version.document
    content = existing.read_bytes()
    if content == version.document:
        return
    if isinstance(version, ArchivedVersion) and content in version.earlier:
        _replace(existing, version.document)
    elif says_the_same(read_document(existing), document_in(version.document)[0]):
        shorter = (len(version.document), version.document) < (len(content), content)
        if shorter and is_canonical(content):
            _replace(existing, version.document)
    elif others := [name for name in own if name != source and not name.startswith(GUIDE)]:
        raise PolicybookError(
            f"policies/{existing.parent.name}/{existing.name}: expected the document of "
            f"{' and '.join(others)}, found another one in {source}"
        )
    else:
        where = existing.parent.name
        yield f"{where}: the data has another document of {existing.stem}, which stays"


def _replace(path: Path, content: bytes) -> None:
    path.unlink()  # it may be a second name of the file that is in use
    path.write_bytes(content)


def _check_merged(folder: Path) -> None:
    """Raise PolicybookError if the added lines have made the file unreadable."""
    try:
        read_policy(folder)
    except DataError as error:
        first = error.findings[0]
        raise PolicybookError(
            f"policies/{folder.name}/policy.yml: expected a place for new lines, "
            f"found none (with them: {first.reason})"
        ) from error


# --- curated versions without an id --------------------------------------------------------------


def _matches(curated: Policy, record: ArchivedPolicy, folder: Path) -> Iterator[str]:
    """Which archived version each curated document without an id is the same as, or nearest to.

    Raises DataError if an archived document has errors.
    """
    unnumbered = [(v.key, v.document) for v in curated.versions if v.facts.source and v.document]
    archived = [(v.id, _document(folder, v.id)) for v in record.versions if v.document]
    for key, document in unnumbered if archived else ():
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
    path = _document_file(folder, key)
    assert path  # it has just been written
    return read_document(path)
