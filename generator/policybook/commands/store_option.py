"""The option `--no-cache` of commands that answer from the store, and their progress bar."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from policybook.commands.printing import QUIET, is_set

_NO_CACHE = "policybook.no-cache"


def _keep(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        context.meta[_NO_CACHE] = True


cache_option = click.option(
    "--no-cache",
    is_flag=True,
    expose_value=False,
    callback=_keep,
    help="Read the data itself, and neither use nor write what is stored of it.",
)


def uses_store() -> bool:
    """Whether the command may use and write what is stored of the data."""
    return not is_set(_NO_CACHE)


def read_with_bar(folders: Sequence[Path]) -> Iterator[Path]:
    """Pass on the folders of policies, with a progress bar on a terminal if there are many."""
    if len(folders) < 100 or is_set(QUIET) or not (sys.stderr and sys.stderr.isatty()):
        yield from folders
        return
    with click.progressbar(folders, label="Reading the data", file=sys.stderr) as shown:
        yield from shown
