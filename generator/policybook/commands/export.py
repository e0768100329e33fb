"""`policybook export`."""

from __future__ import annotations

from pathlib import Path

import click

from policybook.commands.options import config_option, one_line_errors


@click.command()
@config_option
@click.option("--markdown", is_flag=True, help="Write plain Markdown instead of HTML bodies.")
@click.argument("folder", type=click.Path(path_type=Path))
@one_line_errors
def export(config_file: str | None, markdown: bool, folder: Path) -> None:
    """Write the pages as Markdown files, for other site builders.

    FOLDER must be new or empty. The files have front matter and an HTML body, so that no plugin is
    needed to build a site from them. Your own pages and settings are there too; the command lists
    the settings that are not.
    """
    from policybook.build.exporting.project import export_pages
    from policybook.mkdocs_plugin.own_pages.docs import own_docs
    from policybook.mkdocs_plugin.run import book_settings

    book = book_settings(config_file)
    exported = export_pages(
        book.data,
        book.site_url,
        folder,
        markdown=markdown,
        catalogue=book.catalogue(),
        action_pages=book.action_pages,
        own=own_docs(book.config),
    )
    click.echo(f"{folder}: {exported.pages} pages, and {exported.own} of your own")
    for setting in exported.left:
        click.echo(f"  left out: {setting} of mkdocs.yml")
