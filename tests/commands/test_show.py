"""`policybook show`: a policy, a version of it, or what was in force on a day."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.books import DATA, SAMPLES
from tests.support.cli import answer, refusal, run

PIPELINES = "AmazonSageMakerPipelinesIntegrations"
EDGES = SAMPLES / "edges"


def test_show_says_what_a_policy_is_and_grants() -> None:
    """Its current version, or the one that is asked for."""
    lines = answer("show", PIPELINES, "--data", DATA).splitlines()
    assert lines[:5] == [
        PIPELINES,
        f"  arn       arn:aws:iam::aws:policy/{PIPELINES}",
        "  type      aws-managed",
        "  version   v3",
        "  published 2023-02-17",
    ]
    assert lines[5] == (
        "  in brief  Reads elasticmapreduce, events and lambda; writes 12 actions of 5 services; "
        "passes roles; of 17 actions, 16 on ARN patterns, 1 under conditions."
    )
    assert lines[7] == "  versions  v3, v2, v1"
    assert lines[8] == "  changed   widened with v3, 2023-02-17"
    assert lines[9 + 34] == (
        "    5 Allow elasticmapreduce:ListSteps on arn:aws:elasticmapreduce:*:*:cluster/* "
        "(first seen in v3, 2023-02-17; the document of v2 is not known)"
    )
    assert lines[9 + 35].startswith("  risk: ")
    first = answer("show", f"{PIPELINES}@v1", "--data", DATA).splitlines()
    assert first[9 + 19].startswith("  risk: ")
    assert first[9 + 18] == (
        "    3 Allow iam:PassRole on arn:aws:iam::*:role/*"
        " if iam:PassedToService StringEquals lambda.amazonaws.com (since v1, 2021-07-30)"
    )


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Forms", ["2 Deny all except s3:*, iam:* on all except arn:aws:s3:::one, arn:aws"]),
        ("Rolled", ["version   v4", "versions  v8, v6, v4, v3", "changed   mixed with v4 again"]),
        ("Rolled@v6", ["version   v6", "its document is not known"]),
        (
            "Gone",
            ["state     deprecated, date unknown", "versions  none known", "no known change"],
        ),
        ("Everything@2020-01-01", ["1 Allow * on *", "2 Allow all except iam:* on *"]),
    ],
)
def test_show_has_words_for_what_is_odd(name: str, parts: list[str]) -> None:
    """Everything but, a rollback, what is not known."""
    text = answer("show", name, "--data", EDGES)
    assert [part for part in parts if part not in text] == []


@pytest.mark.parametrize("name", [PIPELINES, "AmazonSageMakerFullAccess"])
def test_json_is_the_result_of_the_site(site: Path, name: str) -> None:
    """Of the policy's file in the API, overlaps with other policies included."""
    file = json.loads((site / f"api/v1/policies/{name}.json").read_text())
    found = json.loads(answer("show", name, "--data", DATA, "--format", "json"))
    assert found["overlap"]
    assert found == file["result"]


def grants(found: Mapping[str, Any]) -> int:
    """How many pairs of an action pattern and a resource pattern an entry of `grants` has."""
    return len(found["actions"]) * len(found["resources"])


def test_show_answers_in_json_too() -> None:
    """In the form of the API."""
    found = json.loads(answer("show", f"{PIPELINES}@v1", "--data", DATA, "--format", "json"))
    assert found["name"] == PIPELINES
    assert sum(map(grants, found["grants"])) == 19
    assert [version["id"] for version in found["versions"]] == ["v3", "v2", "v1"]


@pytest.mark.parametrize("name", [f"{PIPELINES}@v1", PIPELINES])
def test_show_expands_what_a_version_grants(name: str) -> None:
    """Each effective action with the pattern and the statement that grant it."""
    option = () if "@" in name else ("--version", "v1")
    lines = answer("show", name, *option, "--expand", "--data", DATA)
    assert "sqs:CreateQueue through sqs:CreateQueue (" in lines
    found = json.loads(
        answer("show", name, *option, "--expand", "--format", "json", "--data", DATA)
    )
    assert found["effective"]["sqs:CreateQueue"][0]["pattern"] == "sqs:CreateQueue"
    assert sum(map(grants, found["policy"]["grants"])) == 19


def test_a_document_that_is_no_version_can_be_shown(tmp_path: Path) -> None:
    """With its own risks, although versions are not compared with it."""
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    place = folder / "policies/AmazonSageMakerFullAccess"
    (place / "v90.json").write_text(json.dumps({"Version": "2012-10-17", "Statement": []}))
    text = (place / "policy.yml").read_text()
    entry = "versions:\n  - {id: v90, published: 2025-01-01}\n"
    (place / "policy.yml").write_text(text.replace("versions:\n", entry))
    arguments = ("show", "AmazonSageMakerFullAccess@2021-08-02", "--data", folder)
    found = json.loads(answer(*arguments, "--format", "json"))
    assert found["risks"]
    assert [v["verdict"] for v in found["versions"]] == [None, None]


# --- On a day -------------------------------------------------------------------------------------


def test_show_answers_from_the_version_that_was_the_default_then() -> None:
    found = answer("show", PIPELINES, "--at", "2022-01-01", "--data", DATA)
    assert "version   v1, the default on 2022-01-01" in found
    assert "lambda:GetFunction" not in found
    later = answer("show", PIPELINES, "--at", "2023-02-17", "--data", DATA)
    assert "lambda:GetFunction" in later


def test_show_says_why_a_day_s_version_is_not_certain() -> None:
    """On standard error in text, and under `unsure` in JSON."""
    ran = run("show", PIPELINES, "--at", "2022-06-01", "--data", DATA)
    assert ran.exit_code == 0
    assert "its document is not known" in ran.stdout
    assert ran.stderr == "not sure: v2 is known by its date only\n"
    found = json.loads(
        answer("show", PIPELINES, "--at", "2022-06-01", "--format", "json", "--data", DATA)
    )
    assert (found["at"], found["version"]) == ("2022-06-01", "v2")
    assert found["unsure"] == "v2 is known by its date only"
    assert found["policy"]["grants"] == []
    ran = run("show", "Rolled", "--at", "2020-04-01", "--data", EDGES)
    assert "v7 is not known" in ran.stderr or "known by its date only" in ran.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([PIPELINES, "--at", "2011-01-01"], "expected 2021-07-30 or a later day, found 2011-01-01"),
        (["DataScientist", "--at", "2022-01-01"], "expected a policy whose versions have dates"),
        ([PIPELINES, "--at", "2022-01-01", "--version", "v1"], "expected a version or --at"),
        ([f"{PIPELINES}@v1", "--at", "2022-01-01"], "expected a version or --at, found both"),
        ([PIPELINES, "--version", "v9"], "expected version v3, v2 or v1, found 'v9'"),
    ],
)
def test_a_day_or_version_that_is_not_known_ends_with_2(arguments: list[str], message: str) -> None:
    """As does a day beside a version."""
    status, text = refusal("show", *arguments, "--data", DATA)
    assert status == 2
    assert message in text
