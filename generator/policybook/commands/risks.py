"""`policybook risks`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from policybook.commands.completion import policy_names_and_files
from policybook.commands.options import config_option, data_option, format_option, one_line_errors
from policybook.commands.printing import print_json, print_lines
from policybook.commands.store_option import cache_option


@click.command(short_help="List the risk rules that policies match, alone and together.")
@config_option
@data_option
@cache_option
@format_option("text", "json")
@click.argument("names", nargs=-1, required=True, shell_complete=policy_names_and_files)
@one_line_errors
def risks(
    config_file: str | None, data: Path | None, output_format: str, names: tuple[str, ...]
) -> None:
    """List the risk rules that policies match alone, and those that need several of them.

    Each of NAMES is NAME, NAME@VERSION or NAME@YYYY-MM-DD of a policy, or a file with policy
    documents, as JSON or YAML; - is standard input. Several count as attached to one principal.
    """
    from policybook.commands.joint_report import joint_lines
    from policybook.commands.own_files import attached_documents
    from policybook.commands.resolve import resolve_book
    from policybook.output.own_documents.joint_results import joint_result

    book, catalogue, *_ = resolve_book(config_file, data)
    documents = tuple(attached_documents(names, book))
    result = joint_result(documents, book.rules, catalogue)
    if output_format == "json":
        print_json(result)
    else:
        print_lines(joint_lines(result))
    for doubt in (doubt for document in documents for doubt in document.doubts):
        click.echo(f"not sure: {doubt}", err=True)
    if any(document.document is None for document in documents):
        sys.exit(1)
