"""The sitemap (sitemaps.org, protocol 0.9)."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import date

from policybook.build.sitemap import files

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SITE = "https://book.example/"


def written(*urls: str, most: int = 3) -> dict[str, tuple[str, list[str | None]]]:
    """The root's name and the addresses of each file of the sitemap."""
    found = {}
    for output in files(dict.fromkeys(urls), SITE, most):
        root = ET.fromstring(output.render())  # noqa: S314  # our own output
        places = [place.text for entry in root for place in entry]
        found[output.path] = (root.tag.removeprefix(NAMESPACE), places)
    return found


def test_addresses_are_in_order_and_listed_once() -> None:
    """They are percent-encoded, like the URLs of pages."""
    found = written("b/", "a & b/", "", "b/")
    expected = [SITE, f"{SITE}a%20%26%20b/", f"{SITE}b/"]
    assert found == {"sitemap.xml": ("urlset", expected)}


def test_a_page_has_the_day_of_its_last_change_if_that_is_known() -> None:
    """As `lastmod`; the index of several files has none."""
    days = {"a/": date(2020, 1, 2), "b/": None}
    (one,) = files(days, SITE)
    root = ET.fromstring(one.render())  # noqa: S314  # our own output
    assert [[place.text for place in entry] for entry in root] == [
        [f"{SITE}a/", "2020-01-02"],
        [f"{SITE}b/"],
    ]
    index, *_ = files(days, SITE, most=1)
    assert b"lastmod" not in index.render()


def test_above_the_limit_an_index_lists_several_files() -> None:
    """Each URL is in one of them."""
    assert written("a/", "b/", "c/", "d/") == {
        "sitemap.xml": ("sitemapindex", [f"{SITE}sitemap-1.xml", f"{SITE}sitemap-2.xml"]),
        "sitemap-1.xml": ("urlset", [f"{SITE}a/", f"{SITE}b/", f"{SITE}c/"]),
        "sitemap-2.xml": ("urlset", [f"{SITE}d/"]),
    }
