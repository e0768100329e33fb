"""The group of all commands, and the entry point."""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from contextlib import suppress

import click

from policybook import __version__
from policybook.commands.lazy_commands import LazyCommands
from policybook.commands.options import READER_GONE, with_shared_options
from policybook.commands.usage import Commands
from policybook.errors import Ended


@click.group(
    cls=Commands,
    commands=LazyCommands(
        *("build", "serve", "check", "show", "risks", "changes", "review", "diff", "grants"),
        *("covers", "choose", "growth", "export", "init", "schemas"),
        drift="growth",
    ),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, help="Show the version.")
def commands() -> None:
    """Document IAM managed policies: what they grant, and what changed.

    Exit status: 0 for success, 1 if there are findings, 2 if the command could not run. A command
    that is interrupted ends with 128 and the number of the signal, such as 130.
    """
    # Material and MkDocs print advice on their own future at every start; ours is in
    # ARCHITECTURE.md.
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")


@commands.group(
    "import",
    commands=LazyCommands(
        catalogue="import_catalogue",
        git="import_git",
        package="import_package",
        account="import_account",
        guide="import_guide",
        reference="import_reference",
    ),
    short_help="Import policies, their history, and action lists.",
)
def import_group() -> None:
    """Import policies, their history and action lists into the data folder."""


for group in (commands, import_group):
    with_shared_options(group)


def main() -> None:
    """Run the command line and end the process.

    A command keeps nearly all its objects until it ends. Garbage collection finds nothing to free,
    and takes more than half of the time, so this process does without. It ends without freeing its
    objects, which takes a second for a large book.
    """
    gc.disable()
    _end_on_signals()
    status: object = 0
    try:
        commands(prog_name="policybook")
    except SystemExit as end:
        status = end.code
    os._exit(_flushed(status if isinstance(status, int) else 0))


def _end_on_signals() -> None:
    """Let signals that end a process end this one, after it has removed unfinished files.

    Of several within two seconds only the first one counts: `timeout` and terminals send more than
    one, and the next would stop the removal. A signal that is ignored, as after `nohup`, stays so.
    """
    found = (getattr(signal, name, None) for name in ("SIGINT", "SIGTERM", "SIGHUP"))
    heeded = [n for n in found if n and signal.getsignal(n) not in (None, signal.SIG_IGN)]
    before = float("-inf")

    def end(number: int, _: object) -> None:
        nonlocal before
        since, before = time.monotonic() - before, time.monotonic()
        if since > 2:
            raise Ended(128 + number)

    for number in heeded:
        signal.signal(number, end)


def _flushed(status: int) -> int:
    """Write what is left of the output; returns the exit status."""
    # A stream is None if the process was started without it.
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except BrokenPipeError:
            status = status or READER_GONE
        except OSError as error:
            with suppress(OSError):
                print(f"output: {error.strerror}", file=sys.stderr, flush=True)
            status = status or 2
    return status
