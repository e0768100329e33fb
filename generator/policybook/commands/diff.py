"""`policybook diff`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policybook.commands.options import config_option, data_option, format_option, one_line_errors
from policybook.commands.printing import print_json, print_lines
from policybook.commands.resolve import resolve_book
from policybook.commands.resolve_documents import resolve_document
from policybook.errors import PolicybookError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policybook.analysis.side_by_side import SideBySide
    from policybook.catalogue.catalogue import Catalogue
    from policybook.commands.resolve_documents import NamedDocument
    from policybook.model.risk_rules import Rule
    from policybook.output.json.comparison_result import ComparisonResult, SideResult

FAILING = ("widened", "narrowed", "any", "undetermined")


@click.command()
@config_option
@data_option
@format_option("text", "json")
@click.option("--from", "a_names", multiple=True, metavar="A", help="A policy of A. Repeatable.")
@click.option("--to", "b_names", multiple=True, metavar="B", help="A policy of B. Repeatable.")
@click.option(
    "--fail-on",
    "failing",
    type=click.Choice(FAILING),
    multiple=True,
    help="Exit with status 1 if B is wider than A, narrower, either, or it is undetermined. "
    "Repeatable.",
)
@click.argument("names", nargs=-1, metavar="[A B]")
@one_line_errors
def diff(
    config_file: str | None,
    data: Path | None,
    output_format: str,
    a_names: tuple[str, ...],
    b_names: tuple[str, ...],
    failing: tuple[str, ...],
    names: tuple[str, ...],
) -> None:
    """Compare what A and B grant.

    Each is NAME, NAME@VERSION, NAME@YYYY-MM-DD for the version that was the default on that day, or
    the path of a policy document. With --from and --to, each side can have several, and grants what
    all of them grant together.
    """
    from policybook.analysis.side_by_side import side_by_side
    from policybook.catalogue.catalogue import Catalogue
    from policybook.commands.text_report import comparison_lines

    sides = _sides(names, a_names, b_names)
    loaded = cache(lambda: resolve_book(config_file, data))
    a, b = (tuple(resolve_document(lambda: loaded()[0], name) for name in side) for side in sides)
    book, catalogue = loaded() if loaded.cache_info().currsize else (None, Catalogue())
    found = side_by_side([one.document for one in a], [one.document for one in b], catalogue)
    if output_format == "json":
        print_json(_result(found, a, b, book.rules if book else {}, catalogue))
    else:
        print_lines(comparison_lines(found, catalogue.name))
    for one in (*a, *b):
        if one.unsure:
            click.echo(f"not sure: {one.name}: {one.unsure}", err=True)
    if _fails(found, failing):
        sys.exit(1)


def _sides(
    names: Sequence[str], a: Sequence[str], b: Sequence[str]
) -> tuple[Sequence[str], Sequence[str]]:
    if (names and (a or b)) or (len(names) not in (0, 2)) or (not names and not (a and b)):
        given = ", ".join((*names, *(f"--from {one}" for one in a), *(f"--to {one}" for one in b)))
        raise PolicybookError(f"expected A and B, or --from and --to, found {given or 'neither'}")
    return ([names[0]], [names[1]]) if names else (a, b)


def _result(
    found: SideBySide,
    a: Sequence[NamedDocument],
    b: Sequence[NamedDocument],
    rules: Mapping[str, Rule],
    catalogue: Catalogue,
) -> ComparisonResult:
    from policybook.output.json.comparison_result import comparison_result

    return comparison_result(
        found, _side(a, rules, catalogue), _side(b, rules, catalogue), catalogue
    )


def _side(
    side: Sequence[NamedDocument], rules: Mapping[str, Rule], catalogue: Catalogue
) -> SideResult:
    from policybook.analysis.risks import flags
    from policybook.analysis.side_by_side import union
    from policybook.output.json.comparison_result import SideDocument, SideResult, matched_rules

    documents = tuple(
        SideDocument(one.name, one.version, one.day, one.unsure, len(one.document.statements))
        for one in side
    )
    if not rules:
        return SideResult(documents, None)
    found = flags(union([one.document for one in side]), rules, catalogue)
    return SideResult(documents, matched_rules(found, rules))


def _fails(found: SideBySide, failing: Sequence[str]) -> bool:
    """Whether the comparison is one of those that `--fail-on` names."""
    change = found.change
    what = {
        "widened": bool(change.gained),
        "narrowed": bool(change.lost),
        "any": change.has_effect,
        "undetermined": bool(change.undecided),
    }
    return any(what[name] for name in failing)
