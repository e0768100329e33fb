"""The page of all removals."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from policybook.pages.removals import removals_view

from tests.support.contexts import context_of_versions
from tests.support.html import Element


@pytest.mark.parametrize(("newer", "removed"), [("s3:GetObject", 1), ("s3:*", 0)])
def test_a_plot_has_bars(newer: str, removed: int) -> None:
    """Without a removal there is no plot, whose bars would be empty; the years are in the table."""
    view = removals_view(context_of_versions((1, "s3:GetObject s3:PutObject"), (2, newer)))
    assert view.entries == removed
    assert bool(view.plot) == bool(removed)
    assert view.years


def test_without_removals_there_is_nothing_to_filter(site_pages: Mapping[str, Element]) -> None:
    """The page says so in words, and has the figures."""
    page = site_pages["changes/removals/"]
    assert "None of the compared versions removed a permission." in page.text
    assert not page.all("section", "pb-listed")
    assert page.all("table")
