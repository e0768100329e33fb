"""`policybook risks`."""

from __future__ import annotations

from pathlib import Path

import click

from policybook.commands.options import config_option, data_option, format_option, one_line_errors
from policybook.commands.printing import print_json, print_lines


@click.command()
@config_option
@data_option
@format_option("text", "json")
@click.argument("names", nargs=-1, required=True)
@one_line_errors
def risks(
    config_file: str | None, data: Path | None, output_format: str, names: tuple[str, ...]
) -> None:
    """List the risk rules that policies or policy documents match, with what limits each.

    Each of NAMES is NAME, NAME@VERSION or NAME@YYYY-MM-DD of a policy, or a file with policy
    documents, as JSON or YAML; - is standard input.
    """
    from policybook.commands.own_files import risks_results
    from policybook.commands.own_report import risks_lines

    found = tuple(risks_results(names, config_file, data))
    if output_format == "json":
        print_json(found)
        return
    for result in found:
        print_lines(risks_lines(result))
