"""`policybook review`: what has changed in a book since an older copy of its data."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.book_folders import allowing, put, replace
from tests.support.cli import answer, refusal, run

POLICY = "data/policies/ExampleReportReader"
ROLES = "data/roles.yml"
BOUNDARY = "data/policies/ExampleBoundary"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A new book, and a copy of its data in `before` beside it."""
    answer("init", tmp_path / "book")
    shutil.copytree(tmp_path / "book/data", tmp_path / "before")
    return tmp_path / "book"


def review(book: Path, *options: str) -> list[str]:
    """The lines of the review."""
    before = book.with_name("before")
    return answer("review", before, "--data", book / "data", *options).splitlines()


def test_the_same_data_has_no_changes(book: Path) -> None:
    assert review(book) == ["No policy and no role changes"]


def add_version(book: Path) -> None:
    """A third version, without the condition and with a permission to delete."""
    text = (book / POLICY / "v1.yml").read_text().replace("s3:GetObject", "s3:*Object")
    (book / POLICY / "v3.yml").write_text(text)
    replace(book / POLICY / "policy.yml", "  - id: v2", "  - {id: v3}\n  - id: v2")


def drop_version(book: Path) -> None:
    """The first version is gone."""
    (book / POLICY / "v1.yml").unlink()
    text = (book / POLICY / "policy.yml").read_text()
    (book / POLICY / "policy.yml").write_text(text.partition("  - id: v1")[0])


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        (add_version, ["1 policy: 1 widened", "ExampleReportReader: widened, v2 → v3"]),
        (
            drop_version,
            [
                "1 policy: 1 with other facts only",
                "ExampleReportReader: the document is the same, other facts changed",
                "  v1: this version was dropped",
            ],
        ),
        (
            lambda book: replace(book / POLICY / "v1.yml", "s3:GetObject", "s3:PutObject"),
            ["  v1: the document of this version was rewritten"],
        ),
        (
            lambda book: replace(
                book / POLICY / "policy.yml", "versions:", "deprecated: {}\nversions:"
            ),
            ["  state: current → deprecated"],
        ),
        (
            lambda book: replace(
                book / POLICY / "policy.yml", "customer-managed", "permissions-boundary"
            ),
            ["  type: customer-managed → permissions-boundary"],
        ),
        (
            lambda book: replace(book / ROLES, "    boundary: ExampleBoundary\n", ""),
            [
                "1 role",
                "report-viewer: changed role",
                "  permissions boundary: ExampleBoundary → none",
            ],
        ),
        (
            lambda book: replace(book / ROLES, "[ExampleReportReader]", "[]"),
            ["report-viewer: changed role", "  - ExampleReportReader"],
        ),
        (
            lambda book: replace(
                book / ROLES, "    policies:", "    passes: [report-viewer]\n    policies:"
            ),
            ["report-viewer: changed role", "  roles that it passes: none → report-viewer"],
        ),
        (
            lambda book: replace(book / ROLES, "summary: ", "summary: Now "),
            ["report-viewer: the policies of this role are the same, other facts changed"],
        ),
        (
            lambda book: replace(book / POLICY / "v2.yml", "s3:GetObject", "s3:GetObjekt"),
            ["1 policy: 1 mixed; 1 new warning"],
        ),
    ],
)
def test_a_change_is_named(book: Path, change: Callable[[Path], object], shown: list[str]) -> None:
    """With its verdict, or with what else is different."""
    change(book)
    lines = review(book)
    assert [line for line in shown if line not in lines] == [], lines


def test_a_warning_that_only_moved_is_not_new(book: Path) -> None:
    """Nor one that is gone."""
    for data in (book / "data", book.with_name("before")):
        replace(data / "policies/ExampleReportReader/v2.yml", "s3:GetObject", "s3:GetObjekt")
    replace(book / POLICY / "v2.yml", "Version:", "# moved\n\nVersion:")
    assert review(book) == ["No policy and no role changes"]


def test_risks_are_those_of_policies_that_grant(book: Path) -> None:
    """A boundary that allows everything grants nothing."""
    everything = allowing(("*", "*"))
    put(book, "Boundary", everything, type="permissions-boundary", arn=None)
    put(book, "Admin", everything, type="customer-managed", arn=None)
    lines = review(book)
    admin, boundary = lines.index("Admin: new policy, v1"), lines.index("Boundary: new policy, v1")
    assert boundary - admin > 5
    assert all("risk:" in line for line in lines[admin + 1 : boundary])
    assert not any("risk:" in line for line in lines[boundary + 1 :])


def test_policies_that_need_a_reader_most_come_first(book: Path) -> None:
    """Removed and widened ones before new and narrowed ones, whatever their names."""
    before = book.with_name("before")
    for name in ("A", "B", "C"):
        put(book, name, allowing(("s3:GetObject", "*")), type="unknown", arn=None)
        shutil.copytree(book / "data/policies" / name, before / "policies" / name)
    put(book, "A", allowing(("s3:GetObject", "arn:aws:s3:::a/*")), type="unknown", arn=None)
    put(book, "B", allowing(("s3:Get*", "*")), type="unknown", arn=None)
    shutil.rmtree(book / "data/policies/C")
    put(book, "D", allowing(("s3:GetObject", "*")), type="unknown", arn=None)
    lines = review(book)
    assert lines[0] == "4 policies: 1 removed, 1 widened, 1 new, 1 narrowed"
    named = [line.partition(":")[0] for line in lines[1:] if not line.startswith(" ")]
    assert named == ["C", "B", "D", "A"]


def test_errors_are_listed_and_nothing_is_compared(book: Path) -> None:
    """They end with 1 if they are in the data now, and with 0 if they were in that before."""
    replace(book / POLICY / "v2.yml", "Effect: Allow", "Effect: Maybe")
    ran = run("review", book.with_name("before"), "--data", book / "data")
    assert ran.exit_code == 1
    first, *found = ran.stdout.splitlines()
    assert first == "The data has 2 errors; it is not compared"
    assert len(found) == 2
    back = run("review", book / "data", "--data", book.with_name("before"))
    assert back.exit_code == 0
    assert back.stdout == "The data had 2 errors before, and has none now; it is not compared\n"


def test_data_that_is_not_there_cannot_be_compared(book: Path) -> None:
    """In one line."""
    status, said = refusal("review", book / "absent", "--data", book / "data")
    assert status == 2
    assert said == f"{book / 'absent'}: expected a data folder, found none"
