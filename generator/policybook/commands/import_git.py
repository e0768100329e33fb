"""`policybook import git`."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from policybook.commands.importing import only_option, reading, write_archives
from policybook.commands.options import config_option, data_option, date_option, one_line_errors
from policybook.commands.resolve import resolve_folder
from policybook.errors import PolicybookError


@click.command("git", short_help="Import the history of SOURCE, a git archive of policies.")
@config_option
@data_option
@click.option(
    "--branch",
    default=None,
    help="Branch to read.  [default: the only one with policies, else `archive`, else HEAD]",
)
@only_option
@date_option("--since", "Skip versions that were first seen before this day.")
@click.option(
    "--plain",
    is_flag=True,
    help="Read policy documents, wherever they are.  [default: if IAM printed none of the files]",
)
@click.option(
    "--path",
    "paths",
    multiple=True,
    metavar="PATH",
    help="Of plain documents, read this folder or file only; can be repeated.",
)
@click.argument("source")
@one_line_errors
def import_git(
    config_file: str | None,
    data: Path | None,
    branch: str | None,
    only: str,
    since: date | None,
    plain: bool,
    paths: tuple[str, ...],
    source: str,
) -> None:
    """Import the whole history of SOURCE, a git archive of policies.

    SOURCE is a folder, a git bundle or a URL. Its files are what IAM printed, below policies/, or
    policy documents, also in Terraform's and CloudFormation's JSON. Exit status 1 if no state of a
    file could be read.
    """
    from policybook.importers.git_archives import git_archive

    folder, _ = resolve_folder(config_file, data)
    archive = git_archive.read(
        source,
        branch=branch,
        only=only,
        since=since,
        plain=plain,
        paths=paths,
        progress=reading("states"),
    )
    if not archive.states:
        where = f" below {', '.join(paths)}" if paths else ""
        raise PolicybookError(f"{source}: expected files of policies{where}, found none to import")
    sys.exit(write_archives([archive], folder))
