"""Commands in processes that are forked from this one, which has imported everything before."""

from __future__ import annotations

import os
import re
import signal
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import click
from msgspec import Struct
from policybook.commands.main import main

# Imported now, so that no child has to: commands import late.
from policybook.importers.git_archives import git_archive  # noqa: F401  # see above
from policybook.importers.writing import writer  # noqa: F401  # see above
from policybook.mkdocs_plugin import run, up_to_date  # noqa: F401  # see above


class Ended(Struct, frozen=True):
    """How a process ended: its status, or minus the signal, and what it printed."""

    status: int
    stdout: str
    stderr: str


class Child:
    """A command that runs in a forked process.

    Args:
        folder: The current folder of the command.
        *arguments: The command's arguments.
        before: Is called in the child before the command.
        env: Variables that are added to the environment.
    """

    def __init__(
        self,
        folder: Path,
        *arguments: object,
        before: Callable[[], object] | None = None,
        env: dict[str, str] | None = None,
    ) -> None:
        # Pipes, which no limit of the size of files is about; what a command prints fits into one.
        (self._out, out), (self._err, err) = os.pipe(), os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        self.process = os.fork()
        if self.process == 0:
            os.dup2(out, 1)
            os.dup2(err, 2)
            self._become(folder, [*map(str, arguments)], before, env or {})
        os.close(out)
        os.close(err)

    def _become(
        self,
        folder: Path,
        arguments: list[str],
        before: Callable[[], object] | None,
        env: dict[str, str],
    ) -> None:
        """Run the command in this process, which then ends."""
        try:
            os.setpgid(0, 0)
            os.chdir(folder)
            os.environ.update({"NO_MKDOCS_2_WARNING": "1", **env})
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            sys.stdin, sys.stdout, sys.stderr = (open(n, mode) for n, mode in _STREAMS)  # noqa: SIM115  # open to the end
            sys.argv = ["policybook", *arguments]
            signal.signal(signal.SIGINT, signal.default_int_handler)
            tempfile.tempdir = None  # that of the environment
            if before:
                before()
            main()
        except BaseException as error:
            with suppress(Exception):
                click.echo(f"unexpected: {error!r}", err=True)
                sys.stderr.flush()
        finally:
            os._exit(70)

    def wait(self) -> Ended:
        """Wait until it has ended."""
        _, status = os.waitpid(self.process, 0)
        return Ended(os.waitstatus_to_exitcode(status), _text(self._out), _text(self._err))


_PROGRESS = re.compile(r"read \d+ of \d+ states\n")
_STREAMS = ((0, "r"), (1, "w"), (2, "w"))


def _text(pipe: int) -> str:
    """What is in a pipe, whose writer has ended."""
    os.set_blocking(pipe, False)
    parts = []
    with suppress(BlockingIOError):  # a process that the writer had started may still have it open
        while part := os.read(pipe, 65_536):
            parts.append(part)
    os.close(pipe)
    return b"".join(parts).decode("utf-8", "backslashreplace")


def run_command(folder: Path, *arguments: object, env: dict[str, str] | None = None) -> Ended:
    """Run a command in a forked process until it ends."""
    return Child(folder, *arguments, env=env).wait()


def assert_in_one_line(ended: Ended) -> None:
    """A command that failed said why in one line, and not by a traceback."""
    lines = ended.stderr.splitlines(keepends=True)
    said = "".join(line for line in lines if not _PROGRESS.fullmatch(line))
    assert ended.status in (1, 2), ended
    assert said.count("\n") == 1, said
    assert said.strip().isprintable(), said
    assert "Traceback" not in said, said
    assert "unexpected" not in said, said
