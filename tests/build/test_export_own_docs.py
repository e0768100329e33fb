"""What an export takes over of the user's own: pages, their links, other files, and settings."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from policybook.build.starter_book import start_book

from tests.support.books import write
from tests.support.cli import answer, refusal
from tests.support.html import read_html

READER = "policies/ExampleReportReader"
GUIDE = f"""\
---
title: A guide
---
# About `ExampleReportReader`

[a](../{READER}.md) [b](../keeping.md) [c](../../{READER}/#v1)
[d](/{READER}/index.md) [e][s3] [f][own]
`s3:GetObject` `nothing` [`s3`][] ![g](x.png) [h](https://example.org/policies/index.md)
[i](../{READER}.md#v1) [j](../actions/s3/GetObject.md)

```
[a](../{READER}.md) `s3`
```

[own]: ../{READER}.md
"""
SETTINGS = """
copyright: Ours
repo_url: https://example.org/r
extra_css: [own.css]
hooks: [hook.py]
markdown_extensions: [admonition]
extra:
  social: !!python/name:os.sep
"""


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A book with pages and settings of its own; it is the current folder."""
    start_book(tmp_path / "book")
    files: dict[str, str | bytes] = {
        "docs/deep/guide.md": GUIDE,
        "docs/deep/x.png": b"\x89PNG",
        "docs/own.css": ":root { --x: 1 }",
        "docs/left.md": "# Left out",
        "hook.py": "",
    }
    write(tmp_path / "book", files)
    path = tmp_path / "book/mkdocs.yml"
    plugins = "plugins:\n  - tags\n"
    text = (
        path.read_text()
        .replace("plugins:\n", plugins)
        .replace("nav:\n", "nav:\n  - deep/guide.md\n")
    )
    text = text.replace("theme:\n", "theme:\n  custom_dir: overrides\n")
    path.write_text(f"{text}  - Reader: {READER}.md\n{SETTINGS}exclude_docs: left.md\n")
    (tmp_path / "book/overrides").mkdir()
    monkeypatch.chdir(tmp_path / "book")
    return tmp_path / "book"


LEFT = ("theme.custom_dir", "plugins.tags", "hooks", "extra", "exclude_docs", "site_url")


@pytest.mark.parametrize("form", [[], ["--markdown"]])
def test_an_export_has_the_users_pages_and_builds_without_warnings(
    form: list[str], book: Path, tmp_path: Path
) -> None:
    """By MkDocs without the plugin; links lead to the same pages as in the site."""
    said = answer("export", *form, tmp_path / "out").splitlines()
    assert said[0].endswith(" pages, and 2 of your own")
    assert set(said[1:]) == {f"  left out: {name} of mkdocs.yml" for name in LEFT}
    config = load_config(str(tmp_path / "out/mkdocs.yml"), strict=True)
    mkdocs_build(config)
    page = read_html((tmp_path / "out/site/deep/guide.html").read_text()).all("article")[0]
    found = {a.text: a.get("href") for a in page.all("a") if not a.get("href").startswith("#")}
    reader = f"../{READER}/index.html"
    assert found == {
        "a": reader,
        "b": "../keeping.html",
        "c": f"{reader}#v1",
        "d": reader,
        "e": "../services/s3/index.html",
        "f": reader,
        "s3:GetObject": "../actions/s3/GetObject.html",
        "s3": "../services/s3/index.html",
        "h": "https://example.org/policies/index.md",
        "i": f"{reader}#v1",
        "j": "../actions/s3/GetObject.html",
    }
    assert f"[a](../{READER}.md) `s3`" in page.text
    assert (tmp_path / "out/site/deep/x.png").is_file()
    assert not (tmp_path / "out/docs/left.md").exists()


def test_an_export_has_the_users_settings(book: Path, tmp_path: Path) -> None:
    """Its nav has the book's pages, then that of mkdocs.yml."""
    answer("export", tmp_path / "out")
    found = yaml.safe_load((tmp_path / "out/mkdocs.yml").read_text())
    own = load_config(str(book / "mkdocs.yml"))
    assert found["copyright"] == "Ours"
    assert found["site_name"] == own.site_name
    assert found["theme"]["palette"] == own.theme["palette"]
    assert found["extra_css"] == ["assets/policybook.css", "own.css"]
    assert found["nav"][0]["Policies"][:2] == [
        {"Home": "index.md"},
        {"Policies": "policies/index.md"},
    ]
    assert found["nav"][1]["Docs"] == [
        "deep/guide.md",
        {"How to maintain this site": "keeping.md"},
        {"Reader": f"{READER}/index.md"},
    ]
    assert not {"plugins", "hooks"} & found.keys()


def test_markdown_has_no_colours_of_a_style_sheet_that_it_lacks(book: Path, tmp_path: Path) -> None:
    """`primary: custom` alone would be dark on dark; a style sheet of the user's defines it."""

    def palettes(name: str) -> str:
        answer("export", "--markdown", tmp_path / name)
        text = (tmp_path / name / "mkdocs.yml").read_text()
        return str(yaml.safe_load(text)["theme"]["palette"])

    assert "custom" in palettes("own")
    config = book / "mkdocs.yml"
    config.write_text(config.read_text().replace("extra_css: [own.css]\n", ""))
    assert "custom" not in (found := palettes("none"))
    assert "slate" in found


def test_an_own_index_replaces_the_home_page_in_an_export_too(book: Path, tmp_path: Path) -> None:
    """As in the site."""
    write(book, {"docs/index.md": "# Welcome\n"})
    answer("export", tmp_path / "out")
    assert (tmp_path / "out/docs/index.md").read_text() == "# Welcome\n"


def test_a_page_at_the_place_of_one_of_the_book_is_refused(book: Path, tmp_path: Path) -> None:
    """As in the site; nothing is left of the export."""
    write(book, {"docs/policies/index.md": "# Mine\n"})
    status, said = refusal("export", tmp_path / "out")
    assert status == 2
    assert "duplicate URL: policies/index.md is a page of the book" in said
    assert not (tmp_path / "out").exists()
