"""What an export takes over of the user's own: handwritten pages, other files, and settings."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

from msgspec import Struct

from policybook.book.addresses import Target

# Finds the page of the book that a text names, or None.
Named = Callable[[str], Target | None]

# Settings that every builder of MkDocs' form knows. Of `theme`, those that need no files of ours.
CARRIED = (
    "site_description",
    "site_author",
    "copyright",
    "repo_url",
    "repo_name",
    "edit_uri",
    "extra",
    "extra_css",
    "extra_javascript",
    "markdown_extensions",
)
OF_THEME = ("language", "logo", "favicon", "font", "icon", "palette", "features")
# These have a value in every export, or mean nothing outside of this program.
OURS = ("site_name", "site_url", "site_dir", "docs_dir", "nav", "use_directory_urls", "validation")
PLUGINS = ("search", "material/search", "policybook")


class OwnDocs(Struct, frozen=True):
    """The user's own docs folder and settings.

    Attributes:
        files: The files of the docs folder, by their paths in it.
        addresses: The addresses of the handwritten pages among them, by path.
        settings: The value of mkdocs.yml.
        unread: The keys of it whose values are more than plain YAML.
    """

    files: Mapping[str, Path] = {}
    addresses: Mapping[str, str] = {}
    settings: Mapping[str, Any] = {}
    unread: frozenset[str] = frozenset()

    def carried(self) -> dict[str, Any]:
        """The settings that the export has too."""
        found = {key: self.settings[key] for key in CARRIED if key in self._read()}
        given = self.settings.get("theme") if "theme" in self._read() else None
        theme = given if isinstance(given, dict) else {}
        return {**found, "theme": {key: theme[key] for key in OF_THEME if key in theme}}

    def left(self) -> Iterator[str]:
        """Yield the name of each setting that the export has not."""
        for key, value in self.settings.items():
            if key == "plugins":
                yield from (f"plugins.{name}" for name in _names(value) if name not in PLUGINS)
            elif key == "theme" and key not in self.unread:
                known = (*OF_THEME, "name")
                yield from (f"theme.{name}" for name in _names(value) if name not in known)
            elif key not in (*CARRIED, *OURS) or key in self.unread:
                yield str(key)

    def _read(self) -> set[str]:
        return self.settings.keys() - self.unread

    def nav(self, path_of: Callable[[str], str]) -> Any:
        """The nav of mkdocs.yml, or else all handwritten pages.

        Args:
            path_of: The path in the export of what the nav names.
        """
        if "nav" in self._read():
            return _each(self.settings["nav"], path_of)
        return sorted(path for path in self.addresses if path != "index.md")


def _names(value: Any) -> Iterator[str]:
    for entry in value if isinstance(value, list | dict) else ():
        yield from map(str, entry) if isinstance(entry, dict) else [str(entry)]


def _each(nav: Any, path_of: Callable[[str], str]) -> Any:
    if isinstance(nav, list):
        return [_each(item, path_of) for item in nav]
    if isinstance(nav, dict):
        return {title: _each(item, path_of) for title, item in nav.items()}
    return path_of(nav) if isinstance(nav, str) else nav


_FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
_LINK = re.compile(r"(\]\(\s*<?|^ {0,3}\[[^\]]+\]:\s*<?)([^)\s>#]+)(?=[)\s>#]|$)")
_CODE = re.compile(r"(?<![`\[])`([A-Za-z][^`\n]*)`(?![`\]])")
_DEFINED = re.compile(r"^ {0,3}\[([^\]]+)\]:", re.MULTILINE)
_REFERENCE = re.compile(r"\[([^\]\[]+)\]\[([^\]\[]*)\]")


class OwnText:
    """Rewrites handwritten Markdown so that its links work without the plugin.

    Args:
        own: The user's own docs.
        known: Whether the export has a page of the book, by its path there.
        named: Finds the page that a text names.
        path: The path of the Markdown file of a page of the book.
    """

    def __init__(
        self,
        own: OwnDocs,
        known: Callable[[str], bool],
        named: Named,
        path: Callable[[str], str],
    ) -> None:
        self._own = own
        self._known = known
        self._named = named
        self._path = path

    def path_of(self, path: str, page: str = "", address: str = "") -> str:
        """The path in the export of the page of the book that a link names; else the link.

        Args:
            path: The link, without an anchor.
            page: The path of the page that has it. Default: one in the docs folder itself.
            address: The address of that page.
        """
        folder = posixpath.dirname(page)
        inside = posixpath.normpath(posixpath.join(folder, unquote(path)))
        if path.endswith(".md") and (inside in self._own.files or self._known(inside)):
            return path
        bare = inside.removesuffix(".md").removesuffix("/index").removesuffix("index")
        if not path.endswith(".md"):
            bare = urljoin(f"https://x/{address}", path).removeprefix("https://x/").strip("/")
        for place in (f"{bare}/index.md".lstrip("/"), f"{bare}.md"):
            if self._known(place) and ":" not in path:
                return posixpath.relpath(place, folder or ".")
        return path

    def rewritten(self, page: str, text: str) -> str:
        """The text of a handwritten page, with links that lead to the files of the export."""
        fence, lines = "", text.split("\n")
        defined = {name.lower() for name in _DEFINED.findall(text)}
        for number, line in enumerate(lines):
            if found := _FENCE.match(line):
                fence = "" if fence and line.strip().startswith(fence) else fence or found[1]
            elif not fence and not line.startswith("    "):
                lines[number] = self._line(page, line, defined)
        return "\n".join(lines)

    def _line(self, page: str, line: str, defined: Collection[str]) -> str:
        address = self._own.addresses.get(page, "")
        line = _LINK.sub(lambda m: m[1] + self.path_of(m[2], page, address), line)
        line = _REFERENCE.sub(lambda m: self._reference(page, m, defined), line)
        return line if line.startswith("#") else _CODE.sub(lambda m: self._code(page, m), line)

    def _code(self, page: str, found: re.Match[str]) -> str:
        target = self._named(found[1])
        return f"[{found[0]}]({self._to(page, target)})" if target else found[0]

    def _reference(self, page: str, found: re.Match[str], defined: Collection[str]) -> str:
        name = (found[2] or found[1]).replace("`", "")
        target = None if name.lower() in defined else self._named(name)
        return f"[{found[1]}]({self._to(page, target)})" if target else found[0]

    def _to(self, page: str, target: Target) -> str:
        path = posixpath.relpath(self._path(target.file), posixpath.dirname(page) or ".")
        return f"{path}#{target.anchor}" if target.anchor else path
