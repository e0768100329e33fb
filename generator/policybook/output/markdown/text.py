"""Text and code in Markdown: no text of the data becomes markup, in a paragraph or in a table.

What is written here means the same to CommonMark and to Python-Markdown.
"""

from __future__ import annotations

import html
import re

# Characters that both dialects escape with a backslash, and those that only CommonMark does.
_ESCAPED = re.compile(r"([\\`*_{}\[\]|#!])")
_AS_ENTITY = {ord(char): f"&#{ord(char)};" for char in "~^="}

# White space and ends of lines, as far as text is concerned: a no-break space is a character.
SPACE = re.compile(r"[ \t-\r\x1c-\x1f\x85\u2028\u2029]+")

# What starts a list, or a line across the page, at the start of a paragraph.
_STARTING = re.compile(r"^(?=[-+](?:[-\s]|$)|\d+[.)](?:\s|$))(\d*)([-+.)])")


def escaped(text: str) -> str:
    """The text on one line, as a paragraph or a part of one that Markdown shows unchanged."""
    return starting(inline(html.escape(SPACE.sub(" ", text).strip(), quote=False)))


def inline(text: str) -> str:
    """Text of HTML, where `<`, `>` and `&` are entities, with what means something to Markdown."""
    return _ESCAPED.sub(r"\\\1", text).translate(_AS_ENTITY)


def starting(paragraph: str) -> str:
    """The paragraph with what would make a list of it escaped."""
    return _STARTING.sub(r"\1\\\2", paragraph)


def code(text: str) -> str:
    """The text as code: between backticks, or as an HTML element where backticks are ambiguous.

    That is so for text with a backtick, a bar (in a table) or a backslash, and at outer spaces.
    """
    line = SPACE.sub(" ", text)
    if line and line == line.strip() and not any(char in line for char in "`|\\"):
        return f"`{line}`"
    shown = html.escape(line, quote=False)
    for char in "|`\\*_[]":
        shown = shown.replace(char, f"&#{ord(char)};")
    return f"<code>{shown}</code>"


def fence(text: str, language: str = "") -> str:
    """The text as a block of code, its lines unchanged."""
    ticks = max((len(run) for run in re.findall("`+", text)), default=0)
    edge = "`" * max(3, ticks + 1)
    return f"{edge}{language}\n{text}\n{edge}"
