"""Which archived version is most similar to a document without a version id.

A guide shows a document and does not say which version it is. The nearest version is the one with
the fewest gained and lost grants. Among equals, a comparison without undecided grants comes first,
then the newer version. This measures similarity; it does not prove origin.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from policybook.analysis.compare import compare, reverse_of
from policybook.iam.aws_reference import NO_REFERENCE, AwsReference
from policybook.model.changes import Change, Verdict
from policybook.model.documents import Document
from policybook.model.policies import Policy, Version
from policybook.model.version_ids import version_order

CLOSEST = 3


class ComparedVersion(Struct, frozen=True):
    """A version by its id, compared with a document.

    What `change` gained, only the version grants; what it lost, only the document grants.
    """

    key: str
    change: Change

    @property
    def order(self) -> tuple[int, int]:
        """The life and the number in the version's id."""
        return version_order(self.key)

    @property
    def differing(self) -> int:
        """The number of grants gained or lost."""
        return len(self.change.gained) + len(self.change.lost)

    @property
    def is_equal(self) -> bool:
        """Whether each covers all grants of the other."""
        return not self.change.has_effect

    @property
    def reverse(self) -> Verdict:
        """The verdict on the document, compared with the version."""
        return reverse_of(self.change.verdict)


class Nearest(Struct, frozen=True):
    """A document without an id, by its version's key, and the most similar versions.

    `ties` are as similar as `nearest`, newest first. `shown` are the three most similar versions
    and those before and after the nearest one by number, newest first.
    """

    key: str
    nearest: ComparedVersion
    ties: tuple[ComparedVersion, ...]
    shown: tuple[ComparedVersion, ...]


def nearest_versions(policy: Policy, reference: AwsReference = NO_REFERENCE) -> Iterator[Nearest]:
    """For each document without an id, the nearest versions; nothing if no version has an id.

    Args:
        policy: The policy.
        reference: What AWS's lists say about condition keys and ARNs.
    """
    numbered = [(v.key, v.document) for v in policy.versions if v.number and v.document]
    for version in policy.versions:
        if version.facts.id is None and version.document and numbered:
            yield _nearest(version, by_nearness(version.document, numbered, reference))


def by_nearness(
    document: Document,
    numbered: Iterable[tuple[str, Document]],
    reference: AwsReference = NO_REFERENCE,
) -> tuple[ComparedVersion, ...]:
    """The numbered versions compared with a document, the nearest first.

    Args:
        document: The document without a version id.
        numbered: The version ids and documents of the archive.
        reference: What AWS's lists say about condition keys and ARNs.
    """
    found = [ComparedVersion(key, compare(document, other, reference)) for key, other in numbered]
    newest_first = sorted(found, key=lambda beside: beside.order, reverse=True)
    return tuple(sorted(newest_first, key=_distance))


def _distance(beside: ComparedVersion) -> tuple[int, bool]:
    return beside.differing, bool(beside.change.undecided)


def _nearest(version: Version, ranked: tuple[ComparedVersion, ...]) -> Nearest:
    first, *others = ranked
    ties = tuple(beside for beside in others if _distance(beside) == _distance(first))
    ordered = sorted(ranked, key=lambda beside: beside.order)
    place = ordered.index(first)
    around = {b.key for b in (*ordered[max(place - 1, 0) : place + 2], *ranked[:CLOSEST])}
    shown = reversed([beside for beside in ordered if beside.key in around])
    return Nearest(version.key, first, ties, tuple(shown))
