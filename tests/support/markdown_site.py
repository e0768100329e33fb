"""The Markdown export as a builder without our plugin shows it."""

from __future__ import annotations

from pathlib import Path

from tests.support.sites import command


def markdown_site(book: Path, folder: Path) -> Path:
    """Export the book to the folder, and build it with MkDocs and Material alone.

    Any warning of MkDocs fails.

    Returns:
        The folder of the site.
    """
    exported = command("export", "--markdown", folder, cwd=book)
    assert exported.returncode == 0, exported.stderr
    ran = command("build", "-q", "--strict", cwd=folder, module="mkdocs")
    assert ran.returncode == 0, ran.stderr
    return folder / "site"
