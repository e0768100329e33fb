"""`policybook serve`: the address, what it watches, and the last good site."""

from __future__ import annotations

import io
import logging
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any
from wsgiref.util import FileWrapper

import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.livereload import LiveReloadServer
from policybook.build.starter_book import start_book
from policybook.errors import PolicybookError
from policybook.mkdocs_plugin.config_file import read_config
from policybook.mkdocs_plugin.preview import keep_last_site

from tests.support.cli import refusal
from tests.support.sites import command

PAGE = b"<html><body><p>good</p></body></html>"


def test_an_address_in_use_is_named_with_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one line, before anything is built; also by `mkdocs serve`."""
    start_book(tmp_path / "book")
    monkeypatch.chdir(tmp_path / "book")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = (
            f"dev_addr: port {port} of 127.0.0.1 is in use by another program; "
            f"choose another one, such as -a 127.0.0.1:{port + 1}"
        )
        assert refusal("serve", "-a", f"127.0.0.1:{port}") == (2, said)
        ran = command("serve", "-a", f"127.0.0.1:{port}", cwd=tmp_path / "book", module="mkdocs")
    assert ran.returncode == 1
    assert said in (ran.stdout + ran.stderr).splitlines()
    assert "Traceback" not in ran.stderr


def test_a_preview_watches_the_overrides_and_the_data(tmp_path: Path) -> None:
    """MkDocs itself watches the docs and mkdocs.yml."""
    start_book(tmp_path / "book")
    (tmp_path / "book/overrides").mkdir()
    path = tmp_path / "book/mkdocs.yml"
    path.write_text(
        path.read_text().replace("material\n", "material\n  custom_dir: overrides\n", 1)
    )
    config: MkDocsConfig = read_config(str(path))
    config.plugins.on_startup(command="build", dirty=False)
    config.plugins.on_config(config)
    config.plugins.on_shutdown()
    assert {str(tmp_path / "book/overrides"), str(tmp_path / "book/data")} <= set(config.watch)


# --- the last good site ---------------------------------------------------------------------------


class Preview:
    """A server whose builder fails with the errors that it is given."""

    def __init__(self, folder: Path, config: MkDocsConfig) -> None:
        (folder / "index.html").write_bytes(PAGE)
        (folder / "data.json").write_bytes(b"{}")
        self.error: BaseException | None = None
        self._server = LiveReloadServer(self._build, "127.0.0.1", 0, str(folder))
        keep_last_site(self._server, config)
        self.rebuild: Callable[[], None] = self._server.builder

    def _build(self) -> None:
        if self.error:
            raise self.error

    def get(self, path: str, **headers: str) -> str:
        """The body of a page; its length has to be the one that is said."""
        said: dict[str, str] = {}

        def start(status: str, found: list[tuple[str, str]], *rest: Any) -> Callable[..., object]:
            said.update(found)
            return lambda written: None

        given = {"PATH_INFO": path, "REQUEST_METHOD": "GET", "wsgi.input": io.BytesIO(), **headers}
        app = self._server.get_app()
        assert app
        found = app(given, start)
        body = b"".join(found)
        if isinstance(found, FileWrapper):
            found.close()
        assert said.get("Content-Length", str(len(body))) == str(len(body))
        return body.decode()

    def close(self) -> None:
        """Close the server's socket."""
        self._server.server_close()


@pytest.fixture
def preview(tmp_path: Path) -> Any:
    """A preview of a site of one page."""
    (tmp_path / "site").mkdir()
    (tmp_path / "mkdocs.yml").write_text("site_name: x\ndocs_dir: site\nsite_dir: built\n")
    config = read_config(str(tmp_path / "mkdocs.yml"))
    (tmp_path / "mkdocs.yml").write_text("site_name: [\n")
    found = Preview(tmp_path / "site", config)
    yield found
    found.close()


def test_a_failed_rebuild_shows_the_last_site_with_a_banner(preview: Preview) -> None:
    """Until one succeeds. The banner has all errors, as text."""
    assert preview.get("/") == PAGE.decode()
    preview.error = PolicybookError("a.yml:1: <x>\nb.yml:2: y")
    preview.rebuild()
    shown = preview.get("/")
    assert shown.startswith('<html><body><p>good</p><div role="alert"')
    assert "a.yml:1: &lt;x&gt;\nb.yml:2: y</pre></div></body>" in shown
    preview.error = None
    preview.rebuild()
    assert preview.get("/") == PAGE.decode()


def test_only_pages_that_are_read_have_the_banner(preview: Preview) -> None:
    """Not data, and not what scripts fetch."""
    preview.error = PolicybookError("x")
    preview.rebuild()
    assert preview.get("/data.json") == "{}"
    assert preview.get("/", HTTP_SEC_FETCH_DEST="empty") == PAGE.decode()
    assert "alert" in preview.get("/", HTTP_SEC_FETCH_DEST="document")
    assert preview.get("/missing") == "404 Not Found" or "alert" in preview.get("/missing")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Abort("from MkDocs"), "from MkDocs"),
        (ValueError("two\nlines"), "ValueError: two"),
        (SystemExit(1), "mkdocs.yml:"),
    ],
)
def test_every_kind_of_error_is_shown(
    error: BaseException, said: str, preview: Preview, caplog: pytest.LogCaptureFixture
) -> None:
    """Those of mkdocs.yml with the line; the log has each, too."""
    caplog.set_level(logging.ERROR)
    preview.error = error
    preview.rebuild()
    assert said in preview.get("/")
    assert said in caplog.text
    assert "The preview goes on with the last good site." in caplog.text
