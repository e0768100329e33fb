"""`policybook check`: every error and warning of the data."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.books import DATA, awful, facts, write
from tests.support.cli import answer, run


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
        ["expected", "file", "found", "kind", "level", "line", "path"]
    ] * 6
    assert found[2]["path"] == ["Statement", 3, "Action", 57]
    assert found[2]["line"] == 85
