"""Writes a file of a feed as Atom (RFC 4287)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from xml.etree.ElementTree import Element  # XML is only written, never parsed

from policybook.output import xml_writer
from policybook.output.feeds.archives import FeedFile, timestamp, urn
from policybook.output.feeds.entries import FeedEntry

_EPOCH = date(1970, 1, 1)
_NAMESPACE = {"xmlns": "http://www.w3.org/2005/Atom"}
_HISTORY = {"xmlns:fh": "http://purl.org/syndication/history/1.0"}  # RFC 5005
_ATOM = "application/atom+xml"


def atom(file: FeedFile) -> bytes:
    """Write the file as Atom; `updated` is the date of its newest entry."""
    entries = file.entries
    document = xml_writer.root("feed", _NAMESPACE | (_HISTORY if file.archives else {}))
    xml_writer.child(document, "title", file.title)
    xml_writer.child(document, "id", urn(file.feed.identity))
    updated = max((entry.day for entry in entries), default=_EPOCH)
    xml_writer.child(document, "updated", timestamp(updated))
    xml_writer.nested(document, "author", {"name": file.author})
    if file.number:
        xml_writer.child(document, "fh:archive")
    for relation, kind, address in _links(file):
        _link(document, relation, kind, address)
    for entry in entries:
        _entry(document, entry, file)
    return xml_writer.to_bytes(document)


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


def _entry(document: Element, entry: FeedEntry, file: FeedFile) -> None:
    element = xml_writer.parent(document, "entry")
    xml_writer.child(element, "title", entry.title)
    xml_writer.child(element, "id", urn(entry.identity))
    xml_writer.child(element, "updated", timestamp(entry.day))
    xml_writer.child(element, "published", timestamp(entry.day))
    _link(element, "alternate", "text/html", file.entry_address(entry))
    xml_writer.child(element, "content", entry.html, {"type": "html"})


def _link(around: Element, relation: str, kind: str, address: str) -> None:
    xml_writer.child(around, "link", "", {"rel": relation, "type": kind, "href": address})
