"""`policybook choose`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policybook.commands.completion import actions as actions_of
from policybook.commands.completion import policy_names_and_files
from policybook.commands.options import config_option, data_option, format_option, one_line_errors
from policybook.commands.printing import print_json, print_lines
from policybook.commands.resolve import resolve_book
from policybook.commands.resolve_attached import resolve_asked, resolve_attached
from policybook.commands.store_option import cache_option
from policybook.commands.usage import WholeNumber

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policybook.analysis.asked_actions import AskedActions
    from policybook.analysis.chosen import Chosen
    from policybook.analysis.instead_of import Unused
    from policybook.catalogue.catalogue import Catalogue
    from policybook.model.book import Book


@click.command(short_help="List the smallest policies, pairs and triples that grant ACTIONS.")
@config_option
@data_option
@cache_option
@format_option("text", "json")
@click.option("--nothing-else", is_flag=True, help="Only policies that grant nothing else.")
@click.option("--in-full", is_flag=True, help="Only grants on all resources, without a condition.")
@click.option(
    "--attachable/--not-attachable-too",
    default=True,
    show_default=True,
    help="Leave out policies that cannot be attached, such as those of service-linked roles.",
)
@click.option(
    "--no-deprecated/--deprecated-too",
    default=True,
    show_default=True,
    help="Leave out deprecated policies.",
)
@click.option("--customer-managed", is_flag=True, help="Take customer-managed policies too.")
@click.option(
    "--most",
    type=WholeNumber(1, 1000),
    default=10,
    show_default=True,
    help="Number of single policies, of pairs, and of triples.",
)
@click.option(
    "--instead-of",
    multiple=True,
    shell_complete=policy_names_and_files,
    help="A policy or document whose used ACTIONS are enough; see `covers --policy`. "
    "Can be repeated.",
)
@click.argument("actions", nargs=-1, metavar="ACTIONS|FILE...", shell_complete=actions_of)
@one_line_errors
def choose(
    config_file: str | None,
    data: Path | None,
    output_format: str,
    instead_of: tuple[str, ...],
    actions: tuple[str, ...],
    **switches: Any,
) -> None:
    """List the policies, pairs and triples that grant all ACTIONS with the least excess.

    ACTIONS are those of `covers`. The excess is weighted by access level, and by the risk rules
    that match.

    Exit status: 1 if something is not understood, or no policy grants it.
    """
    from policybook.analysis.asked_actions import asked_actions
    from policybook.analysis.chosen import Switches, chosen
    from policybook.analysis.instead_of import unused_actions
    from policybook.analysis.operations import operations

    text = resolve_asked(actions)
    resolved = resolve_book(config_file, data)
    book, catalogue = resolved.book, resolved.catalogue
    known = operations(book.operations, catalogue, text.prefixes)
    asked = asked_actions(text, catalogue, known)
    needed = tuple(action.name for action in asked.actions)
    unused = None
    if instead_of:
        documents = [resolve_attached(book, name).document for name in dict.fromkeys(instead_of)]
        unused = unused_actions(documents, needed, catalogue)
        needed = unused.used
    wanted = Switches(**switches)
    found = chosen(*resolved.membership(frozenset(needed), wanted.allow), needed, wanted)
    _print(book, catalogue, asked, needed, found, unused, output_format)
    if asked.unknown or found.uncovered or not found.choices:
        sys.exit(1)


def _print(
    book: Book,
    catalogue: Catalogue,
    asked: AskedActions,
    needed: Sequence[str],
    found: Chosen,
    unused: Unused | None,
    output_format: str,
) -> None:
    def spelled(name: str) -> str:
        return catalogue.spelled(name) or name

    if output_format == "json":
        from policybook.output.json.choose_result import choose_result

        print_json(choose_result(asked, needed, found, unused, spelled))
        return
    from policybook.commands.choose_report import choice_lines, unused_lines
    from policybook.commands.covers_report import operation_lines_of, unknown_lines

    print_lines(operation_lines_of(asked))
    if unused:
        print_lines(unused_lines(unused, spelled))
    print_lines(choice_lines(found, book.rules, spelled))
    for line in unknown_lines(asked.unknown):
        click.echo(line, err=True)
