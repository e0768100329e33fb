"""What the content security policy keeps browsers from loading: warnings with the way out.

The settings of mkdocs.yml are read, the style sheets and templates of the book, and the pages that
are written by hand. A script that fetches something only when it runs is not seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File
from msgspec import Struct

from policybook.errors import KeyPath, one_line
from policybook.mkdocs_plugin.config_file import ConfigFile, config_file, utf8_text
from policybook.mkdocs_plugin.material.appearance import GOOGLE_FONTS, statistics
from policybook.mkdocs_plugin.material.content_policy import ContentPolicy
from policybook.mkdocs_plugin.user_code import place

_OPTION = "plugins.policybook.content_security_policy"
# What can be within a page: its name, and the way out.
_INLINE = {
    "script-src": (
        "a script within the page",
        "put it into a file of the docs folder, and list that in extra_javascript",
    ),
    "style-src": (
        "a style within the page",
        "put it into a style sheet of the docs folder, and list that in extra_css",
    ),
    "mermaid": (
        "Mermaid, which comes from unpkg.com and writes styles into the page",
        "put the diagram into an SVG file",
    ),
}
# How that begins in Markdown.
_IN_MARKDOWN = {"script-src": "<script", "style-src": "style", "mermaid": "```mermaid"}
# Elements that load something: the directive for an attribute.
_LOADING = {
    ("script", "src"): "script-src",
    ("img", "src"): "img-src",
    ("iframe", "src"): "frame-src",
    ("embed", "src"): "frame-src",
    ("object", "data"): "frame-src",
    ("video", "src"): "media-src",
    ("audio", "src"): "media-src",
    ("source", "src"): "media-src",
    ("form", "action"): "form-action",
}
_LINKS = {"stylesheet": "style-src", "icon": "img-src"}
_IN_CSS = re.compile(
    r"""(?P<import>@import\s+(?:url\()?|url\()\s*["']?(?P<url>(?:https?:)?//[^"')\s]+)""", re.I
)
_COMMENTS = re.compile(r"/\*.*?\*/", re.DOTALL)
_JINJA = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_FONT_FILE = re.compile(r"\.(?:woff2?|ttf|otf|eot)(?:[?#]|$)", re.I)


class Needed(Struct, frozen=True):
    """Something that a file needs and a policy can block.

    Attributes:
        directive: The directive of the policy that is about it, or "mermaid".
        url: Its address, or "" for what is within the page.
        line: The line of the file.
    """

    directive: str
    url: str
    line: int


class _Reader(HTMLParser):
    """Finds what a page or a template needs."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Needed] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        for name, url in values.items():
            if directive := _LOADING.get((tag, name)):
                self._need(directive, url)
            elif name.startswith("on"):
                self._need("script-src", "")
            elif name == "style":
                self._need("style-src", "")
        for relation in values.get("rel", "").split() if tag == "link" else ():
            if directive := _LINKS.get(relation):
                self._need(directive, values.get("href", ""))
        if "mermaid" in values.get("class", "").split():
            self._need("mermaid", "")
        if tag == "style":
            self._need("style-src", "")
        script = values.get("type", "text/javascript").lower()
        if tag == "script" and "src" not in values and script in _SCRIPTS:
            self._need("script-src", "")

    def _need(self, directive: str, url: str) -> None:
        if not url or _elsewhere(url):
            self.found.append(Needed(directive, url, self.getpos()[0]))


_SCRIPTS = ("", "module", "text/javascript", "application/javascript")


def _elsewhere(url: str) -> bool:
    return url.strip().lower().startswith(("http://", "https://", "//"))


def needed_by_html(text: str) -> list[Needed]:
    """What a page, or a template, needs beyond the site."""
    reader = _Reader()
    reader.feed(_JINJA.sub(lambda found: "\n" * found[0].count("\n") or "-", text))
    reader.close()
    return reader.found


def needed_by_css(text: str) -> Iterator[Needed]:
    """Yields what a style sheet loads from other hosts."""
    text = _COMMENTS.sub(lambda found: "\n" * found[0].count("\n"), text)
    for found in _IN_CSS.finditer(text):
        if found["import"].lower().startswith("@import"):
            directive = "style-src"
        else:
            directive = "font-src" if _FONT_FILE.search(found["url"]) else "img-src"
        yield Needed(directive, found["url"], text.count("\n", 0, found.start()) + 1)


class BlockedContent:
    """Collects what the policy blocks, each once.

    Args:
        config: The configuration.
        policy: The policy of the pages.
    """

    def __init__(self, config: MkDocsConfig, policy: ContentPolicy) -> None:
        self._config = config
        self._policy = policy
        self._named: set[tuple[str, str]] = set()
        self._inline: set[str] = set()  # what templates have within each page

    def warnings(self, docs: Mapping[str, File]) -> Iterator[str]:
        """Yields a line for each setting, and for each place in a template or style sheet.

        Args:
            docs: The files of the docs folder, by path.

        Raises:
            PolicybookError: A template or a style sheet is not in UTF-8.

        """
        file = config_file(self._config.config_file_path)
        yield from self._settings(file)
        for number, script in enumerate(self._config.extra_javascript):
            yield from self._address(file, ("extra_javascript", number), "script-src", str(script))
        for number, sheet in enumerate(self._config.extra_css):
            at = ("extra_css", number - 1)  # the first one is ours
            yield from self._address(file, at, "style-src", str(sheet))
            if (found := docs.get(str(sheet))) and found.abs_src_path:
                path = Path(found.abs_src_path)
                yield from self._of_file(path, needed_by_css(utf8_text(path)))
        custom = self._config.theme.custom_dir
        for path in sorted(Path(custom).rglob("*.html")) if custom else ():
            needs = needed_by_html(utf8_text(path))
            self._inline |= {need.directive for need in needs if not need.url}
            yield from self._of_file(path, needs)

    def of_page(self, source: Path, html: str) -> Iterator[str]:
        """Yields a line for each thing that a page written by hand needs and nothing else named.

        Args:
            source: The file of the page.
            html: The whole page.

        """
        text = utf8_text(source)
        for need in dict.fromkeys(Needed(n.directive, n.url, 0) for n in needed_by_html(html)):
            if need.url or need.directive not in self._inline:
                yield from self._needed(need, place(source, _line_with(need, text)))

    def _settings(self, file: ConfigFile) -> Iterator[str]:
        """What Material's own settings need."""
        config, extra = self._config, self._config.extra
        if config.theme.get("font"):
            away = "write `font: false`, or use a font in the docs folder with extra_css"
            yield from self._setting(file, ("theme", "font"), GOOGLE_FONTS, away)
        away = f"write `connect-src: []` in {_OPTION} to do without stars and forks"
        if not self._policy.decides("connect-src"):
            yield from self._setting(
                file, ("repo_url",), (statistics(config.repo_url or ""),), away
            )
        for name in ("logo", "favicon"):
            url = str(config.theme.get(name) or "")
            yield from self._address(file, ("theme", name), "img-src", url)
        for key in ("analytics", "consent"):
            if extra.get(key):
                self._inline.add("script-src")
                yield _within(f"{file.place(('extra', key))}: extra.{key}", "script-src")

    def _setting(
        self, file: ConfigFile, at: KeyPath, needs: tuple[tuple[str, str], ...], away: str
    ) -> Iterator[str]:
        blocked = [(need[0], host) for need in needs if (host := self._policy.blocks(*need))]
        if blocked:
            self._named |= set(blocked)
            hosts = ", ".join(f"{directive}: [{host}]" for directive, host in blocked)
            named = " and ".join(host for _, host in blocked)
            yield one_line(
                f"{file.place(at)}: {'.'.join(map(str, at))}: the content security policy blocks "
                f"{named}; {away}, or allow it with {_OPTION}: {{{hosts}}}"
            )

    def _address(self, file: ConfigFile, at: KeyPath, directive: str, url: str) -> Iterator[str]:
        where = f"{file.place(at)}: {'.'.join(str(part) for part in at if isinstance(part, str))}"
        yield from self._needed(Needed(directive, url, 0), where) if url else ()

    def _of_file(self, path: Path, needs: Iterable[Needed]) -> Iterator[str]:
        for need in needs:
            yield from self._needed(need, place(path, need.line))

    def _needed(self, need: Needed, where: str) -> Iterator[str]:
        """Yields the line about what a file needs, unless it may load it or the host was named."""
        if not need.url:
            yield _within(where, need.directive)
            return
        host = self._policy.blocks(need.directive, need.url)
        if host and (need.directive, host) not in self._named:
            self._named.add((need.directive, host))
            away = "copy it into the docs folder"
            if "mathjax" in need.url.lower():
                away = "use KaTeX, since MathJax writes styles into the page, which stay blocked"
            yield one_line(
                f"{where}: the content security policy blocks {need.url}; {away}, or allow its "
                f"host with {_OPTION}: {{{need.directive}: [{host}]}}"
            )


def _within(where: str, directive: str) -> str:
    kind, away = _INLINE[directive]
    return one_line(f"{where}: the content security policy blocks {kind}; {away}")


def _line_with(need: Needed, text: str) -> int:
    """The first line of a page's Markdown that has what it needs; 0 if none has."""
    start = text.find(need.url or _IN_MARKDOWN[need.directive])
    return text.count("\n", 0, start) + 1 if start >= 0 else 0
