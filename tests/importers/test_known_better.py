"""Which lines of a `policy.yml` an importer knows better."""

from __future__ import annotations

from policybook.importers.records import ArchivedPolicy, ArchivedRollback
from policybook.importers.writing.known_better import known_better

from tests.support.policies import day, policy_of_days


def test_the_day_of_a_rollback_is_added_to_the_line_of_that_rollback() -> None:
    """Another one to the same version was observed on another day."""
    lines = ["  - {to: v1, observed: 2020-01-03}\n", "  - {to: v1, observed: 2020-01-06}\n"]
    backs = (ArchivedRollback(1, day(3)), ArchivedRollback(1, day(6), default_since=day(5)))
    record = ArchivedPolicy("P", (), backs)
    assert known_better(lines, (0, 1), policy_of_days((1, 1, None)), record, "git") == {
        1: "  - {to: v1, observed: 2020-01-06, default_since: 2020-01-05}\n"
    }
