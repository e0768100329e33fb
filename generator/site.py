"""The recipe of a site: load, check, index, plan, render, write; and the only writer of one."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote
from xml.sax.saxutils import escape

from msgspec import Struct

from generator import api, feeds
from generator.catalogue import Catalogue
from generator.check import Knowledge, check
from generator.errors import DataError, Finding, PolicybookError
from generator.index import index
from generator.load import placed, read
from generator.pages import Page, plan
from generator.pages.policy import as_json, detached, document_file
from generator.pages.views import Sources
from generator.render import Body, Renderer, broken
from generator.schema import FILE_TYPES, json_schema

FrameFor = Callable[[Page, Body], str]


# The sitemap protocol's limit of addresses in a file.
SITEMAP_MOST = 50_000


class Timings:
    """CPU seconds by stage, in the order in which stages first ran."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def of(self, stage: str) -> Iterator[None]:
        """Add what the block takes to the stage."""
        start = time.process_time()
        yield
        self.seconds[stage] = self.seconds.get(stage, 0.0) + time.process_time() - start


class Output(Struct, frozen=True):
    """A file of the site: its path below the root, and the function that makes its content."""

    path: str
    content: Callable[[], bytes]


class Site(Struct, frozen=True):
    """A planned site: its sources, its pages in order, and how many notes the check had."""

    sources: Sources
    pages: tuple[Page, ...]
    notes: int


def findings(data: Path) -> tuple[Finding, ...]:
    """Every fault and note of a data folder, in order, with lines."""
    loaded = read(data)
    found = check(Knowledge(loaded.book, Catalogue(), loaded.unread))
    return placed((*loaded.findings, *found), data)


def plan_site(data: Path, timings: Timings | None = None) -> Site:
    """Load, check, index and plan. Raises DataError with every fault of the data."""
    timings = timings or Timings()
    catalogue = Catalogue()
    with timings.of("load"):
        loaded = read(data)
    with timings.of("check"):
        found = (*loaded.findings, *check(Knowledge(loaded.book, catalogue, loaded.unread)))
    faults = [finding for finding in found if finding.level == "fault"]
    if faults:
        raise DataError(placed(faults, data))
    with timings.of("changes and index"):
        sources = Sources(loaded.book, index(loaded.book), catalogue)
    pages = tuple(plan(sources))
    _distinct(pages)
    return Site(sources, pages, len(found))


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


class Press:
    """Makes the site's files one by one, and checks every link once all pages are made."""

    def __init__(
        self, site: Site, templates: Path, site_url: str, timings: Timings | None = None
    ) -> None:
        self._timings = timings or Timings()
        self._site = site
        self._site_url = site_url
        self._renderer = Renderer(templates, site.sources, site.pages)
        self._made: dict[str, Body] = {}

    @property
    def pages(self) -> tuple[Page, ...]:
        """The planned pages."""
        return self._site.pages

    def body(self, page: Page) -> Body:
        """The page's body; what it links to is remembered, its HTML is not."""
        with self._timings.of(f"pages: {page.template}"):
            body = self._renderer.body(page)
        self._made[page.url] = Body("", body.toc, body.links, body.anchors)
        return body

    def outputs(self, whole: FrameFor, others: tuple[str, ...] = ()) -> Iterator[Output]:
        """Every file of the site but the theme's own; `others` are addresses for the sitemap."""
        for page in self._site.pages:
            yield Output(f"{page.url}index.html", partial(self._page, page, whole))
        yield from self.data_outputs()
        yield from self._sitemaps(others)

    def _page(self, page: Page, whole: FrameFor) -> bytes:
        return whole(page, self.body(page)).encode()

    def data_outputs(self) -> Iterator[Output]:
        """The files for programs: JSON, feeds and schemas."""
        with self._timings.of("JSON and feeds"):
            made = (
                *api.files(self._site.sources),
                *feeds.files(self._site.sources, self._site_url),
                *_documents(self._site.sources),
                *_schemas(),
            )
        for path, content in made:
            yield Output(path, partial(bytes, content))

    def _sitemaps(self, others: tuple[str, ...]) -> Iterator[Output]:
        """The sitemap in order of address, and above the protocol's limit an index of several."""
        urls = sorted({*(page.url for page in self._site.pages), *others})
        parts = [urls[at : at + SITEMAP_MOST] for at in range(0, len(urls), SITEMAP_MOST)]
        if len(parts) == 1:
            yield Output("sitemap.xml", partial(self._sitemap, "urlset", "url", urls))
            return
        names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
        yield Output("sitemap.xml", partial(self._sitemap, "sitemapindex", "sitemap", names))
        for name, part in zip(names, parts, strict=True):
            yield Output(name, partial(self._sitemap, "urlset", "url", part))

    def _sitemap(self, root: str, entry: str, urls: list[str]) -> bytes:
        """A file of the sitemap protocol (sitemaps.org, 0.9)."""
        places = (self._site_url + quote(url, safe="/+=,@") for url in urls)
        rows = "".join(f"<{entry}><loc>{escape(place)}</loc></{entry}>\n" for place in places)
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
            f"{rows}</{root}>\n"
        ).encode()

    def check_links(self) -> None:
        """Raises PolicybookError with a line for each link that leads nowhere."""
        faults = broken(self._made)
        if faults:
            raise PolicybookError("\n".join(faults))


def _documents(sources: Sources) -> Iterator[tuple[str, bytes]]:
    """The documents that do not fit on their policies' pages."""
    for policy in sources.book.policies.values():
        for version in detached(policy):
            if version.document:
                yield document_file(policy, version), as_json(version.document).encode()


def _schemas() -> Iterator[tuple[str, bytes]]:
    for kind, of in FILE_TYPES.items():
        schema = json_schema(of, f"policybook: {kind}")
        yield f"schemas/{kind}.json", json.dumps(schema, indent=2).encode() + b"\n"


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
    for output in press.outputs(_front_matter):
        path = docs / output.path.removesuffix(".html")
        if path.name == "index":
            path = path.with_suffix(".md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(output.content())
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
