"""`policybook check`: every error and warning of the data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from policybook.build.planner import findings

from tests.support.books import DATA, awful, facts, write
from tests.support.cli import answer, refusal, run


def test_check_ends_with_0_for_warnings_and_with_1_for_errors(tmp_path: Path) -> None:
    """A line for each, and the number of both at the end."""
    clean = run("check", "--data", DATA)
    assert (clean.exit_code, clean.stderr) == (0, "0 errors, 6 warnings\n")
    assert len(clean.stdout.splitlines()) == 6
    faulty = run("check", "--data", awful(tmp_path / "awful"))
    errors, warnings = (int(part.split()[0]) for part in faulty.stderr.split(","))
    assert faulty.exit_code == 1
    assert len(faulty.stdout.splitlines()) == errors + warnings
    assert faulty.stdout.count("\nwarning: ") == warnings


def test_check_lists_errors_alone_if_it_is_told_to(tmp_path: Path) -> None:
    """Among the warnings about all of AWS an error is not seen. They are still counted."""
    folder = awful(tmp_path / "awful")
    whole, errors = run("check", "--data", folder), run("check", "--data", folder, "--errors")
    lines = whole.stdout.splitlines()
    assert errors.stdout.splitlines() == [x for x in lines if not x.startswith("warning: ")]
    assert (errors.stderr, errors.exit_code) == (whole.stderr, 1)
    found = json.loads(answer("check", "--data", DATA, "--format", "json", "--errors"))
    assert found == []


def test_check_finds_the_data_through_mkdocs_yml(tmp_path: Path) -> None:
    """Which names the folder."""
    text = "site_name: x\nplugins:\n  - policybook:\n      data_dir: own\n"
    config = write(tmp_path, {"mkdocs.yml": text, "docs/x.md": ""}) / "mkdocs.yml"
    write(tmp_path, {"own/policies/P/policy.yml": facts("Q")})
    result = run("check", "-f", config)
    assert result.exit_code == 1
    assert "own/policies/P/policy.yml:1: name: expected the folder's name P" in result.stdout


def test_check_answers_in_json_too() -> None:
    """Each finding with all its parts."""
    found = json.loads(answer("check", "--data", DATA, "--format", "json"))
    assert [sorted(finding) for finding in found] == [
        ["expected", "file", "found", "hint", "kind", "level", "line", "path"]
    ] * 6
    assert found[2]["path"] == ["Statement", 3, "Action", 57]
    assert found[2]["line"] == 85


def test_today_is_what_source_date_epoch_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day after it is in the future; a build knows of no today."""
    text = facts("P", "versions:\n  - {id: v1, published: 2024-03-02, observed: 2024-03-03}\n")
    document = '{"Version": "2012-10-17", "Statement": []}'
    write(tmp_path, {"policies/P/policy.yml": text, "policies/P/v1.json": document})
    found = {}
    for epoch in ("1709251200", "1709337600", "1709424000"):  # March 1 to 3, 2024
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
        lines = json.loads(answer("check", "--data", tmp_path, "--format", "json"))
        found[epoch] = sorted(f["found"] for f in lines if f["kind"] == "future-day")
    assert list(found.values()) == [["2024-03-02", "2024-03-03"], ["2024-03-03"], []]
    assert [f.kind for f in findings(tmp_path) if f.kind == "future-day"] == []
    for odd in ("soon", "9" * 30):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", odd)
        status, line = refusal("check", "--data", tmp_path)
        assert status == 2
        assert line == f"SOURCE_DATE_EPOCH: expected seconds since 1970, found {odd!r}"
