"""MkDocs as the command line runs it: building, serving, and asking what mkdocs.yml says."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException
from mkdocs.utils import CountHandler
from msgspec import Struct

from policybook.build.last_build import Seen, seen
from policybook.build.timings import Timings
from policybook.errors import PolicybookError
from policybook.mkdocs_plugin.plugin import ONLY, PolicybookPlugin, Refused
from policybook.mkdocs_plugin.settings import BookSettings


class BuiltSite(Struct, frozen=True):
    """A site's folder, where the time went, and where nothing else decided on it, what was read."""

    folder: Path
    timings: Timings
    roots: tuple[str, ...] = ()
    inputs: Seen | None = None


def build_site(config_file: str | None, site_dir: str | None, strict: bool) -> BuiltSite:
    """Build as `mkdocs build` does.

    Raises PolicybookError where mkdocs.yml, the data or the build has faults.
    """
    given: dict[str, Any] = {"site_dir": site_dir, "strict": strict or None}
    warnings = CountHandler()
    warnings.setLevel(logging.WARNING)
    logging.getLogger("mkdocs").addHandler(warnings)
    try:
        config = load_config(config_file, **{k: v for k, v in given.items() if v is not None})
        roots = _roots(config)
        inputs = seen(roots)
        config.plugins.on_startup(command="build", dirty=False)
        try:
            build(config)
        finally:
            config.plugins.on_shutdown()
    except Refused as refused:
        raise refused.error from refused
    except MkDocsException as error:
        raise PolicybookError(getattr(error, "message", None) or str(error)) from error
    finally:
        logging.getLogger("mkdocs").removeHandler(warnings)
    folder, plugin = Path(config.site_dir), config.plugins.get("policybook")
    if not isinstance(plugin, PolicybookPlugin):
        return BuiltSite(folder, Timings())
    if (
        not plugin.settings
        or warnings.get_counts()
        or "pymdownx.snippets" in config.markdown_extensions
    ):
        return BuiltSite(folder, plugin.timings)
    return BuiltSite(folder, plugin.timings, roots, inputs)


def _roots(config: MkDocsConfig) -> tuple[str, ...]:
    """The files and folders that a build reads beside the program's own."""
    plugin = config.plugins.get("policybook")
    inputs = plugin.book(config).inputs() if isinstance(plugin, PolicybookPlugin) else ()
    found = (config.config_file_path, config.docs_dir, *inputs, config.theme.custom_dir)
    return tuple(str(path) for path in found if path)


def serve_site(config_file: str | None, address: str | None, only: str) -> None:
    """Serve as `mkdocs serve` does, with the policies whose names match the pattern.

    Raises PolicybookError where mkdocs.yml has faults, or the data at the start.
    """
    from mkdocs.commands.serve import serve

    if only:
        os.environ[ONLY] = only
    try:
        given: dict[str, Any] = {"dev_addr": address} if address else {}
        serve(config_file, **given)
    except Refused as refused:
        raise refused.error from refused
    except MkDocsException as error:
        raise PolicybookError(getattr(error, "message", None) or str(error)) from error


def book_settings(config_file: str | None) -> BookSettings:
    """The settings of the book.

    Args:
        config_file: The path of the mkdocs.yml. Default: the one in the current folder.

    Raises:
        PolicybookError: There is no mkdocs.yml, it has errors, or it lacks the plugin.

    """
    try:
        config = load_config(config_file)
    except MkDocsException as error:
        raise PolicybookError(getattr(error, "message", None) or str(error)) from error
    plugin = config.plugins.get("policybook")
    if not isinstance(plugin, PolicybookPlugin):
        raise PolicybookError("mkdocs.yml: expected policybook among the plugins, found none")
    return plugin.book(config)
