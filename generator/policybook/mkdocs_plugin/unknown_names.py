"""What MkDocs says of settings and plugins that it does not know, with what they may have meant."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugins

from policybook.errors import KeyPath
from policybook.wording import meant

_SETTING = re.compile(
    r"Config value '(?P<key>[^']*)': Unrecognised configuration name: (?P<same>.*)"
)
_PLUGIN = re.compile(r'The "(?P<plugin>[^"]*)" plugin is not installed')


@contextmanager
def named_settings(error: Callable[[str, KeyPath], Exception]) -> Iterator[None]:
    """Word MkDocs' warnings about settings that it does not know, with their lines.

    Args:
        error: Makes an error of a text and a key path of the configuration file.
    """
    known = [name for name, _ in MkDocsConfig()._schema]  # it has no other list

    def word(record: logging.LogRecord) -> bool:
        if found := _SETTING.fullmatch(record.getMessage()):
            key = found["key"]
            remedy = meant(key, known) or "put it under extra if a template uses it"
            said = f"{key}: expected a setting of MkDocs, found {key!r}; {remedy}"
            record.msg, record.args = str(error(said, (key,))), ()
        return True

    logger = logging.getLogger("mkdocs.config")
    logger.addFilter(word)
    try:
        yield
    finally:
        logger.removeFilter(word)


def unknown_plugin(message: str) -> tuple[str, str]:
    """The plugin that is not installed, if a message of MkDocs says so, and the remedy; else ""."""
    if not (found := _PLUGIN.match(message)):
        return "", ""
    name = found["plugin"]
    return name, meant(name, get_plugins()) or f"install the package that has it, or remove {name}"
