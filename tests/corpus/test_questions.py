"""On all of AWS, questions have the same answers from the store as from the data."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.cli import run

pytestmark = pytest.mark.xdist_group("look-up pages of all of AWS")

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


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_are_the_same(question: str, aws_data: Path) -> None:
    """To the byte, also the second time."""
    words = (*question.split(), "--data", aws_data)
    expected = run(*words, "--no-cache")
    for _ in range(2):
        found = run(*words)
        assert (found.exit_code, found.stdout) == (expected.exit_code, expected.stdout)
        assert found.stderr == expected.stderr
