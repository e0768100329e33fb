"""`policybook changes`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import get_args

import click

from policybook.commands.completion import services
from policybook.commands.options import (
    config_option,
    data_option,
    date_option,
    format_option,
    one_line_errors,
)
from policybook.commands.printing import print_json, print_lines, print_note
from policybook.commands.resolve import resolve_book, resolve_site_url
from policybook.commands.store_option import cache_option
from policybook.commands.usage import OneOf
from policybook.model.changes import Verdict
from policybook.wording import words


@click.command()
@config_option
@data_option
@cache_option
@date_option("--since", "First day to include.")
@date_option("--until", "Last day to include.")
@click.option(
    "--service",
    default="",
    shell_complete=services,
    help="Include only changes to this service, given by its prefix.",
)
@click.option(
    "--policy",
    default="*",
    help="Include only policies whose names match this pattern with * and ?.",
)
@click.option(
    "--verdict",
    "verdicts",
    type=OneOf(get_args(Verdict)),
    multiple=True,
    help="Include only changes with this verdict. Can be repeated.",
)
@click.option("--all", "every", is_flag=True, help="Include versions without effect.")
@format_option("text", "json", "csv", "markdown")
@one_line_errors
def changes(
    config_file: str | None,
    data: Path | None,
    since: date | None,
    until: date | None,
    service: str,
    policy: str,
    verdicts: tuple[str, ...],
    every: bool,
    output_format: str,
) -> None:
    """List changes, newest first, with verdicts and evidence."""
    from policybook.book.change_filter import ChangeFilter, matching_changes

    context = resolve_book(config_file, data).whole_context()
    found = matching_changes(context, ChangeFilter(since, until, service, policy, verdicts, every))
    prefix = service.lower()
    match output_format:
        case "json":
            from policybook.output.json.change_results import line_result

            print_json(tuple(line_result(context, line, prefix) for line in found))
        case "csv":
            from policybook.output.csv_tables import changes as change_rows
            from policybook.output.csv_text import text_of

            click.echo(text_of(change_rows(context, found)), nl=False)
        case "markdown":
            from policybook.commands.changes_report import event_list

            print_lines(event_list(context, found, prefix, resolve_site_url(config_file, data)))
        case _:
            from policybook.commands.changes_report import event_lines

            print_lines(event_lines(context, found, prefix))
            print_note(words(len(found), "change"))
