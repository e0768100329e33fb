"""The sentence about two sets of policies side by side."""

from __future__ import annotations

import pytest
from policybook.analysis.overlap import Decided
from policybook.book.prose.containment import containment
from policybook.model.changes import Verdict

from tests.support.case_tables import cases


@pytest.mark.parametrize(
    ("verdict", "b_contains_a", "a_contains_b", "only_a", "only_b", "says"),
    cases("containment.json", "sentences"),
)
def test_which_side_contains_the_other_and_what_is_lacking(
    verdict: Verdict,
    b_contains_a: Decided,
    a_contains_b: Decided,
    only_a: int,
    only_b: int,
    says: str,
) -> None:
    """The same sentences as on the page, whose script is held to the same table."""
    assert containment(verdict, b_contains_a, a_contains_b, only_a, only_b) == says
