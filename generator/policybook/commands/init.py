"""`policybook init`."""

from __future__ import annotations

from pathlib import Path

import click

from policybook.commands.options import one_line_errors


@click.command(short_help="Create a new book in FOLDER, small or of all of AWS.")
@click.option(
    "--source",
    metavar="WHEEL|URL@COMMIT",
    help="Where the book's workflow installs policybook from.  [default: as this one]",
)
@click.option(
    "--aws",
    is_flag=True,
    help="A book of all of AWS, whose workflow imports the newest policies every day.",
)
@click.argument("folder", type=click.Path(path_type=Path))
@one_line_errors
def init(folder: Path, source: str | None, aws: bool) -> None:
    """Create a new book in FOLDER, with an example of everything or for all of AWS.

    FOLDER must be new or empty. The workflow of the book installs policybook from a wheel, which is
    copied into the book, or from a commit of a git repository, and installs nothing whose hash is
    not in requirements.txt. If this policybook was installed in another way, and without --source,
    the workflow stops until you fill in that file.
    """
    from policybook.build.starter_book import read_source, start_book

    start_book(folder, read_source(source) if source is not None else None, aws=aws)
    build = "sh import-aws.sh && policybook build --data build/aws/data"
    click.echo(f"{folder}: a new book. Next: cd {folder} && {build if aws else 'policybook build'}")
