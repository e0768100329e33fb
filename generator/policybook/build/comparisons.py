"""Compares versions of policies and finds overlapping ones, which takes long in a large book."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from policybook.analysis.overlap import Related, current_documents
from policybook.analysis.overlap_pairs import related
from policybook.analysis.timeline import transitions
from policybook.build.processes import Job, results
from policybook.build.timings import Timings
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import Loaded
from policybook.model.changes import Change
from policybook.model.policies import Policy

_TOGETHER = 20  # policies whose versions one process compares before it takes the next ones
_FEWEST = 40  # new policies; for fewer a second process costs more than it saves

Changes = Mapping[str, Sequence[Change | None]]
"""How each version of a policy differs from the one before, newest first, by the policy's name."""


def comparisons(
    loaded: Loaded,
    catalogue: Catalogue,
    timings: Timings,
    known: Changes,
    past: Related,
    processes: int,
) -> tuple[Changes, Related]:
    """Find out what versions changed and which policies overlap.

    Args:
        loaded: The data as read.
        catalogue: The catalogue of actions.
        timings: Collects the CPU time.
        known: The changes of policies whose files have not changed since the last build.
        past: The overlapping policies of the last build.
        processes: How many processes to use; one is used if few policies are new.

    Returns:
        The changes of all versions, and the overlapping policies.

    Raises:
        PolicybookError: A process was killed.

    """
    new = [policy for name, policy in loaded.book.policies.items() if name not in known]
    jobs = [
        Job(partial(_overlapping, loaded, catalogue, timings, past), Related),
        *(
            Job(partial(_compared, chunk, catalogue, timings), dict[str, tuple[Change | None, ...]])
            for chunk in _chunks(new)
        ),
    ]
    pairs, *compared = results(jobs, processes if len(new) >= _FEWEST else 1, timings)
    changes = dict(known)
    for found in compared:
        changes.update(found)
    return changes, pairs


def _chunks(policies: Sequence[Policy]) -> Iterator[Sequence[Policy]]:
    """The policies, a few at a time, those with most versions first."""
    ordered = sorted(policies, key=lambda policy: -len(policy.versions))
    for start in range(0, len(ordered), _TOGETHER):
        yield ordered[start : start + _TOGETHER]


def _compared(policies: Iterable[Policy], catalogue: Catalogue, timings: Timings) -> Changes:
    """The changes of the versions of some policies."""
    with timings.of("changes and index"):
        return {
            policy.name: tuple(found.change for found in transitions(policy, None, catalogue))
            for policy in policies
        }


def _overlapping(loaded: Loaded, catalogue: Catalogue, timings: Timings, past: Related) -> Related:
    """The overlapping policies."""
    with timings.of("overlap"):
        digests = {name: policy.digest for name, policy in loaded.parsed.items()}
        return related(current_documents(loaded.book), catalogue, digests, past)
