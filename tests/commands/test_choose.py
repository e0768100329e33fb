"""`policybook choose`: the smallest policies for some actions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.book_folders import allowing, put
from tests.support.books import BOOK
from tests.support.cli import refusal, run


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book of policies of several kinds."""
    book = tmp_path_factory.mktemp("choose")
    (book / "data/policies").mkdir(parents=True)
    (book / "data/book.yml").write_text(BOOK)
    put(book, "All", allowing(("sqs:*", "*")))
    put(book, "Linked", allowing(("sqs:SendMessage", "*")), type="service-linked-role")
    put(book, "Old", allowing(("sqs:SendMessage", "*")), deprecated={"date": "2022-01-01"})
    put(book, "Part", allowing(("sqs:SendMessage", "arn:aws:sqs:*:*:a")))
    put(book, "Receive", allowing(("sqs:ReceiveMessage", "*")))
    return book / "data"


def found(data: Path, *arguments: object) -> tuple[int, Any]:
    """The exit status, and the JSON."""
    ran = run("choose", *arguments, "--data", data, "--format", "json")
    return ran.exit_code, json.loads(ran.stdout)


def policies(answer: Any) -> list[list[str]]:
    """The policies of each choice."""
    return [choice["policies"] for choice in answer["choices"]]


def test_choices_are_ranked_and_say_how(data: Path) -> None:
    """By the weight of their excess; what is granted in part is named."""
    status, answer = found(data, "sqs:SendMessage", "sqs:ReceiveMessage")
    assert status == 0
    assert policies(answer) == [["Part", "Receive"], ["All"]]
    first, last = answer["choices"]
    assert first["conditional"] == ["sqs:SendMessage"]
    assert first["excess"] == []
    assert first["rank"] == {"score": 0, "excess": 0, "risks": 0}
    weights = answer["weights"]["levels"]
    expected = sum(weights[one["level"]] * len(one["actions"]) for one in last["excess"])
    assert last["rank"]["excess"] == expected > 0


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], [["Part"], ["All"]]),
        (["--in-full"], [["All"]]),
        (["--nothing-else"], [["Part"]]),
        (["--not-attachable-too"], [["Linked"], ["Part"], ["All"]]),
        (["--deprecated-too"], [["Old"], ["Part"], ["All"]]),
        (["--most", "1"], [["Part"]]),
        (["--attachable", "--no-deprecated", "--customer-managed"], [["Part"], ["All"]]),
    ],
)
def test_switches_take_more_or_fewer(
    data: Path, options: list[str], expected: list[list[str]]
) -> None:
    assert policies(found(data, "sqs:SendMessage", *options)[1]) == expected


def test_the_text_spells_out_the_excess(data: Path) -> None:
    ran = run("choose", "sqs:SendMessage", "sqs:Nope", "s3:GetObject", "--data", data)
    assert ran.exit_code == 1
    assert ran.stderr.startswith("unknown: sqs:Nope: not in AWS's action list of ")
    lines = ran.stdout.splitlines()
    assert lines[0] == "no policy grants s3:GetObject; the choices are without it"
    assert lines[1] == "  1  Part  (score 0)"
    assert "limited by a Deny: sqs:SendMessage" in lines[2]
    assert lines[3] == "       nothing else"
    assert any(line.startswith("       excess Write: ") for line in lines)


def test_what_is_not_used_of_policies_is_listed_by_level(data: Path, tmp_path: Path) -> None:
    """And the smallest policies for the rest; a document of one's own will do."""
    own = tmp_path / "own.json"
    own.write_text(json.dumps(allowing(("sqs:SendMessage", "*"), ("sqs:PurgeQueue", "*"))))
    arguments = ("--instead-of", own, "sqs:SendMessage", "sqs:ReceiveMessage")
    _, answer = found(data, *arguments)
    assert answer["instead_of"] == {
        "unused": [{"level": "Write", "actions": ["sqs:PurgeQueue"]}],
        "not_granted": ["sqs:ReceiveMessage"],
    }
    assert answer["actions"] == ["sqs:SendMessage"]
    assert policies(answer)[0] == ["Part"]
    text = run("choose", *arguments, "--data", data).stdout.splitlines()
    assert text[:3] == [
        "used: 1; not used: 1",
        "       unused Write: 1 action: sqs:PurgeQueue",
        "not granted now, and left out: sqs:ReceiveMessage",
    ]
    _, several = found(data, "--instead-of", "All", "--instead-of", "Receive@v1", "sqs:SendMessage")
    assert several["instead_of"]["not_granted"] == []


@pytest.mark.parametrize(
    "arguments", [[], ["--instead-of", "Nope", "sqs:SendMessage"], ["--most", "0", "sqs:A"]]
)
def test_a_wrong_question_ends_with_2(data: Path, arguments: list[str]) -> None:
    assert refusal("choose", *arguments, "--data", data)[0] == 2


def test_nothing_to_choose_ends_with_1(data: Path) -> None:
    ran = run("choose", "iam:PassRole", "--data", data)
    assert ran.exit_code == 1
    assert "no policy, pair or triple grants everything" in ran.stdout
