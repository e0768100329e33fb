"""What the workflow of a new book installs: only what its requirements list, with hashes."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from policybook.build.starter_book import installed_source, new_content

from tests.support.books import REPOSITORY
from tests.support.cli import answer, refusal
from tests.support.wheels import WHEEL, wheel

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def requirements(book: Path, name: str = "requirements.txt") -> list[str]:
    """The requirements in a file, each on one line."""
    return (book / name).read_text().replace("\\\n", " ").splitlines()


def install_step(book: Path) -> str:
    """The script of the workflow's step that installs policybook."""
    workflow = yaml.safe_load((book / ".github/workflows/book.yml").read_text())
    steps = workflow["jobs"]["build"]["steps"]
    (script,) = (step["run"] for step in steps if step.get("name") == "Install policybook")
    return str(script)


def ran(book: Path) -> tuple[int, list[str], str]:
    """The exit status of that step, the commands that it gave to Python, and what it said."""
    python = book.with_name("bin") / "python3"
    python.parent.mkdir(exist_ok=True)
    python.write_text('#!/bin/sh\necho "$@"\n')
    python.chmod(0o755)
    done = subprocess.run(
        ["bash", "-e", "-c", install_step(book)],
        cwd=book,
        env={**os.environ, "PATH": f"{python.parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.splitlines(), done.stderr


# --- from where -----------------------------------------------------------------------------------


def test_without_a_source_the_workflow_stops_and_says_what_to_fill_in(tmp_path: Path) -> None:
    """It does so in one line, before anything is installed, and has all the pins already."""
    answer("init", tmp_path / "book")
    assert requirements(tmp_path / "book") == requirements(REPOSITORY, "requirements.lock")
    status, commands, said = ran(tmp_path / "book")
    assert (status, commands) == (1, [])
    assert said.startswith("requirements.txt: expected policybook and its dependencies")
    assert "policybook init --source WHEEL|URL@COMMIT" in said
    assert said.count("\n") == 1


def test_a_wheel_is_copied_and_listed_with_its_hash(tmp_path: Path) -> None:
    """The dependencies are those that the wheel itself lists."""
    source = wheel(tmp_path)
    book = tmp_path / "book"
    answer("init", "--source", source, book)
    assert (book / "wheels" / WHEEL).read_bytes() == source.read_bytes()
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    assert requirements(book) == [
        f"./wheels/{WHEEL} --hash=sha256:{digest}",
        "click==8.0 --hash=sha256:aa",
    ]
    pip = "-m pip install --require-hashes --only-binary :all: --requirement requirements.txt"
    assert ran(book) == (0, [pip], "")


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("https://git.example/a/b.git", "git+https://git.example/a/b.git"),
        ("git+https://git.example/a/b", "git+https://git.example/a/b"),
        ("ssh://git@git.example/a/b.git", "git+ssh://git@git.example/a/b.git"),
    ],
)
def test_a_commit_has_a_file_of_its_own(tmp_path: Path, source: str, line: str) -> None:
    """It is installed without dependencies, after all of these by their hashes."""
    book = tmp_path / "book"
    answer("init", "--source", f"{source}@{COMMIT}", book)
    assert requirements(book, "requirements-git.txt") == [f"policybook @ {line}@{COMMIT}"]
    assert (book / "requirements.txt").read_bytes() == (
        REPOSITORY / "requirements.lock"
    ).read_bytes()
    status, commands, _ = ran(book)
    assert status == 0
    assert "--require-hashes" in commands[0]
    assert commands[1:] == [
        "-m pip install --no-deps --no-build-isolation --requirement requirements-git.txt"
    ]


def origin(text: str | None) -> SimpleNamespace:
    """A distribution as pip has installed it."""
    return SimpleNamespace(read_text=lambda name: text if name == "direct_url.json" else None)


def test_without_a_source_it_is_that_of_this_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wheel with the hash that pip noted, or the commit; else nothing is guessed."""
    source = wheel(tmp_path)
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    git = {"url": "https://git.example/a", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}
    file = {"url": source.as_uri(), "archive_info": {"hashes": {"sha256": digest}}}
    for noted, files in (
        (json.dumps(file), {"requirements.txt", f"wheels/{WHEEL}"}),
        (json.dumps(git), {"requirements.txt", "requirements-git.txt"}),
        (json.dumps({**file, "archive_info": {"hashes": {"sha256": "0" * 64}}}), None),
        (json.dumps({**file, "archive_info": {}}), None),
        (json.dumps({**file, "url": "file:///absent/policybook-1-py3-none-any.whl"}), None),
        (json.dumps({"url": "file:///checkout", "dir_info": {"editable": True}}), None),
        (json.dumps({"url": 1}), None),
        ("[", None),
        (None, None),
    ):
        found = origin(noted)
        monkeypatch.setattr(metadata, "distribution", lambda name, found=found: found)
        installed = installed_source()
        assert (set(installed.files) if installed else None) == files, noted


def test_every_dependency_has_a_version_and_a_hash() -> None:
    """Among them what builds a commit, since that must not be fetched by its name."""
    listed = requirements(REPOSITORY, "requirements.lock")
    for line in listed:
        if not line.startswith(" "):
            assert re.match(r"[a-z0-9-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line), line
    assert {"hatchling", "editables"} <= {line.partition("==")[0] for line in listed}


@pytest.mark.parametrize(
    "source",
    [
        "",
        "policybook",
        "policybook==1.0",
        "absent/policybook-1.2.3-py3-none-any.whl",
        "other-1.2.3-py3-none-any.whl",
        "https://git.example/a/b.git",
        "https://git.example/a/b.git@main",
        f"https://git.example/a/b.git@{COMMIT[:12]}",
        f"https://git.example/a/b.git@{COMMIT}\n--index-url https://evil.example",
        f"https://git.example/a/b.git#egg=x@{COMMIT}",
        f"https://user:secret@git.example/a/b.git@{COMMIT}",
        f"https://git.example/${{TOKEN}}@{COMMIT}",
        f"http://git.example/a/b.git@{COMMIT}",
        f"--index-url=https://evil.example@{COMMIT}",
    ],
)
def test_anything_else_is_refused(tmp_path: Path, source: str) -> None:
    """A name, a branch, a short id, or a text that means more to pip; and nothing is written."""
    status, said = refusal("init", "--source", source, tmp_path / "book")
    assert status == 2
    assert "Traceback" not in said
    assert not (tmp_path / "book").exists()


@pytest.mark.parametrize("kind", ["another archive", "no archive", "another name"])
def test_a_file_that_is_not_a_wheel_of_policybook_is_refused(tmp_path: Path, kind: str) -> None:
    """It has to list its dependencies, and its name must be one that pip takes for a wheel."""
    path = wheel(tmp_path, member="x") if kind == "another archive" else tmp_path / WHEEL
    if kind == "no archive":
        path.write_text("x")
    elif kind == "another name":
        path = wheel(tmp_path, name="policybook-1 --hash=x.whl")
    status, said = refusal("init", "--source", path, tmp_path / "book")
    assert status == 2
    assert "\n" not in said
    assert not (tmp_path / "book").exists()


# --- filling a folder -----------------------------------------------------------------------------


def fill(folder: Path, ends: type[BaseException]) -> None:
    """Fill a folder, and be interrupted."""
    with new_content(folder):
        (folder / "in").mkdir(parents=True)
        (folder / "in/file").touch()
        (folder / "file").touch()
        raise ends


@pytest.mark.parametrize("ends", [OSError, KeyboardInterrupt, SystemExit])
def test_a_folder_that_could_not_be_filled_is_as_before(
    tmp_path: Path, ends: type[BaseException]
) -> None:
    """Missing again, with the folders around it, or empty again."""
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "deep/new", tmp_path / "empty"):
        with pytest.raises(ends):
            fill(folder, ends)
    assert [path.name for path in tmp_path.rglob("*")] == ["empty"]
