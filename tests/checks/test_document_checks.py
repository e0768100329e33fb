"""What `check` says about policy documents: what IAM refuses, and what it reads otherwise.

The rules are those of the IAM User Guide: "Grammar of the IAM JSON policy language", "IAM and AWS
STS quotas", "IAM JSON policy elements: Condition operators" and "IAM policy validation check
reference".
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from policybook.build.planner import findings
from policybook.errors import Finding

from tests.support.books import facts, long_document, write

REFUSED = "which IAM refuses in a customer-managed policy"
VALIDATION = "which IAM's policy validation calls an error"
MISMATCH = "which IAM's policy validation calls a type mismatch"


def checked(folder: Path, document: Any, kind: str = "customer-managed") -> list[Finding]:
    """The findings about a policy of the type with that document."""
    account = "123456789012" if kind == "customer-managed" else "aws"
    text = facts("P", "versions: [{id: v1}]\n", kind).replace(":aws:policy", f":{account}:policy")
    source = document if isinstance(document, str) else json.dumps(document)
    files = {"policies/P/policy.yml": text, "policies/P/v1.json": source}
    return list(findings(write(folder / "data", files)))


def statement(**elements: Any) -> dict[str, Any]:
    """A statement with these elements, and what every statement needs."""
    return {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **elements}


def document(**elements: Any) -> dict[str, Any]:
    """A document with one statement."""
    return {"Version": "2012-10-17", "Statement": [statement(**elements)]}


def told(found: list[Finding]) -> list[tuple[str, str, str]]:
    """Level, kind and what was found."""
    return [(finding.level, finding.kind, finding.found) for finding in found]


# --- condition values -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operator", "good", "bad"),
    [
        ("Bool", ["true", "False", True, "${aws:SecureTransport}"], ["1", "yes", ""]),
        ("BoolIfExists", ["true"], ["no"]),
        ("ForAnyValue:Bool", ["true"], ["no"]),
        ("Null", ["true", "false", False], ["yes", "0"]),
        ("NumericLessThan", ["10", "-1.5", "1e3"], ["ten", "", "${s3:max-keys}"]),
        ("NumericNotEqualsIfExists", ["10"], ["10 kB"]),
        ("DateLessThan", ["2024-01-31", "2024-01-31T10:00:00Z", "1704067200"], ["tomorrow", ""]),
        ("DateNotEquals", ["2024", "2024-01-31T10:00:00"], ["2024-02-30", "${aws:CurrentTime}"]),
        ("DateGreaterThanEqualsIfExists", ["2024-01"], ["31.1.2024"]),
        ("IpAddress", ["10.0.0.0/8", "10.1.2.3", "2001:db8::/32"], ["10.0.0.0/33", "10.0.0"]),
        ("ForAllValues:NotIpAddress", ["::/0"], ["::/129", "*", "10.0.0.0/255.0.0.0"]),
        ("BinaryEquals", ["QmluYXJ5", ""], ["?", "QmluYXJ"]),
        ("datelessthan", ["2024-01-31"], ["soon"]),
        ("StringEquals", ["ten", "10.0.0.0/33", ""], []),
    ],
)
def test_values_are_what_their_operator_compares(
    operator: str, good: list[object], bad: list[str], tmp_path: Path
) -> None:
    """In any case of the operator, with a quantifier and with `IfExists`; variables stand for
    booleans and texts alone.
    """
    condition = {operator: {"aws:UserAgent": [*good, *bad]}}
    assert told(checked(tmp_path, document(Condition=condition))) == [
        ("error", "bad-value", f"{value!r}, {MISMATCH}") for value in bad
    ]


def test_a_single_value_is_checked_as_a_list_of_one(tmp_path: Path) -> None:
    """And the finding names the key."""
    (found,) = checked(tmp_path, document(Condition={"Bool": {"aws:SecureTransport": "1"}}))
    assert found.path == ("Statement", 0, "Condition", "Bool", "aws:SecureTransport")


@pytest.mark.parametrize(
    ("operator", "aws"),
    [
        ("NullIfExists", VALIDATION),
        ("ForAllValues:nullifexists", VALIDATION),
        ("StringSimilar", REFUSED),
        ("ForEach:StringEquals", REFUSED),
    ],
)
def test_operators_that_iam_does_not_have(operator: str, aws: str, tmp_path: Path) -> None:
    """`Null` asks whether a key exists, so that it has no form `IfExists`."""
    condition = {operator: {"aws:PrincipalOrgID": "true"}}
    assert told(checked(tmp_path, document(Condition=condition))) == [
        ("error", "unknown-operator", f"{operator!r}, {aws}")
    ]


# --- Sids -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("sid", ["Allow read", "a-b", "a_b", "é", "1."])
def test_a_sid_has_letters_and_digits(sid: str, tmp_path: Path) -> None:
    """And nothing else; an empty one is none."""
    assert told(checked(tmp_path, document(Sid=sid))) == [
        ("error", "bad-sid", f"{sid!r}, {REFUSED}")
    ]


def test_a_sid_is_in_a_document_once(tmp_path: Path) -> None:
    """Case counts, and statements without one are not alike."""
    sids = ["One", "one", "One", "", "", "One"]
    source = {"Statement": [*(statement(Sid=sid) for sid in sids), statement()]}
    found = checked(tmp_path, source)
    assert told(found) == [("error", "sid-twice", f"'One', {REFUSED}")] * 2
    assert [finding.path for finding in found] == [("Statement", n, "Sid") for n in (2, 5)]


# --- size -----------------------------------------------------------------------------------------


def test_a_document_has_at_most_6144_characters_without_white_space(tmp_path: Path) -> None:
    """White space does not count, between the parts of the document and in texts."""
    assert checked(tmp_path, long_document(6_144)) == []
    assert checked(tmp_path, long_document(6_144).replace("bb", "b b")) == []
    (found,) = checked(tmp_path, long_document(6_145))
    assert told([found]) == [("error", "too-large", f"6,145, {REFUSED}")]


# --- who is told ----------------------------------------------------------------------------------

REFUSED_DOCUMENTS = {
    "bad-sid": document(Sid="a b"),
    "bad-value": document(Condition={"Bool": {"aws:SecureTransport": "1"}}),
    "malformed-resource": document(Resource="bucket"),
    "principal": document(Principal="*"),
    "sid-twice": {"Statement": [statement(Sid="A"), statement(Sid="A")]},
    "stray-space": document(Action="s3: GetObject"),
    "too-large": long_document(),
    "unknown-operator": document(Condition={"StringSimilar": {"aws:username": "a"}}),
}


@pytest.mark.parametrize("kind", ["aws-managed", "job-function", "service-role", "unknown"])
@pytest.mark.parametrize("fault", REFUSED_DOCUMENTS)
def test_what_iam_refuses_from_customers_is_a_warning_about_other_policies(
    fault: str, kind: str, tmp_path: Path
) -> None:
    """AWS's own documents are under other rules; it has some with 100,000 characters."""
    text = REFUSED_DOCUMENTS[fault]
    assert [(f.level, f.kind) for f in checked(tmp_path, text, kind)] == [("warning", fault)]
    assert [(f.level, f.kind) for f in checked(tmp_path, text)] == [("error", fault)]


@pytest.mark.parametrize(
    ("action", "aws"),
    [
        ("GetObject", REFUSED),
        ("s3:Get:Object", REFUSED),
        ("s3*:GetObject", REFUSED),
        ("s3:Get/Object", VALIDATION),
    ],
)
def test_a_malformed_action_is_an_error_in_every_policy(
    action: str, aws: str, tmp_path: Path
) -> None:
    """IAM refuses all but those whose name alone has wrong characters."""
    for kind in ("aws-managed", "customer-managed"):
        assert told(checked(tmp_path, document(Action=action), kind)) == [
            ("error", "malformed-action", f"{action!r}, {aws}")
        ]


def test_a_finding_has_its_line_in_an_envelope_too(tmp_path: Path) -> None:
    """As `get-policy-version` prints it, or with the document alone."""
    text = json.dumps(document(Sid="a b"), indent=1)
    for envelope in (
        '{"PolicyVersion": {"VersionId": "v1", "Document":\n%s}}',
        '{"Document":\n%s}',
    ):
        (found,) = checked(tmp_path, envelope % text)
        line = text[: text.index('"Sid"')].count("\n") + 2
        assert (found.kind, found.line) == ("bad-sid", line)


# --- ARNs -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arn", "read_as"),
    [
        ("arn:aws:s3:docs", "'arn:aws:s3:docs:*:*', in the Region 'docs'"),
        ("arn:aws:sqs", "'arn:aws:sqs:*:*:*', in the service 'sqs'"),
        ("arn:aws:rds:*", "'arn:aws:rds:*:*:*'"),
        ("arn:aws:sqs::", "'arn:aws:sqs:::*'"),
        (
            "arn:aws:iam::123456789012",
            "'arn:aws:iam::123456789012:*', in the account '123456789012'",
        ),
        ("arn:aws:s3:${aws:RequestedRegion}", "'arn:aws:s3:${aws:RequestedRegion}:*:*'"),
        ("arn:*", "'arn:*:*:*:*:*'"),
    ],
)
@pytest.mark.parametrize("element", ["Resource", "NotResource"])
def test_an_incomplete_arn_is_a_warning_that_says_what_iam_reads(
    arn: str, read_as: str, element: str, tmp_path: Path
) -> None:
    """IAM puts `*` into each field that is missing."""
    elements = {"Resource": arn} if element == "Resource" else {"NotResource": arn}
    source = document(**elements)
    if element == "NotResource":
        del source["Statement"][0]["Resource"]
    assert told(checked(tmp_path, source)) == [
        ("warning", "incomplete-arn", f"{arn!r}, which IAM reads as {read_as}")
    ]


@pytest.mark.parametrize("arn", ["*", "arn:aws:s3:::b", "arn:aws:sqs:*:*:*", "arn*", "${aws:a}"])
def test_other_resources_are_complete(arn: str, tmp_path: Path) -> None:
    """Six fields, or no ARN."""
    assert checked(tmp_path, document(Resource=arn)) == []


# --- API operations -------------------------------------------------------------------------------


def test_an_operation_that_is_no_action_is_named_with_the_action_that_was_meant(
    tmp_path: Path,
) -> None:
    """Where the book's list of operations has it; `check` cannot know of others."""
    listed = (
        "groups:\n"
        "  - operations: [s3:HeadObject]\n"
        "    actions: [s3:GetObject]\n"
        "    source: {title: A page, url: 'https://example.org/x'}\n"
    )
    write(tmp_path / "data", {"operations.yml": listed})
    found = told(checked(tmp_path, document(Action=["s3:headObject", "s3:HeadThing"])))
    assert found == [
        (
            "warning",
            "uncatalogued-action",
            "'s3:headObject', an API operation that needs s3:GetObject",
        ),
        ("warning", "uncatalogued-action", "'s3:HeadThing'"),
    ]


# --- paths ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("elements", "most"),
    [
        ({"Action": "s3:{}"}, 200 - len("actions/s3/-0a1b2c.html")),
        ({"Action": "{}:Get*"}, 200 - len("services//feed-1000.json")),
        ({"Resource": "arn:aws:{}:::b"}, 200 - len("resources//index.html")),
        ({"Condition": {"StringEquals": {"a:{}": "b"}}}, 200 - len("conditions/a_/index.html")),
    ],
)
def test_a_name_that_makes_a_path_above_200_bytes_is_an_error(
    elements: dict[str, Any], most: int, tmp_path: Path
) -> None:
    """In a document; a shorter one is none."""

    def found(length: int) -> list[tuple[str, str]]:
        source = json.dumps(document(**elements)).replace("{}", "a" * length)
        return [(f.level, f.kind) for f in checked(tmp_path, source, "aws-managed")]

    assert ("error", "too-large") not in found(most)
    assert ("error", "too-large") in found(most + 1)


@pytest.mark.parametrize("folder", ["groups", "guides"])
def test_a_file_s_name_that_makes_a_path_above_200_bytes_is_an_error(
    folder: str, tmp_path: Path
) -> None:
    """The file is named."""
    content = {
        "groups": "title: t\nintroduction: []\npolicies: []\n",
        "guides": "title: t\nsummary: s\nsections: []\n",
    }[folder]
    data = write(tmp_path, {f"{folder}/{'a' * 190}.yml": content, f"{folder}/a.yml": content})
    assert [(f.kind, f.path, Path(f.file).name) for f in findings(data)] == [
        ("too-large", (), f"{'a' * 190}.yml")
    ]
