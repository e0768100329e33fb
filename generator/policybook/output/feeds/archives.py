"""Divides a feed into files (RFC 5005, section 4, "Archived Feeds").

A long feed has the newest entries and links to archives of older ones, which never change.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial

from msgspec import Struct

from policybook.book.limits import FEED_ARCHIVE, FEED_ENTRIES
from policybook.output.feeds.entries import Feed, FeedEntry

_IDS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:policybook")


class FeedFile(Struct, frozen=True):
    """A file of a feed: the feed itself or one of its archives.

    Attributes:
        feed: The feed.
        title: The title of the feed.
        author: The author of the feed.
        site_url: The address of the site, with a slash at its end, or "".
        number: 0 for the feed itself; from 1, the oldest, for an archive.
        archives: The number of archives of the feed.
        start: The index of its first entry; the newest entry of the feed is 0.
        end: The index after its last entry.
    """

    feed: Feed
    title: str
    author: str
    site_url: str
    number: int
    archives: int
    start: int
    end: int

    @property
    def page(self) -> str:
        """The address of the page that the feed belongs to."""
        return self.site_url + self.feed.url

    @property
    def older(self) -> int:
        """The number of the next older archive; 0 if there is none."""
        return self.number - 1 if self.number else self.archives

    def name(self, extension: str, number: int) -> str:
        """Return the name of a file of the feed; the extension is `xml` or `json`."""
        return f"feed-{number}.{extension}" if number else f"feed.{extension}"

    def address(self, extension: str, number: int) -> str:
        """Return the address of a file of the feed, relative if the site's address is unknown."""
        return (self.page if self.site_url else "") + self.name(extension, number)

    def entry_address(self, entry: FeedEntry) -> str:
        """Return the address that an entry links to, relative if the site's address is unknown."""
        target = entry.target
        folder = self.site_url or "../" * self.feed.url.count("/")
        return f"{folder}{target.url}#{target.anchor}"

    @property
    def entries(self) -> Sequence[FeedEntry]:
        """Its entries, newest first; not cached, since those of all feeds would fill the memory."""
        return self.feed.entries(self.start, self.end)


def divided(feed: Feed, author: str, site_url: str) -> Iterator[FeedFile]:
    """Divide a feed into files.

    Args:
        feed: The feed.
        author: The title of the book, used as the author and at the start of the feed's title.
        site_url: The address of the site, with a slash at its end, or "".

    Yields:
        The file of the feed itself, then its archives, the oldest first.
    """
    count = feed.count
    archives = count // FEED_ARCHIVE
    newest = max(min(count, FEED_ENTRIES), count - archives * FEED_ARCHIVE)
    new = partial(FeedFile, feed, f"{author}: {feed.name}", author, site_url)
    yield new(0, archives, 0, newest)
    for number in range(1, archives + 1):
        yield new(
            number, archives, count - number * FEED_ARCHIVE, count - (number - 1) * FEED_ARCHIVE
        )


def urn(identity: str) -> str:
    """Return the permanent id of a feed or entry: a UUID that does not depend on the address."""
    return uuid.uuid5(_IDS, identity).urn


def timestamp(day: date) -> str:
    """Return the start of the day in UTC (RFC 3339); the data has dates only."""
    return f"{day.isoformat()}T00:00:00Z"
