"""`policybook import guide`."""

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


@click.command("guide")
@config_option
@data_option
@license_option
@as_of_option
@click.option(
    "--url",
    default=None,
    help="Address of the page; or of its guide, ending with /, where each file has its own name.",
)
@files_argument
@one_line_errors
def import_guide(
    config_file: str | None,
    data: Path | None,
    license_name: str | None,
    as_of: date | None,
    url: str | None,
    files: tuple[Path, ...],
) -> None:
    """Import what AWS guide pages say about managed policies.

    FILES are pages in Markdown, HTML or text; - is standard input. Exit status 1 if a page could
    not be read.
    """
    from policybook.importers.guides import guide

    folder, _ = resolve_folder(config_file, data)
    archives = guide.read(guide.GivenPages(files, url, license_name, as_of))
    sys.exit(write_archives(archives, folder))
