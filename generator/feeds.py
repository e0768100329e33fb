"""Atom feeds (RFC 4287) of the changes: for the site, each group and each policy.

Ids are UUIDs made from a policy's ARN and a version, so that they stay when the site moves; dates
are the data's own.
"""

from __future__ import annotations

import uuid
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial

from generator import routes
from generator.model import Book
from generator.pages.origins import WHOLE, Origin, Output, of_policy
from generator.pages.topics import group_changes
from generator.pages.views import ChangeLine, Sources

NAMESPACE = "http://www.w3.org/2005/Atom"
MOST = 50
_IDS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:policybook")
_EPOCH = date(1970, 1, 1)


def files(sources: Sources, site_url: str) -> Iterator[Output]:
    """Every feed."""
    book, title = sources.book, sources.book.facts.title

    def output(
        url: str, name: str, identity: str, lines: Iterable[ChangeLine], origin: Origin
    ) -> Output:
        make = partial(_feed, book, f"{title}: {name}", url, identity, lines, site_url)
        return Output(f"{url}feed.xml", make, origin)

    lines = sources.change_lines
    yield output("", "changes", "site", lines, WHOLE)
    for slug, group in book.groups.items():
        found = group_changes(sources, slug)
        yield output(routes.group(slug).url, group.title, f"group/{slug}", found, WHOLE)
    by_policy: dict[str, list[ChangeLine]] = {name: [] for name in book.policies}
    for line in lines:
        if line.policy:
            by_policy[line.policy].append(line)
    for name, own in by_policy.items():
        url = routes.policy(name).url
        yield output(url, name, _identity(book, name), own, of_policy(sources, name))


def _feed(
    book: Book, title: str, url: str, identity: str, lines: Iterable[ChangeLine], site_url: str
) -> bytes:
    shown = list(lines)[:MOST]
    feed = ET.Element("feed", xmlns=NAMESPACE)
    _text(feed, "title", title)
    _text(feed, "id", _urn(identity))
    _text(feed, "updated", _moment(max((line.day for line in shown), default=_EPOCH)))
    ET.SubElement(ET.SubElement(feed, "author"), "name").text = book.facts.title
    if site_url:
        ET.SubElement(feed, "link", rel="alternate", type="text/html", href=site_url + url)
        ET.SubElement(
            feed, "link", rel="self", type="application/atom+xml", href=f"{site_url}{url}feed.xml"
        )
    for line in shown:
        _entry(feed, book, line, site_url)
    ET.indent(feed)
    text: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _entry(feed: ET.Element, book: Book, line: ChangeLine, site_url: str) -> None:
    entry = ET.SubElement(feed, "entry")
    if line.policy:
        target = routes.policy(line.policy, line.key)
        identity = f"{_identity(book, line.policy)}@{line.key}"
    else:
        target = routes.group(line.group, "updates")
        identity = f"group/{line.group}@tracking"
    _text(entry, "title", f"{line.title}: {line.verdict or line.note}")
    _text(entry, "id", _urn(identity))
    _text(entry, "updated", _moment(line.day))
    _text(entry, "published", _moment(line.day))
    ET.SubElement(
        entry,
        "link",
        rel="alternate",
        type="text/html",
        href=f"{site_url}{target.url}#{target.anchor}",
    )
    _text(entry, "content", _content(line), type="text")


def _identity(book: Book, name: str) -> str:
    return book.policies[name].facts.arn or f"policy/{name}"


def _content(line: ChangeLine) -> str:
    counts = f"Gained {line.gained}, lost {line.lost} grants. " if line.verdict else ""
    return (counts + line.text.replace("`", "")).strip() or line.note


def _text(parent: ET.Element, tag: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, tag, attributes).text = text


def _urn(identity: str) -> str:
    return uuid.uuid5(_IDS, identity).urn


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
