"""Feeds as a feed reader sees them: Atom (RFC 4287), JSON Feed 1.1, archives (RFC 5005)."""

from __future__ import annotations

import html
import json
import re
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import atoma
import feedparser
import pytest
from policybook.analysis.index import index
from policybook.book.context import BookContext
from policybook.data.loader import load
from policybook.model.book import Book, BookFile
from policybook.model.policies import Policy, PolicyFacts, Version, VersionFacts
from policybook.output.feeds.feed_files import FILES

from tests.support.addresses import config_with_address
from tests.support.books import REPOSITORY, small_catalogue
from tests.support.documents import document_of_list as of
from tests.support.html import read_html, read_site_url
from tests.support.sites import built

IDS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:policybook")
ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "{http://purl.org/syndication/history/1.0}"


@pytest.fixture(scope="module")
def data() -> Book:
    """The book that the feeds are about."""
    return load(REPOSITORY / "data")


def feeds(site: Path) -> Iterator[tuple[str, bytes]]:
    """Every Atom feed of the site: its path and content."""
    for path in sorted(site.rglob("feed.xml")):
        yield path.relative_to(site).as_posix(), path.read_bytes()


def days(entry: Any) -> tuple[date, date]:
    """The dates on which the entry was published and updated."""
    return date(*entry.published_parsed[:3]), date(*entry.updated_parsed[:3])


def test_the_site_removals_groups_services_and_policies_each_have_a_feed(
    site: Path, data: Book
) -> None:
    """As Atom and as JSON Feed."""
    expected = {"feed.xml", "changes/removals/feed.xml"}
    expected |= {f"groups/{slug}/feed.xml" for slug in data.groups}
    expected |= {f"policies/{name}/feed.xml" for name in data.policies}
    services = (site / "api/v1/services").glob("*.json")
    expected |= {f"services/{path.stem}/feed.xml" for path in services}
    assert {path for path, _ in feeds(site)} == expected
    json_feeds = {path.relative_to(site).as_posix() for path in site.rglob("feed.json")}
    assert json_feeds == {path.replace(".xml", ".json") for path in expected}


def test_every_feed_parses_as_atom(site: Path) -> None:
    for path, content in feeds(site):
        parsed = feedparser.parse(content)
        assert not parsed.bozo, (path, parsed.get("bozo_exception"))
        assert parsed.version == "atom10", path


def test_every_feed_has_the_elements_that_atom_requires(site: Path) -> None:
    """RFC 4287, sections 4.1.1 and 4.1.2: one id, title and date each, and one author."""
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


def test_ids_are_unique_uuids(site: Path) -> None:
    """No two feeds have the same id, nor two entries of one feed; none contains an address."""
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
    config = config_with_address(tmp_path / "moved", "https://elsewhere.example/book/")
    moved = dict(feeds(built(tmp_path / "site", "-f", config)))
    for path, content in feeds(site):
        there = feedparser.parse(moved[path])
        assert [e.id for e in feedparser.parse(content).entries] == [e.id for e in there.entries]
        links = [entry.link for entry in there.entries]
        assert all(link.startswith("https://elsewhere.example/book/") for link in links)


def test_links_are_absolute_and_lead_to_pages(site: Path) -> None:
    """A feed links to itself and its page, an entry to an anchor that exists."""
    own = read_site_url(site)
    for path, content in feeds(site):
        parsed = feedparser.parse(content)
        links = {link.rel: link.href for link in parsed.feed.links}
        assert links == {"self": own + path, "alternate": own + path.removesuffix("feed.xml")}
        for entry in parsed.entries:
            url, _, anchor = entry.link.removeprefix(own).partition("#")
            page = read_html((site / url / "index.html").read_text())
            assert anchor in {element.get("id") for element in page}, entry.link


def test_entries_are_listed_newest_first(site: Path) -> None:
    """The feed's own date is that of its newest entry."""
    for path, content in feeds(site):
        parsed = feedparser.parse(content)
        dates = [days(entry)[1] for entry in parsed.entries]
        assert dates == sorted(dates, reverse=True), path
        if dates:
            assert date(*parsed.feed.updated_parsed[:3]) == dates[0], path


def test_a_policy_feed_has_an_entry_for_each_dated_version(site: Path, data: Book) -> None:
    """With the date and the description of the data."""
    for name, policy in data.policies.items():
        parsed = feedparser.parse((site / f"policies/{name}/feed.xml").read_bytes())
        dated = {version.key: version.day for version in policy.versions if version.day}
        found = {entry.link.partition("#")[2]: days(entry) for entry in parsed.entries}
        assert found == {key: (day, day) for key, day in dated.items()}, name
        for entry in parsed.entries:
            version = policy.version(entry.link.partition("#")[2])
            assert version
            change = html.escape((version.facts.change or "").replace("`", ""))
            assert change in entry.content[0].value, entry.link


def test_a_group_feed_has_the_versions_of_its_policies_and_its_tracking(
    site: Path, data: Book
) -> None:
    for slug, group in data.groups.items():
        parsed = feedparser.parse((site / f"groups/{slug}/feed.xml").read_bytes())
        expected = [v.day for name in group.policies for v in data.policies[name].versions if v.day]
        expected += [group.tracking.since] if group.tracking else []
        assert [days(e)[0] for e in parsed.entries] == sorted(expected, reverse=True), slug


def test_the_site_feed_has_all_events(site: Path, data: Book) -> None:
    """The newest fifty of all dated versions and all starts of tracking."""
    expected = [v.day for p in data.policies.values() for v in p.versions if v.day]
    expected += [group.tracking.since for group in data.groups.values() if group.tracking]
    parsed = feedparser.parse((site / "feed.xml").read_bytes())
    assert [days(e)[0] for e in parsed.entries] == sorted(expected, reverse=True)[:50]


def test_the_json_feed_has_the_same_entries(site: Path) -> None:
    """And the fields that JSON Feed 1.1 requires: version, title, and id and content of items."""
    for path, content in feeds(site):
        parsed = feedparser.parse(content)
        raw = (site / path.replace(".xml", ".json")).read_bytes()
        found = json.loads(raw)
        read = atoma.parse_json_feed_bytes(raw)
        assert [(item.id_, item.title, item.content_html) for item in read.items] == [
            (entry.id, entry.title, entry.content[0].value) for entry in parsed.entries
        ]
        assert found["version"] == "https://jsonfeed.org/version/1.1"
        assert found["title"] == parsed.feed.title
        assert found["home_page_url"] == read_site_url(site) + path.removesuffix("feed.xml")
        assert found["feed_url"] == read_site_url(site) + path.replace(".xml", ".json")
        assert [author["name"] for author in found["authors"]] == [parsed.feed.author]
        items = [
            (item["id"], item["title"], item["url"], item["content_html"], item["date_published"])
            for item in found["items"]
        ]
        assert items == [
            (e.id, e.title, e.link, e.content[0].value, e.published) for e in parsed.entries
        ]
        for item in found["items"]:
            assert item["date_published"] == item["date_modified"]
            datetime.fromisoformat(item["date_published"])


def test_titles_have_the_verdict_and_contents_the_evidence(site: Path) -> None:
    """The grants that the version gained, and the version it is compared with."""
    name = "AmazonSageMakerPipelinesIntegrations"
    newest = feedparser.parse((site / f"policies/{name}/feed.xml").read_bytes()).entries[0]
    assert newest.title == f"{name} v3: widened"
    text = newest.content[0].value
    assert "Compared with v1." in text
    assert "<li>added: lambda:GetFunction on arn:aws:lambda:*:*:function:*SageMaker*, " in text
    assert newest.content[0].type == "text/html"


def test_a_service_feed_is_limited_to_that_service(site: Path) -> None:
    """Both the verdict and the evidence."""
    parsed = feedparser.parse((site / "services/lambda/feed.xml").read_bytes())
    titles = [entry.title for entry in parsed.entries]
    assert titles == ["AmazonSageMakerPipelinesIntegrations v3: widened on lambda"]
    assert "elasticmapreduce:RunJobFlow" not in parsed.entries[0].content[0].value


# --- long feeds, unusual text, versions without effect --------------------------------------------


Files = dict[str, bytes]


def of_versions(*bodies: list[dict[str, Any]], site_url: str = "https://book.example/") -> Files:
    """The feeds of a book with one policy.

    Args:
        bodies: The statements of its versions, the oldest first; one version a day.
        site_url: The address of the site.
    """
    start = date(2020, 1, 1)
    listed = tuple(
        Version(
            f"v{n}",
            VersionFacts(id=f"v{n}", published=start + timedelta(n), change=f"Number {n} <&>\x01."),
            of(body),
        )
        for n, body in reversed([*enumerate(bodies, 1)])
    )
    facts = PolicyFacts(name="P", arn="arn:aws:iam::aws:policy/P", type="aws-managed")
    book = Book(BookFile(title="Book & more", introduction=()), {"P": Policy(facts, listed)})
    context = BookContext(book, index(book), small_catalogue(), site_url=site_url)
    files = (file for family in FILES for file in family.files(context))
    return {file.path: file.render() for file in files}


def growing(count: int) -> list[list[dict[str, Any]]]:
    """Documents that each grant one action more than the one before."""
    return [
        [{"Effect": "Allow", "Action": [f"s3:A{k}" for k in range(n + 1)], "Resource": "*"}]
        for n in range(count)
    ]


def test_versions_without_effect_are_left_out() -> None:
    one = [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]
    same = [{"Effect": "Allow", "Action": ["s3:getobject"], "Resource": ["*"]}]
    parsed = feedparser.parse(of_versions(one, same, one)["feed.xml"])
    assert [entry.title for entry in parsed.entries] == ["P v1: first known document"]


def test_text_with_markup_or_control_characters_keeps_feeds_valid() -> None:
    """Markup is escaped as HTML and as XML; characters not allowed in XML become U+FFFD."""
    for path, content in of_versions(*growing(2)).items():
        if path.endswith(".xml"):
            parsed = feedparser.parse(content)
            assert not parsed.bozo, parsed.get("bozo_exception")
            assert all("<&>" not in entry.content[0].value for entry in parsed.entries)
    text = feedparser.parse(of_versions(*growing(2))["feed.xml"]).entries[0].content[0].value
    assert "Number 2 &lt;&amp;&gt;\ufffd." in text


@pytest.mark.parametrize("count", [1, 50, 51, 99, 100, 149, 150, 260])
def test_archives_have_all_entries_of_a_long_feed(count: int) -> None:
    """In order, following `prev-archive` (RFC 5005, section 4); none is missing."""
    made = of_versions(*growing(count))
    path, found, seen = "feed.xml", [], []
    while path:
        parsed = feedparser.parse(made[path])
        seen.append(path)
        found += [entry.id for entry in parsed.entries]
        links = {link.rel: link.href for link in parsed.feed.links}
        assert links["self"] == f"https://book.example/{path}"
        is_archive = ET.fromstring(made[path]).find(f"{HISTORY}archive") is not None  # noqa: S314  # our own output
        assert ("current" in links) == is_archive == (path != "feed.xml")
        path = links.get("prev-archive", "").removeprefix("https://book.example/")
    assert len(dict.fromkeys(found)) == count
    assert [*dict.fromkeys(found)] == [
        uuid.uuid5(IDS, f"arn:aws:iam::aws:policy/P@v{n}").urn for n in range(count, 0, -1)
    ]
    assert set(seen) == {name for name in made if name.startswith("feed") and name.endswith("xml")}
    assert (len(seen) > 1) == (count > 50 and count >= 100)


def test_json_feeds_have_the_same_archives() -> None:
    """`next_url` is the address of the next older archive."""
    made = of_versions(*growing(230))
    path, found = "feed.json", []
    while path:
        parsed = json.loads(made[path])
        found += [item["id"] for item in parsed["items"]]
        path = parsed.get("next_url", "").removeprefix("https://book.example/")
    assert len(dict.fromkeys(found)) == 230


def test_archives_do_not_change_when_versions_are_added() -> None:
    """Except for the link to the next newer archive once there is one."""
    before, after = of_versions(*growing(230)), of_versions(*growing(260))
    assert before["feed-1.xml"] == after["feed-1.xml"]
    assert before["feed-1.json"] == after["feed-1.json"]


def test_without_site_url_a_feed_has_no_absolute_address() -> None:
    made = of_versions(*growing(2), site_url="")
    assert feedparser.parse(made["feed.xml"]).feed.get("links", []) == []
    found = json.loads(made["feed.json"])
    assert not {"home_page_url", "feed_url", "next_url"} & found.keys()


def test_without_site_url_links_are_relative_to_the_feed() -> None:
    made = of_versions(*growing(120), site_url="")
    parsed = ET.fromstring(made["services/s3/feed.xml"])  # noqa: S314  # our own output
    hrefs = [link.get("href") for link in parsed.iter(f"{ATOM}link")]
    assert hrefs[:2] == ["feed-1.xml", "../../policies/P/#v120"]
    found = json.loads(made["services/s3/feed.json"])
    assert (found["next_url"], found["items"][0]["url"]) == (
        "feed-1.json",
        "../../policies/P/#v120",
    )


def test_the_feed_of_removals_has_kinds_and_versions() -> None:
    two, one = reversed(growing(2))
    made = of_versions(two, one, two)
    (entry,) = feedparser.parse(made["changes/removals/feed.xml"]).entries
    assert entry.title == "P v2: narrowed, removed"
    assert entry.link == "https://book.example/changes/removals/#P-v2"
    assert "Removed since v1." in entry.content[0].value
    assert "<p>Removed, s3:</p>" in entry.content[0].value


def test_pages_name_their_feed(site: Path, data: Book) -> None:
    """In the head, in both formats."""
    for path, _ in feeds(site):
        page = site / path.removesuffix("feed.xml") / "index.html"
        head = read_html(page.read_text()).all("head")[0]
        named = [e for e in head.all("link") if e.get("type") == "application/atom+xml"]
        assert len(named) == 1, path
        (other,) = [e for e in head.all("link") if e.get("type") == "application/feed+json"]
        assert other.get("href") == named[0].get("href").replace(".xml", ".json")
        assert "alternate" in named[0].get("rel").split()
        assert (page.parent / named[0].get("href")).resolve() == (site / path).resolve()
