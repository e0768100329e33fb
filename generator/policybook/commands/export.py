"""`policybook export`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from policybook.commands.options import config_option, one_line_errors
from policybook.errors import PolicybookError

if TYPE_CHECKING:
    from policybook.mkdocs_plugin.settings import BookSettings


@click.command()
@config_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["site", "markdown", "database"]),
    help="site: pages with HTML bodies (default); markdown: plain Markdown; database: the whole "
    "book as SQLite, JSON lines, CSV and Parquet.",
)
@click.option("--markdown", is_flag=True, help="The same as `--format markdown`.")
@click.argument("folder", type=click.Path(path_type=Path))
@one_line_errors
def export(config_file: str | None, form: str | None, markdown: bool, folder: Path) -> None:
    """Write the book for other programs, as pages or as data.

    FOLDER must be new or empty; for a database it may also have an earlier one, which is replaced.
    Pages have front matter and an HTML body, so that no plugin is needed to build a site from them.
    Your own pages and settings are there too; the command lists the settings that are not.
    """
    from policybook.mkdocs_plugin.run import book_settings

    if markdown and form not in (None, "markdown"):
        raise PolicybookError(f"--markdown: expected no other format, found --format {form}")
    book = book_settings(config_file)
    if form == "database":
        _database(book, folder)
    else:
        _pages(book, folder, markdown=markdown or form == "markdown")


def _pages(book: BookSettings, folder: Path, *, markdown: bool) -> None:
    from policybook.build.exporting.project import export_pages
    from policybook.mkdocs_plugin.own_pages.docs import own_docs

    exported = export_pages(
        book.data,
        book.site_url,
        folder,
        markdown=markdown,
        catalogue=book.catalogue(),
        action_pages=book.action_pages,
        database=book.database,
        own=own_docs(book.config),
    )
    click.echo(f"{folder}: {exported.pages} pages, and {exported.own} of your own")
    for setting in exported.left:
        click.echo(f"  left out: {setting} of mkdocs.yml")


def _database(book: BookSettings, folder: Path) -> None:
    from policybook.build.database.data_export import export_database

    lines = export_database(book.data, folder, site_url=book.site_url, catalogue=book.catalogue())
    click.echo("\n".join((f"{folder}:", *(f"  {line}" for line in lines))))
