"""`robots.txt` and `security.txt`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from policybook.output.well_known import ROBOTS, SECURITY

from tests.support.book_folders import replace
from tests.support.sites import built, command

CONTACT = "mailto:security@example.org"


def with_contact(book: Path, contact: str = CONTACT) -> Path:
    """The small book, with a contact."""
    with (book / "data/book.yml").open("a") as file:
        file.write(f"contact: {contact}\n")
    return book


def with_address(book: Path) -> Path:
    """The small book, with an address."""
    replace(book / "mkdocs.yml", '!ENV [SITE_URL, ""]', "https://book.example/x/")
    return book


def test_robots_may_read_everything_and_find_the_sitemap(book: Path) -> None:
    """Without the address of the site there is no sitemap."""
    text = (built(book / "site", cwd=book) / ROBOTS).read_text()
    assert text == "User-agent: *\nAllow: /\n"
    text = (built(book / "site", cwd=with_address(book)) / ROBOTS).read_text()
    assert text.endswith("\nSitemap: https://book.example/x/sitemap.xml\n")


def test_robots_of_the_docs_folder_stay(book: Path) -> None:
    """A maintainer may want another file."""
    (book / "docs" / ROBOTS).write_text("User-agent: *\nDisallow: /\n")
    assert "Disallow: /" in (built(book / "site", cwd=book) / ROBOTS).read_text()


def test_a_contact_is_named_until_a_year_after_the_data(book: Path) -> None:
    """RFC 9116: Contact and Expires are required, Canonical is the file's own address."""
    assert not (built(book / "site", cwd=book) / SECURITY).exists()
    text = (built(book / "site", cwd=with_address(with_contact(book))) / SECURITY).read_text()
    contact, expires, canonical = text.splitlines()
    assert contact == f"Contact: {CONTACT}"
    assert expires == "Expires: 2025-03-01T00:00:00Z"
    assert canonical == f"Canonical: https://book.example/x/{SECURITY}"


@pytest.mark.parametrize(
    "contact", ["security@example.org", "javascript:alert(1)", '"mailto:a b@c"']
)
def test_a_contact_is_a_link(book: Path, contact: str) -> None:
    """Anything else is an error of one line."""
    ran = command("check", cwd=with_contact(book, contact))
    assert ran.returncode == 1
    assert re.match(r"data/book.yml:\d+: contact: expected a URL that begins", ran.stdout)
