"""The whole build: reproducible, atomic, without broken links, and with all text escaped."""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urljoin

import pytest
import yaml
from mkdocs.commands.build import build
from mkdocs.config import load_config
from policybook.build.planner import plan_site
from policybook.build.site_files import SiteFiles
from policybook.build.starter_book import start_book
from policybook.mkdocs_plugin.plugin import PolicybookPlugin
from policybook.output.html.templating import templates_folder
from policybook.output.html.theme_frame import Frames
from policybook.pages.page import Page

from tests.support.addresses import SITE_URL, config_with_address
from tests.support.book_folders import HOSTILE
from tests.support.books import REPOSITORY
from tests.support.cli import refusal
from tests.support.html import Element, dead_links, pages, read_html, read_site_url
from tests.support.sites import built, built_in_process, command, contents, environment, once

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def leftovers(folder: Path) -> list[str]:
    """Other files in the folder that contains the site."""
    return sorted(path.name for path in folder.iterdir() if path.name != "site")


@pytest.fixture(scope="session")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small book with its site, built once; tests only read it."""

    def make(folder: Path) -> None:
        start_book(folder)
        built(folder / "site", cwd=folder)

    return once(tmp_path_factory, "small", make)


@pytest.fixture
def built_book(small_site: Path, tmp_path: Path) -> Path:
    """A copy of it, without its build cache."""
    folder = tmp_path / "book"
    shutil.copytree(small_site, folder, ignore=shutil.ignore_patterns(".cache"))
    return folder


# --- the same bytes -------------------------------------------------------------------------------


def test_mkdocs_builds_the_same_site(site: Path, tmp_path: Path) -> None:
    """Another build writes the same: the order of sets, the folder and the clock do not matter.

    The one is `policybook build`, with any order of sets; the other is `mkdocs build`.
    """
    config, folder = config_with_address(tmp_path), tmp_path / "elsewhere" / "site"
    options = ("-q", "-f", config, "-d", folder)
    ran = command("build", *options, module="mkdocs", PYTHONHASHSEED="2", TZ="Pacific/Auckland")
    assert ran.returncode == 0, ran.stderr
    assert contents(folder) == contents(site)


def test_the_site_is_complete(site: Path, site_pages: Mapping[str, Element]) -> None:
    """It has all planned pages and data files."""
    planned = {page.url for page in plan_site(REPOSITORY / "data").pages}
    assert planned <= set(site_pages)
    assert {"404.html", "sitemap.xml", "feed.xml", "api/v1/index.json"} <= set(contents(site))


# --- the previous site is kept --------------------------------------------------------------------


def test_an_error_in_the_data_leaves_the_previous_site(built_book: Path) -> None:
    """The build exits with 1, names file and line, and leaves nothing behind."""
    book = built_book
    before = contents(book / "site")
    around = leftovers(book)
    policy = book / "data/policies/ExampleReportReader/policy.yml"
    lines = policy.read_text().splitlines()
    line = next(n for n, text in enumerate(lines, 1) if text.startswith("type:"))
    lines[line - 1] = "type: customer"
    policy.write_text("\n".join(lines))
    ran = command("build", "-d", book / "site", cwd=book)
    assert ran.returncode == 1
    assert f"policies/ExampleReportReader/policy.yml:{line}" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert contents(book / "site") == before
    assert leftovers(book) == around


def test_invalid_yaml_leaves_the_previous_site(built_book: Path) -> None:
    """It is an error like any other."""
    book = built_book
    before = contents(book / "site")
    (book / "data/policies/ExampleReportReader/v2.yml").write_text("Version: '2012-10-17'\n}{\n")
    ran = command("build", "-d", book / "site", cwd=book)
    assert ran.returncode == 1
    assert "policies/ExampleReportReader/v2.yml:2" in ran.stderr
    assert contents(book / "site") == before


def test_an_error_after_the_pages_leaves_the_previous_site(built_book: Path) -> None:
    """A hook that fails at the very end of a build removes nothing."""
    book = built_book
    before = contents(book / "site")
    (book / "fail.py").write_text("def on_post_build(config):\n    raise RuntimeError('late')\n")
    with (book / "mkdocs.yml").open("a") as config:
        config.write("hooks: [fail.py]\n")
    around = leftovers(book)
    assert command("build", "-d", book / "site", cwd=book).returncode != 0
    assert contents(book / "site") == before
    assert [name for name in leftovers(book) if name != "__pycache__"] == around


def test_a_strict_build_with_a_warning_does_not_publish(built_book: Path) -> None:
    """The same book builds if warnings are allowed, and prints them."""
    book = built_book
    before = contents(book / "site")
    around = leftovers(book)
    with (book / "docs/keeping.md").open("a") as page:
        page.write("\n[nowhere](missing.md)\n")
    strict = command("build", "--strict", "-d", book / "site", cwd=book)
    assert strict.returncode not in (0, 1), strict.stderr
    assert "missing.md" in strict.stderr
    assert contents(book / "site") == before
    assert leftovers(book) == around
    built(book / "site", cwd=book)
    assert contents(book / "site") != before


def test_a_killed_build_leaves_the_previous_site(site: Path, tmp_path: Path) -> None:
    """A build killed while it writes pages leaves a folder, which the next build removes."""
    config = config_with_address(tmp_path / "book")
    folder = tmp_path / "sites"
    target = folder / "site"
    shutil.copytree(site, target)
    (target / "only-before.txt").write_text("still here")
    before = contents(target)
    killed = subprocess.Popen(
        [sys.executable, "-m", "policybook", "build", "-f", config, "-d", target],
        cwd=REPOSITORY,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while killed.poll() is None and not list(folder.glob(".site.building-*/policies")):
        time.sleep(0.005)
    killed.send_signal(signal.SIGKILL)
    assert killed.wait() == -signal.SIGKILL
    assert leftovers(folder) == [f".site.building-{killed.pid}"]
    assert contents(target) == before
    built(target, "-f", config)
    assert leftovers(folder) == []
    assert contents(target) == contents(site)


def test_a_build_leaves_the_folder_of_one_that_runs(book: Path) -> None:
    """Only folders of dead processes are removed."""
    running = book / f".site.building-{os.getpid()}"
    running.mkdir()
    built(book / "site", cwd=book)
    assert running.is_dir()


# --- links, titles, sitemap -----------------------------------------------------------------------


def test_every_link_and_anchor_leads_somewhere(
    site: Path, site_pages: Mapping[str, Element]
) -> None:
    """All of them are relative, so that the site works at any URL."""
    assert dead_links(site, site_pages) == []


def test_broken_links_are_found(site: Path, site_pages: Mapping[str, Element]) -> None:
    """The test above can fail: for a page, an anchor, a file, and an absolute link."""
    read = {url: site_pages[url] for url in ("policies/", "roles/")}
    before = dead_links(site, read)
    own = read_site_url(site)
    links = ["../none/", "../policies/#none", "../none.json", f"{own}policies/", "/policies/"]
    links += ["../../policies/", "#none", "?x=1#none"]
    added = "".join(f'<a href="{link}">x</a>' for link in [*links, "../policies/", "?x=1", "."])
    text = (site / "roles/index.html").read_text().replace("</article>", f"{added}</article>")
    after = dead_links(site, {**read, "roles/": read_html(text)})
    assert len(after) == len(before) + len(links)


def test_no_page_has_an_anchor_twice(site_pages: Mapping[str, Element]) -> None:
    twice = {
        url: [name for name, count in found.items() if count > 1]
        for url, root in site_pages.items()
        if (found := Counter(e.get("id") for e in root if e.get("id"))) and max(found.values()) > 1
    }
    assert twice == {}


def test_the_navigation_leads_to_the_same_pages_from_everywhere(
    site_pages: Mapping[str, Element],
) -> None:
    """A name in it leads to one URL, whichever page the reader is on."""
    found: dict[tuple[str, str], set[str]] = {}
    for url, root in site_pages.items():
        for style in ("md-tabs__list", "md-nav__list"):
            for link in (link for part in root.all("ul", style) for link in part.all("a")):
                if not link.get("href").startswith("#"):
                    target = urljoin(f"https://site/{url}", link.get("href"))
                    found.setdefault((style, link.text), set()).add(target)
    assert {name: targets for name, targets in found.items() if len(targets) > 1} == {}


@pytest.mark.parametrize(
    ("url", "marked"),
    [
        ("policies/", ["Policies", "All policies"]),
        ("policies/AmazonSageMakerFullAccess/", ["Policies"]),
        ("services/lambda/", ["Services & actions"]),
        ("actions/iam/PassRole.html", ["Services & actions"]),
        ("resources/s3/", ["Services & actions"]),
        ("changes/", ["Changes", "All changes"]),
        ("changes/removals/", ["Changes"]),
        ("deprecated/", ["Changes", "Deprecated policies"]),
        ("passrole/", ["Risks & PassRole", "PassRole"]),
        ("groups/sagemaker-core/", ["Policies"]),
        ("guides/managed-policies/", ["Policies"]),
        ("roles/", ["Policies", "Roles"]),
        ("about/", ["Docs", "About"]),
    ],
)
def test_the_navigation_shows_where_the_reader_is(
    site_pages: Mapping[str, Element], url: str, marked: list[str]
) -> None:
    """It marks the tab, and below the tabs the entry of that section.

    On pages of single things a script makes the entries; see tests/browser/test_header.py.
    """
    found = site_pages[url].all("li", "md-tabs__item--active")
    assert [item.text for item in found] == marked


def test_the_navigation_of_handwritten_pages_is_in_the_sidebar(
    site_pages: Mapping[str, Element],
) -> None:
    """Below the same tabs; the index of the reference is a page."""
    for url, entry in (("reference/data/", "Data format"), ("reference/", "All reference pages")):
        marked = site_pages[url].all("li", "md-nav__item--active")
        assert [tab.text for tab in site_pages[url].all("li", "md-tabs__item--active")] == ["Docs"]
        assert marked[-1].all("a")[0].text == entry


def test_every_page_has_its_own_title_and_address(
    site: Path, site_pages: Mapping[str, Element]
) -> None:
    """Each page has one title and a canonical link to itself; none is used twice."""
    read = site_pages
    titles = [root.all("title")[0].text for root in read.values()]
    assert [title for title, count in Counter(titles).items() if count > 1] == []
    own = read_site_url(site)
    canonical = {
        url: [e.get("href") for e in root.all("link") if e.get("rel") == "canonical"]
        for url, root in read.items()
    }
    assert canonical == {url: [own + url] for url in read}


def test_the_sitemap_lists_every_page_once(site: Path, site_pages: Mapping[str, Element]) -> None:
    root = ET.fromstring((site / "sitemap.xml").read_bytes())  # noqa: S314  # our own output
    assert root.tag == f"{SITEMAP}urlset"
    listed = [place.text for place in root.iter(f"{SITEMAP}loc")]
    own = read_site_url(site)
    assert listed == sorted(own + url for url in site_pages)


def test_a_site_without_an_address_names_none(small_site: Path) -> None:
    """There are no canonical links and no sitemap, and links in feeds are relative."""
    found = small_site / "site"
    assert not {"sitemap.xml", "opensearch.xml"} & contents(found).keys()
    links = [link for root in pages(found).values() for link in root.all("link")]
    assert [link.get("href") for link in links if "//" in link.get("href")] == []
    feed = ET.fromstring((found / "feed.xml").read_bytes())  # noqa: S314  # our own output
    places = [link.get("href", "") for link in feed.iter("{http://www.w3.org/2005/Atom}link")]
    assert places
    assert [place for place in places if "//" in place] == []


def test_no_page_loads_from_another_host(site: Path, site_pages: Mapping[str, Element]) -> None:
    """Everything that a browser loads by itself is on the site."""
    loaded = {
        element.get(name)
        for root in site_pages.values()
        for element in root
        for name in ("src", "srcset", "data", "poster", "action")
        if "//" in element.get(name)
    } | {
        element.get("href")
        for root in site_pages.values()
        for element in root.all("link")
        if "//" in element.get("href") and element.get("rel") != "canonical"
    }
    assert loaded == set()
    sheets = [path for path in contents(site) if path.endswith(".css")]
    assert [path for path in sheets if "url(http" in (site / path).read_text()] == []


# --- frames ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> Frames:
    """The frames of a build of the repository's book."""
    folder = tmp_path_factory.mktemp("frames")
    config = load_config(str(config_with_address(folder)), site_dir=str(folder / "site"))
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    plugin = config.plugins["policybook"]
    assert isinstance(plugin, PolicybookPlugin)
    return plugin.frames


def _kind(page: Page) -> tuple[str, str, bool]:
    return page.template, page.section, bool(page.feed)


def test_a_spliced_frame_equals_the_themes_rendering(frames: Frames) -> None:
    """Two pages of every kind equal, byte for byte, the theme's own rendering."""
    site = plan_site(REPOSITORY / "data", site_url=SITE_URL)
    files = SiteFiles(site, templates_folder())
    ordered = sorted(files.pages, key=_kind)
    for kind, found in itertools.groupby(ordered, key=_kind):
        for page in list(found)[-2:]:
            body = files.body(page)
            assert frames.whole(page, body) == frames.direct(page, body), (kind, page.url)


def test_the_content_security_policy_comes_before_what_it_is_about(site: Path) -> None:
    """On every page, the 404 page and handwritten ones included."""
    for path in site.rglob("*.html"):
        text = path.read_text()
        policy = re.search(r'<meta http-equiv="?Content-Security-Policy"?', text)
        loads = re.search(r"<(script|style|link|img|base)\b|\sstyle=", text)
        assert policy, path
        assert text.index("charset") < 1024 - 20, path
        if path.relative_to(site).parts[0] == "lists":  # plain pages that load nothing
            assert not loads, path
        else:
            assert loads, path
            assert policy.start() < loads.start(), path


def test_a_linked_folder_is_replaced_where_it_is(book: Path, tmp_path: Path) -> None:
    """The link stays one, and so does what is beside the folder."""
    real = tmp_path / "elsewhere" / "public"
    real.mkdir(parents=True)
    (real.parent / "mine").touch()
    (book / "site").symlink_to(real)
    for number in range(2):
        (book / "docs/keeping.md").write_text(f"# Page {number}\n")
        built_in_process(book)
        assert (book / "site").readlink() == real
        assert f"Page {number}" in (real / "keeping/index.html").read_text()
        assert sorted(path.name for path in real.parent.iterdir()) == ["mine", "public"]


@pytest.mark.parametrize("place", ["docs/new", "overrides", ".cache", ".cache/policybook/new", "x"])
def test_a_site_never_replaces_anything_that_is_not_its_own(book: Path, place: str) -> None:
    """Nor what a build reads or keeps, nor the site that another program made in a folder."""
    (book / "overrides").mkdir()
    (book / "x").mkdir()
    (book / "x/index.html").write_text("mine")
    config = (book / "mkdocs.yml").read_text()
    (book / "mkdocs.yml").write_text(
        config.replace("  name: material\n", "  name: material\n  custom_dir: overrides\n")
    )
    before = contents(book)
    status, said = refusal("build", "-f", book / "mkdocs.yml", "-d", book / place)
    assert status == 2
    assert "expected a" in said or "should not be within" in said
    assert contents(book) == before


# --- untrusted text -------------------------------------------------------------------------------


def intruders(root: Element) -> list[str]:
    """Elements that can come only from text of the data."""
    return [
        f"{element.tag} {dict(element.attributes)}"
        for element in root
        if (element.tag == "script" and not element.get("src") and not element.get("type"))
        or element.get("src") == "x"
        or any(name.startswith("on") for name in element.attributes)
    ]


def test_text_of_the_data_never_becomes_markup(hostile_site: Path) -> None:
    """On every page it is read back as it was written, and makes no element or attribute."""
    read = pages(hostile_site)
    assert {url: found for url, root in read.items() if (found := intruders(root))} == {}
    assert dead_links(hostile_site, read) == []
    shown = " ".join(HOSTILE.split())
    for url in ("", "policies/Hostile/", "groups/hostile/", "guides/hostile/", "roles/"):
        assert shown in read[url].text, url
        assert "49" not in read[url].all("article")[0].text, url


def test_text_of_the_data_is_text_in_the_files_for_programs(hostile_site: Path) -> None:
    """JSON and XML can be read, and have it as it was written."""
    folder = hostile_site
    for path, content in contents(folder).items():
        if path.endswith(".json"):
            json.loads(content)
        if path.endswith(".xml"):
            ET.fromstring(content)  # noqa: S314  # our own output
    result = json.loads((folder / "api/v1/policies/Hostile.json").read_text())["result"]
    assert result["summary"] == HOSTILE.strip()
    feed = ET.fromstring((folder / "policies/Hostile/feed.xml").read_bytes())  # noqa: S314  # our own output
    assert HOSTILE.strip() in "".join(feed.itertext())


@pytest.mark.parametrize(
    "url", ["http://example.org/", "javascript:alert(1)", "https://a b", "//example.org/", "data:,"]
)
def test_links_are_https_and_nothing_else(book: Path, url: str) -> None:
    """Any other URL is an error in the data, and stops the build."""
    policy = book / "data/policies/ExampleReportReader/policy.yml"
    policy.write_text(f"{policy.read_text()}links:\n  - {{title: x, url: {json.dumps(url)}}}\n")
    status, error = refusal("build", "-f", book / "mkdocs.yml", "-d", book / "site")
    assert status == 1
    assert "[bad-link]" in error
    assert not (book / "site").exists()


# --- export ---------------------------------------------------------------------------------------


def article(root: Element) -> str:
    """The text of a page's article, without the permalinks of its headings."""
    return root.all("article")[0].text.replace("¶", "")


@pytest.mark.exhaustive  # that of the Markdown export is always built
def test_the_export_builds_without_the_plugin(
    site_pages: Mapping[str, Element], tmp_path: Path
) -> None:
    """MkDocs and Material alone build the same pages, with the same text and no broken links."""
    assert command("export", tmp_path / "book").returncode == 0
    config = yaml.safe_load((tmp_path / "book/mkdocs.yml").read_text())
    assert "policybook" not in json.dumps(config.get("plugins", []))
    ran = command("build", "-q", "-d", tmp_path / "site", cwd=tmp_path / "book", module="mkdocs")
    assert ran.returncode == 0, ran.stderr
    read = pages(tmp_path / "site")
    for page in plan_site(REPOSITORY / "data").pages:
        assert article(read[page.url]) == article(site_pages[page.url]), page.url
    assert dead_links(tmp_path / "site", read) == []
