"""Reads the Markdown of the awsdocs repositories into blocks.

* A heading is `#` to `######`; what it names is its text without `<a name=…></a>`.
* An item begins with `+`, `-`, `*` or a number, and goes on over indented lines, also after an
  empty line. Two spaces of indent are one level.
* Code is what is fenced, also within an item. A fence that is never closed ends before the next
  heading with an anchor.
* A table is lines that begin with `|`; the line of dashes is left out.
* Backslashes in front of punctuation are taken off; code, bold, links and tags leave their words.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from policybook.importers.guides.blocks import (
    MAX_DEPTH,
    Block,
    CodeBlock,
    HeadingBlock,
    ItemBlock,
    PageBlocks,
    ParagraphBlock,
    RowBlock,
    TableBlock,
    plain,
)

_FENCE = re.compile(r"(?P<indent>[ \t]*)(?P<mark>`{3,}|~{3,})[^`]*")
_HEADING = re.compile(r"(?P<marks>#{1,6})[ \t]+(?P<text>.*)")
_ANCHORED = re.compile(r"#{1,6} .*(?:<a name=|managed polic).*", re.I)
_ITEM = re.compile(r"(?P<indent>[ \t]*)(?:[+*-]|[0-9]{1,9}[.)])[ \t]+(?P<text>.*)")
_RULE = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t:-]*)*")
_INLINE = re.compile(
    r"`(?P<code>[^`]+)`"
    r"|\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?P<gone>\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)?\)|</?[a-zA-Z][^<>]*>|\*{1,3}|[\[\]])"
    r"|(?P<entity>&#?\w{1,31};)"
)
_CELL = re.compile(r"(?:[^|\\`]|\\.|`[^`|]*`|\\$|`)*")
# What the converter of the repositories wrote in the place of what it could not convert: the
# page's own address.
_ELSEWHERE = re.compile(
    r"\[\\?\[?See the AWS documentation website for more details\\?\]?\]\((?P<url>[^()\s]+)\)"
)


def markdown_blocks(text: str) -> PageBlocks:
    """The blocks of a page in Markdown."""
    addresses = tuple(found["url"] for found in _ELSEWHERE.finditer(text))
    return PageBlocks(tuple(_Lines(text).blocks()), addresses)


def _words(text: str) -> str:
    """A text without Markdown's marks."""

    def word(found: re.Match[str]) -> str:
        if found["entity"]:
            return html.unescape(found["entity"])
        return found["code"] or found["escaped"] or ""

    return plain(_INLINE.sub(word, _ELSEWHERE.sub("", text)))


class _Lines:
    """The lines of a page, and the block that is being gathered of them."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.place = 0
        self.found: list[Block] = []
        self.open: list[str] = []
        self.close: Callable[[str], Block] | None = None
        self.in_item = False

    def blocks(self) -> list[Block]:
        while self.place < len(self.lines):
            self._take(self.lines[self.place].rstrip("\r"))
        self._end()
        return self.found

    def _take(self, line: str) -> None:
        number = self.place + 1
        if fence := _FENCE.fullmatch(line):
            self._end()
            self._code(fence["mark"], len(fence["indent"]))
        elif heading := _HEADING.fullmatch(line):
            self._end()
            found = HeadingBlock(
                _words(heading["text"].rstrip(" \t#")), len(heading["marks"]), number
            )
            self.found.append(found)
        elif line.startswith("|"):
            self._end()
            self._table()
            return
        elif item := _ITEM.fullmatch(line):
            self._end()
            depth = min(1 + len(item["indent"].expandtabs(4)) // 2, MAX_DEPTH)
            self._begin(item["text"], lambda text: ItemBlock(text, number, depth))
            self.in_item = True
        elif not line.strip():
            if not self.in_item:
                self._end()
        elif self._goes_on(line):
            self.open.append(line)
        else:
            self._end()
            self._begin(line, lambda text: ParagraphBlock(text, number))
        self.place += 1

    def _goes_on(self, line: str) -> bool:
        """Whether the line belongs to the open block."""
        after_empty = self.place > 0 and not self.lines[self.place - 1].strip()
        if self.in_item and after_empty:
            return line.startswith(("  ", "\t"))
        return bool(self.open)

    def _begin(self, line: str, close: Callable[[str], Block]) -> None:
        self.open, self.close = [line], close

    def _end(self) -> None:
        if self.close and (text := _words("\n".join(self.open))):
            self.found.append(self.close(text))
        self.open, self.close, self.in_item = [], None, False

    def _code(self, mark: str, indent: int) -> None:
        """Gather code up to the end of the fence; the place is then that line."""
        start = self.place + 2
        lines: list[str] = []
        while self.place + 1 < len(self.lines):
            line = self.lines[self.place + 1].rstrip("\r")
            if _ANCHORED.fullmatch(line):
                break
            self.place += 1
            if line.strip().startswith(mark) and not line.strip().strip(mark[0]):
                break
            lines.append(line[indent:] if not line[:indent].strip() else line)
        self.found.append(CodeBlock("\n".join(lines), start))

    def _table(self) -> None:
        rows: list[RowBlock] = []
        while self.place < len(self.lines) and self.lines[self.place].startswith("|"):
            line = self.lines[self.place].strip()
            if not _RULE.fullmatch(line):
                rows.append(RowBlock(_cells(line), self.place + 1))
            self.place += 1
        if rows:
            self.found.append(TableBlock(rows[0], tuple(rows[1:])))


def _cells(line: str) -> tuple[str, ...]:
    """The cells of a line that begins with `|`; a `|` after a backslash is a character."""
    cells, place = [], 1
    while place < len(line):
        found = _CELL.match(line, place)
        end = found.end() if found else place
        cells.append(_words(line[place:end]))
        place = end + 1
    return tuple(cells)
