"""Building sites: the command as a user runs it, sites built once, and their files."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest
from policybook.mkdocs_plugin.run import build_site

from tests.support.books import REPOSITORY


def environment(**extra: str) -> dict[str, str]:
    """The environment in which a process runs this checkout's program."""
    own = {"PYTHONPATH": str(REPOSITORY / "generator"), "NO_MKDOCS_2_WARNING": "1"}
    return {**os.environ, **own, **extra}


def command(
    *arguments: object, cwd: Path = REPOSITORY, module: str = "policybook", **env: str
) -> subprocess.CompletedProcess[str]:
    """The command as a user runs it, in a process of its own; `env` is added to the environment."""
    return subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=cwd,
        env=environment(**env),
        capture_output=True,
        text=True,
        check=False,
    )


def built(folder: Path, *arguments: object, cwd: Path = REPOSITORY, **env: str) -> Path:
    """The site that `policybook build` puts into the folder; the build has to succeed."""
    ran = command("build", "-d", folder, *arguments, cwd=cwd, **env)
    assert ran.returncode == 0, ran.stderr
    return folder


def built_with_data(folder: Path, put: Callable[[Path], object]) -> Path:
    """The site of this repository's book with other data, which `put` writes into a folder."""
    data, config = folder.with_name(f"{folder.name}-data"), folder.with_name(f"{folder.name}.yml")
    put(data)
    config.write_text(
        f"INHERIT: {REPOSITORY}/mkdocs.yml\ndocs_dir: {REPOSITORY}/docs\n"
        f"plugins:\n  - search\n  - policybook: {{data_dir: {data}}}\n"
    )
    return built(folder, "-f", config)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below the folder: its path and its bytes."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that is created once in a test run, by the first worker that needs it."""
    root = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    folder = root / name
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            make(folder)
    return folder


def built_in_process(book: Path) -> Path:
    """The book's site, built with the build cache."""
    return build_site(str(book / "mkdocs.yml"), None, None, strict=True).folder


class Build(Protocol):
    """A fixture that builds a book."""

    def __call__(self, book: Path, *, strict: bool = False) -> list[str]:
        """Return the warnings of the build."""
