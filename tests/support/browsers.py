"""A site on a host, and what a visit to a page in a real browser finds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Request

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# How long (ms) a page may take until it is as expected: machines that test are often busy.
SLOWEST = 120_000

SUB_PATH = "/some/sub/path/"


class _Host(SimpleHTTPRequestHandler):
    """Serves a folder below SUB_PATH, and its 404.html for what is missing, as Pages does."""

    def translate_path(self, path: str) -> str:
        inside = path.startswith(SUB_PATH)
        return super().translate_path("/" + path.removeprefix(SUB_PATH) if inside else "/-/none")

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.is_file():
            return super().send_error(code, message, explain)
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(page.read_bytes())
        return None

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: the browser reports errors."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the folder on the loopback interface; yields its URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Host, directory=str(folder)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}{SUB_PATH}"
    server.shutdown()
    thread.join()
    server.server_close()


def until(page: Page, expression: str, given: object = None) -> None:
    """Wait until an expression is true in the page; it may be a promise.

    Playwright's own waiting evaluates texts inside the page, which the page's policy forbids.
    """
    for _ in range(SLOWEST // 50):
        if page.evaluate(expression, given):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never came true: {expression}")


Scheme = Literal["light", "dark"]

_WATCH = """
  window.violations = [];
  document.addEventListener("securitypolicyviolation", function (event) {
    window.violations.push(event.violatedDirective + " " + (event.blockedURI || event.sourceFile));
  });
"""


class Visit:
    """A page open in the browser, and all errors while it was loaded."""

    def __init__(
        self, context: BrowserContext, url: str, scheme: Scheme, width: int = 1280
    ) -> None:
        self.page = context.new_page()
        self.page.emulate_media(color_scheme=scheme)
        self.page.set_viewport_size({"width": width, "height": 900})
        self.errors: list[str] = []
        self._home = url.split("/some/", maxsplit=1)[0] + "/"
        self._watch()
        self.page.goto(url, wait_until="networkidle")
        self.errors += self.page.evaluate("window.violations")

    def _watch(self) -> None:
        page, found = self.page, self.errors
        page.add_init_script(_WATCH)
        page.on(
            "console",
            lambda message: (
                found.append(f"{message.type}: {message.text} ({message.location['url']})")
                if message.type in ("error", "warning")
                else None
            ),
        )
        page.on("pageerror", lambda error: found.append(f"page error: {error}"))
        page.on("requestfailed", self._failed)
        page.on("request", lambda request: self._own(request.url))

    def _failed(self, request: Request) -> None:
        # A page that is left while its icon is being loaded gives the request up.
        if request.failure != "net::ERR_ABORTED":
            self.errors.append(f"failed: {request.url}")

    def _own(self, url: str) -> None:
        if not url.startswith((self._home, "data:", "blob:")):
            self.errors.append(f"request to another host: {url}")


def serious(page: Page, contrast: bool = True) -> list[str]:
    """What axe-core finds serious or critical: the rule, and the first elements that break it.

    The contrast of texts may be left out: it takes longer than all other rules.
    """
    rules = {"color-contrast": {"enabled": contrast}}
    run = Axe().run(page, options={"resultTypes": ["violations"], "rules": rules})
    found: list[dict[str, Any]] = run.response["violations"]
    return [
        f"{rule['id']}: {[(n['target'], n['failureSummary']) for n in rule['nodes'][:3]]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]
