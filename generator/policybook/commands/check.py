"""`policybook check`."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Collection
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import structs

from policybook.commands.options import config_option, data_option, format_option, one_line_errors
from policybook.commands.printing import print_json, print_lines, print_note
from policybook.commands.resolve import resolve_folder
from policybook.commands.usage import WholeNumber
from policybook.errors import PolicybookError
from policybook.wording import words

if TYPE_CHECKING:
    from policybook.errors import Finding


@click.command(short_help="List errors and warnings of the data or of documents.")
@config_option
@data_option
@format_option("text", "json", "sarif", "github")
@click.option(
    "--max-age",
    type=WholeNumber(min=0),
    metavar="DAYS",
    help="Report an error if the last day of the data is longer ago.",
)
@click.option("--errors", is_flag=True, help="List errors only, and count the warnings.")
@click.option("--strict", is_flag=True, help="Let warnings count as errors.")
@click.argument("files", nargs=-1)
@one_line_errors
def check(
    config_file: str | None,
    data: Path | None,
    output_format: str,
    max_age: int | None,
    errors: bool,
    strict: bool,
    files: tuple[str, ...],
) -> None:
    """List every error and warning in the data, or in policy documents.

    FILES have policy documents, as JSON or YAML; - is standard input. Exit status 1 if there are
    errors.
    """
    if files:
        from policybook.commands.own_files import checked_files

        if max_age is not None:
            raise PolicybookError("expected files or --max-age, found both")
        found = checked_files(files, config_file, data)
    else:
        from policybook.build.planner import findings

        found = findings(*resolve_folder(config_file, data, existing=True), _today(), max_age)
    if strict:
        found = tuple(structs.replace(finding, level="error") for finding in found)
    listed = [finding for finding in found if not errors or finding.level == "error"]
    _print(listed, output_format)
    if output_format == "text":
        _print_counts(found)
    sys.exit(1 if any(f.level == "error" for f in found) else 0)


def _print(listed: Collection[Finding], output_format: str) -> None:
    match output_format:
        case "json":
            print_json(listed)
        case "sarif":
            from policybook.output.own_documents.sarif import sarif

            print_json(sarif(tuple(listed)))
        case "github":
            from policybook.output.own_documents.annotations import annotation

            print_lines(map(annotation, listed))
        case _:
            _print_findings(listed)


def _today() -> date:
    """The day in UTC, or that of SOURCE_DATE_EPOCH, which fixes it for reproducible runs."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        return datetime.fromtimestamp(int(epoch) if epoch else time.time(), UTC).date()
    except (ValueError, OverflowError, OSError) as error:
        raise PolicybookError(
            f"SOURCE_DATE_EPOCH: expected seconds since 1970, found {epoch!r}"
        ) from error


def _print_findings(found: Collection[Finding]) -> None:
    marks = {"warning": "warning: ", "error": ""}
    print_lines(f"{marks[finding.level]}{finding}" for finding in found)


def _print_counts(found: Collection[Finding]) -> None:
    errors = sum(f.level == "error" for f in found)
    warnings = words(len(found) - errors, "warning")
    print_note(f"{words(errors, 'error')}, {warnings}")
