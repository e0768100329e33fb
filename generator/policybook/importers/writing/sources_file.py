"""Writes `sources.yml`: what has been imported from each source, and its first and last day."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from msgspec import structs

from policybook.build.publishing.publish import is_running
from policybook.importers.records import Archive
from policybook.importers.writing.version_entries import source_line
from policybook.model.book import ImportedSource

NAME = "sources.yml"
_HEAD = "# Written by `policybook import`: what has been read from each source.\nsources:\n"


def updated(there: Mapping[str, ImportedSource], archives: Iterable[Archive]) -> str:
    """The text of the file with more sources, or with the same sources anew.

    Args:
        there: The sources in the file.
        archives: What has been read from each source; one without policies is passed over.
    """
    sources = dict(there)
    for archive in archives:
        before, found = sources.get(archive.source), archive.origin
        if archive.policies or archive.accounts:
            sources[archive.source] = _merged(before, found) if before else found
    return _HEAD + "".join(f"{source_line(name, sources[name])}\n" for name in sorted(sources))


@contextmanager
def replaced(path: Path, text: str) -> Iterator[None]:
    """Replaces the file by one with this text after the block, if that raises nothing.

    The new file is written before, so that a full disk is found before the block.
    """
    for left in path.parent.glob(f".{path.name}.*"):  # by an import that was killed
        if left.suffix[1:].isdecimal() and not is_running(int(left.suffix[1:])):
            left.unlink(missing_ok=True)
    if path.is_file() and path.read_text("utf-8") == text:
        yield
        return
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        new.write_text(text, encoding="utf-8")
        yield
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)


def _merged(before: ImportedSource, found: ImportedSource) -> ImportedSource:
    """The newer state of the source, whichever is imported last, with the first day of both.

    What one import has left out, the other may have brought.
    """
    newer = max(before, found, key=_state)
    first = min(filter(None, (before.first, found.first)), default=None)
    return structs.replace(newer, first=first, partial=before.partial and found.partial)


def is_older(found: ImportedSource, before: ImportedSource | None) -> bool:
    """Whether what is imported is a named state of an earlier day than the one before."""
    named = found.revision or found.digest
    return bool(named and before and before.last and found.last and found.last < before.last)


def _state(source: ImportedSource) -> tuple[str, ...]:
    """The last day; of one day, any order that is always the same."""
    return (str(source.last or ""), source.revision or "", source.digest or "", source.url or "")
