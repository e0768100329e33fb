"""Other plugins of MkDocs and Material, next to policybook: a smoke test."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import yaml
from policybook.build.starter_book import start_book

from tests.support.book_folders import settings_in
from tests.support.sites import Build

READER = "policies/ExampleReportReader"
POST = f"""\
---
date: 2024-01-01
tags: [reader]
---
# A post

The [reader](../../{READER}.md) and `s3:GetObject`.

<!-- more -->

![A picture]({{}})
"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


@pytest.fixture
def other_host(tmp_path: Path) -> Iterator[str]:
    """The address of another host, with a picture."""
    (tmp_path / "other").mkdir()
    (tmp_path / "other/x.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    handler = partial(_Quiet, directory=str(tmp_path / "other"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/x.png"
        server.shutdown()


def _book(folder: Path, picture: str, *, first: bool) -> Path:
    """A book in a git repository with every plugin, policybook at the start or at the end."""
    start_book(folder)
    path = folder / "mkdocs.yml"
    settings = settings_in(path)
    address = "https://example.org/book/"
    redirects = {"old.md": "keeping.md", "older.md": f"{address}{READER}/"}
    others = [
        "search",
        "blog",
        "tags",
        {"privacy": {"assets_exclude": ["unpkg.com/*"]}},
        {"redirects": {"redirect_maps": redirects}},
        {"git-revision-date-localized": {"enable_creation_date": False}},
    ]
    settings["plugins"] = ["policybook", *others] if first else [*others, "policybook"]
    path.write_text(yaml.safe_dump({**settings, "site_url": address, "nav": None}))
    (folder / "docs/blog/posts").mkdir(parents=True)
    (folder / "docs/blog/index.md").write_text("# Blog\n")
    (folder / "docs/blog/posts/one.md").write_text(POST.format(picture))
    (folder / "docs/tags.md").write_text("# Tags\n\n<!-- material/tags -->\n")
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "All")):
        identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        subprocess.run(["git", *identity, *arguments], cwd=folder, check=True)
    return folder


# MkDocs' plugins leave some files to the collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("first", [True, False])
def test_other_plugins_do_their_work(
    first: bool, other_host: str, tmp_path: Path, build: Build
) -> None:
    """Wherever policybook is in the list; each file that they write is published."""
    pytest.importorskip("mkdocs_redirects")
    pytest.importorskip("mkdocs_git_revision_date_localized_plugin")
    book = _book(tmp_path / "book", other_host, first=first)
    assert build(book) == []

    def text(page: str) -> str:
        return (book / "site" / page).read_text()

    post = text("blog/2024/01/01/a-post/index.html")
    assert f'<a href="../../../../../{READER}/">reader</a>' in post
    assert f'<a href="../{READER}/">reader</a>' in text("blog/index.html")  # blog: an excerpt
    assert "../blog/2024/01/01/a-post/" in text("tags/index.html")  # tags
    assert other_host not in post  # privacy
    assert list((book / "site/assets/external").rglob("x.png"))
    assert "url=../keeping/" in text("old/index.html")  # redirects
    assert f"url=https://example.org/book/{READER}/" in text("older/index.html")
    assert "git-revision-date-localized-plugin-date" in text("keeping/index.html")
    assert "The reader and" in text("search/search_index.json")  # search
    assert (book / "site" / READER / "index.html").is_file()
