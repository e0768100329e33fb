"""The files of a site: rendered, or taken over from the site before; and their links checked."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from msgspec import Struct

from policybook.book.site_file import Dependencies, SiteFile
from policybook.build import sitemap
from policybook.build.cache import OutputRecord, SiteRecord
from policybook.build.digests import digest, joined
from policybook.build.planner import PlannedSite
from policybook.build.timings import Timings
from policybook.errors import PolicybookError
from policybook.output.files import site_files
from policybook.output.html.links import Linked, Trace, broken
from policybook.output.html.render import Body, Renderer
from policybook.pages.page import Page


class SiteBefore(Struct, frozen=True):
    """A site as an earlier build left it, and the digest of all settings of the present one."""

    folder: Path
    record: SiteRecord
    settings: bytes


class Task(Struct, frozen=True):
    """A file to be written: its path below the root, and the function that renders its content.

    `inode` is the number of the same file in the site before, where it is taken over, or 0.
    """

    path: str
    render: Callable[[], bytes]
    inode: int = 0


class SiteFiles:
    """Lists the files of a planned site, and checks every link once all pages are rendered.

    A file of the site before is taken over if its key is the same: the digest of the program, the
    settings and everything that the file depends on.
    """

    def __init__(
        self,
        site: PlannedSite,
        templates: Path,
        timings: Timings | None = None,
        before: SiteBefore | None = None,
    ) -> None:
        self._timings = timings or Timings()
        self._site = site
        self._before = before
        self._renderer = Renderer(templates, site.context, site.pages)
        self._whole = site.whole_digest()
        self._keys: dict[str, bytes] = {}
        self._linked: dict[str, Linked] = {}

    @property
    def pages(self) -> tuple[Page, ...]:
        """The planned pages."""
        return self._site.pages

    def body(self, page: Page) -> Body:
        """The page's body; what it links to is noted for `check_links`."""
        with self._timings.of(f"pages: {page.template}"):
            body = self._renderer.body(page)
        self._linked[page.url] = body.linked
        return body

    def tasks(self, text: Callable[[Page], str], others: tuple[str, ...] = ()) -> Iterator[Task]:
        """Yields every file of the site but the theme's own.

        Args:
            text: From a page to the whole HTML of its file.
            others: Further addresses for the sitemap.

        """
        for page in self._site.pages:
            head = (page.title, page.description, page.template, page.section, page.crumbs)
            file = SiteFile(f"{page.url}index.html", partial(_encoded, text, page), page.depends)
            yield self._task(file, page.url, (*head, page.feed))
        for file in site_files(self._site.context):
            yield self._task(SiteFile(file.path, partial(self._timed, file), file.depends))
        urls = {*(page.url for page in self._site.pages), *others}
        for file in sitemap.files(urls, self._site.context.site_url):
            yield Task(file.path, file.render)

    def _timed(self, file: SiteFile) -> bytes:
        with self._timings.of("JSON, tables, feeds and finder"):
            return file.render()

    def _task(self, file: SiteFile, url: str | None = None, head: tuple[object, ...] = ()) -> Task:
        """The task for a file; `url` is the address of a page, and `head` what its head says."""
        if not self._before or not self._before.settings:
            return Task(file.path, file.render)
        with self._timings.of("what is unchanged"):
            key = self._key(file.path, file.depends, head, self._before.settings)
            self._keys[file.path] = key
            record = self._before.record.files.get(file.path)
            if not record or record.key != key:
                return Task(file.path, file.render)
            inode = _unchanged(os.path.join(self._before.folder, file.path), record)
            if not inode:
                return Task(file.path, file.render)
            if url is not None:
                if not record.linked or not self._holds(record.linked.trace):
                    return Task(file.path, file.render)
                self._linked[url] = record.linked
            return Task(file.path, file.render, inode)

    def _key(
        self, path: str, depends: Dependencies, head: tuple[object, ...], settings: bytes
    ) -> bytes:
        """The digest of everything that decides a file's content but the presence of links."""
        names = depends.policies
        data = self._whole if names is None else self._site.policies_digest(names)
        return joined((settings, digest((path, names, depends.values, head)), data))

    def _holds(self, trace: Trace) -> bool:
        """Whether the places that a page links to, and those it would link to, are as they were."""
        places = self._renderer.places
        return places.issuperset(trace.found) and places.isdisjoint(trace.missed)

    def record(self, folder: Path, sizes: Mapping[str, tuple[int, int]]) -> SiteRecord:
        """What the build cache keeps of the site.

        Args:
            folder: Where the site is.
            sizes: The size and the time of change (ns) of each file, by path.

        """
        linked = {f"{url}index.html": linked for url, linked in self._linked.items()}
        files = {
            path: OutputRecord(key, *sizes[path], linked.get(path))
            for path, key in self._keys.items()
        }
        return SiteRecord(str(folder.resolve()), files)

    def check_links(self) -> None:
        """Raises PolicybookError with a line for each link that leads nowhere."""
        errors = broken(self._linked)
        if errors:
            raise PolicybookError("\n".join(errors))


def _encoded(text: Callable[[Page], str], page: Page) -> bytes:
    return text(page).encode()


def _unchanged(path: str, record: OutputRecord) -> int:
    """The number (inode) of the file, if nobody has changed it since it was made, or else 0."""
    try:
        found = os.lstat(path)
    except OSError:
        return 0
    same = (found.st_size, found.st_mtime_ns) == (record.size, record.time)
    return found.st_ino if same and stat.S_ISREG(found.st_mode) else 0
