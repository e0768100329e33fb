"""The recipe of a site: load, check, index, plan; and the other ways out of a book."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

from generator.catalogue import Catalogue
from generator.check import Knowledge, check, document_notes
from generator.errors import DataError, Finding, PolicybookError
from generator.index import index
from generator.load import placed, read
from generator.memory import Memory
from generator.pages import Page, plan
from generator.pages.views import Sources
from generator.press import Press, Site, Timings, recall
from generator.render import Body


def findings(data: Path) -> tuple[Finding, ...]:
    """Every fault and note of a data folder, in order, with lines."""
    loaded = read(data)
    found = check(Knowledge(loaded.book, Catalogue(), loaded.unread))
    return placed((*loaded.findings, *found), data)


def plan_site(data: Path, timings: Timings | None = None, memory: Memory | None = None) -> Site:
    """Load, check, index and plan. Raises DataError with every fault of the data."""
    timings = timings or Timings()
    catalogue = Catalogue()
    past = memory.policies if memory else {}
    with timings.of("load"):
        loaded = read(data, {name: policy.known for name, policy in past.items()})
        same = {n: p for n, p in past.items() if loaded.known.get(n) is p.known}
    with timings.of("check"):
        known = Knowledge(loaded.book, catalogue, loaded.unread, same.keys())
        found = (*loaded.findings, *check(known))
    faults = [finding for finding in found if finding.level == "fault"]
    if faults:
        raise DataError(placed(faults, data))
    with timings.of("changes and index"):
        indexed = index(loaded.book, {name: policy.changes for name, policy in same.items()})
        sources = Sources(loaded.book, indexed, catalogue)
    with timings.of("plan"):
        pages = tuple(plan(sources))
        _distinct(pages)
    notes = document_notes(found) + Counter({name: policy.notes for name, policy in same.items()})
    count = len(found) + sum(policy.notes for policy in same.values())
    site = Site(sources, pages, count, loaded, notes, same)
    if memory:
        recall(site, memory)
    return site


def _distinct(pages: tuple[Page, ...]) -> None:
    seen: dict[str, str] = {}
    for page in pages:
        if other := seen.get(page.url.lower()):
            raise PolicybookError(
                f"page {page.url}: expected an address of its own, found it used by {other!r} too"
            )
        seen[page.url.lower()] = page.title


def templates_folder() -> Path:
    """The templates: beside the package in a checkout, inside it when installed."""
    here = Path(__file__).parent
    inside = here / "templates"
    return inside if inside.is_dir() else here.parent / "templates"


# --- other ways out ------------------------------------------------------------------------------


def export_pages(data: Path, site_url: str, folder: Path) -> int:
    """Write a MkDocs project whose pages are front matter and HTML bodies; returns their number.

    It needs Material, or what reads its settings, and no plugin. Raises PolicybookError where the
    folder exists and is not empty.
    """
    _empty(folder)
    site = plan_site(data)
    press = Press(site, templates_folder(), site_url)
    docs = folder / "docs"
    for task in press.tasks(_front_matter):
        path = docs / task.path.removesuffix(".html")
        if path.name == "index":
            path = path.with_suffix(".md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(task.make())
    press.check_links()
    shutil.copytree(templates_folder() / "theme" / "assets", docs / "assets")
    (folder / "mkdocs.yml").write_text(
        _EXPORTED.format(title=json.dumps(site.sources.book.facts.title), url=json.dumps(site_url))
    )
    return len(press.pages)


_EXPORTED = """site_name: {title}
site_url: {url}
theme:
  name: material
  font: false
extra_css: [assets/policybook.css]
extra_javascript: [assets/policybook.js]
"""


def _front_matter(page: Page, body: Body) -> str:
    facts = {"title": page.title, "description": page.description, "hide": ["navigation"]}
    head = "".join(f"{key}: {json.dumps(value)}\n" for key, value in facts.items())
    return f'---\n{head}---\n<div class="policybook">\n{body.html}\n</div>\n'


def start_book(folder: Path) -> None:
    """Copy the example book. Raises PolicybookError where the folder exists and is not empty."""
    _empty(folder)
    shutil.copytree(templates_folder() / "book", folder, dirs_exist_ok=True)


def _empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise PolicybookError(f"{folder}: expected a new or empty folder, found content")
