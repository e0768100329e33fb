"""Links, and files where folders belong: each is a finding among the others."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from policybook.build.planner import findings

from tests.support.books import BOOK, facts, write
from tests.support.sites import command

Change = Callable[[Path], None]
LINK = "a link or something else"


def link(path: Path, target: str) -> None:
    """A link in place of whatever was there."""
    path.unlink(missing_ok=True)
    path.symlink_to(target)


@pytest.mark.parametrize(
    ("change", "place", "found"),
    [
        (lambda data: (data / "groups").touch(), "groups", "a file"),
        (lambda data: (data / "guides").touch(), "guides", "a file"),
        (lambda data: link(data / "groups", "groups"), "groups", os.strerror(errno.ELOOP)),
        (lambda data: link(data / "guides", "nowhere"), "guides", "a link to nothing"),
        (lambda data: link(data / "guides", "book.yml"), "guides", "a file"),
        (lambda data: link(data / "book.yml", "book.yml"), "book.yml", LINK),
        (lambda data: link(data / "roles.yml", "nowhere"), "roles.yml", LINK),
        (lambda data: (data / "rules.yml").mkdir(), "rules.yml", LINK),
        (lambda data: link(data / "policies/Q", "Q"), "policies/Q", "a link"),
        (lambda data: link(data / "policies/Q", "nowhere"), "policies/Q", "a link"),
        (lambda data: link(data / "policies/P/v1.yml", "v1.yml"), "policies/P/v1.yml", LINK),
        (lambda data: link(data / "policies/P/policy.yml", "no"), "policies/P/policy.yml", LINK),
        (lambda data: os.mkfifo(data / "rules.yml"), "rules.yml", LINK),
    ],
)
def test_what_is_no_folder_or_file_is_a_finding(
    change: Change, place: str, found: str, tmp_path: Path
) -> None:
    """And the one of another file is named with it."""
    documents = {"policies/P/policy.yml": facts("P", "versions: [{id: v1}]\n")}
    texts = {"book.yml": BOOK, "policies/P/v1.yml": "Statement: []\n", "policies/Z/v1.yml": ""}
    data = write(tmp_path / "data", {**documents, **texts})
    change(data)
    seen = {(Path(f.file).relative_to(data).as_posix(), f.kind, f.found) for f in findings(data)}
    assert (place, "unreadable", found) in seen
    assert ("policies/Z", "missing-file", "none") in seen


def test_policies_may_be_no_file(tmp_path: Path) -> None:
    """An empty book and a broken one are told apart."""
    data = write(tmp_path / "data", {"book.yml": BOOK, "policies": ""})
    assert [(f.kind, f.found) for f in findings(data)] == [("unreadable", "a file")]


def test_a_build_lists_these_findings_too(tmp_path: Path) -> None:
    """Before it looks at any file for its own sake."""
    config = "site_name: x\ntheme: {name: material, font: false}\nplugins: [policybook]\n"
    write(tmp_path, {"mkdocs.yml": config, "docs/x.md": "", "data/book.yml": BOOK})
    link(tmp_path / "data" / "groups", "groups")
    (tmp_path / "data" / "guides").touch()
    ran = command("build", cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert [line.partition(":")[0] for line in ran.stderr.splitlines()] == [
        "data/groups",
        "data/guides",
    ]


def test_an_empty_introduction_of_a_topic_is_shown_as_nothing(tmp_path: Path) -> None:
    """On the home page and on its own."""
    config = "site_name: x\ntheme: {name: material, font: false}\nplugins: [policybook]\n"
    group = "title: Topic\nintroduction: []\npolicies: []\n"
    files = {"mkdocs.yml": config, "docs/x.md": "", "data/book.yml": BOOK}
    write(tmp_path, {**files, "data/groups/g.yml": group})
    ran = command("build", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    home = (tmp_path / "site/index.html").read_text("utf-8")
    assert '>Topic</a></h3><p class="pb-fine"' in home.replace("\n", "")
