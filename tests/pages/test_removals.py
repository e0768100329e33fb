"""The page of all removals."""

from __future__ import annotations

import pytest
from policybook.pages.removals import removals_view

from tests.support.contexts import context_of_versions


@pytest.mark.parametrize(("newer", "removed"), [("s3:GetObject", 1), ("s3:*", 0)])
def test_a_plot_has_bars(newer: str, removed: int) -> None:
    """Without a removal there is no plot, whose bars would be empty; the years are in the table."""
    view = removals_view(context_of_versions((1, "s3:GetObject s3:PutObject"), (2, newer)))
    assert view.entries == removed
    assert bool(view.plot) == bool(removed)
    assert view.years
