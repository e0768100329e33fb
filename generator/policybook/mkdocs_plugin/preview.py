"""What a preview adds to MkDocs' own: it says early that its address is taken, and outlives errors.

MkDocs lets every page of a preview wait while a rebuild has failed. Ours shows the last good site,
with a banner that says what is wrong.
"""

from __future__ import annotations

import errno
import logging
import os
import traceback
from collections.abc import Callable, Iterable
from html import escape
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment
from wsgiref.util import FileWrapper

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import ConfigurationError, MkDocsException
from mkdocs.livereload import LiveReloadServer

from policybook.errors import PolicybookError, one_line
from policybook.mkdocs_plugin.config_file import message_of, read_config
from policybook.mkdocs_plugin.user_code import UserCode

log = logging.getLogger("mkdocs.plugins.policybook")

MOST_PORT = 65_535

# A preview has no content security policy, so that the banner needs no file.
_BANNER = (
    '<div role="alert" style="position:fixed;inset:auto 0 0;z-index:99;max-height:40vh;'
    "overflow:auto;padding:.6rem 1rem;color:#fff;background:#8f1d1d;"
    'font:14px/1.5 system-ui,sans-serif"><strong>The last build failed. These pages are from the'
    ' last one that did not.</strong><pre style="margin:.3rem 0 0;white-space:pre-wrap;'
    'font-size:13px">{}</pre></div>'
)


def check_address(host: str, port: int) -> None:
    """Raise PolicybookError if a preview cannot listen on an address."""
    if port > MOST_PORT:
        raise PolicybookError(f"dev_addr: expected a port from 0 to {MOST_PORT}, found {port}")
    tried = LiveReloadServer(lambda: None, host, port, root=os.curdir)
    try:
        tried.server_bind()
        tried.server_activate()
    except OSError as error:
        raise address_error(host, port, error) from error
    finally:
        tried.server_close()


def address_error(host: str, port: int, error: OSError) -> PolicybookError:
    """The error of a server that could not listen on an address, in one line."""
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < MOST_PORT else port - 1
        return PolicybookError(
            f"dev_addr: port {port} of {host} is in use by another program; choose another one, "
            f"such as -a {host}:{other}"
        )
    return PolicybookError(
        f"dev_addr: expected an address to listen on, found {host}:{port} ({error.strerror})"
    )


def keep_last_site(server: LiveReloadServer, config: MkDocsConfig) -> None:
    """Let a server of MkDocs show the last good site while a rebuild fails.

    Args:
        server: The server.
        config: The settings.
    """
    shown = _Shown(server.builder, server.get_app() or server.serve_request, config)
    server.builder = shown.rebuild
    server.set_app(shown.respond)


class _Shown:
    """The site that a preview shows: rebuilt, or else with what is wrong."""

    def __init__(
        self, builder: Callable[[], None], app: WSGIApplication, config: MkDocsConfig
    ) -> None:
        self._builder = builder
        self._app = app
        self._config_file = config.config_file_path
        self._code = UserCode.of(config)
        self._error = ""

    def rebuild(self) -> None:
        """Rebuild the site; an error becomes the banner."""
        try:
            self._builder()
            self._error = ""
        except (Exception, SystemExit) as error:  # MkDocs aborts with SystemExit
            self._error = self._said(error)
            log.error("%s\nThe preview goes on with the last good site.", self._error)

    def _said(self, error: BaseException) -> str:
        if isinstance(error, ConfigurationError) or type(error) is SystemExit:
            try:
                read_config(self._config_file)
            except PolicybookError as said:
                return str(said)
        if found := self._code.error(error):
            return str(found)
        if isinstance(error, MkDocsException):
            return message_of(error)
        if not isinstance(error, PolicybookError):
            traceback.print_exc()
            return one_line(f"{type(error).__name__}: {error}")
        return str(error)

    def respond(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as MkDocs does, with the banner on pages while there is an error."""
        # What a script fetches is not a page, and older browsers do not say what they fetch.
        if not self._error or environ.get("HTTP_SEC_FETCH_DEST", "document") != "document":
            return self._app(environ, start_response)
        answer: list[Any] = []

        def note(*given: Any) -> Callable[[bytes], object]:
            answer[:] = given
            return lambda written: None

        given = self._app(environ, note)
        content = b"".join(given)
        if isinstance(given, FileWrapper):
            given.close()
        status, headers = answer[0], dict(answer[1])
        if headers.get("Content-Type", "").startswith("text/html"):
            before, end, after = content.rpartition(b"</body>")
            content = before + _BANNER.format(escape(self._error)).encode() + end + after
            headers["Content-Length"] = str(len(content))
        start_response(status, list(headers.items()))
        return [content]
