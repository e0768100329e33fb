"""`policybook covers`: which of some actions policies grant, alone or attached together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from policybook.commands.main import commands
from policybook.data.standard_input import standard_input
from policybook.errors import PolicybookError

from tests.support.book_folders import allowing, put
from tests.support.books import BOOK, DATA
from tests.support.cli import refusal, run

PIPELINES = "AmazonSageMakerPipelinesIntegrations"
DOCS = "arn:aws:s3:::docs/*"
OPERATIONS = """
groups:
  - operations: [s3:HeadObject]
    actions: [s3:GetObject]
    sometimes: [{action: s3:ListBucket, when: the object does not exist}]
    source: {title: A page, url: "https://docs.aws.amazon.com/"}
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book of policies with versions and Denies."""
    book = tmp_path_factory.mktemp("covers")
    (book / "data/policies").mkdir(parents=True)
    (book / "data/book.yml").write_text(BOOK)
    put(book, "Reads", allowing(("s3:ListBucket", "*")), allowing(("s3:Get*", "*")))
    put(book, "Docs", allowing(("s3:GetObject", DOCS), ("s3:PutObject", DOCS)))
    denied = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}
    put(book, "Denies", {"Version": "2012-10-17", "Statement": [denied]})
    if_secure = {"Bool": {"aws:SecureTransport": "true"}}
    secure = allowing(("sqs:SendMessage", "*"))
    secure["Statement"][0]["Condition"] = if_secure  # type: ignore[index]  # a list
    put(book, "Secure", secure)
    (book / "data/operations.yml").write_text(OPERATIONS)
    return book / "data"


def found(data: Path, *arguments: object) -> tuple[int, Any]:
    """The exit status, and the JSON."""
    ran = run("covers", *arguments, "--data", data, "--format", "json")
    return ran.exit_code, json.loads(ran.stdout)


def names(answer: Any) -> dict[str, list[str]]:
    """The actions of each list."""
    lists = ("has", "conditional", "lacks")
    return {state: [one["action"] for one in answer[state]] for state in lists}


def test_each_action_is_had_conditional_or_lacking(data: Path) -> None:
    """With the statement, on what, and since when; status 1, as something lacks."""
    status, answer = found(
        data, "--policy", "Reads", "--policy", "Docs", *("s3:GetObject", "s3:PutObject", "sqs:*")
    )
    assert status == 1
    assert names(answer)["has"] == ["s3:GetObject"]
    assert names(answer)["conditional"] == ["s3:PutObject"]
    assert "sqs:SendMessage" in names(answer)["lacks"]
    first, docs = answer["has"][0]["statements"]
    assert (first["name"], first["version"], first["statement"]) == ("Reads", "v2", 1)
    assert (first["patterns"], first["resource"], first["certainty"]) == (["s3:Get*"], "*", "yes")
    assert first["granted_since"]["version"] == "v2"
    assert docs["resource"] == DOCS
    assert answer["lacks"][0]["asked"] == ["sqs:*"]


def test_everything_granted_ends_with_0(data: Path) -> None:
    assert found(data, "--policy", "Reads", "s3:GetObject")[0] == 0
    assert found(data, "--policy", "Docs", "s3:GetObject")[0] == 0


def test_versions_days_and_files_can_be_asked(data: Path, tmp_path: Path) -> None:
    """The first version grants something else."""
    for name in ("Reads@v1", "Reads@2020-06-01"):
        assert names(found(data, "--policy", name, "s3:GetObject")[1])["lacks"] == ["s3:GetObject"]
    own = tmp_path / "own.json"
    own.write_text(json.dumps(allowing(("s3:GetObject", "*"))))
    status, answer = found(data, "--policy", own, "s3:GetObject")
    assert status == 0
    assert answer["policies"] == [{"name": str(own), "version": None}]
    assert answer["has"][0]["statements"][0]["granted_since"] is None


def test_a_deny_of_one_policy_counts_for_all(data: Path) -> None:
    """And its statement is named."""
    _, answer = found(data, "--policy", "Reads", "--policy", "Denies", "s3:GetObject")
    (lacking,) = answer["lacks"]
    (statement,) = lacking["statements"]
    assert statement["certainty"] == "no"
    assert statement["denied_by_others"] == [{"name": "Denies", "statement": 1}]
    text = run("covers", "--policy", "Reads", "--policy", "Denies", "s3:GetObject", "--data", data)
    assert "Deny in Denies, statement 1" in text.stdout


def test_the_text_has_the_condition_and_since_when(data: Path) -> None:
    ran = run("covers", "--policy", "Secure", "sqs:SendMessage", "--data", data)
    assert ran.exit_code == 0
    lines = ran.stdout.splitlines()
    assert lines[0] == "has 0, conditional 1, lacks 0"
    assert lines[1] == "conditional sqs:SendMessage (Write)"
    assert "if aws:SecureTransport Bool true" in lines[2]
    assert "(since v1, 2020-03-01)" in lines[2]


def test_files_have_actions_in_any_form(data: Path, tmp_path: Path) -> None:
    """What is not understood is said, and gives status 1."""
    listed = tmp_path / "actions.txt"
    listed.write_text("s3:GetObject # reading\ns3:Nope\n")
    ran = run("covers", "--policy", "Reads", listed, "--data", data)
    assert ran.exit_code == 1
    assert ran.stderr.startswith("unknown: s3:Nope: ")
    trail = tmp_path / "trail.json"
    events = [
        {"eventSource": "s3.amazonaws.com", "eventName": "GetObject"},
        {"eventSource": "s3.amazonaws.com", "eventName": "HeadObject"},
        {"eventSource": "s3.amazonaws.com", "eventName": "NoSuchOperation"},
        {"eventSource": "lambda.amazonaws.com", "eventName": "CreateFunction20150331"},
    ]
    trail.write_text(json.dumps({"Records": events}))
    _, answer = found(data, "--policy", "Reads", trail)
    assert names(answer) == {
        "has": ["s3:GetObject"],
        "conditional": [],
        "lacks": ["lambda:CreateFunction"],
    }
    assert [one["operation"] for one in answer["operations"]] == ["s3:HeadObject"]
    (unknown,) = answer["unknown"]
    assert unknown["text"] == "s3:NoSuchOperation"


@pytest.mark.parametrize(
    "arguments",
    [
        ["s3:GetObject"],
        ["--policy", "Reads"],
        ["--policy", "Nope", "s3:GetObject"],
        ["--policy", "Reads@v9", "s3:GetObject"],
        ["--policy", "Reads", "no-such-file.txt"],
    ],
)
def test_a_wrong_question_ends_with_2(data: Path, arguments: list[str]) -> None:
    assert refusal("covers", *arguments, "--data", data)[0] == 2


def test_an_unreadable_file_ends_with_2(data: Path, tmp_path: Path) -> None:
    binary = tmp_path / "binary.txt"
    binary.write_bytes(b"\xff\xfe")
    status, text = refusal("covers", "--policy", "Reads", binary, "--data", data)
    assert (status, len(text.splitlines())) == (2, 1)


def test_an_action_that_only_policies_name_is_known() -> None:
    """It is not in AWS's list any more."""
    ran = run(
        *("covers", "--policy", "AmazonSageMakerFullAccess", "elastic-inference:Connect"),
        *("--data", DATA),
    )
    assert "elastic-inference:Connect (Uncatalogued)" in ran.stdout


# --- API operations -------------------------------------------------------------------------------


def test_an_operation_means_the_actions_that_it_always_needs(data: Path) -> None:
    """In any case; what it needs only in some cases is said and not counted."""
    status, answer = found(data, "--policy", "Reads", "s3:headobject")
    assert status == 0
    assert names(answer) == {"has": ["s3:GetObject"], "conditional": [], "lacks": []}
    assert answer["has"][0]["asked"] == ["s3:headobject"]
    (operation,) = answer["operations"]
    assert operation["sometimes"] == [
        {"action": "s3:ListBucket", "when": "the object does not exist"}
    ]
    text = run("covers", "--policy", "Reads", "s3:HeadObject", "--data", data).stdout
    assert text.startswith(
        "s3:HeadObject is an API operation. It needs s3:GetObject, and s3:ListBucket if the object "
        "does not exist.\n"
    )


def test_an_operation_that_no_source_knows_is_unknown(data: Path) -> None:
    status, answer = found(data, "--policy", "Reads", "s3:ListObjectsV9")
    assert status == 1
    assert [part["text"] for part in answer["unknown"]] == ["s3:ListObjectsV9"]
    assert answer["operations"] == []


# --- standard input -------------------------------------------------------------------------------


def test_bytes_that_are_no_text_are_refused_in_a_line() -> None:
    """As they are in a file."""
    named = ["covers", "--policy", PIPELINES, "-", "--data", str(DATA)]
    ran = CliRunner().invoke(commands, named, input=b"\xff\xfe\x00")
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert ran.stderr.startswith("-:1: expected UTF-8 text, found UTF-16; save the file as UTF-8")


def test_a_process_without_standard_input_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """As one that is started with it closed."""
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(PolicybookError, match="-: expected standard input, found none"):
        standard_input()
