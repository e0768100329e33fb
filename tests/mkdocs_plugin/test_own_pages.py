"""Handwritten pages and the nav name pages of the book, and their links are checked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from policybook.errors import PolicybookError

from tests.support.book_folders import settings_in
from tests.support.html import Element, read_html
from tests.support.sites import Build

READER = "policies/ExampleReportReader"


def configured(book: Path, **settings: object) -> None:
    """The book's mkdocs.yml with other settings."""
    path = book / "mkdocs.yml"
    path.write_text(yaml.safe_dump({**settings_in(path), **settings}))


def article(book: Path, page: str = "guide/index.html") -> Element:
    """What a page of the built site says."""
    return read_html((book / "site" / page).read_text()).all("article")[0]


def links(root: Element) -> dict[str, str]:
    """Each link by its text, but for those of headings to themselves."""
    found = {a.text: a.get("href") for a in root.all("a")}
    return {text: href for text, href in found.items() if not href.startswith("#")}


# --- links to Markdown files ----------------------------------------------------------------------

TO_FILES = {
    f"{READER}.md": "../policies/ExampleReportReader/",
    f"{READER}/index.md": "../policies/ExampleReportReader/",
    f"{READER}.md#v1": "../policies/ExampleReportReader/#v1",
    "index.md": "../",
    "policies.md": "../policies/",
    "policies/index.md": "../policies/",
    "services/s3.md": "../services/s3/",
    "actions/s3/GetObject.md": "../actions/s3/GetObject.html",
    "changes/removals.md": "../changes/removals/",
    "keeping.md": "../keeping/",
}


def test_a_link_to_a_markdown_file_leads_to_the_page_of_the_book(book: Path, build: Build) -> None:
    """As to a handwritten page; both forms of a path that MkDocs knows are there."""
    lines = [f"[{number}]({path})\n" for number, path in enumerate(TO_FILES)]
    (book / "docs/guide.md").write_text("\n".join(lines))
    (book / "docs/deep/er").mkdir(parents=True)
    (book / "docs/deep/er/x.md").write_text(f"[a](../../{READER}.md) `s3` [s3][]\n")
    assert build(book) == []
    found = links(article(book))
    assert [found[str(number)] for number in range(len(TO_FILES))] == list(TO_FILES.values())
    assert links(article(book, "deep/er/x/index.html")) == {
        "a": "../../../policies/ExampleReportReader/",
        "s3": "../../../services/s3/",
    }


def test_names_in_backticks_lead_to_pages(book: Path, build: Build) -> None:
    """Except in headings, links and blocks of code; and of names that the book has not."""
    (book / "docs/guide.md").write_text(
        "# About `ExampleReportReader`\n\n"
        "`ExampleReportReader` `s3:GetObject` `s3` `aws:PrincipalOrgID` `Nobody` `*` `a b`\n\n"
        "[see `s3`](keeping.md)\n\n    `s3`\n\n```\n`s3`\n```\n"
    )
    assert build(book) == []
    assert links(article(book)) == {
        "ExampleReportReader": "../policies/ExampleReportReader/",
        "s3:GetObject": "../actions/s3/GetObject.html",
        "s3": "../services/s3/",
        "aws:PrincipalOrgID": "../conditions/aws_principalorgid/",
        "see s3": "../keeping/",
    }


def test_names_in_backticks_can_stay_text(book: Path, build: Build) -> None:
    """With `link_names: false`; references are asked for, and lead on."""
    (book / "docs/guide.md").write_text("`s3` [text][s3]\n")
    configured(book, plugins=["search", {"policybook": {"link_names": False}}])
    assert build(book) == []
    assert links(article(book)) == {"text": "../services/s3/"}


def test_references_lead_to_pages(book: Path, build: Build) -> None:
    """In their full and their collapsed form; the page's own definitions come first."""
    (book / "docs/guide.md").write_text(
        "[text][ExampleReportReader] [ExampleReportReader][] [`s3:GetObject`][] [own][s3] [s3]\n"
        "x[0][1] [--option] [FILE]\n\n[s3]: keeping.md\n"
    )
    assert build(book) == []
    assert links(article(book)) == {
        "text": "../policies/ExampleReportReader/",
        "ExampleReportReader": "../policies/ExampleReportReader/",
        "s3:GetObject": "../actions/s3/GetObject.html",
        "own": "../keeping/",
        "s3": "../keeping/",
    }
    assert "x[0][1] [--option] [FILE]" in article(book).text


# --- broken links ---------------------------------------------------------------------------------

BROKEN = {
    "[x](policies/Nobody.md)": "Doc file 'guide.md' contains a link 'policies/Nobody.md', but the "
    "target is not found among documentation files.",
    "[x][Nobody]": "broken reference to Nobody: no page of the book has this name",
    "[Nemo][]": "broken reference to Nemo: no page of the book has this name",
    "[x](../policies/Nobody/)": "broken link to ../policies/Nobody/: "
    "expected a page or a file, found none at /policies/Nobody/",
    "[x](/policies/Nobody/)": "broken link to /policies/Nobody/: "
    "expected a page or a file, found none at /policies/Nobody/",
    "<a href='policies/Raw.md'>x</a>": "broken link to policies/Raw.md: "
    "expected a page or a file, found none at /guide/policies/Raw.md",
    f"[x]({READER}.md#no)": f"broken link to ../{READER}/#no: "
    f"expected the anchor 'no' on /{READER}/, found none",
    f"[x](/{READER}/#none)": f"broken link to /{READER}/#none: "
    f"expected the anchor 'none' on /{READER}/, found none",
    "![x](/assets/no.png)": "broken link to /assets/no.png: "
    "expected a page or a file, found none at /assets/no.png",
    "![x](no.png)": "Doc file 'guide.md' contains a link 'no.png', but the target is not found "
    "among documentation files.",
}


def test_each_broken_link_is_a_warning_with_its_line(book: Path, build: Build) -> None:
    """But for links to Markdown files, which MkDocs itself checks."""
    (book / "docs/guide.md").write_text("# Guide\n\n" + "\n\n".join(BROKEN) + "\n")
    said = (
        message if message.startswith("Doc file") else f"docs/guide.md:{3 + 2 * number}: {message}"
        for number, message in enumerate(BROKEN.values())
    )
    assert sorted(build(book)) == sorted(said)


@pytest.mark.parametrize("line", ["[x](../policies/Nobody/)", f"[x]({READER}.md#no)", "[Nemo][]"])
def test_a_broken_link_fails_a_strict_build(line: str, book: Path, build: Build) -> None:
    """No site is published."""
    (book / "docs/guide.md").write_text(f"{line}\n")
    with pytest.raises(PolicybookError, match="Aborted with 1 warnings in strict mode"):
        build(book, strict=True)
    assert not (book / "site").exists()


def test_addresses_that_lead_somewhere_are_no_warnings(book: Path, build: Build) -> None:
    """Those of the site, of other sites, and the states that scripts keep in a fragment."""
    configured(book, site_url="https://example.org/book/")
    (book / "docs/guide.md").write_text(
        f"[a](../{READER}/) [b](/book/{READER}/#v1) [c](https://example.org/book/{READER}/)\n"
        "[d](../search/#q=s3) [e](https://example.org/elsewhere/) [f](/elsewhere/)\n"
        "<me@example.org> [g](../api/v1/index.json) [h](#here) [i](//example.net/x)\n"
        "[j](?q=1) [k](../actions/s3/GetObject.html) [l](../keeping/) [m](..)\n\n# Here\n"
    )
    assert build(book) == []


@pytest.mark.parametrize(
    ("link", "said"),
    [
        (f"/{READER}/", "the site is at /book/"),
        ("https://example.org/book/x/", "expected a page or a file, found none at /x/"),
    ],
)
def test_an_absolute_address_counts_the_path_of_the_site(
    link: str, said: str, book: Path, build: Build
) -> None:
    """Below /book/, /policies/ leads out of the site."""
    configured(book, site_url="https://example.org/book/")
    (book / "docs/guide.md").write_text(f"[a]({link})\n")
    assert build(book) == [f"docs/guide.md:1: broken link to {link}: {said}"]


# --- the nav --------------------------------------------------------------------------------------


def test_the_nav_holds_pages_of_the_book(book: Path, build: Build) -> None:
    """As Markdown files or as addresses, with or without a title, and in sections."""
    nav = [
        {"Start": "index.md"},
        "keeping.md",
        f"{READER}.md",
        {"S3": "services/s3/"},
        {"More": ["policies/index.md", {"Actions": "actions.md"}]},
    ]
    configured(book, nav=nav)
    assert build(book) == []
    page = read_html((book / "site/keeping/index.html").read_text())
    shown = [(a.text, a.get("href")) for a in page.all("a", "md-nav__link")]
    assert shown[-7:] == [
        ("Start", "../"),
        ("How to maintain this site", "./"),
        ("ExampleReportReader", "../policies/ExampleReportReader/"),
        ("S3", "../services/s3/"),
        ("Policies", "../policies/"),
        ("Actions", "../actions/"),
        ("About", "../about/"),
    ]


def test_a_wrong_entry_of_the_nav_fails_a_strict_build(book: Path, build: Build) -> None:
    """MkDocs' own message names it."""
    configured(book, nav=["keeping.md", "policies/Nobody.md"])
    assert "'policies/Nobody.md' is included in the 'nav'" in " ".join(build(book))


def test_previous_and_next_are_handwritten_pages(book: Path, build: Build) -> None:
    """Pages of the book have neither, so that none is between two others."""
    (book / "docs/b.md").write_text("# B\n")
    theme = settings_in(book / "mkdocs.yml")["theme"]
    theme["features"].append("navigation.footer")
    configured(book, nav=["keeping.md", f"{READER}.md", "b.md"], theme=theme)
    assert build(book) == []
    page = read_html((book / "site/keeping/index.html").read_text())
    assert [a.get("href") for a in page.all("a", "md-footer__link")] == ["../b/"]


# --- the home page --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["index.md", "README.md"])
def test_an_own_index_replaces_the_home_page(name: str, book: Path, build: Build) -> None:
    """Everything else of the book is there, and links to the home page lead to it."""
    (book / "docs" / name).write_text("# Welcome\n\nSee `ExampleReportReader`.\n")
    configured(book, site_url="https://example.org/")
    assert build(book) == []
    assert links(article(book, "index.html")) == {
        "ExampleReportReader": "policies/ExampleReportReader/"
    }
    assert (book / "site/feed.xml").is_file()
    assert "<loc>https://example.org/</loc>" in (book / "site/sitemap.xml").read_text()
    (book / "docs" / name).unlink()
    assert build(book) == []
    assert "Welcome" not in article(book, "index.html").text


def test_any_other_page_of_the_book_cannot_be_replaced(book: Path, build: Build) -> None:
    """Whoever writes such a page did not know of the book's."""
    (book / "docs/policies").mkdir()
    (book / "docs/policies/index.md").write_text("# Mine\n")
    said = "policies/index.md: duplicate URL: /policies/ is a page of the book"
    with pytest.raises(PolicybookError, match=said):
        build(book)


# --- the link to the data -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "setting", [{"edit_uri": "edit/main/docs/"}, {"edit_uri_template": "edit/main/docs/{path}"}]
)
def test_the_page_of_a_policy_links_to_its_yaml(
    setting: dict[str, str], book: Path, build: Build
) -> None:
    """Where MkDocs' own setting says that the files of the docs are edited."""
    configured(book, repo_url="https://git.example.org/o/r", **setting)
    assert build(book) == []
    page = (book / "site" / READER / "index.html").read_text()
    wanted = f"https://git.example.org/o/r/edit/main/data/{READER}/policy.yml"
    assert re.search(rf'href="{re.escape(wanted)}"', page)
