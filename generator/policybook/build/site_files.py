"""The files of a site: made from a plan, or taken over from an earlier site, and linked rightly."""

from __future__ import annotations

import json
import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import chain
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from policybook.analysis.overlap import Related
from policybook.book.context import BookContext
from policybook.book.dependencies import Output, of_policy, of_service
from policybook.book.events import touched
from policybook.book.granting import named_ever
from policybook.book.removals import removals_of
from policybook.book.timeline import detached, document_file
from policybook.build import sitemap
from policybook.build.cache import (
    Made,
    MadeSite,
    Memory,
    Past,
    PastRisks,
    PastService,
    Told,
    digest,
    joined,
)
from policybook.data.loader import Loaded
from policybook.data.reader import Known
from policybook.data.validation import FILE_TYPES, json_schema
from policybook.errors import PolicybookError
from policybook.model.documents import Document
from policybook.output import csv_tables
from policybook.output.feeds import files
from policybook.output.html.links import Linked, Trace, broken
from policybook.output.html.render import Body, Renderer
from policybook.output.json import api
from policybook.output.search_index import finder
from policybook.pages.plan import Page


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


class Site(Struct, frozen=True):
    """A planned site: its sources, its pages in order, and how many notes the check had.

    `loaded` is what was read, `document_notes` how many notes the documents of a policy had,
    `same` the policies that are as an earlier build left them, and `related` those that overlap.
    """

    context: BookContext
    pages: tuple[Page, ...]
    notes: int
    loaded: Loaded
    document_notes: Mapping[str, int]
    same: Mapping[str, Past]
    related: Related

    def policies_digest(self, names: Iterable[str]) -> bytes:
        """The digest of the files of these policies."""
        known = self.loaded.known
        return joined(known[name].digest for name in names)

    def whole_digest(self) -> bytes:
        """The digest of the whole data folder."""
        return joined((self.policies_digest(self.loaded.known), self.loaded.rest))


def recall(site: Site, memory: Memory) -> None:
    """Give the site's sources what an earlier build has counted."""
    context = site.context
    for name, policy in site.same.items():
        context.levels[name] = dict(policy.levels)
        context.named_ever[name] = policy.named_ever
        context.removals[name] = policy.removals
        context.touched[name] = policy.touched
        if policy.scope:
            context.scopes[name] = policy.scope
        if policy.risks and policy.risks.digest == context.rulebook.digest:
            context.met[name] = policy.risks.met
    context.types.update(memory.told.types)
    if context.index.conditions.keys() <= memory.told.keys.keys():
        context.keys.update(memory.told.keys)
    for prefix, service in memory.services.items():
        if service.digest == _service_digest(site, prefix):
            context.service_levels[prefix] = service.levels


def remember(site: Site, memory: Memory) -> None:
    """Keep what the next build may use of the book."""
    context = site.context
    left_out = {n: past for n, past in memory.policies.items() if n in site.loaded.left_out}
    policies = {name: _past(site, name, known) for name, known in site.loaded.known.items()}
    services = {
        prefix: PastService(_service_digest(site, prefix), levels)
        for prefix, levels in context.service_levels.items()
    }
    if left_out:
        memory.keep_book(policies | left_out, memory.services, memory.related)
    else:
        memory.keep_book(policies, services, site.related)
        memory.keep_told(_told(context))


def _told(context: BookContext) -> Told:
    index = context.index
    patterns = {pattern for term in index.resources for pattern in term.patterns}
    return Told(
        {pattern: found for pattern, found in context.types.items() if pattern in patterns},
        {key: found for key, found in context.keys.items() if key in index.conditions},
    )


def _past(site: Site, name: str, known: Known) -> Past:
    """What to keep of a policy: what was kept before, where nothing of it is new."""
    context = site.context
    met = context.met.get(name)
    risks = PastRisks(context.rulebook.digest, dict(met)) if met is not None else None
    if same := site.same.get(name):
        return same if risks in (None, same.risks) else structs.replace(same, risks=risks)
    return Past(
        known,
        tuple(transition.change for transition in context.index.transitions[name]),
        site.document_notes.get(name, 0),
        context.levels.get(name, {}),
        context.scopes.get(name),
        named_ever(context, name),
        removals_of(context, name),
        dict(touched(context, name)),
        risks,
    )


def _service_digest(site: Site, prefix: str) -> bytes:
    return site.policies_digest(of_service(site.context, prefix).policies or ())


class Before(Struct, frozen=True):
    """A site as an earlier build left it, and the digest of all settings of the present one."""

    folder: Path
    made: MadeSite
    settings: bytes


class Task(Struct, frozen=True):
    """A file to be written: its path below the root, and the function that makes its content.

    `inode` is the number of the same file in the earlier site, where it is to be taken over, or 0.
    """

    path: str
    make: Callable[[], bytes]
    inode: int = 0


class Press:
    """Makes the site's files one by one, and checks every link once all pages are made.

    What an earlier site has of the same origin, made by the same program with the same settings, is
    taken over.
    """

    def __init__(
        self,
        site: Site,
        templates: Path,
        site_url: str,
        timings: Timings | None = None,
        before: Before | None = None,
    ) -> None:
        self._timings = timings or Timings()
        self._site = site
        self._site_url = site_url
        self._templates = templates
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
        """The page's body; what it links to is remembered."""
        with self._timings.of(f"pages: {page.template}"):
            body = self._renderer.body(page)
        self._linked[page.url] = body.linked
        return body

    def tasks(self, text: Callable[[Page], str], others: tuple[str, ...] = ()) -> Iterator[Task]:
        """Every file of the site but the theme's own.

        `text` makes a whole page, `others` are addresses for the sitemap.
        """
        for page in self._site.pages:
            head = (page.title, page.description, page.template, page.section, page.crumbs)
            output = Output(f"{page.url}index.html", partial(_encoded, text, page), page.origin)
            yield self._task(output, page.url, (*head, page.feed))
        context = self._site.context
        made = (
            api.files(context),
            csv_tables.files(context),
            files.files(context, self._templates, self._site_url),
        )
        for output in chain.from_iterable(made):
            yield self._task(self._timed(output))
        for output in finder.files(context, self._site_url, self._renderer.places):
            yield self._task(self._timed(output, "finder"))
        for output in _documents(context):
            yield self._task(self._timed(output))
        yield from _schemas()
        urls = {*(page.url for page in self._site.pages), *others}
        for output in sitemap.files(urls, self._site_url):
            yield Task(output.path, output.make)

    def _timed(self, output: Output, stage: str = "JSON, tables and feeds") -> Output:
        def make() -> bytes:
            with self._timings.of(stage):
                return output.make()

        return Output(output.path, make, output.origin)

    def _task(self, output: Output, url: str | None = None, head: tuple[object, ...] = ()) -> Task:
        """The task for a file, and with the address `url`, for a page."""
        if not self._before or not self._before.settings:
            return Task(output.path, output.make)
        with self._timings.of("what is unchanged"):
            origin, site = output.origin, self._site
            data = site.policies_digest(origin.policies) if origin.policies else self._whole
            besides = digest((output.path, origin.policies, origin.besides, head))
            key = joined((self._before.settings, besides, data))
            self._keys[output.path] = key
            made = self._before.made.files.get(output.path)
            if not made or made.key != key:
                return Task(output.path, output.make)
            inode = _as_made(os.path.join(self._before.folder, output.path), made)
            if not inode:
                return Task(output.path, output.make)
            if url is not None:
                if not made.linked or not self._holds(made.linked.trace):
                    return Task(output.path, output.make)
                self._linked[url] = made.linked
            return Task(output.path, output.make, inode)

    def _holds(self, trace: Trace) -> bool:
        """Whether the places that a page links to, and those it would link to, are as they were."""
        places = self._renderer.places
        return places.issuperset(trace.found) and places.isdisjoint(trace.missed)

    def made(self, folder: Path, sizes: Mapping[str, tuple[int, int]]) -> MadeSite:
        """What to keep of the site in the folder; `sizes` are sizes and times of change (ns)."""
        linked = {f"{url}index.html": linked for url, linked in self._linked.items()}
        files = {
            path: Made(key, *sizes[path], linked.get(path)) for path, key in self._keys.items()
        }
        return MadeSite(str(folder.resolve()), files)

    def check_links(self) -> None:
        """Raises PolicybookError with a line for each link that leads nowhere."""
        faults = broken(self._linked)
        if faults:
            raise PolicybookError("\n".join(faults))


def _encoded(text: Callable[[Page], str], page: Page) -> bytes:
    return text(page).encode()


def _as_made(path: str, made: Made) -> int:
    """The number (inode) of the file, if nobody has changed it since it was made, or else 0."""
    try:
        found = os.lstat(path)
    except OSError:
        return 0
    same = (found.st_size, found.st_mtime_ns) == (made.size, made.time)
    return found.st_ino if same and stat.S_ISREG(found.st_mode) else 0


def _documents(context: BookContext) -> Iterator[Output]:
    """The documents that do not fit on their policies' pages."""
    for name, policy in context.book.policies.items():
        for version in detached(policy):
            if version.document:
                make = partial(_document, version.document)
                yield Output(document_file(policy, version), make, of_policy(context, name))


def _document(document: Document) -> bytes:
    return msgspec.json.encode(document.source) + b"\n"


def _schemas() -> Iterator[Task]:
    for kind, of in FILE_TYPES.items():
        yield Task(f"schemas/{kind}.json", partial(_schema, of, kind))


def _schema(of: type[Struct], kind: str) -> bytes:
    return json.dumps(json_schema(of, f"policybook: {kind}"), indent=2).encode() + b"\n"
