"""The sitemap (sitemaps.org, protocol 0.9), split into several files if necessary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from urllib.parse import quote

from policybook.book.site_file import SiteFile
from policybook.output import xml_writer

# The protocol's limit of URLs in a file.
MOST = 50_000


Days = Mapping[str, date | None]


def files(pages: Days, site_url: str, most: int = MOST) -> Iterator[SiteFile]:
    """List the files of the sitemap.

    Args:
        pages: The URLs of all pages relative to the site's root, in any order, each with the day
            on which what it shows last changed, or None if that is unknown.
        site_url: The URL of the site, ending in a slash, or "".
        most: The maximum number of URLs in a file.

    Yields:
        `sitemap.xml` with the URLs sorted; or, with more than `most` of them, an index of
        `sitemap-1.xml` and so on, followed by those files. Without `site_url` nothing, since the
        protocol requires absolute URLs.
    """
    if not site_url:
        return
    ordered = sorted(pages)
    parts = [ordered[at : at + most] for at in range(0, len(ordered), most)]
    if len(parts) == 1:
        yield SiteFile("sitemap.xml", partial(_file, "urlset", "url", ordered, pages, site_url))
        return
    names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    yield SiteFile("sitemap.xml", partial(_file, "sitemapindex", "sitemap", names, {}, site_url))
    for name, part in zip(names, parts, strict=True):
        yield SiteFile(name, partial(_file, "urlset", "url", part, pages, site_url))


def _file(name: str, entry: str, urls: Sequence[str], days: Days, site_url: str) -> bytes:
    document = xml_writer.root(name, {"xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9"})
    for url in urls:
        changed = {"lastmod": str(day)} if (day := days.get(url)) else {}
        loc = site_url + quote(url, safe="/+=,@")
        xml_writer.nested(document, entry, {"loc": loc, **changed})
    return xml_writer.to_bytes(document)
