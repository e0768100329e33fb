"""`policybook import reference`."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from policybook.commands.importing import (
    as_of_option,
    files_argument,
    license_option,
    write_archives,
)
from policybook.commands.options import config_option, data_option, one_line_errors
from policybook.commands.resolve import resolve_folder


@click.command("reference", short_help="Import pages of AWS's Managed Policy Reference.")
@config_option
@data_option
@license_option
@as_of_option
@files_argument
@one_line_errors
def import_reference(
    config_file: str | None,
    data: Path | None,
    license_name: str | None,
    as_of: date | None,
    files: tuple[Path, ...],
) -> None:
    """Import pages of AWS's Managed Policy Reference, one for each policy.

    FILES are pages in Markdown, HTML or text; - is standard input. Exit status 1 if a page could
    not be read.
    """
    from policybook.importers import reference
    from policybook.importers.guides.guide import GivenPages

    folder, _ = resolve_folder(config_file, data)
    archive = reference.read(GivenPages(files, None, license_name, as_of))
    sys.exit(write_archives([archive], folder))
