"""What a policy's page shows of documents without a version id beside the archived versions."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from policybook.analysis.evidence import EvidenceRow, evidence_rows
from policybook.analysis.nearest_version import ComparedVersion, Nearest, nearest_versions
from policybook.model.changes import Verdict
from policybook.model.policies import Policy


class BesidePart(Struct, frozen=True):
    """A version beside the document: what only the version grants, and what only the document.

    `verdict` is that on the version beside the document, `reverse` the other way round.
    """

    key: str
    nearest: bool
    equal: bool
    verdict: Verdict
    reverse: Verdict
    undecided: tuple[str, ...]
    differing: int
    adds: tuple[EvidenceRow, ...]
    lacks: tuple[EvidenceRow, ...]


class NearestPart(Struct, frozen=True):
    """The nearest version, others that are as near, and the versions shown, newest first."""

    nearest: BesidePart
    ties: tuple[str, ...]
    rows: tuple[BesidePart, ...]


def nearest_parts(policy: Policy) -> Mapping[str, NearestPart]:
    """Of each document without an id, by its version's key, its nearest version."""
    return {found.key: _part(found) for found in nearest_versions(policy)}


def _part(found: Nearest) -> NearestPart:
    rows = tuple(_beside(beside, beside is found.nearest) for beside in found.shown)
    first = next(row for row in rows if row.nearest)
    return NearestPart(first, tuple(beside.key for beside in found.ties), rows)


def _beside(beside: ComparedVersion, nearest: bool) -> BesidePart:
    change = beside.change
    return BesidePart(
        beside.key,
        nearest,
        beside.is_equal,
        change.verdict,
        beside.reverse,
        change.undecided,
        beside.differing,
        evidence_rows(change.gained),
        evidence_rows(change.lost),
    )
