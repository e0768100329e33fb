"""`policybook import account`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from policybook.commands.importing import only_option, reading, write_archives
from policybook.commands.options import config_option, data_option, one_line_errors
from policybook.commands.resolve import resolve_folder
from policybook.errors import PolicybookError


@click.command("account", short_help="Import the managed policies of an AWS account.")
@config_option
@data_option
@only_option
@click.option(
    "--scope",
    type=click.Choice(["all", "aws", "local"]),
    default="all",
    show_default=True,
    help="Whose policies: AWS's, the account's own (local), or all.",
)
@click.option("--profile", default=None, help="Profile of the AWS configuration.")
@click.option("--region", default=None, help="Region; its partition is the one that is read.")
@click.option("--endpoint-url", default=None, help="Address of IAM, if it is not AWS's.")
@one_line_errors
def import_account(
    config_file: str | None,
    data: Path | None,
    only: str,
    scope: str,
    profile: str | None,
    region: str | None,
    endpoint_url: str | None,
) -> None:
    """Import the managed policies of an AWS account, with the versions that IAM still has.

    Needs boto3: pip install 'policybook[aws]'. Calls of IAM only read. Exit status 1 if a policy or
    a version could not be read.
    """
    from policybook.importers.accounts import account
    from policybook.importers.accounts.iam_api import connected

    folder, _ = resolve_folder(config_file, data)
    iam = connected(profile, region, endpoint_url)
    archive = account.read(iam, scope=scope, only=only, progress=reading("policies"))
    if not archive.states:
        raise PolicybookError("account: expected policies, found none to import")
    sys.exit(write_archives([archive], folder))
