"""`policybook check`, `show` and `risks` on policy documents in files."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from policybook.data.own_documents import read_own_documents

from tests.support.books import DATA, awful
from tests.support.cli import answer, refusal, run

PIPELINES = "AmazonSageMakerPipelinesIntegrations"
PASSING: Mapping[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": ["s3:GetObjct", "s3:GetOb*"], "Resource": "*"},
        {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"},
        {"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "arn:aws:s3:::mine"},
    ],
}
FAULTY = {"Statement": [{"Sid": "a b", "Effect": "Allow", "Action": "s3:*", "Resource": "x"}]}


@pytest.fixture
def passing(tmp_path: Path) -> Path:
    """A file with warnings."""
    path = tmp_path / "passing.json"
    path.write_text(json.dumps(PASSING, indent=1))
    return path


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """A file with two errors, in YAML."""
    path = tmp_path / "faulty.yml"
    path.write_text(
        "Statement:\n- Sid: a b\n  Effect: Allow\n  Action: s3:*\n  Resource: x\n", encoding="utf-8"
    )
    return path


# --- check ----------------------------------------------------------------------------------------


def test_check_names_errors_with_file_line_and_key_path(passing: Path, faulty: Path) -> None:
    """Of all files; a file needs no book."""
    ran = run("check", passing, faulty)
    assert ran.exit_code == 1
    assert ran.stderr == "2 errors, 1 warning\n"
    assert ran.stdout.splitlines() == [
        f"warning: {passing}:7: Statement[0].Action[0]: expected an action in AWS's action list of "
        "2026-10-27, found 's3:GetObjct'; did you mean s3:GetObject? [uncatalogued-action]",
        f"{faulty}:2: Statement[0].Sid: expected only letters and digits, found 'a b', which IAM "
        "refuses in a customer-managed policy; did you mean AB? [bad-sid]",
        f"{faulty}:5: Statement[0].Resource: expected an ARN or *, found 'x', which IAM refuses in "
        "a customer-managed policy [malformed-resource]",
    ]


def test_strict_makes_warnings_count(passing: Path, tmp_path: Path) -> None:
    """For files, and for a whole book."""
    assert run("check", passing).exit_code == 0
    strict = run("check", passing, "--strict")
    assert (strict.exit_code, strict.stderr) == (1, "1 error, 0 warnings\n")
    assert run("check", "--data", DATA).exit_code == 0
    assert run("check", "--data", DATA, "--strict").exit_code == 1


def test_check_reads_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which the name `-` stands for."""
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(json.dumps(FAULTY).encode())))
    (found,) = read_own_documents("-")
    assert found.file == "-"
    assert found.document


def test_check_of_files_has_no_age(passing: Path) -> None:
    """It is that of a book."""
    status, line = refusal("check", passing, "--max-age", "1")
    assert (status, line) == (2, "expected files or --max-age, found both")


def test_check_writes_annotations_for_github(faulty: Path) -> None:
    """One line each, in which nothing of a file starts a command of its own."""
    first, second = run("check", faulty, "--format", "github").stdout.splitlines()
    assert first.startswith(
        f"::error file={faulty},line=2,title=bad-sid::Statement[0].Sid: expected"
    )
    assert second.startswith("::error ")
    odd = faulty.with_name("o,d:d%.json")
    odd.write_text(json.dumps({"Statement": {"x\n::error::": 1}}))
    lines = run("check", odd, "--format", "github").stdout.splitlines()
    assert [line for line in lines if not line.startswith("::error file=")] == []
    assert "o%2Cd%3Ad%25.json" in lines[0]


# Our own words for what sections 3.13 to 3.52 of "SARIF Version 2.1.0" say about the properties
# that we write; OASIS's schema is not copied here. Properties of other names are errors.
SARIF: Mapping[str, Any] = {
    "type": "object",
    "required": ["$schema", "version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "additionalProperties": False,
                "properties": {
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "additionalProperties": False,
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name"],
                                "additionalProperties": False,
                                "properties": {
                                    "name": {"type": "string", "minLength": 1},
                                    "version": {"type": "string"},
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "required": ["id"],
                                            "additionalProperties": False,
                                            "properties": {"id": {"type": "string"}},
                                        },
                                    },
                                },
                            }
                        },
                    },
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "results": {"type": "array", "items": {"$ref": "#/$defs/result"}},
                },
            },
        },
    },
    "$defs": {
        "result": {
            "type": "object",
            "required": ["message"],
            "additionalProperties": False,
            "properties": {
                "ruleId": {"type": "string"},
                "ruleIndex": {"type": "integer", "minimum": 0},
                "level": {"enum": ["none", "note", "warning", "error"]},
                "message": {
                    "type": "object",
                    "required": ["text"],
                    "additionalProperties": False,
                    "properties": {"text": {"type": "string"}},
                },
                "locations": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "additionalProperties": False,
                        "properties": {
                            "physicalLocation": {
                                "type": "object",
                                "required": ["artifactLocation"],
                                "additionalProperties": False,
                                "properties": {
                                    "artifactLocation": {
                                        "type": "object",
                                        "required": ["uri"],
                                        "additionalProperties": False,
                                        "properties": {
                                            "uri": {
                                                "type": "string",
                                                "pattern": "^[!-~]+$",
                                            }
                                        },
                                    },
                                    "region": {
                                        "type": "object",
                                        "required": ["startLine"],
                                        "additionalProperties": False,
                                        "properties": {
                                            "startLine": {"type": "integer", "minimum": 1}
                                        },
                                    },
                                },
                            },
                            "logicalLocations": {
                                "type": "array",
                                "uniqueItems": True,
                                "items": {
                                    "type": "object",
                                    "additionalProperties": False,
                                    "properties": {"fullyQualifiedName": {"type": "string"}},
                                },
                            },
                        },
                    },
                },
            },
        }
    },
}


def test_check_writes_sarif(passing: Path, faulty: Path, tmp_path: Path) -> None:
    """For files, for a book with errors of every kind, and where nothing is found."""
    empty = tmp_path / "no errors é.json"
    empty.write_text(json.dumps({"Version": "2012-10-17", "Statement": []}))
    book = ("--data", awful(tmp_path / "awful"))
    for arguments in ((passing, faulty), (empty,), book):
        log = json.loads(run("check", *arguments, "--format", "sarif").stdout)
        jsonschema.Draft202012Validator(SARIF).validate(log)
        (ran,) = log["runs"]
        rules = [rule["id"] for rule in ran["tool"]["driver"]["rules"]]
        assert [rules[r["ruleIndex"]] for r in ran["results"]] == [
            r["ruleId"] for r in ran["results"]
        ]
    (ran,) = json.loads(run("check", faulty, "--format", "sarif").stdout)["runs"]
    first = ran["results"][0]
    assert (first["ruleId"], first["level"]) == ("bad-sid", "error")
    assert first["locations"][0]["physicalLocation"]["region"] == {"startLine": 2}
    assert first["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "Statement[0].Sid"}]


# --- show -----------------------------------------------------------------------------------------


def test_show_says_what_a_document_allows(passing: Path) -> None:
    """Line by line."""
    lines = answer("show", passing, "--data", DATA).splitlines()
    assert lines[0] == f"{passing}:1"
    assert "  effective actions: Read 16, Write 1, Uncatalogued 1 (upper bound)" in lines
    assert (
        "  not in AWS's action list: s3:GetObjct (statement 1); did you mean s3:GetObject?" in lines
    )
    assert (
        "  without effect: ec2:RunInstances in the Action of statement 3: "
        "it has no resource of the statement" in lines
    )
    assert any(
        line.startswith("  wildcard: s3:GetOb* (statement 1) names 16 actions") for line in lines
    )
    assert "  risk: Pass any role: open [pass-role, pass-any-role]" in lines


def test_show_lists_the_effective_actions_of_a_document(passing: Path) -> None:
    """With the patterns and statements that grant them."""
    text = answer("show", passing, "--data", DATA, "--expand")
    assert "      iam:PassRole through iam:PassRole (2)" in text


def test_show_names_policies_that_contain_a_document(tmp_path: Path) -> None:
    """The same document as that of a policy is equal to it."""
    policy = json.loads(answer("show", f"{PIPELINES}@v1", "--data", DATA, "--format", "json"))
    source = next(v["document"] for v in policy["versions"] if v["key"] == "v1")
    path = tmp_path / "own.json"
    path.write_text(json.dumps({"PolicyVersion": {"Document": source}}))
    (result,) = json.loads(answer("show", path, "--data", DATA, "--format", "json"))
    assert result["path"] == ["PolicyVersion", "Document"]
    assert [line["name"] for line in result["answers"]["overlap"]["contained_in"]] == [PIPELINES]
    assert f"  contained in {PIPELINES}: 10 actions more, 0 less" in answer(
        "show", path, "--data", DATA
    )


def test_show_says_what_a_boundary_leaves(passing: Path, tmp_path: Path) -> None:
    """And what it removes."""
    boundary = tmp_path / "boundary.json"
    allow = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    boundary.write_text(json.dumps({"Version": "2012-10-17", "Statement": [allow]}))
    arguments = ("show", passing, "--boundary", boundary, "--data", DATA)
    text = answer(*arguments)
    assert "  left by the boundary: 17 actions (exact); 1 removed" in text
    (result,) = json.loads(answer(*arguments, "--format", "json"))
    left = result["answers"]["left"]
    assert (left["exact"], left["removed"]) == (True, ["iam:PassRole"])


def test_show_of_a_document_with_errors_names_them(faulty: Path, tmp_path: Path) -> None:
    """What cannot be read has no answers."""
    lines = answer("show", faulty, "--data", DATA).splitlines()
    assert lines[1].startswith(f"  error: {faulty}:2: Statement[0].Sid")
    broken = tmp_path / "broken.json"
    broken.write_text('{"Statement": {}}')
    ran = run("show", broken, "--data", DATA)
    assert (ran.exit_code, ran.stdout.splitlines()[-1]) == (1, "  the document cannot be read")
    (result,) = json.loads(run("show", broken, "--data", DATA, "--format", "json").stdout)
    assert sorted(result) == ["answers", "file", "findings", "line", "path"]
    assert result["answers"] is None


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (("{file}", PIPELINES), "expected names of policies or of files, found"),
        (("{file}", "--version", "v1"), "expected files, or --version or --at, found both"),
        ((PIPELINES, PIPELINES), "expected the name of one policy, or files, found 2 names"),
        ((PIPELINES, "--boundary", "{file}"), "found --boundary without a file"),
        (("none.json",), "none.json: expected a policy document, found no file"),
    ],
)
def test_show_says_what_it_cannot_show(
    passing: Path, arguments: tuple[str, ...], found: str
) -> None:
    """In one line."""
    given = [argument.format(file=passing) for argument in arguments]
    status, line = refusal("show", *given, "--data", DATA)
    assert status == 2
    assert found in line


# --- risks ----------------------------------------------------------------------------------------


def test_risks_of_documents_and_policies(passing: Path) -> None:
    """Each with what limits it."""
    text = answer("risks", passing, f"{PIPELINES}@v1", "--data", DATA)
    lines = text.splitlines()
    assert lines[:2] == [f"{passing}:1", "  risk: Pass any role: open [pass-role, pass-any-role]"]
    assert f"{PIPELINES}@v1" in lines
    found = json.loads(answer("risks", passing, PIPELINES, "--data", DATA, "--format", "json"))
    documents = found["documents"]
    assert [(one["name"], one["line"]) for one in documents] == [
        (str(passing), 1),
        (f"{PIPELINES}@v3", 0),
    ]
    assert documents[0]["risks"][0]["rule"] == "pass-any-role"


def test_risks_of_a_document_that_cannot_be_read_are_not_known(tmp_path: Path) -> None:
    """Which is not the same as none."""
    broken, harmless = tmp_path / "broken.json", tmp_path / "harmless.json"
    broken.write_text("{")
    harmless.write_text('{"Statement": []}')
    ran = run("risks", broken, harmless, "--data", DATA)
    assert ran.exit_code == 1
    assert ran.stdout.splitlines() == [
        str(broken),
        "  the document cannot be read",
        f"{harmless}:1",
        "  no rule matches",
    ]
