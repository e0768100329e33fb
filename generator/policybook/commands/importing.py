"""What every `policybook import` does with what it has read."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from policybook.commands.printing import print_lines
from policybook.errors import one_line
from policybook.wording import number, words

if TYPE_CHECKING:
    from policybook.importers.records import Archive

T = TypeVar("T")

only_option = click.option(
    "--only",
    default="*",
    help="Import only policies whose names match this pattern with * and ?.",
)


def reading(what: str) -> Callable[[Iterable[T], int], Iterable[T]]:
    """What passes on all that is read, and says how much of it has been.

    On a terminal that is a progress bar, and elsewhere a line after each tenth.
    """

    def shown(found: Iterable[T], count: int) -> Iterable[T]:
        if sys.stderr.isatty():
            with click.progressbar(found, length=count, label="Reading", file=sys.stderr) as bar:
                yield from bar
            return
        step = max(count // 10, 1)
        for place, one in enumerate(found, 1):
            yield one
            if place % step == 0 or place == count:
                click.echo(f"read {place} of {count} {what}", err=True)

    return shown


def write_archive(archive: Archive, folder: Path) -> int:
    """Write what was read into the data folder, and report it.

    Returns:
        The exit status: 1 if something could not be read at all.
    """
    from policybook.importers import writer

    written = writer.write(archive, folder)
    skipped = archive.skipped
    lines = (*written.matches, *map(str, skipped), *archive.notes, *written.notes)
    print_lines(map(one_line, lines))
    click.echo(
        f"{folder}: {words(written.versions, 'new version')} of "
        f"{words(len(archive.policies), 'policy')}, {number(written.policies)} of them new; "
        f"{number(len(skipped))} of {words(archive.states, 'state')} skipped"
    )
    return 1 if any(state.lost for state in skipped) else 0
