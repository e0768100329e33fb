"""`policybook build`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from policybook.commands.options import config_option, data_option, one_line_errors
from policybook.commands.printing import print_lines, print_log, print_summary


@click.command()
@config_option
@data_option
@click.option(
    "-d",
    "--site-dir",
    type=click.Path(),
    default=None,
    help="Folder to write the site to.  [default: site_dir of mkdocs.yml]",
)
@click.option("-s", "--strict", is_flag=True, help="Fail if MkDocs logs a warning.")
@click.option("--timings", is_flag=True, help="Print CPU seconds by stage.")
@one_line_errors
def build(
    config_file: str | None,
    data: Path | None,
    site_dir: str | None,
    strict: bool,
    timings: bool,
) -> None:
    """Build the site, as `mkdocs build` does."""
    from policybook.mkdocs_plugin.up_to_date import build_if_changed

    print_log("WARNING")
    summary, seconds = build_if_changed(config_file, data, site_dir, strict)
    if timings:
        stages = (*seconds.items(), ("all", sum(os.times()[:4])))
        print_lines(f"{spent:8.2f} s  {stage}" for stage, spent in stages)
    print_summary(summary)
