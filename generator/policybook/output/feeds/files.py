"""Feeds of the changes: of the site, of removals, of each service, policy and group.

Atom (RFC 4287) and JSON Feed 1.1, with the same entries. Ids are UUIDs made from a policy's ARN and
a version, so that they stay when the site moves; dates are the data's own. A long feed holds the
newest entries and names archives of the older ones (RFC 5005, section 4), which stay as they are.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from xml.sax.saxutils import escape, quoteattr

import msgspec
from msgspec import UNSET, Struct, UnsetType, field

from policybook.book.context import BookContext
from policybook.book.limits import FEED_ARCHIVE, FEED_ENTRIES
from policybook.book.site_file import FileFamily, SiteFile
from policybook.output.feeds import entries
from policybook.output.feeds.entries import Channel, Notice

VERSION = "https://jsonfeed.org/version/1.1"
_IDS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:policybook")
_EPOCH = date(1970, 1, 1)
# What XML 1.0 cannot hold (section 2.2, "Characters").
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Part(Struct, frozen=True):
    """A file of a feed: the feed itself, with number 0, or one of its archives, from 1 on.

    `start` and `end` are the places of its notices, of which the newest is at 0. `archives` is how
    many archives the feed has.
    """

    channel: Channel
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
        return self.site_url + self.channel.url

    @property
    def older(self) -> int:
        """The number of the next older archive, or 0."""
        return self.number - 1 if self.number else self.archives

    def name(self, kind: str, number: int) -> str:
        """The name of a file of the feed, `xml` or `json`."""
        return f"feed-{number}.{kind}" if number else f"feed.{kind}"

    def address(self, kind: str, number: int) -> str:
        """Where a file of the feed stands: without an address of the site, beside this one."""
        return (self.page if self.site_url else "") + self.name(kind, number)

    def place(self, notice: Notice) -> str:
        """Where a notice leads: without an address of the site, as seen from here."""
        target = notice.target
        folder = self.site_url or "../" * self.channel.url.count("/")
        return f"{folder}{target.url}#{target.anchor}"

    @property
    def notices(self) -> Sequence[Notice]:
        """Its notices, newest first, made anew for each form: all of them would fill the memory."""
        return self.channel.notices(self.start, self.end)


def _parts(channel: Channel, author: str, site_url: str) -> Iterator[Part]:
    """The feed and its archives, of which the first has the oldest notices."""
    count = channel.count
    archives = count // FEED_ARCHIVE if count > FEED_ENTRIES else 0
    head = max(min(count, FEED_ENTRIES), count - archives * FEED_ARCHIVE)
    new = partial(Part, channel, f"{author}: {channel.name}", author, site_url)
    yield new(0, archives, 0, head)
    for number in range(1, archives + 1):
        yield new(
            number, archives, count - number * FEED_ARCHIVE, count - (number - 1) * FEED_ARCHIVE
        )


# --- Atom -----------------------------------------------------------------------------------------


def atom(part: Part) -> bytes:
    """The file as Atom."""
    notices = part.notices
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom"'
        + (' xmlns:fh="http://purl.org/syndication/history/1.0">' if part.archives else ">"),
        f"<title>{_text(part.title)}</title>",
        f"<id>{_urn(part.channel.identity)}</id>",
        f"<updated>{_moment(max((n.day for n in notices), default=_EPOCH))}</updated>",
        f"<author><name>{_text(part.author)}</name></author>",
        *_links(part),
        *(_entry(notice, part) for notice in notices),
        "</feed>\n",
    ]
    return "\n".join(lines).encode()


def _links(part: Part) -> Iterator[str]:
    if part.number:
        yield "<fh:archive/>"
    if part.site_url:
        yield _link("alternate", "text/html", part.page)
        yield _atom_link(part, "self", part.number)
    if part.older:
        yield _atom_link(part, "prev-archive", part.older)
    if part.number:
        yield _atom_link(part, "current", 0)
    if 0 < part.number < part.archives:
        yield _atom_link(part, "next-archive", part.number + 1)


def _atom_link(part: Part, rel: str, number: int) -> str:
    return _link(rel, "application/atom+xml", part.address("xml", number))


def _link(rel: str, kind: str, href: str) -> str:
    return f'<link rel="{rel}" type="{kind}" href={quoteattr(href)}/>'


def _entry(notice: Notice, part: Part) -> str:
    moment = _moment(notice.day)
    return (
        f"<entry>\n<title>{_text(notice.title)}</title>\n<id>{_urn(notice.identity)}</id>\n"
        f"<updated>{moment}</updated>\n<published>{moment}</published>\n"
        f"{_link('alternate', 'text/html', part.place(notice))}\n"
        f'<content type="html">{_text(notice.html)}</content>\n</entry>'
    )


def _text(text: str) -> str:
    return escape(_UNFIT.sub("\ufffd", text))


# --- JSON Feed ------------------------------------------------------------------------------------


class _Author(Struct, frozen=True):
    name: str


class _About(Struct, frozen=True):
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
    about: _About | UnsetType = field(name="_policybook", default=UNSET)


class _JsonFeed(Struct, frozen=True):
    """jsonfeed.org, version 1.1, "Top-level"."""

    version: str
    title: str
    home_page_url: str | UnsetType
    feed_url: str | UnsetType
    next_url: str | UnsetType
    language: str
    authors: tuple[_Author, ...]
    items: tuple[_Item, ...]


def json_feed(part: Part) -> bytes:
    """The file as JSON Feed."""
    own, older = part.address("json", part.number), part.address("json", part.older)
    found = _JsonFeed(
        VERSION,
        part.title,
        part.page if part.site_url else UNSET,
        own if part.site_url else UNSET,
        older if part.older else UNSET,
        "en",
        (_Author(part.author),),
        tuple(_item(notice, part) for notice in part.notices),
    )
    return msgspec.json.encode(found) + b"\n"


def _item(notice: Notice, part: Part) -> _Item:
    moment = _moment(notice.day)
    return _Item(
        _urn(notice.identity),
        part.place(notice),
        notice.title,
        notice.html,
        moment,
        moment,
        _About(notice.policy, notice.version, notice.verdict) if notice.policy else UNSET,
    )


# --- shared ---------------------------------------------------------------------------------------


def _urn(identity: str) -> str:
    return uuid.uuid5(_IDS, identity).urn


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


# --- the files ------------------------------------------------------------------------------------

_CHANNELS: tuple[tuple[str, str, Callable[[BookContext], Iterator[Channel]]], ...] = (
    ("", "all changes", entries.of_site),
    ("changes/removals/", "what was taken away", entries.of_removals),
    ("services/{prefix}/", "a service", entries.of_services),
    ("policies/{name}/", "a policy", entries.of_policies),
    ("groups/{slug}/", "a topic", entries.of_groups),
)

_FORMS: tuple[tuple[str, str, Callable[[Part], bytes]], ...] = (
    ("xml", "Atom feed", atom),
    ("json", "JSON Feed", json_feed),
)


def _files(
    channels: Callable[[BookContext], Iterator[Channel]],
    ending: str,
    render: Callable[[Part], bytes],
    context: BookContext,
) -> Iterator[SiteFile]:
    """Yields every feed with its archives in one form."""
    for channel in channels(context):
        for part in _parts(channel, context.book.facts.title, context.site_url):
            path = channel.url + part.name(ending, part.number)
            yield SiteFile(path, partial(render, part), channel.depends)


FILES = tuple(
    FileFamily(
        f"{place}feed.{ending}", f"{form} of {holds}", partial(_files, channels, ending, render)
    )
    for place, holds, channels in _CHANNELS
    for ending, form, render in _FORMS
)
