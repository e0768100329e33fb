"""`policybook review`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from policybook.commands.options import config_option, data_option, format_option, one_line_errors
from policybook.commands.printing import print_lines
from policybook.errors import PolicybookError


@click.command(short_help="List what has changed in the data since an older copy.")
@config_option
@data_option
@format_option("text", "markdown")
@click.argument("before", type=click.Path(path_type=Path))
@one_line_errors
def review(config_file: str | None, data: Path | None, output_format: str, before: Path) -> None:
    """List what has changed in the data since BEFORE, an older copy of the data folder.

    Each policy has a verdict on its current version, risks that are new or gone, and what was
    gained and lost. Exit status 1 if the data has errors.
    """
    from policybook.analysis.book_review import policy_reviews, role_reviews
    from policybook.build.planner import checked
    from policybook.catalogue.catalogue import Catalogue
    from policybook.commands.resolve import resolve_folder
    from policybook.commands.review_report import Report, markdown_lines, text_lines

    if (before / "mkdocs.yml").is_file():
        raise PolicybookError(
            f"{before}: expected a data folder, found a book; name {before / 'data'}"
        )
    folder, named = resolve_folder(config_file, data)
    catalogue = named or Catalogue()
    (new, found), (old, earlier) = checked(folder, catalogue), checked(before, catalogue)
    report = Report(found, earlier)
    if not report.errors and not report.errors_before:
        report = Report(
            found,
            earlier,
            tuple(policy_reviews(old, new, catalogue)),
            tuple(role_reviews(old, new)),
            new.rules,
            catalogue.name,
        )
    print_lines(markdown_lines(report) if output_format == "markdown" else text_lines(report))
    sys.exit(1 if report.errors else 0)
