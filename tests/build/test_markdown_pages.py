"""Pages as Markdown beside the pages themselves, with the setting `markdown_pages`."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from urllib.parse import unquote

import pytest
from policybook.build.exporting.project import export_pages
from policybook.build.starter_book import start_book

from tests.support.book_folders import replace
from tests.support.sites import built_in_process, contents

TARGET = re.compile(r"(?<=\])\((?!https?:)([^()\s]+)\)")
LINK = '<link rel="alternate" type="text/markdown"'


@pytest.fixture(scope="module")
def book_of_module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small book with the setting."""
    folder = tmp_path_factory.mktemp("markdown") / "book"
    start_book(folder)
    replace(folder / "mkdocs.yml", "data_dir: data", "data_dir: data\n      markdown_pages: true")
    return folder


@pytest.fixture(scope="module")
def written(book_of_module: Path) -> Path:
    """Its site."""
    return built_in_process(book_of_module)


def test_policies_services_and_topics_have_it_and_others_do_not(written: Path) -> None:
    """Each beside its page, which links to it; an action's page is within its service's."""
    with_text = {path.parent for path in written.rglob("index.md")}
    linked = {path.parent for path in written.rglob("*.html") if LINK in path.read_text("utf-8")}
    assert with_text == linked
    kinds = {path.relative_to(written).parts[0] for path in with_text}
    assert kinds == {"policies", "services", "groups"}
    assert {path.parent.relative_to(written) for path in written.glob("policies/*/index.html")} == {
        path.relative_to(written) for path in with_text if "policies" in path.parts
    }


def test_it_is_what_an_export_has_except_for_links(
    written: Path, book_of_module: Path, tmp_path: Path
) -> None:
    """There is one form of a page as Markdown; an export's links lead to its Markdown files."""
    export_pages(book_of_module / "data", "", tmp_path / "out", markdown=True)
    pages = [path.relative_to(written) for path in sorted(written.rglob("index.md"))]
    for path in pages:
        exported = (tmp_path / "out/docs" / path).read_text("utf-8")
        assert TARGET.sub("()", (written / path).read_text("utf-8")) == TARGET.sub("()", exported)


def test_every_link_leads_to_a_file_of_the_site(written: Path) -> None:
    """From where the Markdown file is."""
    found = 0
    for path in written.rglob("index.md"):
        for target in TARGET.findall(path.read_text("utf-8")):
            place = path.parent / unquote(re.split("[?#]", target)[0])
            assert (place / "index.html" if place.is_dir() else place).is_file(), (path, target)
            found += 1
    assert found > 100


def test_it_is_made_again_with_its_page(book_of_module: Path, written: Path) -> None:
    """Also where nothing but the place that a link leads to is new."""
    config = book_of_module / "mkdocs.yml"
    replace(config, "markdown_pages: true", "markdown_pages: true\n      action_pages: []")
    changed = contents(built_in_process(book_of_module))
    shutil.rmtree(book_of_module / ".cache")
    anew = contents(built_in_process(book_of_module))
    assert {path: text for path, text in changed.items() if path.endswith(".md")} == {
        path: text for path, text in anew.items() if path.endswith(".md")
    }
