"""Documents without a version id compared with archived versions, for the page of a policy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from policybook.analysis.change_rows import ChangeRow, change_rows
from policybook.analysis.nearest_version import ComparedVersion, Nearest
from policybook.model.changes import Verdict


class VersionComparison(Struct, frozen=True):
    """An archived version compared with a document without an id.

    `verdict` is that of a change from the document to the version, `reverse` that of the change
    back. `differing` is the number of grants that differ. Only the version grants `adds`, only the
    document `lacks`.
    """

    key: str
    nearest: bool
    equal: bool
    verdict: Verdict
    reverse: Verdict
    undecided: tuple[str, ...]
    differing: int
    changed: tuple[ChangeRow, ...]


class NearestPart(Struct, frozen=True):
    """The archived version that is nearest to a document without an id.

    `ties` are the keys of other versions that are equally near; `rows` are all versions to show,
    newest first.
    """

    nearest: VersionComparison
    ties: tuple[str, ...]
    rows: tuple[VersionComparison, ...]


def nearest_parts(every: Iterable[Nearest]) -> Mapping[str, NearestPart]:
    """The nearest archived version for each document without an id, by its key."""
    return {found.key: _part(found) for found in every}


def _part(found: Nearest) -> NearestPart:
    rows = tuple(_comparison(version, version is found.nearest) for version in found.shown)
    first = next(row for row in rows if row.nearest)
    return NearestPart(first, tuple(version.key for version in found.ties), rows)


def _comparison(version: ComparedVersion, nearest: bool) -> VersionComparison:
    change = version.change
    return VersionComparison(
        version.key,
        nearest,
        version.is_equal,
        change.verdict,
        version.reverse,
        change.undecided,
        version.differing,
        change_rows(change.gained, change.lost),
    )
