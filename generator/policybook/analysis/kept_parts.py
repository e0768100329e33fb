"""What remains of a grant that was gained or lost, and what the other document has instead.

A statement that passes roles to four services, and after it one that passes them to one of these,
and another that passes fewer roles to the rest: the grant is lost, but not what it was about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from msgspec import structs

from policybook.analysis.compared_documents import ComparedDocument
from policybook.iam.condition_operators import parsed
from policybook.iam.coverage import Box
from policybook.iam.grants import compared_term
from policybook.model.changes import Evidence, in_newer
from policybook.model.documents import Clause, Grant

_Found = tuple[Evidence, ...]


def with_kept_parts(
    lost: _Found,
    gained: _Found,
    doubts: Iterable[Grant],
    before: ComparedDocument,
    after: ComparedDocument,
) -> tuple[_Found, _Found]:
    """Complete the evidence of a change by what both documents grant of it.

    Args:
        lost: What the newer document lacks: Allows of the older one, and Denies that are new.
        gained: The same in the other direction.
        doubts: The grants of both documents that could not be compared.
        before: The older document.
        after: The newer document.

    Returns:
        `lost` and `gained`, in the same order.
    """
    found = tuple(_with_holders(lost, gained))
    parts = _Parts(set(map(meaning, doubts)), before, after)
    for newer, evidence in found:
        parts.split(newer, evidence)
    every = [parts.completed(newer, evidence) for newer, evidence in found]
    return tuple(every[: len(lost)]), tuple(every[len(lost) :])


class _Parts:
    """The parts of the grants of a change that both documents grant.

    Args:
        unsure: The meanings of grants that could not be compared.
        before: The older document.
        after: The newer document.
    """

    def __init__(
        self, unsure: Set[object], before: ComparedDocument, after: ComparedDocument
    ) -> None:
        self._unsure = unsure
        self._sides = {False: before, True: after}  # by whether it is the newer one
        self._split: dict[bool, dict[object, Evidence]] = {False: {}, True: {}}

    def split(self, newer: bool, evidence: Evidence) -> None:
        """Find which part of a grant the other document grants too."""
        self._split[newer][meaning(evidence.grant)] = _split(evidence, self._sides[not newer])

    def completed(self, newer: bool, evidence: Evidence) -> Evidence:
        """The evidence with all that it says; every grant must have been split before."""
        own = self._split[newer][meaning(evidence.grant)]
        beside = tuple(self._sides[not newer].meeting(evidence.grant))
        if not beside:
            return own
        kept = list(own.kept)
        for grant in beside:
            key = meaning(grant)
            if changed := self._split[not newer].get(key):
                kept += changed.kept
            elif key not in self._unsure:
                kept.append(grant)
        by_meaning = {meaning(grant): grant for grant in reversed(kept)}
        return structs.replace(own, kept=tuple(by_meaning.values())[::-1], beside=beside)


def _with_holders(lost: _Found, gained: _Found) -> Iterator[tuple[bool, Evidence]]:
    """Each piece of evidence, and whether the newer document has its grant."""
    for evidence in lost:
        yield in_newer(evidence.kind, gained=False), evidence
    for evidence in gained:
        yield in_newer(evidence.kind, gained=True), evidence


def _split(evidence: Evidence, other: ComparedDocument) -> Evidence:
    """The evidence with what the other document grants for single values of one condition key."""
    grant = evidence.grant
    for place, clause in enumerate(grant.condition):
        if len(clause.values) < 2 or not _can_be_split(clause):
            continue
        kept = tuple(
            value for value in clause.values if _covers(other, _with_values(grant, place, (value,)))
        )
        if kept:
            gone = tuple(value for value in clause.values if value not in kept)
            return structs.replace(
                evidence,
                rest=_with_values(grant, place, gone or clause.values),
                kept=(_with_values(grant, place, kept),) if gone else (),
            )
    return evidence


def _can_be_split(clause: Clause) -> bool:
    """Whether a request that meets a clause meets it with one of its values alone."""
    operator = parsed(clause.operator)
    return not operator.negated and operator.quantifier != "forallvalues"


def _covers(document: ComparedDocument, grant: Grant) -> bool:
    box = Box(compared_term(grant.action), grant.resource, grant.condition)
    return document.covers(grant.effect, box, ())[0] is True


def _with_values(grant: Grant, place: int, values: tuple[str, ...]) -> Grant:
    clauses = list(grant.condition)
    clauses[place] = structs.replace(clauses[place], values=values)
    return structs.replace(grant, condition=tuple(clauses))


def meaning(grant: Grant) -> tuple[object, ...]:
    """Equal for grants that differ only in case, order or repetition."""
    return (
        grant.effect,
        frozenset(p.lower() for p in grant.action.patterns),
        grant.action.negated,
        frozenset(grant.resource.patterns),
        grant.resource.negated,
        frozenset(
            (c.operator.lower(), c.key.lower(), frozenset(c.values)) for c in grant.condition
        ),
    )
