"""The option `--no-cache` of commands that answer from the store, and their progress bar."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import click

from policybook.commands.printing import QUIET, is_set

T = TypeVar("T")

_NO_CACHE = "policybook.no-cache"
_FEW = 100  # policies, which are read before a bar could be seen


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
    """Pass on the folders of policies to read, with a progress bar if there are many."""
    return _with_bar(folders, "Reading the data")


def compared_with_bar(names: Sequence[str]) -> Iterator[str]:
    """Pass on the names of policies whose versions are compared, with a bar if there are many."""
    return _with_bar(names, "Comparing versions")


def _with_bar(found: Sequence[T], label: str) -> Iterator[T]:
    """Pass on values; on a terminal a bar shows how many are left, unless -q is given."""
    if len(found) < _FEW or is_set(QUIET) or not (sys.stderr and sys.stderr.isatty()):
        yield from found
        return
    with click.progressbar(found, label=label, file=sys.stderr) as shown:
        yield from shown
