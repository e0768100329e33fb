"""The command `policybook`: each command asks one function and prints its answer."""

from __future__ import annotations

import gc
import logging
import os
import sys
import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import click

from policybook.commands.answering import COMMANDS
from policybook.commands.options import (
    commands,
    config_option,
    data_option,
    format_option,
    one_line_errors,
    print_json,
)
from policybook.commands.resolve import folder_asked
from policybook.errors import Finding, PolicybookError
from policybook.wording import words

T = TypeVar("T")


__all__ = ("commands", "main")

for answering in COMMANDS:
    commands.add_command(answering)


def main() -> None:
    """The entry point.

    The process ends without taking apart what it holds, which for a large book takes a second.
    """
    status: object = 0
    try:
        commands(prog_name="policybook")
    except SystemExit as end:
        status = end.code
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status if isinstance(status, int) else 0)


@commands.command()
@config_option
@click.option("-d", "--site-dir", type=click.Path(), default=None, help="Where to put the site.")
@click.option("-s", "--strict", is_flag=True, help="Let warnings fail the build.")
@click.option("--timings", is_flag=True, help="Say where the time went, in CPU seconds.")
@one_line_errors
def build(config_file: str | None, site_dir: str | None, strict: bool, timings: bool) -> None:
    """Build the site, as `mkdocs build` does."""
    from policybook.mkdocs_plugin.up_to_date import build_anew

    _print_log(logging.WARNING)
    said, spent = build_anew(config_file, site_dir, strict)
    if timings:
        for stage, seconds in (*spent.items(), ("all", time.process_time())):
            click.echo(f"{seconds:8.2f} s  {stage}")
    click.echo("\n".join(said))


@commands.command()
@config_option
@click.option("-a", "--address", default=None, help="Host and port, such as localhost:8000.")
@click.option("--only", default="", help="Names of the policies to show, a pattern with * and ?.")
@one_line_errors
def serve(config_file: str | None, address: str | None, only: str) -> None:
    """Show the site while the data is edited, as `mkdocs serve` does."""
    from policybook.mkdocs_plugin.run import serve_site

    _print_log(logging.INFO)
    gc.enable()  # a preview lives long, and drops a whole book with every change
    serve_site(config_file, address, only)


@commands.command()
@config_option
@data_option
@format_option
@one_line_errors
def check(config_file: str | None, data: Path | None, form: str) -> None:
    """List every error and warning of the data; exit status 1 if there are errors."""
    from policybook.build.planner import findings

    folder, catalogue = folder_asked(config_file, data)
    found = findings(folder, catalogue)
    _print_findings(found, form)
    sys.exit(1 if any(f.level == "error" for f in found) else 0)


@commands.command()
@config_option
@click.option("--markdown", is_flag=True, help="Tables and code fences in place of HTML.")
@click.argument("folder", type=click.Path(path_type=Path))
@one_line_errors
def export(config_file: str | None, markdown: bool, folder: Path) -> None:
    """Write the pages as Markdown files with HTML bodies, for a builder that runs no plugins."""
    from policybook.build.export import export_pages
    from policybook.mkdocs_plugin.run import book_settings

    book = book_settings(config_file)
    count = export_pages(
        book.data,
        book.site_url,
        folder,
        markdown=markdown,
        catalogue=book.catalogue,
        before=book.before,
        action_pages=book.action_pages,
    )
    click.echo(f"{folder}: {count} pages")


@commands.command()
@click.argument("folder", type=click.Path(path_type=Path))
@one_line_errors
def init(folder: Path) -> None:
    """Start a book of one's own in FOLDER, with one policy as an example."""
    from policybook.build.starter_book import start_book

    start_book(folder)
    click.echo(f"{folder}: a new book. Next: cd {folder} && policybook build")


@commands.group("import")
def import_() -> None:
    """Bring policies and their history from elsewhere into the data folder."""


@import_.command("git")
@config_option
@data_option
@click.option("--branch", default=None, help="The branch to read; else the only one, or HEAD.")
@click.option("--only", default="*", help="Names to take, a pattern with * and ?.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Leave out versions seen before.")
@click.argument("source")
@one_line_errors
def import_git(
    config_file: str | None,
    data: Path | None,
    branch: str | None,
    only: str,
    since: datetime | None,
    source: str,
) -> None:
    """Read the whole history of SOURCE, a git archive of policy snapshots."""
    from policybook.importers import git_archive, writer

    folder, _ = folder_asked(config_file, data)
    archive = git_archive.read(
        source,
        branch=branch,
        only=only,
        since=since.date() if since else None,
        progress=_progress,
    )
    if not archive.states:
        raise PolicybookError(f"{source}: expected files below policies/, found none to take")
    written = writer.write(archive.policies, folder)
    for line in (*written.matches, *map(str, archive.skipped)):
        click.echo(line)
    click.echo(
        f"{folder}: {written.versions} new versions of {len(archive.policies)} policies, "
        f"{written.policies} of them new; {len(archive.skipped)} of {archive.states} states skipped"
    )
    sys.exit(1 if any(skipped.lost for skipped in archive.skipped) else 0)


def _progress(states: Iterable[T], count: int) -> Iterable[T]:
    """A bar on a terminal, and elsewhere a line for each tenth."""
    if sys.stderr.isatty():
        with click.progressbar(states, length=count, label="Reading", file=sys.stderr) as bar:
            yield from bar
        return
    step = max(count // 10, 1)
    for place, state in enumerate(states, 1):
        yield state
        if place % step == 0 or place == count:
            click.echo(f"read {place} of {count} states", err=True)


def _print_log(level: int) -> None:
    """Let what MkDocs and its plugins log appear on standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
    logger = logging.getLogger("mkdocs")
    logger.addHandler(handler)
    logger.setLevel(level)


def _print_findings(found: Iterable[Finding], form: str) -> None:
    if form == "json":
        print_json(tuple(found))
        return
    listed = tuple(found)
    for finding in listed:
        prefix = "warning: " if finding.level == "warning" else ""
        click.echo(f"{prefix}{finding}")
    errors = sum(f.level == "error" for f in listed)
    warnings = len(listed) - errors
    click.echo(f"{words(errors, 'error')}, {words(warnings, 'warning')}", err=True)
