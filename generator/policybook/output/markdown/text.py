"""Escapes text and code for Markdown, in paragraphs and in tables.

CommonMark and Python-Markdown read the output in the same way.
"""

from __future__ import annotations

import html
import re

# Characters that both dialects escape with a backslash, and those that only CommonMark does.
_ESCAPED = re.compile(r"([\\`*_{}\[\]|#!])")
_AS_ENTITY = {ord(char): f"&#{ord(char)};" for char in "~^="}

# White space and newlines in text. A no-break space counts as a character.
SPACE = re.compile(r"[ \t-\r\x1c-\x1f\x85\u2028\u2029]+")

# What starts a list or a horizontal rule, at the start of a paragraph.
_STARTING = re.compile(r"^(?=[-+](?:[-\s]|$)|\d+[.)](?:\s|$))(\d*)([-+.)])")


def escaped(text: str) -> str:
    """Escape a text and put it on one line, as a paragraph or a part of one."""
    return starting(inline(html.escape(SPACE.sub(" ", text).strip(), quote=False)))


def inline(text: str) -> str:
    """Escape Markdown in text of HTML, in which `<`, `>` and `&` are entities already."""
    return _ESCAPED.sub(r"\\\1", text).translate(_AS_ENTITY)


def starting(paragraph: str) -> str:
    """Escape the start of a paragraph that would otherwise be a list."""
    return _STARTING.sub(r"\1\\\2", paragraph)


def code(text: str) -> str:
    """Format a text as code: between backticks, or as an HTML element if those are ambiguous.

    They are ambiguous around a backtick, a bar (in a table), a backslash or outer spaces.
    """
    line = SPACE.sub(" ", text)
    if line and line == line.strip() and not any(char in line for char in "`|\\"):
        return f"`{line}`"
    shown = html.escape(line, quote=False)
    for char in "|`\\*_[]":
        shown = shown.replace(char, f"&#{ord(char)};")
    return f"<code>{shown}</code>"


def fence(text: str, language: str = "") -> str:
    """Format a text as a block of code.

    Args:
        text: The lines, which are kept unchanged.
        language: The name of the language. Default: none.
    """
    ticks = max((len(run) for run in re.findall("`+", text)), default=0)
    edge = "`" * max(3, ticks + 1)
    return f"{edge}{language}\n{text}\n{edge}"
