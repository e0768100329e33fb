"""Splits the HTML of our pages into tokens; text and inline elements become Markdown.

The HTML comes from our templates: elements are closed, and `<`, `>` and `&` in text and attributes
are entities. So a regular expression can parse it: converting it takes half the time that
`html.parser` takes for parsing alone. An inline element has to end on the line on which it starts;
otherwise only its text is kept.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from urllib.parse import quote

from policybook.output.markdown.text import SPACE, code, fence, inline

# Elements whose start or end the converter has to know.
STARTS = frozenset(["ul", "ol", "dl", "li", "dt", "dd", "table", "tr", "th", "td", "blockquote"])
ENDS = frozenset(
    [
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "summary",
        "ul",
        "ol",
        "dl",
        "li",
        "dt",
        "dd",
        "table",
        "th",
        "td",
        "blockquote",
    ]
)
# Elements that only end the paragraph before them and within them.
BREAKS = frozenset(
    [
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "summary",
        "p",
        "div",
        "section",
        "header",
        "nav",
        "figure",
        "details",
        "pre",
    ]
)
IGNORED = frozenset(["thead", "tbody", "tr", "wbr", "rect", "line", "input"])

# Controls and drawings. A plot is replaced by its text for screen readers, and what is hidden from
# them is left out: it stands beside the same in words.
DROPPED = frozenset({"svg", "figcaption", "form", "button"})
DROPPED_CLASSES = re.compile(r'class="(?:headerlink|pb-jump|pb-sections|pb-examples)"')
# Links that ask a tool of the site something, and what stands before them in a row of links.
_TOOL = re.compile(r"(?:^|/)(?:search|compare|choose|check)/(?:index\.html)?[?#][a-z]+=")
_BEFORE_TOOL = re.compile(r"\s*·\s*$")

# Spans that are shown as badges. Without colour and border they need emphasis.
BADGES = re.compile(r"pb-(?:tag|verdict|flag|effect)\b(?!__)")

# Code without these characters can be put between backticks.
_PLAIN_CODE = r"[^<&`|\\\s]+"

# The most frequent elements come first, each with its whole content.
_TOKEN = re.compile(
    rf"(?P<codes><code>{_PLAIN_CODE}</code>(?: <code>{_PLAIN_CODE}</code>)*)"
    rf'|<a href="(?P<coded>[^"]*)"><code[^>]*>(?P<code_in_link>{_PLAIN_CODE})</code></a>'
    r'|<a href="(?P<href>[^"]*)"(?: class="pb-[^"]*")?>(?P<link>[^<]+)</a>'
    r'|<(?P<inline>b|i|small|span)(?: class="(?P<class>[^"]*)")?>(?P<inner>[^<]*)</(?P=inline)>'
    r"|<(?:code|kbd)[^>]*>(?P<code>[^<]*)</(?:code|kbd)>"
    r'|<pre><code(?: class="language-(?P<language>\w+)")?>(?P<fence>[^<]*)</code></pre>'
    r"|<title id=[^>]*>(?P<title>[^<]*)</title><desc [^>]*>(?P<description>[^<]*)</desc>"
    r"|</(?P<end>[a-z][a-z0-9]*)>"
    r"|<(?P<start>[a-z][a-z0-9]*)(?P<attributes>[^>]*)>"
    r"|(?P<text>[^<]+)"
)
_ID = re.compile(r'(?:^|\s)id="([^"]*)"')
_HREF = re.compile(r'(?:^|\s)href="([^"]*)"')

# Kinds of tokens. (Plain numbers: the members of an Enum take a third of the converter's time.)
TEXT, START, END, BREAK, DROP, FENCE, PLOT = range(7)

Token = tuple[int, str]


@lru_cache(maxsize=16_384)
def tokens(line: str, to_files: bool) -> tuple[Token, ...]:
    """Split a line of HTML into tokens. Cached, since many pages share lines.

    Args:
        line: The line.
        to_files: Whether links to pages lead to their Markdown files; else they stay as they are.

    Returns:
        For each token its kind, and the Markdown of `TEXT`, `FENCE` and `PLOT` (the text of a
        drawing) or the name of the element of `START`, `END`, and `DROP`, the start of an element
        that is left out.
    """
    reader = _Reader(to_files)
    for match in _TOKEN.finditer(line):
        reader.read(match)
    return reader.finished()


class _Reader:
    """Converts inline elements, with a stack of those that are open."""

    def __init__(self, to_files: bool) -> None:
        self._destination = destination if to_files else address
        self._tokens: list[Token] = []
        self._text: list[str] = []
        self._open: list[tuple[str, str, list[str]]] = []  # name, attributes, the text around it

    def read(self, match: re.Match[str]) -> None:
        """Read the next match of `_TOKEN`; the name of its last group is its kind."""
        found = match[match.lastgroup or 0]
        match match.lastgroup:
            case "codes":
                self._text.append(found.replace("<code>", "`").replace("</code>", "`"))
            case "code_in_link":
                self._text.append(f"[`{found}`]({self._destination(match['coded'])})")
            case "link":
                self._link(match["href"], _text(found))
            case "inner":
                self._text.append(_inline(match["inline"], match["class"] or "", _text(found)))
            case "text":
                self._text.append(_text(found))
            case "end":
                self._end(found)
            case "attributes":
                self._start(match["start"], found)
            case "code":
                self._text.append(code(_plain(found)))
            case "fence":
                text = _plain(found).rstrip("\n")
                self._block(FENCE, fence(text, match["language"] or ""))
            case _:
                self._block(PLOT, f"{_text(match['title'])}: {_text(found)}")

    def finished(self) -> tuple[Token, ...]:
        """Return all tokens, after the end of the line."""
        self._end_text()
        return tuple(self._tokens)

    def _start(self, name: str, attributes: str) -> None:
        if name in DROPPED or (name in ("nav", "p") and DROPPED_CLASSES.search(attributes)):
            self._block(DROP, name)
        elif name in STARTS:
            self._block(START, name)
        elif name in BREAKS:
            self._block(BREAK, "")
        elif name == "br":
            self._text.append("<br>")
        elif name not in IGNORED:
            self._open.append((name, attributes, self._text))
            self._text = []
        if found := _ID.search(attributes):
            self._text.append(f'<a id="{found[1]}"></a>')

    def _end(self, name: str) -> None:
        if name in ENDS or name in DROPPED or name in ("nav", "p"):
            self._block(END, name)
        elif name in BREAKS:
            self._block(BREAK, "")
        elif self._open and self._open[-1][0] == name:
            _, attributes, around = self._open.pop()
            text = "".join(self._text)
            self._text = around
            if name != "a":
                self._text.append(_inline(name, attributes, text))
            elif not DROPPED_CLASSES.search(attributes):
                href = _HREF.search(attributes)
                self._link(href[1] if href else "", text)

    def _link(self, href: str, text: str) -> None:
        if not _TOOL.search(href):
            self._text.append(f"[{text}]({self._destination(href)})" if href else text)
        elif self._text:
            self._text[-1] = _BEFORE_TOOL.sub("", self._text[-1])

    def _block(self, kind: int, value: str) -> None:
        self._end_text()
        if kind != BREAK or not self._tokens or self._tokens[-1][0] != BREAK:
            self._tokens.append((kind, value))

    def _end_text(self) -> None:
        while self._open:
            _, _, around = self._open.pop()
            self._text = around + self._text
        text = "".join(self._text)
        if text and text != " ":
            self._tokens.append((TEXT, text))
        self._text = []


def _plain(text: str) -> str:
    """Return the text without entities; most of them are quotes."""
    return html.unescape(text.replace("&#34;", '"')) if "&" in text else text


def _text(text: str) -> str:
    plain = SPACE.sub(" ", text)
    if "&#" in plain:
        plain = plain.replace("&#34;", '"').replace("&#39;", "'")
    return plain if plain.isalnum() else inline(plain)


def _inline(name: str, attributes: str, text: str) -> str:
    """Format an inline element; its content is Markdown already."""
    if 'aria-hidden="true"' in attributes:
        return ""
    shown = text.strip()
    mark = {"b": "**", "strong": "**", "i": "*", "em": "*"}.get(name, "")
    if name == "span" and shown and "*" not in text and BADGES.search(attributes):
        return f" *{shown}* "
    if name == "q":
        return f"“{text}”"
    return text.replace(shown, f"{mark}{shown}{mark}", 1) if mark and shown else text


@lru_cache(maxsize=65_536)
def destination(href: str) -> str:
    """Convert the target of a link: a page of the site becomes its file, as builders expect.

    Args:
        href: The attribute's value, with entities.

    Returns:
        The address, with characters that Markdown would interpret percent-encoded.
    """
    path, sign, fragment = html.unescape(href).partition("#")
    plain_list = "lists/" in path and path.endswith(".html")  # exported as it is
    if "://" not in path and path.endswith(("/", ".html")) and not plain_list:
        page = f"{path}index.html" if path.endswith("/") else path
        path = page.removeprefix("./").removesuffix(".html") + ".md"
    return _quoted(path + sign + fragment)


def address(href: str) -> str:
    """Convert the target of a link, which stays the address that it is; see `destination`."""
    return _quoted(html.unescape(href))


def _quoted(target: str) -> str:
    return html.escape(quote(target, safe="/:?#@!$&'+,;=%~"), quote=False)
