"""`policybook init`."""

from __future__ import annotations

from pathlib import Path

import click

from policybook.commands.options import one_line_errors


@click.command()
@click.option(
    "--source",
    metavar="WHEEL|URL@COMMIT",
    help="Where the book's workflow installs policybook from.  [default: fill it in later]",
)
@click.argument("folder", type=click.Path(path_type=Path))
@one_line_errors
def init(folder: Path, source: str | None) -> None:
    """Create a new book in FOLDER, with one example policy.

    FOLDER must be new or empty. The workflow of the book installs policybook from a wheel, which is
    copied into the book, or from a commit of a git repository, and installs nothing whose hash is
    not in requirements.txt. Without --source, the workflow stops until you fill in that file.
    """
    from policybook.build.starter_book import read_source, start_book

    start_book(folder, read_source(source) if source is not None else None)
    click.echo(f"{folder}: a new book. Next: cd {folder} && policybook build")
