"""`policybook covers`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from policybook.commands.completion import actions as actions_of
from policybook.commands.completion import policy_names_and_files
from policybook.commands.options import config_option, data_option, format_option, one_line_errors
from policybook.commands.printing import print_json, print_lines
from policybook.commands.resolve import resolve_book
from policybook.commands.resolve_attached import resolve_asked, resolve_attached
from policybook.commands.store_option import cache_option


@click.command(short_help="Say whether policies grant ACTIONS, alone or together.")
@config_option
@data_option
@cache_option
@format_option("text", "json")
@click.option(
    "--policy",
    "policies",
    multiple=True,
    required=True,
    shell_complete=policy_names_and_files,
    help="NAME, NAME@VERSION, NAME@YYYY-MM-DD or the path of a document. Can be repeated.",
)
@click.argument("actions", nargs=-1, metavar="ACTIONS|FILE...", shell_complete=actions_of)
@one_line_errors
def covers(
    config_file: str | None,
    data: Path | None,
    output_format: str,
    policies: tuple[str, ...],
    actions: tuple[str, ...],
) -> None:
    """Say which of ACTIONS policies grant, alone or attached together.

    ACTIONS are actions, patterns, API operations such as s3:HeadObject, and files with actions,
    AccessDenied messages, events of CloudTrail or last accessed actions; - is standard input.

    Exit status: 1 if something is lacking or not understood.
    """
    from policybook.analysis.asked_actions import asked_actions, uncatalogued_actions
    from policybook.analysis.covers import covers_of
    from policybook.analysis.operations import operations

    text = resolve_asked(actions)
    book, catalogue, *_ = resolve_book(config_file, data)
    attached = [resolve_attached(book, name) for name in dict.fromkeys(policies)]
    known = operations(book.operations, catalogue, text.prefixes)
    asked = asked_actions(text, catalogue, known, uncatalogued_actions(book, catalogue))
    found = covers_of(asked.actions, attached, catalogue)
    if output_format == "json":
        from policybook.output.json.covers_result import covers_result

        print_json(covers_result(attached, asked, found))
    else:
        from policybook.commands.covers_report import cover_lines, operation_lines_of, unknown_lines

        print_lines(operation_lines_of(asked))
        print_lines(cover_lines(found))
        for line in unknown_lines(asked.unknown):
            click.echo(line, err=True)
    if asked.unknown or any(cover.state == "lacks" for cover in found):
        sys.exit(1)
