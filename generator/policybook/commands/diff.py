"""`policybook diff`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policybook.commands.completion import policy_names_and_files
from policybook.commands.options import config_option, data_option, format_option, one_line_errors
from policybook.commands.printing import print_json, print_lines
from policybook.commands.resolve import resolve_book
from policybook.commands.resolve_documents import resolve_document
from policybook.commands.store_option import cache_option
from policybook.commands.usage import OneOf

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
@cache_option
@format_option("text", "json")
@click.option("--from", "a_names", multiple=True, metavar="A", help="A policy of A. Repeatable.")
@click.option("--to", "b_names", multiple=True, metavar="B", help="A policy of B. Repeatable.")
@click.option(
    "--fail-on",
    "failing",
    type=OneOf(FAILING),
    multiple=True,
    help="Exit with status 1 if B is wider than A, narrower, either, or it is undetermined. "
    "Repeatable.",
)
@click.argument("a", required=False, shell_complete=policy_names_and_files)
@click.argument("b", required=False, shell_complete=policy_names_and_files)
@one_line_errors
def diff(
    config_file: str | None,
    data: Path | None,
    output_format: str,
    a_names: tuple[str, ...],
    b_names: tuple[str, ...],
    failing: tuple[str, ...],
    a: str | None,
    b: str | None,
) -> None:
    """Compare what A and B grant.

    Each is NAME, NAME@VERSION, NAME@YYYY-MM-DD for the version that was the default on that day, or
    the path of a policy document. With --from and --to, each side can have several, and grants what
    all of them grant together.
    """
    from policybook.analysis.side_by_side import side_by_side
    from policybook.catalogue.catalogue import Catalogue
    from policybook.commands.diff_report import comparison_lines

    sides = _sides(a, b, a_names, b_names)
    loaded = cache(lambda: resolve_book(config_file, data))
    here, there = (
        tuple(resolve_document(lambda: loaded().book, name) for name in side) for side in sides
    )
    book, catalogue = loaded()[:2] if loaded.cache_info().currsize else (None, Catalogue())
    found = side_by_side([x.document for x in here], [x.document for x in there], catalogue)
    if output_format == "json":
        print_json(_result(found, here, there, book.rules if book else {}, catalogue))
    else:
        print_lines(comparison_lines(found, catalogue.name))
    for one in (*here, *there):
        if one.unsure:
            click.echo(f"not sure: {one.name}: {one.unsure}", err=True)
    if _fails(found, failing):
        sys.exit(1)


def _sides(
    a: str | None, b: str | None, a_names: Sequence[str], b_names: Sequence[str]
) -> tuple[Sequence[str], Sequence[str]]:
    if a is not None and b is not None and not (a_names or b_names):
        return (a,), (b,)
    if a is not None or not (a_names and b_names):
        raise click.UsageError("expected A and B, or --from and --to for each side")
    return a_names, b_names


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
    from policybook.model.documents import union
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
