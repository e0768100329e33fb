"""Twelve environments, in each of which a build writes the same bytes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

from tests.support.books import small_catalogue
from tests.support.sites import contents, environment
from tests.support.soak.forked import Ended, run_command
from tests.support.soak.hostile_sets import drawn
from tests.support.soak.killed import fresh_copy
from tests.support.soak.small_books import small_book

Case = Callable[[int], str]
_POLICIES = 10


class Environment(Struct, frozen=True):
    """How the command is started: variables, options of Python, and words of a shell around it.

    With `bare` it has no variables but these. With `place`, the book is in a folder of that name,
    and with `outside` the current folder is another one.
    """

    name: str
    variables: Mapping[str, str] = {}
    options: tuple[str, ...] = ()
    script: str = '"$@"'
    bare: bool = False
    place: str = "book"
    outside: bool = False


ENVIRONMENTS = (
    Environment(
        "an ASCII locale",
        {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ),
    Environment("other hashes", {"PYTHONHASHSEED": "1"}),
    Environment("a time zone in the future", {"TZ": "Pacific/Kiritimati"}),
    Environment("no variables at all", bare=True),
    Environment(
        "no home",
        {"HOME": "/dev/null/none", "XDG_CACHE_HOME": "/dev/null/none", "XDG_CONFIG_HOME": "/proc"},
    ),
    Environment("without docstrings and asserts", options=("-OO",)),
    Environment("files for the owner alone", script='umask 077; "$@"'),
    Environment("no input and no output", script='"$@" <&- >&-'),
    Environment("another current folder", outside=True),
    Environment("a tiny terminal", {"COLUMNS": "1", "LINES": "1", "NO_COLOR": "1", "TERM": "dumb"}),
    Environment("a place with odd characters", place="a b'\u00e9 $x;&\u4e16"),
    Environment(
        "warnings as errors",
        {"PYTHONWARNINGS": "error", "PYTHONDEVMODE": "1", "TMPDIR": "scratch"},
    ),
)


class _Environments:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        small_book(folder / "first")

    def case(self, seed: int) -> str:
        found = ENVIRONMENTS[seed % len(ENVIRONMENTS)]
        first = self._folder / "first"
        drawn(seed, _POLICIES, small_catalogue(), first / "data")
        shutil.rmtree(first / "site", ignore_errors=True)
        assert run_command(first, "build").status == 0
        expected = contents(first / "site")
        book = fresh_copy(first, self._folder / found.place)
        for built in ("site", ".cache"):
            shutil.rmtree(book / built)
        ended = self._build(found, book)
        assert (ended.status, ended.stderr) == (0, ""), ended
        site = contents(book / "site")
        differ = [p for p in sorted({*site, *expected}) if site.get(p) != expected.get(p)]
        assert not differ, f"{found.name}: {differ[:5]}"
        shutil.rmtree(book)
        return f"the same bytes with {found.name}"

    def _build(self, found: Environment, book: Path) -> Ended:
        scratch = self._folder / "scratch"
        scratch.mkdir(exist_ok=True)
        variables = {**environment(), **found.variables}
        if found.bare:
            own = environment()
            variables = {name: own[name] for name in ("PYTHONPATH", "NO_MKDOCS_2_WARNING")}
        if "TMPDIR" in found.variables:
            variables["TMPDIR"] = str(scratch)
        command = [sys.executable, *found.options, "-m", "policybook", "build"]
        if found.outside:
            command += ["-f", os.fspath(book / "mkdocs.yml")]
        done = subprocess.run(
            ["/bin/sh", "-c", found.script, "sh", *command],
            cwd="/" if found.outside else book,
            env=variables,
            capture_output=True,
            check=False,
        )
        return Ended(
            done.returncode,
            done.stdout.decode("utf-8", "replace"),
            done.stderr.decode("utf-8", "replace"),
        )


def environments(folder: Path) -> Case:
    """A part each of whose cases is a build in one environment, of another hostile book."""
    return _Environments(folder).case
