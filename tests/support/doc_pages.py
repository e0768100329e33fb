"""Pages of the docs as programs: their files are written and their commands run, in order."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.support.books import REPOSITORY
from tests.support.sites import environment

_BLOCK = re.compile(r'^( *)```(\w+)(?: title="([^"]+)")?\n(.*?)^\1```$', re.MULTILINE | re.DOTALL)
SHELL = ("sh", "console")


class Block(NamedTuple):
    """A block of code of a page: its language, the file that it is, if any, and its text."""

    language: str
    file: str
    text: str


def blocks(page: str) -> Iterator[Block]:
    """The blocks of code of a page below `docs/`, in order; those in lists without their indent."""
    for found in _BLOCK.finditer((REPOSITORY / "docs" / page).read_text("utf-8")):
        text = re.sub(f"^{found[1]}", "", found[4], flags=re.MULTILINE)
        yield Block(found[2], found[3] or "", text)


class Reader:
    """Does what a page says: writes its files, and runs its commands as they are printed.

    Args:
        folder: The folder to begin in; `at` is the one that the commands have changed to.
        programs: What to run in place of programs that a test has not, such as `aws`: the lines of
            a shell script, by name. `policybook` is this program.
        variables: Environment variables that the page tells its reader to set.
    """

    def __init__(
        self,
        folder: Path,
        programs: Mapping[str, str] = {},
        variables: Mapping[str, str] = {},
    ) -> None:
        self.at = folder
        self._programs = folder.parent / f"{folder.name}-programs"
        self._programs.mkdir()
        self._variables = variables
        policybook = f'exec "{sys.executable}" -m policybook "$@"'
        for name, script in {"policybook": policybook, **programs}.items():
            (self._programs / name).write_text(f"#!/bin/sh\n{script}\n")
            (self._programs / name).chmod(0o755)

    def read(self, page: str) -> None:
        """Do what a page says; a command that fails, or prints something else, fails the test."""
        for block in blocks(page):
            if block.file:
                path = self.at / block.file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.text, "utf-8")
            elif block.language == "sh":
                self.run(block.text)
            elif block.language == "console":
                first, *shown = block.text.splitlines()
                printed = self.run(first.removeprefix("$ ")).splitlines()
                assert [line for line in shown if line not in printed] == [], first

    def run(self, script: str) -> str:
        """What the lines of a script print; each has to succeed."""
        ran = subprocess.run(
            ["bash", "-eu", "-c", f'{script}\npwd > "$PLACE"'],
            cwd=self.at,
            env=environment(
                PATH=f"{self._programs}:{os.environ['PATH']}",
                PLACE=str(self._programs / "place"),
                SOURCE_DATE_EPOCH="1773532800",  # 2026-03-15
                **self._variables,
            ),
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, script + ran.stdout + ran.stderr
        self.at = Path((self._programs / "place").read_text().strip())
        return ran.stdout
