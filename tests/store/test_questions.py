"""Every question has the same answer from the store as from the data, to the byte."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.books import DATA
from tests.support.cli import run

QUESTIONS = (
    "grants s3:GetObject",
    "grants s3:HeadObject",
    "grants iam:PassRole --format json",
    "grants sagemaker:CreateEndpoint --at 2023-06-01",
    "grants s3:GetObject --resource arn:aws:s3:::sagemaker-x/y --format json",
    "grants s3:GetObjekt",
    "show AmazonSageMakerFullAccess",
    "show AmazonSageMakerFullAccess --expand",
    "show AmazonSageMakerFullAccess --format json",
    "show AmazonSageMakerFullAccess --at 2023-06-01 --format json",
    "show AmazonSageMakerFullAcces",
    "diff AmazonSageMakerReadOnly AmazonSageMakerFullAccess",
    "diff AmazonSageMakerReadOnly AmazonSageMakerFullAccess --format json",
    "changes",
    "changes --since 2023-06-01 --until 2024-06-01 --all",
    "changes --format json",
    "changes --format csv",
    "changes --format markdown",
    "changes --service s3 --format json",
    "changes --service sagemaker --policy *Full* --verdict widened",
    "changes --service nothing",
    "growth",
    "covers s3:GetObject iam:PassRole --policy AmazonSageMakerFullAccess",
    "covers s3:GetObject iam:PassRole --policy AmazonSageMakerFullAccess --format json",
    "choose sagemaker:CreateEndpoint",
    "choose sagemaker:CreateEndpoint --format json",
    "choose s3:GetObject --instead-of AmazonSageMakerFullAccess",
    "risks AmazonSageMakerFullAccess",
    "risks AmazonSageMakerFullAccess AmazonSageMakerReadOnly --format json",
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository's book."""
    return Path(shutil.copytree(DATA, tmp_path_factory.mktemp("asked") / "data"))


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_are_the_same(question: str, data: Path) -> None:
    """When the store is made, from the store, and without it."""
    words = (*question.split(), "--data", data)
    first, second, without = run(*words), run(*words), run(*words, "--no-cache")
    expected = without.exit_code, without.stdout, without.stderr
    assert (first.exit_code, first.stdout, first.stderr) == expected
    assert (second.exit_code, second.stdout, second.stderr) == expected
