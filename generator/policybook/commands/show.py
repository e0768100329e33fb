"""`policybook show`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from policybook.commands.options import (
    config_option,
    data_option,
    date_option,
    format_option,
    one_line_errors,
)
from policybook.commands.printing import print_json, print_lines
from policybook.commands.resolve import (
    book_context,
    resolve_book,
    resolve_doubt,
    resolve_version,
    resolve_version_at,
)
from policybook.errors import PolicybookError


@click.command()
@config_option
@data_option
@format_option("text", "json")
@click.option("--version", "key", default="", help="Version.  [default: the current one]")
@date_option("--at", "Show the version that was the default on this day.")
@click.option(
    "--expand", is_flag=True, help="List effective actions, with the patterns that grant them."
)
@click.argument("name")
@one_line_errors
def show(
    config_file: str | None,
    data: Path | None,
    output_format: str,
    key: str,
    at: date | None,
    expand: bool,
    name: str,
) -> None:
    """Show a policy: facts, grants and matching risk rules.

    NAME is the name of a policy, or NAME@VERSION.
    """
    from policybook.analysis.effective_actions import expansion, spelled
    from policybook.commands.text_report import shown_lines
    from policybook.output.json.policy_results import shown_result

    book, catalogue = resolve_book(config_file, data)
    policy, version = resolve_version(book, f"{name}@{key}" if key else name)
    context = book_context(book, catalogue, {policy.name})
    uncertain = "" if key or name != policy.name else resolve_doubt(policy)
    if at:
        if key or name != policy.name:
            raise PolicybookError("expected a version or --at, found both")
        version, uncertain = resolve_version_at(policy, at)
    document = version.document if version else None
    expanded = None
    if document and expand:
        expanded = spelled(expansion(document, catalogue), catalogue)
    if output_format == "json":
        print_json(shown_result(context, policy, version, expanded, at, uncertain))
    else:
        print_lines(shown_lines(context, policy, version, expanded or {}, at))
    if uncertain and not (at and output_format == "json"):
        click.echo(f"not sure: {uncertain}", err=True)
