"""The tutorial does what it says: its files are written and its commands run, in order."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.support.books import REPOSITORY
from tests.support.doc_pages import blocks

TUTORIAL = "tutorial/index.md"


def run(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """The command `policybook` with the arguments, run in the folder."""
    return subprocess.run(
        [sys.executable, "-m", "policybook", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "generator")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_command_of_the_tutorial_prints_what_the_page_shows(tmp_path: Path) -> None:
    """Each line of output that the page shows is a line that the command prints."""
    book = tmp_path / "our-policies"
    for block in blocks(TUTORIAL):
        if block.file:
            path = book / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text)
        elif block.language == "console":
            first, *shown = block.text.splitlines()
            program, *arguments = first.removeprefix("$ ").split()
            assert program == "policybook"
            ran = run(arguments, book if book.exists() else tmp_path)
            assert [line for line in shown if line not in ran.stdout.splitlines()] == [], first
            # Only `check` that shows a finding ends otherwise than with success.
            assert ran.returncode == (1 if arguments == ["check"] and shown else 0), ran.stderr
    assert (book / "site/policies/ReportBuilder/index.html").is_file()
