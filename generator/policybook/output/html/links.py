"""Links between pages: their targets, the links of each page, and broken links."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from urllib.parse import quote

from msgspec import Struct

from policybook.analysis.index import folded
from policybook.book import addresses
from policybook.book.addresses import Target
from policybook.book.context import BookContext
from policybook.pages.page import Page


class Trace(Struct, frozen=True, array_like=True):
    """The links of a page or of a part of it, as addresses with anchors.

    Attributes:
        links: The addresses that it links to.
        found: The existing addresses among those that it links to only if they exist.
        missed: The missing addresses among those; names without a link.
    """

    links: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()


class Tracer:
    """Collects the links of a page or of a part of it."""

    def __init__(self) -> None:
        self.links: set[str] = set()
        self.found: set[str] = set()
        self.missed: set[str] = set()

    def add(self, part: Trace) -> None:
        """Add the links of a part."""
        if part.links:
            self.links.update(part.links)
        if part.found:
            self.found.update(part.found)
        if part.missed:
            self.missed.update(part.missed)

    def of_part(self) -> Trace:
        """Return the links of a part, in no particular order."""
        if not (self.links or self.missed):
            return NO_LINKS
        return Trace(tuple(self.links), tuple(self.found), tuple(self.missed))

    def of_page(self) -> Trace:
        """Return the links of a page, sorted."""
        return Trace(*(tuple(sorted(found)) for found in (self.links, self.found, self.missed)))


NO_LINKS = Trace()


class Linked(Struct, frozen=True, array_like=True):
    """The anchors and the links of a page."""

    anchors: tuple[str, ...]
    trace: Trace


def named(text: str, exists: Callable[[Target], bool]) -> Target | None:
    """Find the page that a text in backticks names.

    Args:
        text: A policy, role, condition key, service prefix or action.
        exists: Whether the site has an address.

    Returns:
        The address, or None if the text names no page of the site. An action without a page has
        the address of its service.
    """
    prefix, colon, action = text.partition(":")
    candidates = [
        addresses.policy(text),
        addresses.role(text),
        addresses.condition(folded(text)),
        addresses.service(text),
        *([addresses.action(prefix.lower(), action)] if colon and action else ()),
        *([addresses.service(prefix.lower())] if colon and action else ()),
    ]
    return next(filter(exists, candidates), None)


def action_target(context: BookContext, name: str) -> Target | None:
    """Return the address of an action's page, or None if no policy ever granted the action.

    Args:
        context: The book.
        name: The full name of the action, in any case.
    """
    known = context.actions.ever_granted().get(name.lower())
    prefix, _, rest = known.name.partition(":") if known else ("", "", "")
    return addresses.action(prefix, rest) if known else None


def places(context: BookContext, pages: Iterable[Page]) -> frozenset[str]:
    """Return the addresses that pages link to if they exist: pages and resource patterns."""
    everything = addresses.service("*")
    return frozenset(
        {
            *(page.url for page in pages),
            *(addresses.resource(term).place for term in context.index.resources),
            *([everything.place] if "*" in context.index.services else ()),
        }
    )


SAFE = "/+=,@"


def relative(page: str, target: str, *, folders: bool = True) -> str:
    """Return the relative address of a page or file.

    Args:
        page: The address of the page with the link, relative to the root of the site.
        target: The address to link to, relative to the root of the site.
        folders: Whether the address of a page in a folder is that of the folder. Default: it is;
            else that of its file, for readers without a server.
    """
    return linked("../" * page.count("/"), target, "", folders)[1]


@lru_cache(maxsize=65_536)  # pages link to the same places again and again
def linked(steps: str, url: str, anchor: str, folders: bool) -> tuple[str, str]:
    """Return a place of the site, and its relative address.

    Args:
        steps: `../` for each folder above the page with the link.
        url: The address of the page or file to link to.
        anchor: The anchor there, or "".
        folders: As for `relative`.
    """
    at = Target(url).file if not folders and (not url or url.endswith("/")) else url
    address = (steps + quote(at, safe=SAFE)) or "./"
    return Target(url, anchor).place, address + ("#" + quote(anchor) if anchor else "")


def broken(pages: Mapping[str, Linked]) -> tuple[str, ...]:
    """Return a message for each link to a missing page or anchor, by page."""
    existing = {f"{url}#{anchor}" for url, page in pages.items() for anchor in page.anchors}
    existing.update(pages)
    return tuple(
        f"page {url or '/'}: broken link to {place}"
        for url, page in sorted(pages.items())
        for place in page.trace.links
        if place not in existing
    )
