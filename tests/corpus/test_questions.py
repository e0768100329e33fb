"""On all of AWS, questions have the same answers from the store as from the data."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import pytest
from policybook.analysis.index import Index, index
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load
from policybook.model.book import Book

from tests.support.cli import run

QUESTIONS = (
    "grants s3:GetObject",
    "grants iam:PassRole --format json",
    "grants ec2:RunInstances --at 2022-01-01",
    "show ReadOnlyAccess",
    "show AmazonS3FullAccess --format json",
    "diff AmazonS3FullAccess@v1 AmazonS3FullAccess --format json",
    "changes --since 2025-01-01 --format json",
    "changes --service s3 --format json",
    "covers s3:GetObject kms:Decrypt --policy AmazonSageMakerFullAccess --format json",
    "choose s3:GetObject",
    "risks AmazonSageMakerFullAccess --format json",
)


class ReadOnce:
    """The data as the program reads and compares it, once for all questions."""

    def __init__(self, data: Path) -> None:
        self._book = load(data)

    def book(self, _folder: Path) -> Book:
        """The whole book."""
        return self._book

    def compared(self, _book: Book, reference: Catalogue) -> Index:
        """Every change of it; each question has the catalogue that is installed."""
        return self._compared

    @cached_property
    def _compared(self) -> Index:
        return index(self._book, reference=Catalogue())


@pytest.fixture(scope="module")
def read_once(aws_data: Path) -> ReadOnce:
    """All of AWS."""
    return ReadOnce(aws_data)


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_are_the_same(question: str, aws_data: Path, read_once: ReadOnce) -> None:
    """To the byte, also the second time."""
    words = (*question.split(), "--data", aws_data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("policybook.data.loader.load", read_once.book)
        patch.setattr("policybook.analysis.index.index", read_once.compared)
        expected = run(*words, "--no-cache")
    for _ in range(2):
        found = run(*words)
        assert (found.exit_code, found.stdout) == (expected.exit_code, expected.stdout)
        assert found.stderr == expected.stderr
