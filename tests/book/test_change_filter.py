"""Which changes a filter keeps; the command's tests cover what it prints."""

from __future__ import annotations

import pytest
from policybook.analysis.index import index
from policybook.book.change_filter import ChangeFilter, matching_changes
from policybook.book.context import BookContext
from policybook.data.loader import load

from tests.support.books import DATA, small_catalogue


@pytest.fixture(scope="module")
def context() -> BookContext:
    book = load(DATA)
    return BookContext(book, index(book), small_catalogue())


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("*Pipelines*", {"AmazonSageMakerPipelinesIntegrations"}),
        ("AmazonSageMakerPipelinesIntegration?", {"AmazonSageMakerPipelinesIntegrations"}),
        ("amazonsagemaker*", set()),
        ("[A]mazon*", set()),
        ("Amazon[!x]*", set()),
    ],
)
def test_names_are_matched_with_iam_s_wildcards(
    context: BookContext, pattern: str, names: set[str]
) -> None:
    """Only `*` and `?` are wildcards, brackets are literal, and case matters."""
    found = matching_changes(context, ChangeFilter(policy=pattern, without_effect=True))
    assert {line.policy for line in found} == names
