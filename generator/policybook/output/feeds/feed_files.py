"""The files of all feeds: of the site, of removals, and of each service, policy and topic."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from weakref import WeakKeyDictionary

from policybook.book import addresses
from policybook.book.context import BookContext
from policybook.book.site_file import Dependencies, FileFamily, SiteFile
from policybook.output.feeds import entries
from policybook.output.feeds.archives import FeedFile, divided
from policybook.output.feeds.atom import atom
from policybook.output.feeds.content import FeedContent
from policybook.output.feeds.entries import Feed
from policybook.output.feeds.json_feed import json_feed
from policybook.output.html.templating import templates_folder

Feeds = Callable[[BookContext, FeedContent], Iterator[Feed]]

_FEEDS: tuple[tuple[str, str, Feeds], ...] = (
    ("", "all changes", entries.of_site),
    ("changes/removals/", "removed permissions", entries.of_removals),
    ("services/{prefix}/", "a service", entries.of_services),
    ("policies/{name}/", "a policy", entries.of_policies),
    ("groups/{slug}/", "a topic", entries.of_groups),
)

_FORMATS: tuple[tuple[str, str, Callable[[FeedFile], bytes]], ...] = (
    ("xml", "Atom feed", atom),
    ("json", "JSON Feed", json_feed),
)


def _files(
    feeds: Feeds, extension: str, render: Callable[[FeedFile], bytes], context: BookContext
) -> Iterator[SiteFile]:
    """Yield every feed with its archives in one format."""
    for feed in feeds(context, _content(context)):
        for file in divided(feed, context.book.facts.title, context.site_url):
            path = feed.url + file.name(extension, file.number)
            yield SiteFile(path, partial(render, file), _depends(file))


_CONTENTS: WeakKeyDictionary[BookContext, FeedContent] = WeakKeyDictionary()


def _content(context: BookContext) -> FeedContent:
    """What renders the entries of all feeds of a book, which have many in common."""
    if context not in _CONTENTS:
        _CONTENTS[context] = FeedContent(templates_folder())
    return _CONTENTS[context]


def _depends(file: FeedFile) -> Dependencies:
    """The policies of the file's entries, and what its head and its links to archives have."""
    found = file.feed.depends(file.start, file.end)
    head = (file.title, file.author, file.feed.identity, file.archives)
    return Dependencies(found.policies, (*found.values, head))


def _families(place: str, holds: str, feeds: Feeds) -> Iterator[FileFamily]:
    """Yield the declaration of a feed in each format."""
    for extension, form, render in _FORMATS:
        files = partial(_files, feeds, extension, render)
        yield FileFamily(f"{place}feed.{extension}", f"{form} of {holds}", files)


FILES = tuple(family for feed in _FEEDS for family in _families(*feed))
NEW_ACTIONS = tuple(
    _families(addresses.NEW_ACTIONS.url, "actions added by AWS", entries.of_new_actions)
)
