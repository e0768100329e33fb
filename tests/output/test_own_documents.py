"""The page /check/ and the program say the same about policy documents."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from policybook.analysis.overlap import current_documents
from policybook.catalogue.catalogue import Catalogue
from policybook.data.loader import load

from tests.support.books import DATA
from tests.support.checked_documents import Asked, answers_of_the_page, answers_of_the_program
from tests.support.engine.documents import document, pair

LIMIT = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": ["s3:*", "iam:*"], "Resource": "*"},
            {"Effect": "Allow", "NotAction": "lambda:*", "Resource": "arn:aws:sqs:*:*:q*"},
            {"Effect": "Deny", "Action": "s3:Put*", "Resource": "arn:aws:s3:::bucket/*"},
        ],
    }
)
TEXTS = (
    "",
    " ",
    "null",
    "{",
    '{"a" 1}',
    "[1,",
    "{}",
    "[]",
    '"text"',
    '{"Statement": {}}',
    '{"Statement": [1, {"Effect": "allow", "Action": 1, "Resource": {"a": "b"}}]}',
    '{"Statement": [], "Statement": []}',
    '{"Version": "2020-01-01", "Id": 1, "x": [], "Statement": []}',
    '{"PolicyVersion": {"Document": {"Statement": {"Effect": "Allow"}}}}',
    '{"Document": {"Version": "2012-10-17"}}',
    '{"AssumeRolePolicyDocument": {"Statement": {"Effect": "Allow", "Principal": "*"}}}',
    '{"Content": "{\\"Statement\\": [{\\"Effect\\": \\"Deny\\", \\"Sid\\": \\"a b\\"}]}"}',
    '{"Content": "{\\"Statement\\": ["}',
    '{"a": ' * 40 + "1" + "}" * 40,
)
STATEMENTS = (
    {"Sid": "one two", "Action": [" s3:GetObjct", "s3:Get Object", "s3", "S3:getobject "]},
    {
        "Sid": "A",
        "Action": "s3:GetObject",
        "Resource": ["x", "arn:aws:s3", "arn:aws:s3:::<b>", "?"],
    },
    {"Sid": "A", "NotAction": ["kms:Decript", "gone:*", "ecs2:RunInstances"], "Principal": "*"},
    {"Action": ["ec2:RunInstances", "*"], "NotResource": "arn:aws:s3:::b"},
    {"Action": "ec2:RunInstances", "Resource": ["arn:aws:s3:::b", "arn:aws:ec2:*:*:instance/*"]},
    {"Action": ["ec2:Describe*Instances", "iam:*Role", "lambda:*Function*", "s3:*ObjectT*"]},
    {
        "Action": "s3:GetObject",
        "Condition": {
            "StringEqual": {"a": "b"},
            "NullIfExists": {"a": "true"},
            "Bool": {"a": ["yes", True, "${aws:x}"]},
            "DateLessThan": {"a": ["2024", "2024-13-01", "2024-01-31T12:00:00", "soon"]},
            "ForAnyValue:NumericEquals": {"a": ["1.5", "x"]},
            "NotIpAddress": {"a": ["10.0.0.0/8", "10.0.0.0/33"]},
            "BinaryEquals": {"a": ["YQ==", "Y"]},
        },
    },
    {"Action": ["s3:HeadObject", " s3:listobjectsv2", "dynamodb:TransactWriteItems", "s3:Head*"]},
    {"Action": "s3:GetObject", "Resource": {"Fn::Join": ["", ["arn:aws:s3:::", {"Ref": "B"}]]}},
    {"Action": "s3:GetObject", "Resource": [{"Fn::GetAtt": ["B", "Arn"]}, {"Fn::If": ["a", "b"]}]},
)


def questions(count: int) -> list[Asked]:
    """Texts with errors of every kind, all documents of the book, and many random documents."""
    whole = [{"Effect": "Allow", "Resource": "*", **statement} for statement in STATEMENTS]
    for one in whole:
        if "NotResource" in one:
            del one["Resource"]
        if "NotAction" in one:
            one.pop("Action", None)
    texts = [json.dumps({"Version": "2012-10-17", "Statement": one}, indent=1) for one in whole]
    texts.append(json.dumps({"Version": "2012-10-17", "Statement": whole}))
    random = Random(15)
    made = [json.dumps(document(random), indent=random.choice((None, 2))) for _ in range(count)]
    pairs = [pair(random) for _ in range(count // 2)]
    own = [json.dumps(one.source) for one in current_documents(load(DATA)).values()]
    return [
        *((text, "") for text in (*TEXTS, *texts, *made, *own)),
        *((text, LIMIT) for text in texts),
        *((json.dumps(one), json.dumps(other)) for one, other in pairs),
    ]


@pytest.mark.parametrize("count", [10, pytest.param(320, marks=pytest.mark.exhaustive)])
def test_the_page_and_the_program_say_the_same(tmp_path: Path, count: int) -> None:
    """Findings with line and key path, and every answer, in the same form."""
    book, catalogue, asked = load(DATA), Catalogue(), questions(count)
    page = answers_of_the_page(tmp_path, book, catalogue, asked)
    program = answers_of_the_program(book, catalogue, asked)
    different = [
        (question, one, other)
        for question, one, other in zip(asked, page, program, strict=True)
        if one != other
    ]
    assert different == []
