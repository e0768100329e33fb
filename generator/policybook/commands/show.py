"""`policybook show`."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from policybook.commands.completion import policy_names_and_files
from policybook.commands.options import (
    config_option,
    data_option,
    date_option,
    format_option,
    one_line_errors,
)
from policybook.commands.printing import print_json, print_lines
from policybook.commands.resolve import (
    resolve_book,
    resolve_version_at,
)
from policybook.commands.resolve_documents import are_files, resolve_named_version
from policybook.commands.store_option import cache_option
from policybook.errors import PolicybookError


@click.command(short_help="Show policies or policy documents: facts, grants and risks.")
@config_option
@data_option
@cache_option
@format_option("text", "json")
@click.option("--version", "key", default="", help="Version.  [default: the current one]")
@date_option("--at", "Show the version that was the default on this day.")
@click.option(
    "--expand", is_flag=True, help="List effective actions, with the patterns that grant them."
)
@click.option(
    "--boundary",
    metavar="FILE",
    help="Also show what a permissions boundary or service control policy leaves of the documents.",
)
@click.argument("names", nargs=-1, required=True, shell_complete=policy_names_and_files)
@one_line_errors
def show(
    config_file: str | None,
    data: Path | None,
    output_format: str,
    key: str,
    at: date | None,
    expand: bool,
    boundary: str | None,
    names: tuple[str, ...],
) -> None:
    """Show a policy, or policy documents: facts, grants and matching risk rules.

    NAMES is NAME, NAME@VERSION or NAME@YYYY-MM-DD of one policy, or files with policy documents, as
    JSON or YAML; - is standard input.
    """
    if are_files(names):
        if key or at:
            raise PolicybookError("expected files, or --version or --at, found both")
        _show_files(config_file, data, output_format, expand, boundary, names)
        return
    if len(names) > 1 or boundary:
        found = f"{len(names)} names" if len(names) > 1 else "--boundary without a file"
        raise PolicybookError(f"expected the name of one policy, or files, found {found}")
    _show_policy(config_file, data, output_format, key, at, expand, names[0])


def _show_files(
    config_file: str | None,
    data: Path | None,
    output_format: str,
    expand: bool,
    boundary: str | None,
    files: tuple[str, ...],
) -> None:
    from policybook.commands.own_files import own_results
    from policybook.commands.own_report import own_lines

    results = tuple(own_results(files, config_file, data, boundary))
    if output_format == "json":
        print_json(results)
    else:
        for result in results:
            print_lines(own_lines(result, expand=expand))
    if any(result.answers is None for result in results):
        sys.exit(1)


def _show_policy(
    config_file: str | None,
    data: Path | None,
    output_format: str,
    key: str,
    at: date | None,
    expand: bool,
    name: str,
) -> None:
    from policybook.analysis.effective_actions import expansion, spelled

    resolved = resolve_book(config_file, data)
    book, catalogue = resolved.book, resolved.catalogue
    found = resolve_named_version(book, f"{name}@{key}" if key else name)
    policy, version, uncertain = found.policy, found.version, found.unsure
    context = resolved.context({policy.name})
    if at:
        if key or name != policy.name:
            raise PolicybookError("expected a version or --at, found both")
        version, uncertain = resolve_version_at(book, policy, at)
    at = at or found.day
    document = version.document if version else None
    expanded = None
    if document and expand:
        expanded = spelled(expansion(document, catalogue), catalogue)
    if output_format == "json":
        from policybook.output.json.policy_results import shown_result

        print_json(shown_result(context, policy, version, expanded, at, uncertain))
    else:
        from policybook.commands.show_report import shown_lines

        print_lines(shown_lines(context, policy, version, expanded or {}, at))
    if uncertain and not (at and output_format == "json"):
        click.echo(f"not sure: {uncertain}", err=True)
