"""`policybook diff`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import click

from policybook.commands.options import config_option, data_option, format_option, one_line_errors
from policybook.commands.printing import print_json, print_lines
from policybook.commands.resolve import resolve_book, resolve_document


@click.command()
@config_option
@data_option
@format_option("text", "json")
@click.argument("a")
@click.argument("b")
@one_line_errors
def diff(config_file: str | None, data: Path | None, output_format: str, a: str, b: str) -> None:
    """Compare what A and B grant.

    Each is NAME, NAME@VERSION or the path of a policy document.
    """
    from policybook.analysis.compare import compare
    from policybook.catalogue.catalogue import Catalogue

    loaded = cache(lambda: resolve_book(config_file, data))
    old, new = (resolve_document(lambda: loaded()[0], name) for name in (a, b))
    catalogue = loaded()[1] if loaded.cache_info().currsize else Catalogue()
    change = compare(old, new, catalogue)
    if output_format == "json":
        from policybook.output.json.policy_results import change_result

        print_json(change_result(change))
    else:
        from policybook.commands.text_report import change_lines

        print_lines(change_lines(change, catalogue.name))
