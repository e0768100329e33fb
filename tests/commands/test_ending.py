"""How a command ends that is interrupted, or whose output nobody reads."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from policybook.build.publishing.publish import mark

from tests.support.books import DATA
from tests.support.sites import contents, environment

# A hook of MkDocs that says when the build has a staging folder, and then waits for the test.
WAITS = """\
import time
from pathlib import Path

def on_pre_build(config):
    Path(__file__).with_name("started").touch()
    time.sleep(600)
"""
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
# How long (s) a busy machine may take to end a process.
LONGEST = 60
COMMAND = [sys.executable, "-m", "policybook"]


@pytest.fixture(autouse=True)
def _heeded_signals() -> Iterator[None]:
    """Signals count also where the tests run in the background or after `nohup`, which ignore some.

    A process that is started takes over which signals are ignored.
    """
    ignored = [n for n in (signal.SIGINT, signal.SIGHUP) if signal.getsignal(n) == signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, signal.SIG_DFL)
    yield
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def waiting(book: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A command that waits within a build; it must have ended after the block."""
    (book / "hook.py").write_text(WAITS)
    config = book / "mkdocs.yml"
    config.write_text(config.read_text() + "hooks: [hook.py]\n")
    running = subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=book,
        env=environment(TMPDIR=str(book.parent), PYTHONDONTWRITEBYTECODE="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    while running.poll() is None and not (book / "started").exists():
        pass
    try:
        yield running
    finally:
        running.kill()
        running.communicate()


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_a_build_and_leaves_nothing_unfinished(
    book: Path, number: signal.Signals
) -> None:
    """The status is 128 and the signal's number, nothing is said, and the old site stays."""
    (book / "site").mkdir()
    mark(book / "site")
    before = contents(book / "site")
    with waiting(book, "build") as running:
        assert list(book.glob(".site.building-*"))
        running.send_signal(number)
        said = running.communicate(timeout=LONGEST)
    assert (running.returncode, *said) == (128 + number, b"", b"")
    assert not list(book.glob(".site.building-*"))
    assert contents(book / "site") == before


def test_more_signals_do_not_stop_the_removal(book: Path) -> None:
    """`timeout` sends the same one twice, and a terminal that closes several."""
    with waiting(book, "build") as running:
        for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            running.send_signal(number)
        said = running.communicate(timeout=LONGEST)
    assert running.returncode in {128 + number for number in SIGNALS}
    assert said == (b"", b"")
    assert not list(book.glob(".site*"))


def test_a_signal_ends_a_preview_and_removes_its_site(book: Path) -> None:
    """It is in the folder for temporary files, and so is its staging folder."""
    with waiting(book, "serve", "-a", "127.0.0.1:0") as running:
        assert list(book.parent.glob("mkdocs_*"))
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=LONGEST)
    assert running.returncode == 128 + signal.SIGINT
    assert [path.name for path in book.parent.iterdir()] == ["book"]


def test_a_signal_that_is_ignored_stays_ignored(book: Path) -> None:
    """As after `nohup`: only the second signal ends the build."""
    ignored = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # a child process takes it over
    try:
        with waiting(book, "build") as running:
            running.send_signal(signal.SIGHUP)
            running.send_signal(signal.SIGTERM)
            running.communicate(timeout=LONGEST)
    finally:
        signal.signal(signal.SIGHUP, ignored)
    assert running.returncode == 128 + signal.SIGTERM


# --- output that nobody reads ---------------------------------------------------------------------


def ran_in_shell(script: str) -> tuple[int, str]:
    """The exit status of a script, in which "$@" is the command, and its standard error."""
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", script, "bash", *COMMAND],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


SHOW = f'"$@" show AmazonSageMakerFullAccess --data {DATA}'


@pytest.mark.parametrize("command", [SHOW, f"{SHOW} --format json"])
def test_a_reader_that_goes_away_is_no_error(command: str) -> None:
    """The command ends quietly, with the status of a program that SIGPIPE ended."""
    assert ran_in_shell(f"({command}) | true") == (141, "")


@pytest.mark.parametrize("command", ['"$@" --version', '"$@" --help', SHOW])
def test_output_may_be_closed_from_the_start(command: str) -> None:
    """Nothing is written, and nothing is said about that."""
    assert ran_in_shell(f"{command} >&-") == (0, "")
    assert ran_in_shell(f"{command} >&- 2>&-") == (0, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
def test_output_that_cannot_be_written_is_an_error() -> None:
    """One line says why, and the status is 2."""
    status, said = ran_in_shell(f"{SHOW} > /dev/full")
    assert status == 2
    assert said.endswith("No space left on device\n")
    assert said.count("\n") == 1


def test_input_may_be_closed_from_the_start(book: Path) -> None:
    """As a daemon may start it: the settings are found all the same."""
    script = f'cd {book} && "$@" build <&- >&-'
    assert ran_in_shell(script) == (0, "")
    assert (book / "site/index.html").exists()
