"""`policybook export --format database`: one step, what it refuses, and the setting of a site."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.book_folders import allowing, put
from tests.support.books import write
from tests.support.cli import answer, refusal
from tests.support.sites import built_in_process, command, contents, environment
from tests.support.soak.small_books import small_book


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The book that `policybook init` starts, with a catalogue of three services."""
    small_book(tmp_path / "book")
    return tmp_path / "book"


def exported(book: Path, folder: Path) -> dict[str, bytes]:
    """The files of data of a book."""
    answer("export", "-f", book / "mkdocs.yml", "--format", "database", folder)
    return contents(folder)


def test_every_file_is_named_with_its_size(book: Path, tmp_path: Path) -> None:
    """In a line each."""
    said = answer("export", "-f", book / "mkdocs.yml", "--format", "database", tmp_path / "new/out")
    found = contents(tmp_path / "new/out")
    lines = [f"  {path}: {len(content):,} bytes" for path, content in found.items()]
    assert sorted(said.splitlines()) == sorted([f"{tmp_path / 'new/out'}:", *lines])
    assert {"book.sqlite", "SHA256SUMS", "parquet/policies.parquet"} <= found.keys()


def test_two_processes_write_the_same_bytes(book: Path, tmp_path: Path) -> None:
    """Whatever order their sets have."""
    for seed in ("1", "2"):
        arguments = ("export", "--format", "database", tmp_path / seed)
        assert command(*arguments, cwd=book, PYTHONHASHSEED=seed).returncode == 0
    assert contents(tmp_path / "1") == contents(tmp_path / "2")


def test_an_earlier_export_is_replaced(book: Path, tmp_path: Path) -> None:
    """With all of its files, also behind a link."""
    before = exported(book, tmp_path / "out")
    put(book, "More", allowing(("s3:GetObject", "*")))
    (tmp_path / "link").symlink_to(tmp_path / "out")
    after = exported(book, tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert after == contents(tmp_path / "out") != before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["book", "link", "out"]


@pytest.mark.parametrize("name", ["notes.txt", "parquet/notes.txt", ".hidden"])
def test_other_files_are_never_replaced(book: Path, tmp_path: Path, name: str) -> None:
    """Neither alone nor beside an earlier export."""
    out = tmp_path / "out"
    for exists in (False, True):
        if exists:
            shutil.rmtree(out)
            exported(book, out)
        before = contents(write(out, {name: "kept"}))
        status, said = refusal("export", "-f", book / "mkdocs.yml", "--format", "database", out)
        assert status == 2
        assert said.endswith("a new or empty folder or an earlier database, found content")
        assert contents(out) == before


def test_a_folder_inside_the_data_is_refused(book: Path) -> None:
    out = book / "data/out"
    status, said = refusal("export", "-f", book / "mkdocs.yml", "--format", "database", out)
    assert (status, "expected a folder apart from" in said) == (2, True)
    assert not out.exists()


KILLED = """
import os, signal, sys
from policybook.build.database import data_export as export
from policybook.commands.main import main

def killed(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)

setattr(export, sys.argv.pop(1), killed)
main()
"""


@pytest.mark.parametrize("moment", ["write", "publish"])
def test_a_killed_export_leaves_what_was(book: Path, tmp_path: Path, moment: str) -> None:
    """And the next one is whole, and removes what the killed one left."""
    out = tmp_path / "out"
    before = exported(book, out)
    put(book, "More", allowing(("s3:GetObject", "*")))
    arguments = [sys.executable, "-c", KILLED, moment, "export", "--format", "database", str(out)]
    ran = subprocess.run(arguments, cwd=book, env=environment(), check=False)
    assert ran.returncode == -signal.SIGKILL
    assert contents(out) == before
    assert [p for p in tmp_path.iterdir() if p.name.startswith(".out.building-")]
    after = exported(book, out)
    assert after != before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["book", "out"]


def test_a_failed_export_leaves_nothing(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as on a full disk."""

    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("policybook.build.database.data_export.write", full)
    status, said = refusal(
        "export", "-f", book / "mkdocs.yml", "--format", "database", tmp_path / "out"
    )
    assert (status, said) == (2, "No space left on device")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["book"]


def test_the_formats_of_pages(book: Path, tmp_path: Path) -> None:
    """`--markdown` is `--format markdown`; with another format it is refused."""
    config = ("export", "-f", book / "mkdocs.yml")
    for name, options in {
        "markdown": ("--markdown",),
        "alias": ("--format", "markdown"),
        "site": ("--format", "site"),
        "default": (),
    }.items():
        answer(*config, *options, tmp_path / name)
    assert contents(tmp_path / "markdown") == contents(tmp_path / "alias")
    assert contents(tmp_path / "site") == contents(tmp_path / "default")
    assert contents(tmp_path / "site") != contents(tmp_path / "alias")
    status, said = refusal(*config, "--markdown", "--format", "database", tmp_path / "x")
    assert (status, said) == (
        2,
        "--markdown: expected no other format, found --format database",
    )


def with_setting(book: Path) -> Path:
    """The book, with its data on the site."""
    config = book / "mkdocs.yml"
    text = config.read_text()
    config.write_text(text.replace("data_dir: data", "data_dir: data\n      database: true"))
    assert config.read_text() != text
    return book


def test_a_site_has_the_files_behind_a_setting(book: Path, tmp_path: Path) -> None:
    """The same bytes as the export, in `data/`; the index of the API and About lead to them."""
    without = built_in_process(book)
    assert not (without / "data").exists()
    assert b"book.sqlite" not in (without / "about/index.html").read_bytes()
    site = built_in_process(with_setting(book))
    assert contents(site / "data") == exported(book, tmp_path / "out")
    index = json.loads((site / "api/v1/index.json").read_text())["result"]["endpoints"]
    assert "data/book.sqlite" in {endpoint["path"] for endpoint in index}
    assert b'href="../data/book.sqlite"' in (site / "about/index.html").read_bytes()


def test_the_files_follow_the_data(book: Path) -> None:
    """Built again without a change they keep their times; after a change they are new."""
    site = built_in_process(with_setting(book))
    file = site / "data/modified.csv"
    before, time = file.read_bytes(), file.stat().st_mtime_ns
    built_in_process(book)
    assert file.stat().st_mtime_ns == time
    put(book, "More", allowing(("s3:GetObject", "*")))
    built_in_process(book)
    assert b"More" in file.read_bytes()
    assert b"More" not in before
