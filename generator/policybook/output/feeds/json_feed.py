"""Writes a file of a feed as JSON Feed (jsonfeed.org, version 1.1)."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, Struct, UnsetType, field

from policybook.output.feeds.archives import FeedFile, timestamp, urn
from policybook.output.feeds.entries import FeedEntry

VERSION = "https://jsonfeed.org/version/1.1"


class _Author(Struct, frozen=True):
    name: str


class _Extension(Struct, frozen=True):
    """Our extension of an item: the policy, the version and the verdict."""

    policy: str
    version: str
    verdict: str | None


class _Item(Struct, frozen=True):
    id: str
    url: str
    title: str
    content_html: str
    date_published: str
    date_modified: str
    extension: _Extension | UnsetType = field(name="_policybook", default=UNSET)


class _JsonFeed(Struct, frozen=True):
    """The top-level object (JSON Feed 1.1, "Top-level")."""

    version: str
    title: str
    home_page_url: str | UnsetType
    feed_url: str | UnsetType
    next_url: str | UnsetType
    language: str
    authors: tuple[_Author, ...]
    items: tuple[_Item, ...]


def json_feed(file: FeedFile) -> bytes:
    """Write the file as JSON Feed; `next_url` is the next older archive."""
    own, older = file.address("json", file.number), file.address("json", file.older)
    found = _JsonFeed(
        VERSION,
        file.title,
        file.page if file.site_url else UNSET,
        own if file.site_url else UNSET,
        older if file.older else UNSET,
        "en",
        (_Author(file.author),),
        tuple(_item(entry, file) for entry in file.entries),
    )
    return msgspec.json.encode(found) + b"\n"


def _item(entry: FeedEntry, file: FeedFile) -> _Item:
    moment = timestamp(entry.day)
    return _Item(
        urn(entry.identity),
        file.entry_address(entry),
        entry.title,
        entry.html,
        moment,
        moment,
        _Extension(entry.policy, entry.version, entry.verdict) if entry.policy else UNSET,
    )
