"""Builds killed at any moment: the site is the old or the new one, and the next is complete."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

from tests.support.book_folders import allowing, put
from tests.support.chance import chance
from tests.support.sites import built, built_in_process, contents, environment

pytestmark = pytest.mark.soak

ACTIONS = ("s3:Get*", "s3:*", "sqs:SendMessage", "kms:Decrypt", "iam:PassRole")


def edited(book: Path, random: Random) -> None:
    """Change a policy of the book, or add one."""
    names = random.sample(ACTIONS, 2)
    put(book, f"Policy{random.randint(0, 5)}", *(allowing((name, "*")) for name in names))


def from_nothing(book: Path) -> dict[str, bytes]:
    """The files of a site built without a cache."""
    copy = book.with_name("copy")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(book, copy, ignore=shutil.ignore_patterns(".cache", "site", ".site.*"))
    return contents(built_in_process(copy))


def killed_after(book: Path, seconds: float) -> None:
    """Start a build, and kill it after some seconds unless it has ended."""
    running = subprocess.Popen(
        [sys.executable, "-m", "policybook", "build"],
        cwd=book,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert running.wait(timeout=seconds) == 0
    except subprocess.TimeoutExpired:
        running.send_signal(signal.SIGKILL)
        running.wait()


@pytest.mark.parametrize("place", range(10))
def test_a_build_killed_at_any_moment_leaves_a_complete_site(book: Path, place: int) -> None:
    """Ten builds, each after an edit, with what the previous killed builds left behind."""
    random = chance(place)
    start = time.monotonic()
    before = contents(built(book / "site", cwd=book))
    takes = time.monotonic() - start
    for _ in range(10):
        edited(book, random)
        after = from_nothing(book)
        killed_after(book, random.uniform(0.2, 1.1) * takes)
        assert contents(book / "site") in (before, after)
        if random.random() < 0.5:
            before = contents(built(book / "site", cwd=book))
            assert before == after
        else:
            before = contents(book / "site")
    assert contents(built(book / "site", cwd=book)) == from_nothing(book)
    assert not list(book.glob(".site.building-*"))
