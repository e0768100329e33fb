"""`policybook schemas`."""

from __future__ import annotations

from pathlib import Path

import click

from policybook.commands.options import one_line_errors


@click.command(short_help="Write the JSON Schemas of the data files into FOLDER.")
@click.argument("folder", type=click.Path(path_type=Path))
@one_line_errors
def schemas(folder: Path) -> None:
    """Write the JSON Schemas of the data files into FOLDER, for editors.

    Schemas that are there from before are replaced; other files stay as they are.
    """
    from policybook.build.starter_book import write_schemas

    count = write_schemas(folder)
    click.echo(f"{folder}: {count} JSON Schemas")
