"""Verdicts on real transitions, compared with the evaluation of single requests.

The requests are for all evidence, and for grants that both documents have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

import pytest
from policybook.analysis.compare import compare
from policybook.iam.grants import grants
from policybook.model.changes import Change, Evidence
from policybook.model.documents import Document, Grant, Statement

from tests.support import aimed_requests, oracle
from tests.support.archive import EMPTY, Archive, History
from tests.support.chance import chance as chance_of
from tests.support.changes import in_sets, mirrored, spoken_of
from tests.support.oracle import Request, document, names

pytestmark = pytest.mark.sampled

MOST = 4_000  # grants of a pair; few versions of few policies have more


class Pair(NamedTuple):
    """Two documents of a policy; the second became the default after the first."""

    name: str
    old: Document
    new: Document


@pytest.fixture(scope="module")
def histories(archive: Archive) -> Mapping[str, History]:
    """The history of each policy."""
    return {found.name: found for found in archive.histories(sorted(set(archive.files()) - EMPTY))}


def pairs(history: History, *, special: bool) -> Iterator[Pair]:
    """The policy's transitions in the archive; or only rollbacks and those over gaps."""
    for one, other in pairwise(history.seen):
        if special and int(other[1:]) - int(one[1:]) == 1:
            continue
        pair = Pair(
            f"{history.name} {one} to {other}",
            document(history.document(one)),
            document(history.document(other)),
        )
        if _size(pair.old) + _size(pair.new) < MOST:
            yield pair


def _size(found: Document) -> int:
    return sum(len(s.actions.patterns) * len(s.resources.patterns) for s in found.statements)


def sample(histories: Mapping[str, History]) -> list[Pair]:
    """300 random transitions, 100 more with removals, and every rollback and every gap."""
    chance = chance_of(20251231)
    names = sorted(histories)
    found = [p for n in chance.sample(names, 500) for p in pairs(histories[n], special=False)]
    chance.shuffle(found)
    taking = [p for p in found[300:] if set(unnumbered(p.old)) - set(unnumbered(p.new))]
    special = [p for n in names for p in pairs(histories[n], special=True)]
    return [*found[:300], *taking[:100], *special]


def test_changes_of_real_versions_agree_with_single_requests(
    histories: Mapping[str, History],
) -> None:
    """Evidence or an undecided grant covers each request that only one version allows."""
    verdicts: Counter[str] = Counter()
    answers: Counter[tuple[bool, bool]] = Counter()
    for pair in sample(histories):
        change = compare(pair.old, pair.new)
        verdicts[change.verdict] += 1
        assert mirrored(compare(pair.new, pair.old)) == in_sets(change), pair.name
        for request, before, after in tried(pair, aimed_at(pair, change)):
            answers[before, after] += 1
            if before and not after:
                assert said(change.lost, change, request), (pair.name, "lost", request)
            if after and not before:
                assert said(change.gained, change, request), (pair.name, "gained", request)
    assert sum(verdicts.values()) >= 300
    assert {"widened", "narrowed", "mixed", "equivalent"} <= set(verdicts)
    assert len(answers) == 4
    assert min(answers.values()) > 1000


def test_a_request_proves_all_evidence_about_allows(
    histories: Mapping[str, History],
) -> None:
    """In all transitions, a request for it is allowed by one version and not by the other.

    A Deny counts by itself, even if the document does not allow what it denies. The variables of
    conditions are not filled in.
    """
    proven: Counter[str] = Counter()
    for pair in (p for history in histories.values() for p in pairs(history, special=False)):
        change = compare(pair.old, pair.new)
        for side, wanted in ((change.lost, [True, False]), (change.gained, [False, True])):
            for piece in chance_of(pair.name).sample(side, min(len(side), 5)):
                requests = aimed_requests.requests(piece.grant, rivals(pair, piece.grant))
                found = any(answer == wanted for _, *answer in tried(pair, requests))
                variable = any("${" in v for c in piece.grant.condition for v in c.values)
                assert found or piece.kind == "deny" or variable, (pair.name, piece)
                proven[piece.kind] += found
    assert proven["action"] > 5000
    assert min(proven["resource"], proven["condition"]) > 500


def tried(pair: Pair, requests: Iterable[Request]) -> Iterator[tuple[Request, bool, bool]]:
    """Yield each request, with whether the old and the new document allow it.

    Only the statements about its action are evaluated, and they are found once per action.
    """
    said: dict[str, list[Document]] = {}
    for request in requests:
        if request.action not in said:
            said[request.action] = [oracle.about(d, request.action) for d in (pair.old, pair.new)]
        before, after = (oracle.allows(found, request) for found in said[request.action])
        yield request, before, after


def said(evidence: Iterable[Evidence], change: Change, request: Request) -> bool:
    """Whether evidence or an undecided grant is about the request."""
    return bool(change.undecided) or spoken_of(request, evidence)


def aimed_at(pair: Pair, change: Change) -> Iterator[Request]:
    """Requests for evidence, for grants of only one document, and for common ones."""
    chance = chance_of(pair.name)
    here, there = unnumbered(pair.old), unnumbered(pair.new)
    evidence = [e.grant for e in (*change.gained, *change.lost)]
    differing = [g for key, g in (here | there).items() if (key in here) != (key in there)]
    common = [g for key, g in here.items() if key in there]
    for several, most in ((evidence, 6), (differing, 6), (common, 4)):
        for grant in chance.sample(several, min(len(several), most)):
            yield from aimed_requests.requests(grant, rivals(pair, grant))


def rivals(pair: Pair, grant: Grant) -> list[Statement]:
    """The statements about actions of the grant."""
    action = aimed_requests.texts(grant.action)[0].lower()
    both = (*pair.old.statements, *pair.new.statements)
    return [s for s in both if names(oracle.lower(s.actions), action)]


def unnumbered(found: Document) -> dict[tuple[object, ...], Grant]:
    """The document's grants by content, regardless of their statement."""
    return {(g.effect, g.action, g.resource, g.condition): g for g in grants(found)}
