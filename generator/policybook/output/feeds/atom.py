"""Writes a file of a feed as Atom (RFC 4287)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from policybook.output import xml_writer
from policybook.output.feeds.archives import FeedFile, timestamp, urn
from policybook.output.feeds.entries import FeedEntry

_EPOCH = date(1970, 1, 1)
_NAMESPACE = {"xmlns": "http://www.w3.org/2005/Atom"}
_HISTORY = {"xmlns:fh": "http://purl.org/syndication/history/1.0"}  # RFC 5005
_ATOM = "application/atom+xml"
_HTML = {"type": "html"}


def atom(file: FeedFile) -> bytes:
    """Write the file as Atom; `updated` is the date of its newest entry."""
    entries = file.entries
    updated = max((entry.day for entry in entries), default=_EPOCH)
    inner = (
        xml_writer.element("title", file.title),
        xml_writer.element("id", urn(file.feed.identity)),
        xml_writer.element("updated", timestamp(updated)),
        xml_writer.nested("author", {"name": file.author}),
        xml_writer.element("fh:archive") if file.number else "",
        *(_link(relation, kind, address) for relation, kind, address in _links(file)),
        *(_entry(entry, file) for entry in entries),
    )
    namespaces = _NAMESPACE | (_HISTORY if file.archives else {})
    return xml_writer.document(xml_writer.around("feed", inner, namespaces))


def _links(file: FeedFile) -> Iterator[tuple[str, str, str]]:
    """Yield the relation, type and address of each link of the feed."""
    if file.site_url:
        yield "alternate", "text/html", file.page
        yield "self", _ATOM, file.address("xml", file.number)
    if file.older:
        yield "prev-archive", _ATOM, file.address("xml", file.older)
    if file.number:
        yield "current", _ATOM, file.address("xml", 0)
    if 0 < file.number < file.archives:
        yield "next-archive", _ATOM, file.address("xml", file.number + 1)


def _entry(entry: FeedEntry, file: FeedFile) -> str:
    moment = timestamp(entry.day)
    return xml_writer.around(
        "entry",
        (
            xml_writer.element("title", entry.title),
            xml_writer.element("id", urn(entry.identity)),
            xml_writer.element("updated", moment),
            xml_writer.element("published", moment),
            _link("alternate", "text/html", file.entry_address(entry)),
            xml_writer.element("content", entry.html, _HTML),
        ),
    )


def _link(relation: str, kind: str, address: str) -> str:
    return xml_writer.element("link", "", {"rel": relation, "type": kind, "href": address})
