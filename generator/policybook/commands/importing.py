"""What every `policybook import` does with what it has read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from policybook.commands.printing import print_lines
from policybook.errors import one_line
from policybook.wording import number, words

if TYPE_CHECKING:
    from policybook.importers.records import Archive


only_option = click.option(
    "--only",
    default="*",
    help="Import only policies whose names match this pattern with * and ?.",
)


def write_archive(archive: Archive, folder: Path) -> int:
    """Write what was read into the data folder, and report it.

    Returns:
        The exit status: 1 if something could not be read at all.
    """
    from policybook.importers import writer

    written = writer.write(archive, folder)
    lines = (*written.matches, *map(str, archive.skipped), *archive.notes, *written.notes)
    print_lines(map(one_line, lines))
    click.echo(
        f"{folder}: {words(written.versions, 'new version')} of "
        f"{words(len(archive.policies), 'policy')}, {number(written.policies)} of them new; "
        f"{number(len(archive.skipped))} of {words(archive.states, 'state')} skipped"
    )
    return 1 if any(skipped.lost for skipped in archive.skipped) else 0
