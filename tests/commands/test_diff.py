"""`policybook diff`: what one document grants beside another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.books import DATA, write
from tests.support.cli import answer, refusal

PIPELINES = "AmazonSageMakerPipelinesIntegrations"
FOLDER = DATA / "policies" / PIPELINES


def test_diff_tells_what_was_and_what_is_now() -> None:
    """The verdict first, then what happened to each action."""
    lines = answer("diff", f"{PIPELINES}@v1", PIPELINES, "--data", DATA).splitlines()
    assert lines[0] == "widened"
    roles = "on arn:aws:iam::*:role/* if iam:PassedToService StringEquals {}"
    assert (
        "  + added: lambda:GetFunction on arn:aws:lambda:*:*:function:*SageMaker*, "
        "arn:aws:lambda:*:*:function:*sageMaker*, arn:aws:lambda:*:*:function:*sagemaker*"
    ) in lines
    place = lines.index("  + widened: iam:PassRole")
    assert lines[place + 1 : place + 3] == [
        "      now  " + roles.format("elasticmapreduce.amazonaws.com or ec2.amazonaws.com"),
        "      kept " + roles.format("lambda.amazonaws.com"),
    ]
    back = answer("diff", PIPELINES, f"{PIPELINES}@v1", "--data", DATA).splitlines()
    assert back[0] == "narrowed"
    words = (("added", "removed"), ("widened", "narrowed"), ("+", "-"), ("now ", "was "))
    for there, here in words:
        lines = [line.replace(there, here) for line in lines]
    assert sorted(back[2:]) == sorted(lines[2:])


def grants(found: Any) -> list[tuple[str, str, str | None, str | None]]:
    """The parts of each entry that are single texts."""
    return [(e["kind"], e["effect"], e["action"], e["resource"]) for e in found]


def test_diff_answers_in_json_too(tmp_path: Path) -> None:
    """Verdict, gained and lost; each entry has kind, effect, action, resource and condition."""
    old = {"Effect": "Allow", "Action": ["s3:GetObject", "sqs:*"], "Resource": "*"}
    new = {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject"],
        "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": True}, "StringLike": {"k": ["a", "b"]}},
    }
    write(tmp_path, {"a.json": json.dumps({"Statement": old})})
    write(tmp_path, {"b.json": json.dumps({"Statement": [new]})})
    text = answer("diff", tmp_path / "a.json", tmp_path / "b.json", "--format", "json")
    found = json.loads(text)
    assert {"verdict", "gained", "lost"} <= set(found)
    assert found["verdict"] == "mixed"
    assert grants(found["gained"]) == [("action", "Allow", "s3:PutObject", "*")]
    assert grants(found["lost"]) == [
        ("condition", "Allow", "s3:GetObject", "*"),
        ("action", "Allow", "sqs:*", "*"),
    ]
    condition = {"Bool": {"aws:SecureTransport": ["true"]}, "StringLike": {"k": ["a", "b"]}}
    assert found["gained"][0]["condition"] == condition
    assert found["lost"][0]["condition"] == {}


def test_diff_in_json_says_everything_but(tmp_path: Path) -> None:
    """NotAction and NotResource have keys of their own, and the single one is null."""
    value = {"Statement": {"Effect": "Deny", "NotAction": ["a:B", "c:D"], "NotResource": "x"}}
    write(tmp_path, {"a.json": json.dumps({"Statement": []}), "b.json": json.dumps(value)})
    text = answer("diff", tmp_path / "a.json", tmp_path / "b.json", "--format", "json")
    (entry,) = json.loads(text)["lost"]
    assert (entry["kind"], entry["effect"]) == ("deny", "Deny")
    assert (entry["action"], entry["not_action"]) == (None, ["a:B", "c:D"])
    assert (entry["resource"], entry["not_resource"]) == (None, ["x"])


def test_diff_takes_names_and_paths_on_either_side(tmp_path: Path) -> None:
    """YAML and JSON, also in the envelope that `aws iam get-policy-version` prints."""
    bare = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*"}],
    }
    whole = {"PolicyVersion": {"CreateDate": "2020-01-01T00:00:00Z", "Document": bare}}
    write(tmp_path, {"bare.json": json.dumps(bare), "whole.json": json.dumps(whole)})
    write(tmp_path, {"bare.yaml": json.dumps(bare)})
    for one in ("bare.json", "whole.json", "bare.yaml"):
        for other in ("bare.json", "whole.json", "bare.yaml"):
            assert answer("diff", tmp_path / one, tmp_path / other) == "identical\n"
    mixed = answer("diff", PIPELINES, tmp_path / "whole.json", "--data", DATA)
    assert (
        "\n  + widened: lambda:InvokeFunction\n      now  on *\n      kept on arn:aws:lambda:"
        in mixed
    )
    same = answer("diff", FOLDER / "v3.yml", f"{PIPELINES}@v3", "--data", DATA)
    assert same == "identical\n"


def test_diff_of_two_files_needs_no_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor any mkdocs.yml."""
    write(tmp_path, {"a.json": '{"Statement": []}'})
    monkeypatch.chdir(tmp_path)
    assert answer("diff", "a.json", "./a.json") == "identical\n"


def test_diff_says_what_cannot_be_decided(tmp_path: Path) -> None:
    """A principal has no place in a managed policy."""
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    write(tmp_path, {"a.json": json.dumps({"Statement": statement})})
    write(tmp_path, {"b.json": json.dumps({"Statement": {**statement, "Principal": "*"}})})
    lines = answer("diff", tmp_path / "a.json", tmp_path / "b.json").splitlines()
    assert lines == ["undetermined", "  ? Principal, which a managed policy does not have"]


@pytest.mark.parametrize(
    ("other", "status", "text"),
    [
        (f"{PIPELINES}@v2", 2, f"{PIPELINES}: expected a document of version v2, found none"),
        ("DataScientist", 2, "DataScientist: expected a document of any version, found none"),
        ("absent.json", 2, "absent.json: expected a policy document, found no file"),
        ("a/b", 2, "a/b: expected a policy document, found no file"),
        ("empty.json", 1, "empty.json: expected some content, found an empty file [empty]"),
        ("bad.yml", 1, "bad.yml:2: Statement[0]: expected the key Effect, found none [no-effect]"),
    ],
)
def test_diff_names_a_document_that_it_cannot_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str, status: int, text: str
) -> None:
    """On either side."""
    statement = "Statement:\n  - {Action: '*', Resource: '*'}\n"
    monkeypatch.chdir(write(tmp_path, {"empty.json": "", "bad.yml": statement}))
    for sides in ([PIPELINES, other], [other, PIPELINES]):
        said = refusal("diff", *sides, "--data", DATA)
        assert said[0] == status
        assert said[1].startswith(text)
