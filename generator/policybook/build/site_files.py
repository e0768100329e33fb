"""Generates the site's files, reuses unchanged ones, and checks links."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path

from msgspec import Struct

from policybook.book.addresses import Target
from policybook.book.site_file import Dependencies, SiteFile
from policybook.build import sitemap
from policybook.build.cache import OutputRecord, SiteRecord
from policybook.build.database.data_files import DataFiles
from policybook.build.digests import digest, joined
from policybook.build.planner import PlannedSite
from policybook.build.publishing.file_tasks import Task
from policybook.build.timings import Timings
from policybook.errors import PolicybookError
from policybook.output.database.published import DATA_ROOT
from policybook.output.files import listed, site_files
from policybook.output.html.links import NO_LINKS, Linked, Trace, broken, named
from policybook.output.html.own import NOTHING, Own
from policybook.output.html.render import Body, Renderer
from policybook.output.llms import LLMS, Chapter, llms_text
from policybook.output.markdown.page import markdown_page
from policybook.pages.page import Page


class PreviousSite(Struct, frozen=True):
    """The site of an earlier build, and the digest of the current settings."""

    folder: Path
    record: SiteRecord
    settings: bytes


class SiteFiles:
    """Lists the files of a planned site, and checks all links after all pages are rendered.

    A file of the previous site is reused if its key is the same: the digest of the program, the
    settings and all dependencies of the file.
    """

    def __init__(
        self,
        site: PlannedSite,
        templates: Path,
        timings: Timings | None = None,
        previous: PreviousSite | None = None,
        own: Own = NOTHING,
    ) -> None:
        self._timings = timings or Timings()
        self._site = site
        self._previous = previous
        self._renderer = Renderer(templates, site.context, site.pages, own)
        self._digests: dict[tuple[str, ...] | None, bytes] = {None: site.whole_digest()}
        self._keys: dict[str, bytes] = {}
        self._linked: dict[str, Linked] = {}
        self._others: frozenset[str] = frozenset()
        self._last: tuple[Page, Body] | None = None

    @property
    def pages(self) -> tuple[Page, ...]:
        """The planned pages."""
        return self._site.pages

    @property
    def titles(self) -> Mapping[str, str]:
        """The titles of the pages, by the paths of their files; that of the home page is short."""
        return {Target(p.url).file: p.title if p.url else "Home" for p in self._site.pages}

    def body(self, page: Page) -> Body:
        """Render the page's body, and record its links for `check_links`."""
        if self._last and self._last[0] is page:  # a page and its Markdown follow each other
            return self._last[1]
        with self._timings.of(f"pages: {page.template}"):
            body = self._renderer.body(page)
        self._linked[page.url] = body.linked
        self._last = (page, body) if page.markdown else None
        return body

    def _markdown(self, page: Page) -> bytes:
        with self._timings.of("pages as Markdown"):
            html = self.body(page).html
            return markdown_page(page.title, page.description, html, to_files=False).encode()

    def tasks(self, text: Callable[[Page], str], others: tuple[str, ...] = ()) -> Iterator[Task]:
        """List the files of the site, except for those of the theme.

        Args:
            text: Returns the complete text of a page's file.
            others: URLs of further pages, for the sitemap. A home page among them, "", replaces
                that of the book.

        Yields:
            The pages in order, then data files, then the sitemap.

        """
        self._others = frozenset(others)
        for page in self._site.pages:
            if not page.url and "" in self._others:
                continue
            head = (page.title, page.description, page.template, page.section, page.crumbs)
            file = SiteFile(Target(page.url).file, partial(_encoded, text, page), page.depends)
            task = self._task(file, page.url, (*head, page.feed, page.markdown))
            yield task
            if page.markdown:
                yield self._markdown_task(page, head, reused=bool(task.inode))
        for file in site_files(self._site.context):
            yield self._task(SiteFile(file.path, partial(self._render, file), file.depends))
        yield self._task(SiteFile(LLMS, self._llms))
        yield from self._data_tasks()
        days = {**dict.fromkeys(others), **self._days()}
        for file in sitemap.files(days, self._site.context.site_url):
            yield Task(file.path, file.render)

    def _markdown_task(self, page: Page, head: tuple[object, ...], *, reused: bool) -> Task:
        """The task for a page as Markdown, which is reused only if the page itself is."""
        path = Target(page.url).file.removesuffix(".html") + ".md"
        file = SiteFile(path, partial(self._markdown, page), page.depends)
        task = self._task(file, None, head)
        return task if reused else Task(path, file.render)

    def _llms(self) -> bytes:
        """The list of pages and files for programs that read text."""
        chapters = (
            Chapter(page.title, page.url, page.description)
            for page in self._site.pages
            if page.url == page.section
        )
        return llms_text(self._site.context, chapters, listed(self._site.context)).encode()

    def _data_tasks(self) -> Iterator[Task]:
        """The files of the whole book as data, if the site has them."""
        if self._site.context.has_database:
            for file in DataFiles(self._site.context).files():
                path = f"{DATA_ROOT}{file.path}"
                yield self._task(SiteFile(path, partial(self._render_data, file), file.depends))

    def _render_data(self, file: SiteFile) -> bytes:
        with self._timings.of("whole book as data"):
            return file.render()

    def _days(self) -> sitemap.Days:
        """The day of each page: that of the newest version of any policy that it is made from.

        For a page that is made from the whole book it is the last day of the data.
        """
        book = self._site.context.book
        updated = {name: day for name, policy in book.policies.items() if (day := policy.updated)}
        days: dict[tuple[str, ...] | None, date | None] = {None: book.data_to}
        for names in {page.depends.policies or () for page in self._site.pages}:  # shared by many
            days[names] = max((updated[name] for name in names if name in updated), default=None)
        return {page.url: days[page.depends.policies] for page in self._site.pages}

    def _render(self, file: SiteFile) -> bytes:
        with self._timings.of("JSON, CSV, feeds and search index"):
            return file.render()

    def _task(self, file: SiteFile, url: str | None = None, head: tuple[object, ...] = ()) -> Task:
        """The task for a file; for a page, `url` is its URL and `head` the values in its head."""
        if not self._previous or not self._previous.settings:
            return Task(file.path, file.render)
        key = self._key(file.path, file.depends, head, self._previous.settings)
        self._keys[file.path] = key
        record = self._previous.record.files.get(file.path)
        if not record or record.key != key:
            return Task(file.path, file.render)
        inode = _unchanged(os.path.join(self._previous.folder, file.path), record)
        if not inode:
            return Task(file.path, file.render)
        if url is not None:
            if not record.linked or not self._links_unchanged(record.linked.trace):
                return Task(file.path, file.render)
            self._linked[url] = record.linked
        return Task(file.path, file.render, inode)

    def _key(
        self, path: str, depends: Dependencies, head: tuple[object, ...], settings: bytes
    ) -> bytes:
        """The digest of everything that affects a file, except which link targets exist."""
        own = digest((path, depends.values, head))
        return joined((settings, own, self._data_digest(depends.policies)))

    def _data_digest(self, names: tuple[str, ...] | None) -> bytes:
        """The digest of policies, by name, and of their files; many files share their policies."""
        if names is not None and names not in self._digests:
            self._digests[names] = joined((digest(names), self._site.policies_digest(names)))
        return self._digests[names]

    def _links_unchanged(self, trace: Trace) -> bool:
        """Whether all link targets of a page still exist, and those it missed still do not."""
        places = self._renderer.places
        return places.issuperset(trace.found) and places.isdisjoint(trace.missed)

    def record(self, folder: Path, sizes: Mapping[str, tuple[int, int]]) -> SiteRecord:
        """The record of the site for the build cache.

        Args:
            folder: The folder of the site.
            sizes: The size and modification time (ns) of each file, by relative path.

        Returns:
            The keys, sizes, times and links of all files that the next build may reuse.

        """
        linked = {Target(url).file: linked for url, linked in self._linked.items()}
        files = {
            path: OutputRecord(key, *sizes[path], linked.get(path))
            for path, key in self._keys.items()
        }
        return SiteRecord(str(folder.resolve()), files)

    @property
    def linked(self) -> Mapping[str, Linked]:
        """The links of the pages that were rendered or reused, by address."""
        return self._linked

    def know_linked(self, linked: Mapping[str, Linked]) -> None:
        """Take over the links of pages that another process has rendered."""
        self._linked.update(linked)

    def named(self, text: str) -> Target | None:
        """The page that a text names, such as a policy or an action; None if there is none."""
        return named(text, lambda target: target.place in self._renderer.places)

    def check_links(self) -> None:
        """Raises PolicybookError with a line for each broken link."""
        home = {"": Linked((), NO_LINKS)} if "" in self._others else {}
        errors = broken(home | self._linked)
        if errors:
            raise PolicybookError("\n".join(errors))


def _encoded(text: Callable[[Page], str], page: Page) -> bytes:
    return text(page).encode()


def _unchanged(path: str, record: OutputRecord) -> int:
    """The inode of the file, or 0 if it has changed since it was written."""
    try:
        found = os.lstat(path)
    except OSError:
        return 0
    same = (found.st_size, found.st_mtime_ns) == (record.size, record.time)
    return found.st_ino if same and stat.S_ISREG(found.st_mode) else 0
