"""`policybook grants`: which policies grant an action."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from policybook.wording import ABOUT_UNSUPPORTED, UNSUPPORTED

from tests.support.book_folders import allowing, put
from tests.support.books import BOOK, DATA, facts
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


KEYS, DOCS = "arn:aws:kms:*:*:key/*", "arn:aws:s3:::docs"


@pytest.fixture(scope="module")
def types(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Policies that name resources of other types than their actions have."""
    book = tmp_path_factory.mktemp("types")
    (book / "data/policies").mkdir(parents=True)
    (book / "data/book.yml").write_text(BOOK)
    put(book, "AliasesOnKeys", allowing(("kms:ListAliases", KEYS), ("kms:ListKeys", KEYS)))
    everything = allowing(("kms:List*", "*"))
    denied = {"Effect": "Deny", "Action": "kms:*", "Resource": KEYS}
    put(book, "DenyOnKeys", {"Statement": [*everything["Statement"], denied]})  # type: ignore[misc]  # a list
    put(book, "Denied", {"Statement": [*everything["Statement"], {**denied, "Resource": "*"}]})  # type: ignore[misc]  # a list
    put(book, "OneBucket", allowing(("s3:*", DOCS), ("s3:*", f"{DOCS}/*")))
    put(book, "ObjectsOnBucket", allowing(("s3:GetObject", DOCS)))
    put(
        book,
        "Mended",
        allowing(("s3:Get Object", "*")),
        allowing(("s3:GetObject", DOCS)),
        allowing(("s3:GetObject", f"{DOCS}/*")),
    )
    put(book, "Users", allowing(("iam:PassRole", "arn:aws:iam::123456789012:user/*")))
    return book / "data"


@pytest.mark.parametrize(
    ("action", "policies", "expected"),
    [
        ("kms:ListAliases", 1, ["no Denied", "yes DenyOnKeys", "unsupported AliasesOnKeys"]),
        ("s3:ListAllMyBuckets", 0, ["unsupported OneBucket", "unsupported OneBucket"]),
        (
            "s3:GetObject",
            2,
            [
                "yes Mended",
                "yes OneBucket",
                "unsupported ObjectsOnBucket",
                "unsupported OneBucket",
            ],
        ),
        ("s3:ListBucket", 1, ["yes OneBucket", "unsupported OneBucket"]),
        ("iam:PassRole", 0, ["unsupported Users"]),
    ],
)
def test_grants_on_what_the_action_does_not_have_come_last_and_are_not_counted(
    types: Path, action: str, policies: int, expected: list[str]
) -> None:
    """Nor are policies of which every grant is denied. The JSON has the same answers."""
    head, *lines = answer("grants", action, "--data", types).splitlines()
    assert (
        head == f"{action}: {policies} {'policy grants' if policies == 1 else 'policies grant'} it"
    )
    assert [" ".join(line.split()[:2]) for line in lines if line.startswith("  ")] == expected
    apart = [line for line in lines if not line.startswith("  ")]
    assert apart == [f"{UNSUPPORTED}: {ABOUT_UNSUPPORTED}"]
    found = json.loads(answer("grants", action, "--data", types, "--format", "json"))
    rows = [f"{row['certainty']} {row['name']}" for row in found["policies"]]
    assert sorted(rows) == sorted(expected)


def test_a_grant_is_no_older_than_its_effect(types: Path) -> None:
    """White space within an action, and a resource that it does not have, grant nothing."""
    found = json.loads(answer("grants", "s3:GetObject", "--data", types, "--format", "json"))
    [mended] = [row for row in found["policies"] if row["name"] == "Mended"]
    assert mended["since"] == mended["granted_since"]["version"] == "v3"


def test_a_grant_says_since_when_it_stands_in_its_form(tmp_path: Path) -> None:
    """Beside since when the action is granted, and whether either may be older."""
    policy = tmp_path / "data/policies/Grown"
    policy.mkdir(parents=True)
    (tmp_path / "data/book.yml").write_text(BOOK)
    versions = "versions:\n- {id: v7, published: 2021-05-01}\n- {id: v4, published: 2020-02-03}\n"
    (policy / "policy.yml").write_text(facts("Grown", versions))
    (policy / "v4.json").write_text(json.dumps(allowing(("s3:*", "*"))))
    (policy / "v7.json").write_text(json.dumps(allowing(("s3:Get*", "*"))))
    data = tmp_path / "data"
    text = answer("grants", "s3:GetObject", "--data", data)
    assert (
        "Grown v7 (first seen in v4, 2020-02-03, the oldest known document; in this form first "
        "seen in v7, 2021-05-01; v5 to v6 are not known): s3:Get* on *"
    ) in text
    found = json.loads(answer("grants", "s3:GetObject", "--data", data, "--format", "json"))
    [row] = found["policies"]
    assert (row["since"], row["since_day"]) == ("v4", "2020-02-03")
    assert row["granted_since"] == {
        "version": "v4",
        "day": "2020-02-03",
        "observed": False,
        "first_seen": True,
        "unknown": "the oldest known document",
    }
    assert row["in_form_since"]["version"] == "v7"
    then = answer("grants", "s3:GetObject", "--data", data, "--at", "2020-03-01")
    assert "Grown v4 (first seen in v4, 2020-02-03, the oldest known document): s3:*" in then


# --- API operations -------------------------------------------------------------------------------


def test_an_operation_without_an_action_of_its_name_is_answered_by_what_it_needs() -> None:
    """With the source, then the policies for each action; those needed sometimes come last."""
    text = answer("grants", "S3:headobject", "--data", DATA)
    lines = text.splitlines()
    assert lines[0].startswith(
        "s3:HeadObject is an API operation. It needs s3:GetObject, and s3:GetObjectVersion if "
    )
    assert "source: Required permissions for Amazon S3 API operations, https://" in lines[1]
    for action in ("s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"):
        assert answer("grants", action, "--data", DATA) in text


def test_the_json_of_an_operation_has_the_answer_for_each_action() -> None:
    """In the form of an action's own."""
    found = json.loads(answer("grants", "sqs:SendMessageBatch", "--data", DATA, "--format", "json"))
    assert found["operation"]["operation"] == "sqs:SendMessageBatch"
    assert found["operation"]["actions"] == ["sqs:SendMessage"]
    alone = json.loads(answer("grants", "sqs:SendMessage", "--data", DATA, "--format", "json"))
    assert found["actions"] == [alone]


def test_an_operation_of_which_no_source_says_what_it_needs_is_refused() -> None:
    """Nothing is guessed."""
    status, message = refusal("grants", "s3:RenameObject", "--data", DATA)
    assert status == 2
    assert message.startswith("expected an action of the catalogue")
