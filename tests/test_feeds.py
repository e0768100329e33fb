"""Atom feeds as a reader's program sees them (RFC 4287): of the site, each group, each policy."""

from __future__ import annotations

import re
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import feedparser
import pytest

from generator.load import load
from generator.model import Book
from tests.conftest import REPOSITORY, built, read_html, read_site_url

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def data() -> Book:
    """The book whose changes the feeds tell."""
    return load(REPOSITORY / "data")


def feeds(site: Path) -> Iterator[tuple[str, bytes]]:
    """Every feed of the site: its address and its bytes."""
    for path in sorted(site.rglob("feed.xml")):
        yield path.relative_to(site).as_posix(), path.read_bytes()


def days(entry: Any) -> tuple[date, date]:
    """The days on which the entry says that it was published and updated."""
    return date(*entry.published_parsed[:3]), date(*entry.updated_parsed[:3])


def test_site_groups_and_policies_have_a_feed(site: Path, data: Book) -> None:
    expected = {"feed.xml"}
    expected |= {f"groups/{slug}/feed.xml" for slug in data.groups}
    expected |= {f"policies/{name}/feed.xml" for name in data.policies}
    assert {path for path, _ in feeds(site)} == expected


def test_every_feed_parses_as_atom(site: Path) -> None:
    for path, content in feeds(site):
        parsed = feedparser.parse(content)
        assert not parsed.bozo, (path, parsed.get("bozo_exception"))
        assert parsed.version == "atom10", path


def test_every_feed_has_what_atom_requires(site: Path) -> None:
    """Sections 4.1.1 and 4.1.2: id, title, updated and author once; of every entry too."""
    for path, content in feeds(site):
        root = ET.fromstring(content)  # noqa: S314  # our own output
        assert root.tag == f"{ATOM}feed"
        assert len(root.findall(f"{ATOM}author/{ATOM}name")) == 1, path
        for element in (root, *root.iter(f"{ATOM}entry")):
            for tag in ("id", "title", "updated"):
                found = element.findall(ATOM + tag)
                assert len(found) == 1, (path, tag)
                assert found[0].text, (path, tag)
        for moment in (*root.iter(f"{ATOM}updated"), *root.iter(f"{ATOM}published")):
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment.text or ""), path


def test_ids_are_permanent_and_told_apart(site: Path) -> None:
    """Each is a UUID without an address in it; no two feeds and no two entries of one share it."""
    of_feeds = []
    for path, content in feeds(site):
        parsed = feedparser.parse(content)
        ids = [parsed.feed.id, *(entry.id for entry in parsed.entries)]
        assert len(set(ids)) == len(ids), path
        assert all(uuid.UUID(found).urn == found for found in ids)
        of_feeds.append(parsed.feed.id)
    assert len(set(of_feeds)) == len(of_feeds)


def test_ids_stay_when_the_site_moves(site: Path, tmp_path: Path) -> None:
    """A reader's program does not show everything as new at another address."""
    config = tmp_path / "moved.yml"
    config.write_text(
        f"INHERIT: {REPOSITORY}/mkdocs.yml\ndocs_dir: {REPOSITORY}/docs\n"
        "site_url: https://elsewhere.example/book/\n"
        f"plugins:\n  - search\n  - policybook: {{data_dir: {REPOSITORY}/data}}\n"
    )
    moved = dict(feeds(built(tmp_path / "site", "-f", config)))
    for path, content in feeds(site):
        there = feedparser.parse(moved[path])
        assert [e.id for e in feedparser.parse(content).entries] == [e.id for e in there.entries]
        links = [entry.link for entry in there.entries]
        assert all(link.startswith("https://elsewhere.example/book/") for link in links)


def test_links_are_absolute_and_lead_to_pages(site: Path) -> None:
    """The feed names itself and its page, and every entry the place where the change is told."""
    own = read_site_url(site)
    for path, content in feeds(site):
        parsed = feedparser.parse(content)
        links = {link.rel: link.href for link in parsed.feed.links}
        assert links == {"self": own + path, "alternate": own + path.removesuffix("feed.xml")}
        for entry in parsed.entries:
            url, _, anchor = entry.link.removeprefix(own).partition("#")
            page = read_html((site / url / "index.html").read_text())
            assert anchor in {element.get("id") for element in page}, entry.link


def test_entries_stand_newest_first(site: Path) -> None:
    """The feed was updated when its newest entry was."""
    for path, content in feeds(site):
        parsed = feedparser.parse(content)
        dates = [days(entry)[1] for entry in parsed.entries]
        assert dates == sorted(dates, reverse=True), path
        if dates:
            assert date(*parsed.feed.updated_parsed[:3]) == dates[0], path


def test_a_policys_feed_tells_its_versions_on_their_days(site: Path, data: Book) -> None:
    """One entry for each dated version, with the date of the data and its own words."""
    for name, policy in data.policies.items():
        parsed = feedparser.parse((site / f"policies/{name}/feed.xml").read_bytes())
        dated = {version.key: version.day for version in policy.versions if version.day}
        found = {entry.link.partition("#")[2]: days(entry) for entry in parsed.entries}
        assert found == {key: (day, day) for key, day in dated.items()}, name
        for entry in parsed.entries:
            version = policy.version(entry.link.partition("#")[2])
            assert version
            change = (version.facts.change or "").replace("`", "")
            assert change in entry.content[0].value, entry.link


def test_a_groups_feed_tells_its_policies_and_its_tracking(site: Path, data: Book) -> None:
    for slug, group in data.groups.items():
        parsed = feedparser.parse((site / f"groups/{slug}/feed.xml").read_bytes())
        expected = [v.day for name in group.policies for v in data.policies[name].versions if v.day]
        expected += [group.tracking.since] if group.tracking else []
        assert [days(e)[0] for e in parsed.entries] == sorted(expected, reverse=True), slug


def test_the_sites_feed_tells_everything(site: Path, data: Book) -> None:
    """Every dated version of every policy and every start of tracking: the newest fifty of them."""
    expected = [v.day for p in data.policies.values() for v in p.versions if v.day]
    expected += [group.tracking.since for group in data.groups.values() if group.tracking]
    parsed = feedparser.parse((site / "feed.xml").read_bytes())
    assert [days(e)[0] for e in parsed.entries] == sorted(expected, reverse=True)[:50]


def test_pages_name_their_feed(site: Path, data: Book) -> None:
    """Home, groups and policies say in their heads where their feed is."""
    for path, _ in feeds(site):
        page = site / path.removesuffix("feed.xml") / "index.html"
        head = read_html(page.read_text()).all("head")[0]
        named = [e for e in head.all("link") if e.get("type") == "application/atom+xml"]
        assert len(named) == 1, path
        assert "alternate" in named[0].get("rel").split()
        assert (page.parent / named[0].get("href")).resolve() == (site / path).resolve()
