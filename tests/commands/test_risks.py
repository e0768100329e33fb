"""`policybook risks`: what policies make possible alone, and together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.book_folders import allowing, put
from tests.support.books import DATA
from tests.support.cli import answer, refusal, run

PASS = ("iam:PassRole", "*")
RUN = ("ec2:RunInstances", "*")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a book with the rules of this one and three policies."""
    folder = tmp_path_factory.mktemp("book")
    data = folder / "data"
    (data / "policies").mkdir(parents=True)
    (data / "book.yml").write_text("title: T\nintroduction: []\n")
    (data / "rules.yml").write_bytes((DATA / "rules.yml").read_bytes())
    put(folder, "Passing", allowing(("iam:GetRole", "*")), allowing(PASS))
    put(folder, "Running", allowing(RUN))
    put(folder, "Linked", allowing(RUN), type="service-linked-role")
    return data


def test_it_says_what_a_pair_can_do_that_neither_can_alone(book: Path) -> None:
    """With the policy and the statement that allow each step."""
    lines = answer("risks", "Passing", "Running", "--data", book).splitlines()
    assert lines[0] == "Passing@v2"
    assert lines[lines.index("Running@v1") + 1] == "  no rule matches"
    start = lines.index("Passing@v2 and Running@v1 together: 1 new risk, 0 less limited than alone")
    assert lines[start + 1 :] == [
        "  risk: Start an EC2 instance with another role: open"
        " [privilege-escalation, pass-role-ec2]",
        "    pass a role to EC2: open",
        "      Passing@v2 1: open",
        "    start an instance: open",
        "      Running@v1 1: open",
        "    enough: Passing@v2 and Running@v1",
    ]


def test_one_policy_has_nothing_together(book: Path) -> None:
    """A version can be named."""
    assert answer("risks", "Passing@v1", "--data", book) == "Passing@v1\n  no rule matches\n"


def test_a_deny_of_a_file_limits_what_the_others_allow(book: Path, tmp_path: Path) -> None:
    """Files count as attached, too; the Deny is named with its file."""
    own = tmp_path / "own.json"
    own.write_text(
        json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": {
                    "Effect": "Deny",
                    "Action": "iam:PassRole",
                    "Resource": "arn:aws:iam::*:role/one",
                },
            }
        )
    )
    text = answer("risks", "Passing", "Running", own, "--data", book)
    assert f"      Passing@v2 1: conditional (Deny in {own}:1 1)\n" in text
    own.write_text(own.read_text().replace("arn:aws:iam::*:role/one", "*"))
    text = answer("risks", "Passing", "Running", own, "--data", book)
    assert "together: 0 new risks" in text
    assert "  prevented by a Deny of another policy: pass-any-role\n" in text


def test_json_has_the_same(book: Path) -> None:
    """As lists of objects."""
    result = json.loads(answer("risks", "Passing", "Running", "--data", book, "--format", "json"))
    assert [document["name"] for document in result["documents"]] == ["Passing@v2", "Running@v1"]
    (path,) = result["together"]
    assert (path["rule"], path["gain"], path["mitigation"]) == ("pass-role-ec2", "new", "none")
    assert path["sets"] == [["Passing@v2", "Running@v1"]]
    assert [[one["name"] for one in step["by"]] for step in path["steps"]] == [
        ["Passing@v2"],
        ["Running@v1"],
    ]
    assert path["steps"][0]["by"][0]["grant"]["actions"] == ["iam:PassRole"]
    assert result["prevented"] == []


def test_what_is_uncertain_goes_to_standard_error(book: Path) -> None:
    """Such as a policy that cannot be attached next to others."""
    found = run("risks", "Passing", "Linked", "--data", book)
    assert found.exit_code == 0
    assert found.stderr == (
        "not sure: Linked: it cannot be attached next to others: "
        "it belongs to a service-linked role\n"
    )
    assert run("risks", "Linked", "--data", book).stderr == ""


def test_an_unknown_policy_is_an_error_in_one_line(book: Path) -> None:
    """With a similar name."""
    assert refusal("risks", "Passing", "Runing", "--data", book) == (
        2,
        "expected the name of a policy, found 'Runing'; did you mean Running?",
    )
