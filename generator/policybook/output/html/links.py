"""Links between pages: where they lead, what a page says of other places, and which are broken."""

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
    """What a page or a part of one says of other places, each an address with its anchor.

    `links` are those that it links to; `found` and `missed` those that it would link to if they
    existed, and that did and did not.
    """

    links: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()


class Tracer:
    """A trace that is being made."""

    def __init__(self) -> None:
        self.links: set[str] = set()
        self.found: set[str] = set()
        self.missed: set[str] = set()

    def add(self, part: Trace) -> None:
        """Take up what a part says."""
        if part.links:
            self.links.update(part.links)
        if part.found:
            self.found.update(part.found)
        if part.missed:
            self.missed.update(part.missed)

    def of_part(self) -> Trace:
        """The trace of a part, in no order."""
        if not (self.links or self.missed):
            return NOWHERE
        return Trace(tuple(self.links), tuple(self.found), tuple(self.missed))

    def of_page(self) -> Trace:
        """The trace of a page, in order."""
        return Trace(*(tuple(sorted(found)) for found in (self.links, self.found, self.missed)))


NOWHERE = Trace()


class Linked(Struct, frozen=True, array_like=True):
    """The anchors that a page has, and what it says of other places."""

    anchors: tuple[str, ...]
    trace: Trace


def named(text: str, exists: Callable[[Target], bool]) -> Target | None:
    """The page that a text in backticks names, if it names one that exists."""
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
    """The address of an action's page, if a policy ever granted it; the full name in any case."""
    known = context.actions.ever_granted().get(name.lower())
    prefix, _, rest = known.name.partition(":") if known else ("", "", "")
    return addresses.action(prefix, rest) if known else None


def places(context: BookContext, pages: Iterable[Page]) -> frozenset[str]:
    """The places that pages link to where they exist: pages, resource patterns and roles."""
    everything = addresses.service("*")
    return frozenset(
        {
            *(page.url for page in pages),
            *(addresses.resource(term).place for term in context.index.resources),
            *(addresses.role(name).place for name in context.book.roles),
            *([everything.place] if "*" in context.index.services else ()),
        }
    )


SAFE = "/+=,@"


def relative(page: str, target: str) -> str:
    """The address of `target` as seen from `page`, both below the site's root."""
    steps = "../" * page.count("/")
    return (steps + _quoted(target)) or "./"


@lru_cache(maxsize=65_536)
def _quoted(target: str) -> str:
    return quote(target, safe=SAFE)


def broken(pages: Mapping[str, Linked]) -> tuple[str, ...]:
    """One line for each link that leads to no page, or to an anchor that its page lacks."""
    there = {f"{url}#{anchor}" for url, page in pages.items() for anchor in page.anchors}
    there.update(pages)
    return tuple(
        f"page {url or '/'}: expected something at {place}, found nothing"
        for url, page in sorted(pages.items())
        for place in page.trace.links
        if place not in there
    )
