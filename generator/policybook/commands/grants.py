"""`policybook grants`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from policybook.commands.completion import actions
from policybook.commands.options import (
    config_option,
    data_option,
    date_option,
    format_option,
    one_line_errors,
)
from policybook.commands.printing import print_json, print_lines
from policybook.commands.resolve import resolve_book
from policybook.commands.store_option import cache_option


@click.command(short_help="List policies that grant ACTION.")
@config_option
@data_option
@cache_option
@format_option("text", "json")
@click.option("--resource", default=None, help="Include only grants on this ARN or ARN pattern.")
@date_option("--at", "Use the versions that were the default on this day.")
@click.argument("action", shell_complete=actions)
@one_line_errors
def grants(
    config_file: str | None,
    data: Path | None,
    output_format: str,
    resource: str | None,
    at: date | None,
    action: str,
) -> None:
    """List policies that grant ACTION, with pattern, resource, condition and certainty.

    ACTION can be an API operation that has no action of its own name, such as s3:HeadObject: the
    answer says which actions it needs, and which policies grant each.
    """
    from policybook.analysis.action_grants import who_grants
    from policybook.analysis.default_version import after_data
    from policybook.analysis.operations import operations

    book, catalogue, *_ = resolve_book(config_file, data)
    lower = action.lower()
    operation = operations(book.operations, catalogue, {lower.partition(":")[0]}).get(lower)
    named = operation.every_action if operation else (action,)
    answers = [who_grants(book, catalogue, name, resource, at) for name in named]
    if at and (doubt := after_data(book.data_to, at)):
        click.echo(f"not sure: {doubt}", err=True)
    if output_format == "json":
        from policybook.output.json.grants_result import found_result, operation_grants

        print_json(operation_grants(operation, answers) if operation else found_result(*answers))
        return
    from policybook.commands.grants_report import found_lines, operation_lines

    if operation:
        print_lines(operation_lines(operation))
    for found in answers:
        print_lines(found_lines(found))
        for unsure in found.unsure:
            click.echo(f"not sure: {unsure.policy}: {unsure.why}", err=True)
