"""Policy documents in files that are no part of the data, wherever they lie in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from policybook.data.file_names import is_file_name
from policybook.data.own_documents import (
    only_document,
    own_documents,
    read_own_documents,
)
from policybook.errors import DataError, PolicybookError

ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
DOCUMENT: dict[str, Any] = {"Version": "2012-10-17", "Statement": [ALLOW]}
TEXT = json.dumps(DOCUMENT)


@pytest.mark.parametrize(
    ("value", "at"),
    [
        (DOCUMENT, ()),
        (
            {"PolicyVersion": {"Document": DOCUMENT, "VersionId": "v1"}},
            ("PolicyVersion", "Document"),
        ),
        ({"Policy": {"Content": TEXT}}, ("Policy", "Content")),  # organizations describe-policy
        (
            {"Resources": {"R": {"Properties": {"PolicyDocument": DOCUMENT}}}},
            ("Resources", "R", "Properties", "PolicyDocument"),
        ),
        (
            {"resource": {"aws_iam_policy": {"p": [{"policy": TEXT}]}}},
            ("resource", "aws_iam_policy", "p", 0, "policy"),
        ),
    ],
)
def test_a_document_is_found_where_tools_have_it(value: object, at: tuple[object, ...]) -> None:
    """As IAM, Organizations, CloudFormation and Terraform write it."""
    (found,) = own_documents("x.json", json.dumps(value).encode())
    assert found.at == at
    assert found.findings == ()
    assert found.document
    assert found.document.statements[0].actions.patterns == ("s3:GetObject",)


def test_all_documents_of_a_file_are_found_in_its_order() -> None:
    """Each with its line."""
    text = json.dumps({"a": DOCUMENT, "b": {"c": TEXT}}, indent=1)
    found = own_documents("x.json", text.encode())
    lines = text.split("\n")
    assert [(one.at, lines[one.line - 1].split(":")[0].strip()) for one in found] == [
        (("a",), '"a"'),
        (("b", "c"), '"c"'),
    ]


def test_errors_have_the_line_and_key_path_of_the_file() -> None:
    """Within a text, the line is that of the text."""
    inner = json.dumps({"Statement": {"Effect": "Allow", "Action": 1}})
    text = json.dumps({"x": {"Policy": inner}, "y": {"Statement": [{"Effect": "no"}]}}, indent=1)
    found = own_documents("x.json", text.encode())
    shown = [str(finding) for one in found for finding in one.findings]
    assert shown == [
        "x.json:3: x.Policy.Statement: "
        "expected Resource or NotResource, found neither [no-resource]",
        "x.json:8: y.Statement[0].Effect: expected one of Allow, Deny, found 'no' [wrong-value]",
    ]
    assert [one.document for one in found] == [None, None]


@pytest.mark.parametrize(
    ("function", "text"),
    [
        ({"Ref": "Bucket"}, "${Bucket}"),
        ({"Fn::GetAtt": ["Bucket", "Arn"]}, "${Bucket.Arn}"),
        ({"Fn::GetAtt": "Bucket.Arn"}, "${Bucket.Arn}"),
        (
            {"Fn::Sub": "arn:${AWS::Partition}:s3:::${!Literal}"},
            "arn:${AWS::Partition}:s3:::${Literal}",
        ),
        ({"Fn::Sub": ["${a}/*", {"a": "b"}]}, "${a}/*"),
        ({"Fn::Join": ["", ["arn:aws:s3:::", {"Ref": "B"}, "/*"]]}, "arn:aws:s3:::${B}/*"),
        ({"Fn::If": ["c", "a", "b"]}, "${Fn::If}"),
    ],
)
def test_a_function_of_cloudformation_is_a_variable(function: object, text: str) -> None:
    """Its value is not known, which a warning says."""
    value = {**DOCUMENT, "Statement": {**ALLOW, "Resource": function}}
    (found,) = own_documents("x.json", json.dumps(value).encode())
    assert found.document
    assert found.document.statements[0].resources.patterns == (text,)
    (warning,) = found.findings
    assert (warning.level, warning.kind, warning.path) == (
        "warning",
        "unknown-value",
        ("Statement", "Resource"),
    )
    assert repr(text) in warning.found


def test_a_trust_policy_is_no_policy_of_permissions() -> None:
    """It is named, and not read."""
    value = {"AssumeRolePolicyDocument": {"Statement": {"Principal": "*"}}}
    (found,) = own_documents("x.json", json.dumps(value).encode())
    assert found.is_trust_policy
    assert [finding.level for finding in found.findings] == ["warning"]
    assert found.document is None


def test_yaml_is_read_too() -> None:
    """By the ending, or if the text does not begin like JSON."""
    text = "Version: 2012-10-17\nStatement:\n  Effect: Allow\n  Action: s3:*\n  Resource: '*'\n"
    for name in ("x.yml", "x.yaml", "-", "policy"):
        (found,) = own_documents(name, text.encode())
        assert found.document, found.findings
    (found,) = own_documents("x.json", text.encode())
    assert [finding.kind for finding in found.findings] == ["bad-json"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "empty"),
        ("null", "empty"),
        ("{", "bad-json"),
        ("{}", "missing-key"),
        ("[]", "wrong-type"),
        ("[" * 5_000, "too-deep"),
        ('{"a": 1, "a": 2}', "duplicate-key"),
        ('{"Statement": "\u202e"}', "control-character"),
        ('{"Statement": [{"Sid": "a\\tb"}]}', "control-character"),
        ('{"x": "{\\"Statement\\": ["}', "bad-json"),
    ],
)
def test_a_file_without_a_document_is_an_error(text: str, kind: str) -> None:
    """Of the same kind as for a file of the data."""
    found = own_documents("-", text.encode())
    assert kind in [finding.kind for one in found for finding in one.findings]
    assert all(one.document is None for one in found)


def test_names_of_files_and_of_policies_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a slash, the ending, or a file of that name."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "AmazonS3FullAccess").write_text(TEXT)
    files = ("-", "a/b", "x.json", "x.yml", "x.yaml", "AmazonS3FullAccess")
    assert all(map(is_file_name, files))
    assert not any(map(is_file_name, ("AmazonS3ReadOnlyAccess", "P@v3", "Own.Policy", ".")))


def test_a_file_that_is_compared_has_one_document(tmp_path: Path) -> None:
    """Trust policies do not count."""
    path = tmp_path / "x.json"
    trust: dict[str, Any] = {"AssumeRolePolicyDocument": {"Statement": {}}}
    path.write_text(json.dumps({"a": trust, "b": DOCUMENT}))
    assert only_document(str(path)).source == DOCUMENT
    path.write_text(json.dumps([DOCUMENT, DOCUMENT]))
    with pytest.raises(PolicybookError, match="expected one policy document, found 2"):
        only_document(str(path))
    path.write_text("{")
    with pytest.raises(DataError, match=r"x\.json:1: expected valid JSON"):
        only_document(str(path))
    with pytest.raises(PolicybookError, match="found no file"):
        read_own_documents(str(tmp_path / "none.json"))
