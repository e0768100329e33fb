"""The option `--no-cache` of commands that answer from the store, and their progress bar."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import click

from policybook.commands.printing import QUIET, is_set

T = TypeVar("T")

_STORE = "policybook.store"
_FEW = 100  # policies, which are read before a bar could be seen


def _keep(context: click.Context, _: click.Parameter, value: bool) -> None:
    context.meta[_STORE] = not value


cache_option = click.option(
    "--no-cache",
    is_flag=True,
    expose_value=False,
    callback=_keep,
    help="Read the data itself, and neither use nor write what is stored of it.",
)


def uses_store() -> bool:
    """Whether the command may use and write what is stored: it has the option, and not got it."""
    return is_set(_STORE)


def read_with_bar(folders: Sequence[Path]) -> Iterator[Path]:
    """Pass on the folders of policies to read, with a progress bar if there are many."""
    return _with_bar(folders, "Reading the data")


def compared_with_bar(names: Sequence[str]) -> Iterator[str]:
    """Pass on the names of policies whose versions are compared, with a bar if there are many."""
    return _with_bar(names, "Comparing versions")


def overlapping_with_bar(names: Sequence[str]) -> Iterator[str]:
    """Pass on the names of policies that are compared with all others, with a bar if many."""
    return _with_bar(names, "Comparing policies")


def looked_up_with_bar(names: Sequence[str]) -> Iterator[str]:
    """Pass on the names of policies whose actions are looked up, with a bar if there are many."""
    return _with_bar(names, "Looking up actions")


def _with_bar(found: Sequence[T], label: str) -> Iterator[T]:
    """Pass on values; on a terminal a bar shows how many are left, unless -q is given."""
    if len(found) < _FEW or is_set(QUIET) or not (sys.stderr and sys.stderr.isatty()):
        yield from found
        return
    with click.progressbar(found, label=label, file=sys.stderr) as shown:
        yield from shown
