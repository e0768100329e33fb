"""Runs MkDocs for the commands: builds, serves, and reads the settings of mkdocs.yml."""

from __future__ import annotations

import errno
import logging
import os
from functools import partial
from pathlib import Path
from typing import Any

from mkdocs.commands.build import build
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException
from mkdocs.utils import CountHandler
from msgspec import Struct

from policybook.build.last_build import FileState, file_state
from policybook.build.timings import Timings
from policybook.errors import PolicybookError
from policybook.mkdocs_plugin.aborting import BuildAborted
from policybook.mkdocs_plugin.config_file import (
    message_of,
    plugin_of,
    read_config,
)
from policybook.mkdocs_plugin.material.own_theme import of_theme
from policybook.mkdocs_plugin.plugin import ONLY, PolicybookPlugin
from policybook.mkdocs_plugin.preview import address_error, check_address
from policybook.mkdocs_plugin.settings import BookSettings
from policybook.mkdocs_plugin.user_code import UserCode, errors_of


class BuiltSite(Struct, frozen=True):
    """A built site: its folder, the CPU time by stage, and what the site cannot do.

    `roots` are the files and folders that were read, and `inputs` their state; () and None if the
    site may depend on anything else, so that it has to be built every time.
    """

    folder: Path
    timings: Timings
    notes: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()
    inputs: FileState | None = None


def build_site(
    config_file: str | None, data: Path | None, site_dir: str | None, strict: bool
) -> BuiltSite:
    """Build as `mkdocs build` does.

    Args:
        config_file: The path of the mkdocs.yml. Default: the one in the current folder.
        data: The data folder. Default: that of mkdocs.yml.
        site_dir: The folder of the site. Default: that of mkdocs.yml.
        strict: Whether warnings fail the build.

    Returns:
        The built site.

    Raises:
        PolicybookError: mkdocs.yml or the data has errors, or the build failed.

    """
    options: dict[str, Any] = {"site_dir": site_dir, "strict": strict or None}
    warnings = CountHandler()
    warnings.setLevel(logging.WARNING)
    logging.getLogger("mkdocs").addHandler(warnings)
    try:
        config = read_config(config_file, **{k: v for k, v in options.items() if v is not None})
        plugin = plugin_of(config, PolicybookPlugin)
        if data:
            plugin.config.data_dir = str(data.absolute())
        roots = _roots(config)
        inputs = _state(roots)
        with errors_of(UserCode.of(config).error, partial(of_theme, config)):
            _build(config)
    except BuildAborted as aborted:
        raise aborted.error from aborted
    except MkDocsException as error:
        raise PolicybookError(message_of(error)) from error
    finally:
        logging.getLogger("mkdocs").removeHandler(warnings)
    others = warnings.get_counts() or "pymdownx.snippets" in config.markdown_extensions
    depends = (roots, inputs) if plugin.settings and not others else ()
    return BuiltSite(Path(config.site_dir), plugin.timings, plugin.notes, *depends)


def _build(config: MkDocsConfig) -> None:
    config.plugins.on_startup(command="build", dirty=False)
    try:
        build(config)
    finally:
        config.plugins.on_shutdown()


def _state(roots: tuple[str, ...]) -> FileState | None:
    """The state of the inputs; None if one cannot be read, which the check of the data reports."""
    try:
        return file_state(roots)
    except OSError:
        return None


def _roots(config: MkDocsConfig) -> tuple[str, ...]:
    """The files and folders that a build reads, except for those of the program."""
    inputs = plugin_of(config, PolicybookPlugin).book(config).inputs()
    found = (config.config_file_path, config.docs_dir, *inputs, config.theme.custom_dir)
    return tuple(str(path) for path in found if path)


def serve_site(config_file: str | None, address: str | None, only: str) -> None:
    """Serve as `mkdocs serve` does.

    Args:
        config_file: The path of the mkdocs.yml. Default: the one in the current folder.
        address: The address to listen on, as HOST:PORT. Default: that of mkdocs.yml.
        only: A pattern of the names of policies to include, or "" for all.

    Raises:
        PolicybookError: mkdocs.yml has errors, or the data has errors at the first build.

    """
    from mkdocs.commands.serve import serve

    if only:
        os.environ[ONLY] = only
    options: dict[str, Any] = {"dev_addr": address} if address else {}
    config = read_config(config_file, **options)
    plugin_of(config, PolicybookPlugin)
    host, port = config.dev_addr
    check_address(host, port)
    try:
        with errors_of(UserCode.of(config).error, partial(of_theme, config)):
            serve(config_file, config_file_path=config.config_file_path, **options)
    except OSError as error:
        if error.errno not in (errno.EADDRNOTAVAIL, errno.EADDRINUSE, errno.EACCES):
            raise
        raise address_error(host, port, error) from error
    except BuildAborted as aborted:
        raise aborted.error from aborted
    except MkDocsException as error:
        raise PolicybookError(message_of(error)) from error


def book_settings(config_file: str | None) -> BookSettings:
    """Read the settings of the book.

    Args:
        config_file: The path of the mkdocs.yml. Default: the one in the current folder.

    Returns:
        The settings.

    Raises:
        PolicybookError: mkdocs.yml is missing, has errors, or does not list the plugin.

    """
    config = read_config(config_file)
    return plugin_of(config, PolicybookPlugin).book(config)
