"""Reads mkdocs.yml; each error is one line, with the line of the file that it is about."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException
from mkdocs.structure.files import File
from mkdocs.utils import CountHandler
from msgspec import Struct

from policybook.data.characters import control_characters_in_file, control_characters_in_value
from policybook.data.strict_yaml import Lines, other_encoding, parsed_yaml
from policybook.errors import Finding, KeyPath, PolicybookError, one_line, shown
from policybook.mkdocs_plugin.unknown_names import named_settings, unknown_plugin
from policybook.mkdocs_plugin.user_code import UserCode, errors_of, logged_errors, place

Plugin = TypeVar("Plugin")

_ERROR = re.compile(r"Config value '(?P<key>[^']*)': (?P<message>.*)", re.DOTALL)
_NO_FILE = (
    "expected a configuration file of MkDocs, found none; name another with -f, a data folder with "
    "--data, or start a book with policybook init"
)
_OPTION = re.compile(r"Plugin '(?P<plugin>[^']*)' option '(?P<option>[^']*)': ")


class ConfigFile(Struct, frozen=True):
    """A configuration file of MkDocs as a text and as a plain value, without its YAML tags."""

    path: Path
    text: str
    value: Any

    def error(self, message: str, at: KeyPath = ()) -> PolicybookError:
        """An error about the file, with the line of the key path if the file has it."""
        return PolicybookError(one_line(f"{self.place(at)}: {message}"))

    def place(self, at: KeyPath) -> str:
        """The file, with the line of the key path if the file has it."""
        return place(self.path, Lines(self.text).of(at) if at else 0)

    def plugin(self, name: str) -> KeyPath:
        """The key path of a plugin's options, in the list or the mapping of plugins."""
        plugins = self.value.get("plugins")
        for number, entry in enumerate(plugins if isinstance(plugins, list) else ()):
            if name == entry:
                return ("plugins", number)
            if isinstance(entry, dict) and name in entry:
                return ("plugins", number, name)
        return ("plugins", name)


def config_file(path: str | Path) -> ConfigFile:
    """Read a configuration file.

    Args:
        path: The file.

    Raises:
        PolicybookError: It is no YAML text that holds a mapping, or has control characters.
        OSError: It cannot be read.

    """
    path = Path(path)
    text = utf8_text(path)
    for finding in control_characters_in_file(text):
        raise PolicybookError(_line_of(path, finding))
    value, errors = parsed_yaml(text)
    for finding in errors:  # MkDocs takes tags, aliases and keys that are there twice
        if finding.kind in ("bad-yaml", "too-deep"):
            raise PolicybookError(_line_of(path, finding))
    if not isinstance(value, dict):
        message = f"expected a mapping, found {shown(value)}"
        raise PolicybookError(one_line(f"{place(path, 0)}: {message}"))
    found = ConfigFile(path, text, value)
    for finding in control_characters_in_value(value, document=False):
        raise found.error(finding.reason, finding.path)
    return found


def utf8_text(path: Path) -> str:
    """The text of a file in UTF-8.

    Raises:
        PolicybookError: It has another encoding; the message has the line.
        OSError: It cannot be read.

    """
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"expected UTF-8 text, found {other_encoding(content)}"
        raise PolicybookError(one_line(f"{place(path, line)}: {message}")) from error


def _line_of(path: Path, finding: Finding) -> str:
    return one_line(f"{place(path, finding.line)}: {finding.reason}")


def read_config(path: str | None, **options: Any) -> MkDocsConfig:
    """Read and validate the configuration as MkDocs does.

    Args:
        path: The path of the mkdocs.yml. Default: the one in the current folder.
        options: Values in place of those of the file.

    Raises:
        PolicybookError: The file is missing or has errors; the message has a line for each.

    """
    name = path or next(filter(os.path.exists, ("mkdocs.yml", "mkdocs.yaml")), "mkdocs.yml")
    if not os.path.exists(name):
        raise PolicybookError(f"{name}: {_NO_FILE}")
    files = with_inherited(Path(name))
    with logged_errors("mkdocs.config") as records:
        try:
            with named_settings(files[0].error), errors_of(UserCode(_hooks(files)).error):
                # MkDocs would not know the path of the file if standard input is closed.
                return load_config(name, config_file_path=os.path.abspath(name), **options)
        except MkDocsException as error:
            errors = (text for record in records for text in _lines_of(record.getMessage()))
            lines = [str(_located(files[0], text, options)) for text in errors]
            other = files[0].error(" ".join(message_of(error).split()))
            raise PolicybookError("\n".join(lines) or str(other)) from error
        except (PolicybookError, OSError):
            raise
        except Exception as error:  # MkDocs lets many a wrong type end in an error of Python
            raise files[0].error(
                f"MkDocs cannot use it: {type(error).__name__}: {error}"
            ) from error


def message_of(error: MkDocsException) -> str:
    """The message of an exception of MkDocs."""
    return str(getattr(error, "message", None) or error)


def with_inherited(path: Path) -> list[ConfigFile]:
    """The file, and those that it inherits from; raises PolicybookError if they form a loop."""
    found = [config_file(path)]
    seen = {os.path.realpath(path)}
    while (parent := found[-1].value.get("INHERIT")) is not None:
        last = found[-1]
        if not isinstance(parent, str):
            raise last.error(f"INHERIT: expected a file, found {shown(parent)}", ("INHERIT",))
        path = Path(os.path.normpath(last.path.parent / parent))
        if not path.is_file():
            raise last.error(f"INHERIT: expected a file, found none at {parent}", ("INHERIT",))
        if os.path.realpath(path) in seen:
            expected = "expected a file that does not inherit from this one"
            raise last.error(f"INHERIT: {expected}, found {parent!r}", ("INHERIT",))
        seen.add(os.path.realpath(path))
        found.append(config_file(path))
    return found


def _lines_of(message: str) -> Iterator[str]:
    """An error of MkDocs, or each of the errors of a plugin's options that it has on lines."""
    error = _ERROR.fullmatch(message)
    if error and _OPTION.match(error["message"]):
        yield from (f"Config value '{error['key']}': {m}" for m in error["message"].split("\n"))
    else:
        yield message


# A setting, or what MkDocs says of one, and the remedy.
_REMEDIES = {
    "dev_addr": "; write host and port, such as localhost:8000",
    "Invalid Plugins configuration": "; indent the options of a plugin further than its name",
}


def _located(file: ConfigFile, message: str, options: Iterable[str]) -> PolicybookError:
    """An error that MkDocs logged, with its place; an option of the command has none."""
    error = _ERROR.fullmatch(message)
    if not error:
        return file.error(message)
    key, text = error["key"], error["message"]
    remedy = _REMEDIES.get(text) or _REMEDIES.get(key, "")
    if key in options:
        return PolicybookError(one_line(f"{key}: {text}{remedy}"))
    if option := _OPTION.match(text):
        at = (*file.plugin(option["plugin"]), option["option"])
        rest = text[option.end() :]
        return file.error(f"plugins.{option['plugin']}.{option['option']}: {rest}", at)
    plugin, install = unknown_plugin(text)
    if plugin:
        return file.error(f"{key}: {text}; {install}", file.plugin(plugin))
    return file.error(f"{key}: {text}{remedy}", (key,))


def check_site(config: MkDocsConfig, pages: Iterable[File]) -> None:
    """Check the texts and the theme of the configuration, and the encoding of handwritten pages.

    Args:
        config: The configuration.
        pages: The handwritten pages.

    Raises:
        PolicybookError: A text or a page has control characters, the theme is not Material, or a
            page is not in UTF-8.

    """
    file = config_file(config.config_file_path)
    texts = {key: text for key, text in config.items() if isinstance(text, str)}
    for finding in control_characters_in_value(texts, document=False):  # also those of `!ENV`
        raise file.error(finding.reason, finding.path)
    if config.theme.name != "material":
        found = repr(config.theme.name) if "theme" in file.value else "none"
        raise file.error(f"theme: expected the theme 'material', found {found}", ("theme",))
    for page in pages:
        if page.abs_src_path:
            path = Path(page.abs_src_path)
            for finding in control_characters_in_file(utf8_text(path)):
                raise PolicybookError(_line_of(path, finding))


def plugin_of(config: MkDocsConfig, kind: type[Plugin]) -> Plugin:
    """The plugin of this kind in the configuration; raises PolicybookError if there is none."""
    plugin = config.plugins.get("policybook")
    if not isinstance(plugin, kind):
        message = "expected policybook among the plugins, found none"
        raise config_file(config.config_file_path).error(message, ("plugins",))
    return plugin


def _hooks(files: Iterable[ConfigFile]) -> set[str]:
    """The paths of the hooks that the files name, below the folder of the first."""
    files = list(files)
    named = [name for file in files for name in file.value.get("hooks") or ()]
    return {str(files[0].path.absolute().parent / str(name)) for name in named}


def fails_strict(config: MkDocsConfig) -> bool:
    """Whether MkDocs will fail this build, after its last event, for warnings in strict mode."""
    counters = [h for h in logging.getLogger("mkdocs").handlers if isinstance(h, CountHandler)]
    return config.strict and any(counter.get_counts() for counter in counters)
