"""`llms.txt`: where programs that read text find what the site has."""

from __future__ import annotations

import re
from pathlib import Path

from policybook.output.llms import LLMS

from tests.support.addresses import SITE_URL
from tests.support.book_folders import hostile_book
from tests.support.sites import built_in_process


def lines(site: Path) -> list[str]:
    """The lines of the file."""
    return (site / LLMS).read_text("utf-8").splitlines()


def links(site: Path) -> list[str]:
    """The addresses of its links."""
    return re.findall(r"^- \[(?:\\.|[^\]\\])+\]\(([^)]*)\)", "\n".join(lines(site)), re.MULTILINE)


def test_it_has_the_form_of_the_proposal(site: Path) -> None:
    """A heading, a quotation, and lists of links under headings of the second level."""
    found = lines(site)
    assert found[0].startswith("# ")
    assert found[2].startswith("> This site has ")
    heads = [line for line in found if line.startswith("## ")]
    assert heads == ["## Pages", "## Topics", "## Data"]


def test_every_link_leads_to_a_file_of_the_site(site: Path) -> None:
    """With the address of the site before it."""
    found = links(site)
    assert len(found) > 20
    for link in found:
        assert link.startswith(SITE_URL)
        path = site / link.removeprefix(SITE_URL)
        assert (path / "index.html" if link.endswith("/") else path).is_file(), link


def test_text_of_the_data_stays_text(book: Path) -> None:
    """Titles make neither links nor headings."""
    site = built_in_process(hostile_book(book))
    assert len([line for line in lines(site) if line.startswith("#")]) <= 4
    assert "<script>" not in "\n".join(lines(site))
    for link in links(site):
        assert (site / (f"{link}index.html" if link.endswith("/") else link)).is_file(), link


def test_a_file_of_the_docs_folder_stays(book: Path) -> None:
    """A maintainer may want another one."""
    (book / "docs" / LLMS).write_text("# Ours\n")
    assert lines(built_in_process(book)) == ["# Ours"]
