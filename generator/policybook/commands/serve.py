"""`policybook serve`."""

from __future__ import annotations

import gc

import click

from policybook.commands.options import config_option, one_line_errors
from policybook.commands.printing import print_log


@click.command()
@config_option
@click.option(
    "-a",
    "--address",
    default=None,
    help="Host and port, such as localhost:8000.  [default: dev_addr of mkdocs.yml]",
)
@click.option(
    "--only", default="", help="Show only policies whose names match this pattern with * and ?."
)
@one_line_errors
def serve(config_file: str | None, address: str | None, only: str) -> None:
    """Preview the site, and rebuild it after every change.

    The site is the same as with `mkdocs serve`.
    """
    from policybook.mkdocs_plugin.run import serve_site

    print_log("INFO")
    gc.enable()  # a preview runs for hours, and each rebuild leaves a whole book to free
    serve_site(config_file, address, only)
