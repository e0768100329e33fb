"""`policybook grants`: which policies grant an action."""

from __future__ import annotations

import json

import pytest

from tests.support.books import DATA
from tests.support.cli import answer, refusal, run


def test_text_and_json_have_the_same_grants() -> None:
    text = answer("grants", "iam:PassRole", "--data", DATA).splitlines()
    found = json.loads(answer("grants", "iam:PassRole", "--data", DATA, "--format", "json"))
    assert {"action", "at", "policies"} <= set(found)
    rows = found["policies"]
    assert {"name", "pattern", "resource", "condition", "certainty"} <= set(rows[0])
    assert len({row["name"] for row in rows}) == int(text[0].split()[1])
    assert all(any(row["name"] in line for line in text[1:]) for row in rows)
    assert {line.split()[0] for line in text[1:]} == {row["certainty"] for row in rows}


def test_a_resource_and_a_day_can_be_given() -> None:
    role = "arn:aws:iam::123456789012:role/AmazonSageMaker-x"
    arguments = ("--resource", role, "--at", "2021-08-05", "--data", DATA)
    assert "2021-08-02" in answer("grants", "iam:PassRole", *arguments)


def test_policies_whose_version_of_that_day_is_not_known_are_named_on_standard_error() -> None:
    ran = run("grants", "lambda:InvokeFunction", "--at", "2022-05-01", "--data", DATA)
    assert ran.exit_code == 0
    assert "not sure: AmazonSageMakerPipelinesIntegrations: " in ran.stderr
    assert "not sure" not in ran.stdout


@pytest.mark.parametrize(
    "arguments", [["s3:GetObjct"], ["s3:GetObject", "--at", "1999-01-01"], ["x"]]
)
def test_a_wrong_question_ends_with_2(arguments: list[str]) -> None:
    """In one line."""
    status, text = refusal("grants", *arguments, "--data", DATA)
    assert status == 2
    assert len(text.splitlines()) == 1
