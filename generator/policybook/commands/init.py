"""`policybook init`."""

from __future__ import annotations

from pathlib import Path

import click

from policybook.commands.options import one_line_errors


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@one_line_errors
def init(folder: Path) -> None:
    """Create a new book in FOLDER, with one example policy.

    FOLDER must be new or empty.
    """
    from policybook.build.starter_book import start_book

    start_book(folder)
    click.echo(f"{folder}: a new book. Next: cd {folder} && policybook build")
