"""`policybook import account`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policybook.commands.importing import only_option, reading, write_archives
from policybook.commands.options import config_option, data_option, one_line_errors
from policybook.commands.resolve import resolve_folder
from policybook.commands.usage import OneOf
from policybook.errors import PolicybookError

if TYPE_CHECKING:
    from policybook.importers.records import Archive


@click.command("account", short_help="Import the managed policies of an AWS account.")
@config_option
@data_option
@only_option
@click.option(
    "--scope",
    type=OneOf(["all", "aws", "local"]),
    default="all",
    show_default=True,
    help="Whose policies: AWS's, the account's own (local), or all.",
)
@click.option("--users", is_flag=True, help="Of files, read users too, with their names.")
@click.option("--profile", default=None, help="Profile of the AWS configuration.")
@click.option("--region", default=None, help="Region; its partition is the one that is read.")
@click.option("--endpoint-url", default=None, help="Address of IAM, if it is not AWS's.")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@one_line_errors
def import_account(
    config_file: str | None,
    data: Path | None,
    only: str,
    scope: str,
    users: bool,
    profile: str | None,
    region: str | None,
    endpoint_url: str | None,
    files: tuple[Path, ...],
) -> None:
    """Import the policies of AWS accounts.

    Without FILES, IAM is asked for the managed policies of one account. That needs boto3, pip
    install 'policybook[aws]', and its calls only read. FILES are what aws iam
    get-account-authorization-details, get-policy-version and get-policy printed, or folders of
    such files, of one account or several: roles and groups are read, too, and nothing is asked.
    Exit status 1 if something could not be read.
    """
    folder, _ = resolve_folder(config_file, data)
    asked = [profile, region, endpoint_url]
    if files and any(asked):
        raise PolicybookError("expected files, or what to ask IAM with; found both")
    archive = _of_files(files, scope, only, users) if files else _of_iam(scope, only, *asked)
    if not archive.states and not archive.accounts:
        place = ", ".join(map(str, files)) or "account"
        remedy = "; get-account-authorization-details prints them with their documents"
        remedy = remedy if files else ""
        raise PolicybookError(f"{place}: expected policies, found none to import{remedy}")
    sys.exit(write_archives([archive], folder))


def _of_files(files: tuple[Path, ...], scope: str, only: str, users: bool) -> Archive:
    from policybook.importers.accounts import printed_account

    return printed_account.read(files, scope=scope, only=only, users=users)


def _of_iam(
    scope: str, only: str, profile: str | None, region: str | None, endpoint_url: str | None
) -> Archive:
    from policybook.importers.accounts import account
    from policybook.importers.accounts.iam_api import connected

    iam = connected(profile, region, endpoint_url)
    return account.read(iam, scope=scope, only=only, progress=reading("policies"))
