"""Cache keys, tested in memory: a file with an unchanged key has unchanged bytes.

The book is small, and its catalogue too, so that a site is planned and rendered in a tenth of a
second. Taking over is what `SiteFiles` decides; in the place of the site's files are small ones.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from policybook.build.cache import BuildCache, SiteRecord
from policybook.build.planner import PlannedSite, plan_site
from policybook.build.site_files import PreviousSite, SiteFiles
from policybook.catalogue.catalogue import Catalogue
from policybook.output.html.templating import templates_folder
from policybook.pages.page import Page

from tests.support.book_folders import allowing as document
from tests.support.book_folders import put, replace
from tests.support.books import (
    SAMPLES,
    keep_catalogue,
    older_catalogue,
    small_catalogue,
    thinned,
)
from tests.support.chance import chance
from tests.support.edits import POLICY_EDITS, Edit, at_random, eight_policies, rare_patterns

ACTIONS = ("s3:*", "sqs:*", "kms:*", "iam:P*")
PROGRAM, SETTINGS = b"0" * 16, b"settings"


@cache
def catalogue() -> Catalogue:
    """The catalogue in use."""
    return small_catalogue()


def planned(book: Path, kept: BuildCache | None = None) -> PlannedSite:
    """The site of the book as it is now."""
    address, data = "https://book.example/", book / "data"
    return plan_site(
        data, cache=kept, catalogue=catalogue(), site_url=address, action_pages=ACTIONS
    )


def rendered(files: SiteFiles, shown: Mapping[str, bytes]) -> tuple[dict[str, bytes], set[str]]:
    """Every file, reused or rendered, and the paths of those that were rendered."""

    def text(page: Page) -> str:
        head = (page.title, page.description, page.template, page.section, page.crumbs, page.feed)
        return f"{head}\n{files.body(page).html}"

    tasks = tuple(files.tasks(text))
    taken = {task.path for task in tasks if task.inode}
    found = {t.path: shown[t.path] if t.path in taken else t.render() for t in tasks}
    files.check_links()
    return found, taken


class Rebuilt:
    """A book whose site is rebuilt again and again, each time with the previous cache."""

    def __init__(self, book: Path) -> None:
        self._book = book
        self.folder = book.with_name("placeholders")
        self.folder.mkdir()
        self.record = SiteRecord(str(self.folder.resolve()), {})
        self.shown: dict[str, bytes] = {}

    def again(self) -> set[str]:
        """Build the site; returns the paths of the files that were rendered."""
        kept = BuildCache(self._book.with_name("cache"), PROGRAM)
        site = planned(self._book, kept)
        previous = PreviousSite(self.folder, self.record, SETTINGS)
        files = SiteFiles(site, templates_folder(), previous=previous)
        self.shown, taken = rendered(files, self.shown)
        self.record = files.record(self.folder, {path: self._size(path) for path in self.shown})
        site.keep(kept)
        return self.shown.keys() - taken

    def from_nothing(self) -> dict[str, bytes]:
        """The same site, built without a cache."""
        return rendered(SiteFiles(planned(self._book), templates_folder()), {})[0]

    def _size(self, path: str) -> tuple[int, int]:
        place = self.folder / path
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text("")
        status = place.stat()
        return status.st_size, status.st_mtime_ns


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The book of edge cases, with policies that have services and patterns in common."""
    folder = tmp_path / "small"
    shutil.copytree(SAMPLES / "edges", folder / "data")
    eight_policies(folder)
    return folder


def between() -> Catalogue:
    """A catalogue without SQS, of a day between those of the older and the newer one."""
    more = ("s3:GetObjectMark", "Read")
    return thinned(small_catalogue(), "2020-01-15", lambda name: "sqs" not in name, more)


def edit(path: str, old: str, new: str) -> Edit:
    """A text replaced in a file of the data."""
    return lambda book: replace(book / "data" / path, old, new)


def reviewed(book: Path, name: str, *successors: str) -> None:
    """Write `successors.yml` with one policy."""
    source = "{title: T, url: 'https://example.org/'}"
    entry = f"name: {name}, state: deprecated, successors: [{', '.join(successors)}]"
    text = f"policies:\n  - {{{entry}, source: {source}}}\n"
    (book / "data/successors.yml").write_text(text)


def boundary(book: Path, name: str) -> None:
    """Write `boundaries.yml` with one policy."""
    entry = f"name: {name}, source: {{title: T, url: 'https://example.org/'}}"
    (book / "data/boundaries.yml").write_text(f"policies:\n  - {{{entry}}}\n")


EDITS: Mapping[str, Edit] = {
    **POLICY_EDITS,
    "a group's title": edit("groups/edges.yml", "title: Edges", "title: New edges"),
    "a group's policies": edit("groups/edges.yml", "[Forms, Rolled]", "[Rolled, Policy1]"),
    "a group gone": lambda book: (book / "data/groups/edges.yml").unlink(),
    "a guide": edit("guides/reading.yml", "summary: A", "summary: New, a"),
    "a guide's snippet": edit("guides/reading.yml", "caption: As printed", "caption: Printed"),
    "the roles": edit("roles.yml", "summary: Is passed.", "summary: Is passed again."),
    "a role's boundary": edit("roles.yml", "name: Giver", "name: Giver, boundary: Policy1"),
    "a reviewed boundary": lambda book: boundary(book, "Policy1"),
    "another one": lambda book: boundary(book, "Policy2"),
    "no reviewed boundary": lambda book: (book / "data/boundaries.yml").unlink(),
    "a rule's reason": edit("rules.yml", "reason: Two steps.", "reason: Two steps, new."),
    "a rule that others meet": edit("rules.yml", '["sqs:SendMessage"]', '["s3:GetObject"]'),
    "no rules": lambda book: (book / "data/rules.yml").unlink(),
    "a reviewed deprecation": lambda book: reviewed(book, "Policy1", "Policy2"),
    "another successor of it": lambda book: reviewed(book, "Policy1", "Policy3", "Policy2"),
    "that of another policy": lambda book: reviewed(book, "Policy2"),
    "no reviewed deprecation": lambda book: (book / "data/successors.yml").unlink(),
    "the book's title": edit("book.yml", "title: ", "title: New "),
    "an older catalogue": lambda book: keep_catalogue(older_catalogue(), book / "data"),
    "one between": lambda book: keep_catalogue(between(), book / "data"),
    "an action in it": edit("catalogues/2020-01-15/catalogue.json", "GetObjectMark", "GetMark"),
    "a policy that gains": lambda book: put(book, "Gains", document(("s3:*", "*"))),
    "the older one gone": lambda book: shutil.rmtree(book / "data/catalogues/2019-12-01"),
    "no catalogue": lambda book: shutil.rmtree(book / "data/catalogues"),
}


def test_after_every_edit_the_site_is_what_it_is_without_a_cache(small: Path) -> None:
    """Edits are cumulative; without an edit, only the sitemap is rendered."""
    rare_patterns(small)
    site = Rebuilt(small)
    site.again()
    for name, change in EDITS.items():
        change(small)
        changed = site.again()
        assert site.shown == site.from_nothing(), name
        assert site.again() == {"sitemap.xml"}, name
        assert name != "nothing" or changed == {"sitemap.xml"}


@pytest.mark.parametrize(
    "place", [0, 1, *(pytest.param(n, marks=pytest.mark.exhaustive) for n in (2, 3))]
)
def test_random_edits_never_leave_a_stale_file(small: Path, place: int) -> None:
    """The files are compared after each edit and after several."""
    random = chance(place)
    site = Rebuilt(small)
    for _ in range(6):
        for _ in range(random.randint(1, 2)):
            at_random(small, random)
            site.again()
        assert site.shown == site.from_nothing()


def test_files_that_an_edit_does_not_affect_are_reused(small: Path) -> None:
    """A policy's summary is not on the pages of policies that have nothing in common with it."""
    site = Rebuilt(small)
    site.again()
    replace(
        small / "data/policies/Rolled/policy.yml", "name: Rolled\n", "name: Rolled\nsummary: x\n"
    )
    changed = site.again()
    assert "policies/Rolled/index.html" in changed
    assert "policies/Policy1/index.html" not in changed
    assert len(changed) < len(site.shown) / 2


def test_other_settings_render_every_file(small: Path) -> None:
    """So does another program; and without known settings no file is reused."""
    site = Rebuilt(small)
    site.again()
    for settings in (b"others", b""):
        previous = PreviousSite(site.folder, site.record, settings)
        files = SiteFiles(planned(small), templates_folder(), previous=previous)
        assert rendered(files, site.shown)[1] == set()
