"""The book of all of AWS: frames, sizes and rebuilds.

`POLICYBOOK_CORPUS` names the archive, a git bundle or a clone of it.
"""

from __future__ import annotations

import filecmp
import gzip
import itertools
import json
import random
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from playwright.sync_api import Browser, expect
from policybook.analysis.removals import WAYS
from policybook.book import addresses, limits
from policybook.book.addresses import Target
from policybook.build.planner import PlannedSite, plan_site
from policybook.build.publishing.site_size import weigh, weight_lines
from policybook.build.site_files import SiteFiles
from policybook.build.starter_book import start_book
from policybook.mkdocs_plugin.plugin import PolicybookPlugin
from policybook.output.engine import engine_data as engine_files
from policybook.output.engine import engine_policies
from policybook.output.html.templating import templates_folder
from policybook.output.html.theme_frame import Frames
from policybook.output.search_index import finder
from policybook.pages.actions import action_view
from policybook.pages.page import Page

from tests.support.api_schemas import of_kind, refused, validators
from tests.support.browsers import served
from tests.support.html import read_html
from tests.support.packed_documents import document_of
from tests.support.page_rows import action_answers as answered
from tests.support.page_rows import action_rows as rows
from tests.support.page_sizes import BYTES, ELEMENTS, page_sizes


class Built(NamedTuple):
    """A book with its site, and the frames that were rendered for it."""

    book: Path
    site: Path
    frames: Frames
    site_url: str


def build_book(book: Path) -> Built:
    """Build the book in this process, so that its frames are available."""
    config = load_config(str(book / "mkdocs.yml"))
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    plugin = config.plugins["policybook"]
    assert isinstance(plugin, PolicybookPlugin)
    return Built(book, Path(config.site_dir), plugin.frames, config.site_url or "")


@pytest.fixture(scope="module")
def aws(aws_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """All of AWS, imported and built from scratch."""
    book = tmp_path_factory.mktemp("aws") / "book"
    start_book(book, aws=True)
    shutil.copytree(aws_data / "policies", book / "data/policies")
    return build_book(book)


@pytest.fixture(scope="module")
def planned(aws: Built) -> PlannedSite:
    """The site as it is planned once more."""
    return plan_site(aws.book / "data", site_url=aws.site_url)


def sample(pages: tuple[Page, ...]) -> Iterator[Page]:
    """Five random pages of every kind, and the last one."""
    chance = random.Random(3)
    ordered = sorted(pages, key=lambda page: (page.template, page.section, bool(page.feed)))
    for _, found in itertools.groupby(ordered, key=lambda p: (p.template, p.section, bool(p.feed))):
        kind = list(found)
        yield from {page.url: page for page in (*chance.choices(kind, k=5), kind[-1])}.values()


def test_pages_equal_those_that_the_theme_renders(aws: Built, planned: PlannedSite) -> None:
    """Byte for byte, and the same as in the site."""
    files = SiteFiles(planned, templates_folder())
    kinds = set()
    for page in sample(files.pages):
        body = files.body(page)
        spliced = aws.frames.whole(page, body)
        assert spliced == aws.frames.direct(page, body), page.url
        assert spliced == (aws.site / Target(page.url).file).read_text(), page.url
        kinds.add(page.template)
    assert kinds == {page.template for page in files.pages}


def test_no_page_is_too_large(aws: Built) -> None:
    """At most 0.4 MB and 5,000 elements, plain lists too; half of the policies at most 15 kB sent.

    How high pages are, `benchmarks/page_sizes.py` measures.
    """
    pages = page_sizes(aws.site)
    assert len(pages) > 20_000
    assert [page for page in pages if page.size > BYTES or page.elements > ELEMENTS] == []
    policies = sorted(aws.site.glob("policies/*/index.html"))
    some = random.Random(1).sample(policies, 150)
    assert median(len(gzip.compress(path.read_bytes(), 6)) for path in some) <= 15_000


NAMED = ("iam:PassRole", "s3:GetObject", "kms:Decrypt", "ec2:DescribeSubnets")


def test_the_pages_of_actions_have_the_grants_of_the_command(
    aws: Built, planned: PlannedSite
) -> None:
    """For some of 19,000: patterns, statement, certainty and number of policies."""
    context = planned.context
    known = context.actions.ever_granted()
    assert len(known) > 19_000
    chosen = random.Random(8).sample(list(known), 20)
    for name in (*(text.lower() for text in NAMED), *chosen):
        view = action_view(context, name)
        assert rows(view) == answered(context, name), name
        url = addresses.action(view.prefix, view.name).url
        page = read_html((aws.site / Target(url).file).read_text())
        shown = [row for part in page.all("ul", "pb-granting") for row in part.all("li")]
        written = 0 if view.table else sum(len(group.rows) for group in view.groups)
        assert len(shown) == written + len(view.lost)
        listed = [row for part in page.all("tbody") for row in part.all("tr")]
        assert len(listed) == (len(view.table.first) if view.table else 0)


def test_each_removal_has_two_documents(aws: Built) -> None:
    """The older one has the lost grants in the given statement, and both are in the site."""
    api = aws.site / "api/v1"
    ledger = json.loads((api / "removals.json").read_text())["result"]
    assert len(ledger) > 550
    assert {entry["kind"] for entry in ledger} == set(WAYS)
    months = aws.site.glob("changes/removals/*/**/index.html")
    entries = {
        entry.get("id"): {link.get("href").replace("../", "") for link in entry.all("a")}
        for path in months
        for entry in read_html(path.read_text()).all("details", "pb-names")
    }
    assert entries.keys() == {f"{e['policy']}-{e['key']}" for e in ledger}
    for name, own in itertools.groupby(ledger, key=lambda entry: entry["policy"]):
        versions = json.loads((api / f"policies/{name}.json").read_text())["result"]["versions"]
        kept = {v["key"]: document_of(aws.site, v) for v in versions}
        for entry in own:
            links = entries[f"{name}-{entry['key']}"]
            assert f"policies/{name}/#{entry['before']}" in links
            assert f"policies/{name}/#{entry['key']}" in links
            side = entry["version"] if entry["kind"] == "denied" else entry["before"]
            assert kept[entry["before"]]
            assert kept[entry["version"]]
            text = json.dumps(kept[side]).lower()
            for row in entry["lost"]:
                assert all(json.dumps(action).lower()[1:-1] in text for action in row["actions"])
                assert all(json.dumps(place).lower()[1:-1] in text for place in row["resources"])


def test_files_that_every_page_loads_do_not_grow_with_the_data(aws: Built) -> None:
    """The navigation has a few dozen entries, and the full-text search only has prose."""
    index = aws.site / "search/search_index.json"
    assert len(gzip.compress(index.read_bytes(), 6)) <= 60_000
    found = {entry["location"].split("#")[0] for entry in json.loads(index.read_text())["docs"]}
    assert not {url for url in found if url.startswith(("policies/", "services/"))}
    page = read_html((aws.site / "policies/ReadOnlyAccess/index.html").read_text())
    nav = [link for part in page.all("nav", "md-tabs") for link in part.all("a")]
    assert 0 < len(nav) < 60


def test_the_site_fits_the_hosts(aws: Built) -> None:
    """The build reports which; without pages of actions it fits a limit of 20,000 files."""
    weight = weigh(aws.site)
    assert "fits: GitHub Pages yes, Cloudflare Pages no, Netlify yes" in [*weight_lines(weight)]
    # The tools, the pages of rules, and lists with filters on pages of actions added 22 MB to 450.
    assert weight.size <= 480_000_000
    files = [path for path in aws.site.rglob("*") if path.is_file()]
    assert len(files) <= 36_000  # of each policy two feeds, its changes, days and table
    assert sum("actions" not in path.relative_to(aws.site).parts[:1] for path in files) < 20_000


def test_the_finder_s_index_is_small(aws: Built) -> None:
    """Compressed at most 250 kB in all, and 130 kB until the first answer."""
    files = {name: (aws.site / name).read_bytes() for name in (finder.NAMES, finder.PATTERNS)}
    sizes = {name: len(gzip.compress(content, 6)) for name, content in files.items()}
    assert sum(sizes.values()) <= 250_000
    assert sizes[finder.NAMES] <= 130_000
    assert len(json.loads(files[finder.NAMES])["policies"]) > 1000


def test_what_a_check_fetches_is_as_small_as_its_page_says(aws: Built) -> None:
    """Together, compressed: AWS's action list, the risk rules and all current documents."""
    names = (engine_files.CATALOGUE, engine_files.RULES, engine_policies.POLICIES)
    sizes = [len(gzip.compress((aws.site / name).read_bytes(), 6)) for name in names]
    assert sum(sizes) <= limits.ENGINE_BYTES
    said = f"at most {limits.ENGINE_BYTES // 1000} kB compressed"
    assert said in (aws.site / "check/index.html").read_text()


@pytest.mark.parametrize(
    ("query", "first", "target"),
    [
        ("s3:getobj", "s3:GetObject", r"/actions/s3/GetObject\.html$"),
        ("kms:Decrypt", "kms:Decrypt", r"/actions/kms/Decrypt\.html$"),
        ("sagemaker", "sagemaker", "/services/sagemaker/$"),
        ("adminaccess", "AdministratorAccess", "/policies/AdministratorAccess/$"),
        ("ec2:Describe*", "ec2:Describe", r"/actions/ec2/Describe\w+\.html$"),
        ("arn:aws:s3:::sagemaker-x/y", "All", "/search/#q=arn"),
    ],
)
def test_the_finder_works_with_all_of_aws(
    aws: Built,
    browser: Browser,
    query: str,
    first: str,
    target: str,
) -> None:
    """By keyboard, from the header of the largest page to the page of a result."""
    context = browser.new_context()
    page = context.new_page()
    with served(aws.site) as address:
        page.goto(address + "policies/ReadOnlyAccess/")
        page.keyboard.press("/")
        page.keyboard.type(query)
        option = page.locator("[role=option]:visible").first
        expect(option.locator(".pb-option__name")).to_contain_text(first)
        if option.get_attribute("aria-selected") != "true":
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(target))
        assert page.locator("h1").count() == 1
    context.close()


def test_a_rebuild_equals_a_build_from_scratch(aws: Built) -> None:
    """After a policy that overlaps with many others gained an action and lost a pattern."""
    path = max(
        (aws.book / "data/policies/AmazonSageMakerFullAccess").glob("v*.json"),
        key=lambda found: int(found.stem[1:]),
    )
    document = json.loads(path.read_text())
    document["Statement"] = [
        {"Effect": "Allow", "Action": ["s3:GetObject", "new:Action"], "Resource": "arn:aws:s3:::x"},
        *document["Statement"][1:],
    ]
    path.write_text(json.dumps(document))
    copy = aws.book.with_name("copy")
    shutil.copytree(aws.book, copy, ignore=shutil.ignore_patterns("site", ".cache"))
    kept = {
        name: (aws.site / name).stat().st_ino for name in ("policies/ReadOnlyAccess/index.html",)
    }
    warm, cold = build_book(aws.book).site, build_book(copy).site
    assert {name: (warm / name).stat().st_ino for name in kept} == kept
    names = sorted(p.relative_to(cold).as_posix() for p in cold.rglob("*") if p.is_file())
    assert names == sorted(p.relative_to(warm).as_posix() for p in warm.rglob("*") if p.is_file())
    _, different, unreadable = filecmp.cmpfiles(warm, cold, names, shallow=False)
    assert (different, unreadable) == ([], [])


def test_every_kind_of_file_of_the_api_has_the_form_that_is_described(aws: Built) -> None:
    """The largest files of each kind and some others, read by a library that is not ours."""
    chance = random.Random(5)
    for kind, validator in validators(aws.site).items():
        files = sorted(of_kind(aws.site, kind), key=lambda path: path.stat().st_size)
        chosen = {*files[-2:], *chance.sample(files, min(len(files), 20))}
        assert list(refused(dict.fromkeys(sorted(chosen), validator))) == []
