"""The files of all feeds: of the site, of removals, of each service, policy and topic."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from policybook.book.context import BookContext
from policybook.book.dependencies import Output
from policybook.output.feeds.archives import FeedFile, divided
from policybook.output.feeds.atom import atom
from policybook.output.feeds.content import FeedContent
from policybook.output.feeds.entries import feeds
from policybook.output.feeds.json_feed import json_feed


def files(context: BookContext, templates: Path, site_url: str) -> Iterator[Output]:
    """Every feed with its archives, each as Atom and as JSON Feed with the same entries.

    Args:
        context: The book.
        templates: The folder of templates.
        site_url: The address of the site, with a slash at its end, or "" if it is unknown.
    """
    formats: dict[str, Callable[[FeedFile], bytes]] = {"xml": atom, "json": json_feed}
    author = context.book.facts.title
    for feed in feeds(context, FeedContent(templates)):
        for file in divided(feed, author, site_url):
            for extension, make in formats.items():
                path = feed.url + file.name(extension, file.number)
                yield Output(path, partial(make, file), feed.origin)
