"""The recipe of a site: load, check, index, plan."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

from msgspec.structs import replace

from policybook.analysis.index import index
from policybook.analysis.overlap import current_documents, overlaps, related
from policybook.book.context import BookContext
from policybook.build.cache import Memory
from policybook.build.site_files import Site, Timings, recall
from policybook.catalogue.catalogue import Catalogue
from policybook.checks.checks import Knowledge, check, document_notes
from policybook.data.loader import placed, read
from policybook.errors import DataError, Finding, PolicybookError
from policybook.pages.plan import Page, plan


def findings(data: Path, catalogue: Catalogue | None = None) -> tuple[Finding, ...]:
    """Every fault and note of a data folder, in order, with lines."""
    loaded = read(data)
    found = check(Knowledge(loaded.book, catalogue or Catalogue(), loaded.unread))
    return placed((*loaded.findings, *found), data)


def plan_site(
    data: Path,
    timings: Timings | None = None,
    memory: Memory | None = None,
    *,
    only: str = "*",
    catalogue: Catalogue | None = None,
    before: Catalogue | None = None,
    action_pages: tuple[str, ...] = ("*",),
) -> Site:
    """Load, check, index and plan, with the policies whose names match the pattern.

    Actions have pages where their names match one of the patterns `action_pages`. What wildcards
    gained since the catalogue `before` has a page where there is one.

    Raises DataError with every fault of the data, and PolicybookError for what is wrong with a
    catalogue, or where `before` is not the older one.
    """
    timings = timings or Timings()
    catalogue = catalogue or Catalogue()
    past = memory.policies if memory else {}
    with timings.of("load"):
        loaded = read(data, {name: policy.known for name, policy in past.items()}, only)
        same = {n: p for n, p in past.items() if loaded.known.get(n) is p.known}
    with timings.of("check"):
        elsewhere = loaded.unread | loaded.left_out
        known = Knowledge(loaded.book, catalogue, elsewhere, same.keys())
        found = (*loaded.findings, *check(known))
    faults = [finding for finding in found if finding.level == "fault"]
    if faults:
        raise DataError(placed(faults, data))
    with timings.of("changes and index"):
        indexed = index(loaded.book, {name: policy.changes for name, policy in same.items()})
    with timings.of("overlap"):
        digests = {name: policy.digest for name, policy in loaded.known.items()}
        documents = current_documents(loaded.book)
        pairs = related(documents, catalogue, digests, memory.related if memory else None)
    context = BookContext(
        loaded.book, indexed, catalogue, action_pages, before, overlaps=overlaps(pairs)
    )
    if before:
        with timings.of("widening"):
            _ = context.widening  # a catalogue may be wrong: that is said before pages are made
    notes = document_notes(found) + Counter({name: policy.notes for name, policy in same.items()})
    count = len(found) + sum(policy.notes for policy in same.values())
    site = Site(context, (), count, loaded, notes, same, pairs)
    if memory:
        recall(site, memory)
    with timings.of("plan"):
        pages = tuple(plan(context))
        _distinct(pages)
    return replace(site, pages=pages)


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
    package = Path(__file__).parent.parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent.parent / "templates"


def start_book(folder: Path) -> None:
    """Copy the example book and the rules; raises PolicybookError where the folder has content."""
    require_empty(folder)
    shutil.copytree(templates_folder() / "starter_book", folder, dirs_exist_ok=True)
    rules = templates_folder().parent / "data" / "rules.yml"
    if templates_folder().parent == rules.parent.parent:  # in a wheel they stand with the book
        shutil.copy(rules, folder / "data")


def require_empty(folder: Path) -> None:
    """Raises PolicybookError where the folder exists and is not empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise PolicybookError(f"{folder}: expected a new or empty folder, found content")
