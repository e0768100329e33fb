"""`policybook risks`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policybook.commands.options import config_option, data_option, format_option, one_line_errors
from policybook.commands.printing import print_json, print_lines
from policybook.commands.resolve import (
    resolve_book,
    resolve_document,
    resolve_doubt,
)

if TYPE_CHECKING:
    from policybook.model.book import Book


@click.command(short_help="List the risk rules that policies match, alone and together.")
@config_option
@data_option
@format_option("text", "json")
@click.argument("names", nargs=-1, required=True)
@one_line_errors
def risks(
    config_file: str | None, data: Path | None, output_format: str, names: tuple[str, ...]
) -> None:
    """List the risk rules that policies match alone, and those that need several of them.

    Each of NAMES is the name of a policy, NAME@VERSION, or the path of a JSON or YAML file with a
    policy document. Several count as attached to one principal.
    """
    from policybook.analysis.risks import Rulebook
    from policybook.commands.joint_report import joint_lines
    from policybook.output.joint_results import joint_result

    book, catalogue = resolve_book(config_file, data)
    documents = {name: resolve_document(lambda: book, name) for name in names}
    result = joint_result(documents, Rulebook(book.rules, catalogue))
    if output_format == "json":
        print_json(result)
    else:
        print_lines(joint_lines(result))
    for doubt in _doubts(book, documents):
        click.echo(f"not sure: {doubt}", err=True)


def _doubts(book: Book, documents: Mapping[str, object]) -> Iterator[str]:
    """Yield what is uncertain of the documents, and why policies cannot be attached together."""
    from policybook.model.attachable import why_not_attached

    for name in documents:
        policy = book.policies.get(name) or book.policies.get(name.rpartition("@")[0])
        if policy:
            doubt = resolve_doubt(policy) if name == policy.name else ""
            barred = why_not_attached(policy) if len(documents) > 1 else ""
            apart = f"it cannot be attached next to others: {barred}" if barred else ""
            yield from (f"{policy.name}: {why}" for why in (doubt, apart) if why)
