"""Reads the text of a page, as scraped or with bullets, into blocks.

* The first line is the title. If the next one is the same without a part after a dash, that is.
* `AWS managed policy: NAME`, the heading of the table of updates, and a bare name on a line of its
  own are headings; other headings cannot be told from paragraphs. A line between "Topics" and the
  first of them that comes again is a link to a heading, and left out.
* If the page has empty lines between paragraphs, a paragraph ends there. If it has none, it goes on
  until a line ends with a full stop, a colon or the like, and the next begins with a capital or
  a brace; a page that was scraped has a line break wherever code or a link begins or ends.
* An item begins with a bullet, or after a hyphen that stands alone or at the end of a line.
* JSON begins with a brace at the start of a line, and ends with the brace that closes it. If none
  does, it ends before the first line that does not look like JSON.
* A table begins with a line of the names of columns, the last of which is "Date", or with several
  such lines. With `|` between them, each `|` ends a cell. Without, a row ends with the line that is
  a day; the text before its last cell is the change, however many lines it has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from policybook.importers.guides.blocks import (
    NOTICES,
    Block,
    CodeBlock,
    HeadingBlock,
    ItemBlock,
    PageBlocks,
    ParagraphBlock,
    joined,
    plain,
)
from policybook.importers.guides.text_tables import is_head, table_at
from policybook.importers.wording_of_pages import (
    announces_notes,
    announces_updates,
    is_bare_name,
    names_in_heading,
)

_BULLET = re.compile(r"\s*[•◦▪·]\s*(?P<text>.*)")
_HYPHEN = re.compile(r"- (?P<text>\S.*)")
_SENTENCE_END = re.compile(r".*[.!?:][\"”’)\]]*")
_JSON_LINE = re.compile(r"\s*(?:[{}\[\]\",].*)?")
_IN_JSON = re.compile(r'[{}\[\]]|"(?:[^"\\\n]|\\.)*"?', re.S)
_URL = re.compile(r"(?:\w+: ?)?(?P<url>https?://[!-~]+)")
_TOPICS = "Topics"
_ALONE = NOTICES | {_TOPICS}


def text_blocks(text: str) -> PageBlocks:
    """The blocks of a page in text."""
    reader = _Lines(text)
    blocks = tuple(reader.blocks())
    return PageBlocks(blocks, tuple(reader.addresses), tuple(reader.unread))


def _is_titled(line: str, title: str) -> bool:
    """Whether the line is the title, or begins with it and a dash."""
    return line == title or line.startswith(tuple(f"{title} {dash} " for dash in "-–|"))


def spaced(lines: list[str]) -> bool:
    """Whether empty lines are between the paragraphs."""
    return sum(not line for line in lines) * 4 > len(lines)


class _Lines:
    """The lines of a page without space around them, and the paragraph or item being gathered."""

    def __init__(self, text: str) -> None:
        self.raw = text.split("\n")
        self.lines = [line.strip() for line in self.raw]
        self.spaced = spaced(self.lines)
        self.last = {line: place for place, line in enumerate(self.lines)}
        self.place = 0
        self.addresses: list[str] = []
        self.unread: list[str] = []
        self.open: list[str] = []
        self.start = 0
        self.in_item = False
        self.in_topics = False

    def blocks(self) -> Iterator[Block]:
        yield from self._title()
        while self.place < len(self.lines):
            yield from self._take(self.lines[self.place])
        yield from self._end()

    def _title(self) -> Iterator[Block]:
        """The title; lines in front of it may be addresses."""
        while self.place < len(self.lines):
            line = self.lines[self.place]
            if found := _URL.fullmatch(line):
                self.addresses.append(found["url"])
            elif line:
                break
            self.place += 1
        else:
            return
        following = next(((n, t) for n, t in enumerate(self.lines) if n > self.place and t), None)
        if following and _is_titled(line, following[1]):
            self.place = following[0]
        yield HeadingBlock(plain(self.lines[self.place]), 1, self.place + 1)
        self.place += 1

    def _take(self, line: str) -> Iterator[Block]:
        """The blocks that end at this line or are on it; the place is then behind them."""
        if line.startswith("{"):
            yield from self._end()
            yield self._json()
        elif is_head(self.lines, self.place):
            yield from self._end()
            table, self.place, unread = table_at(self.lines, self.place)
            self.unread.extend(unread)
            yield table
        elif self._is_heading(line):
            yield from self._end()
            yield HeadingBlock(plain(line), 2, self.place + 1)
            self.in_topics = False
            self.place += 1
        elif line and self._is_topic(line):
            yield from self._end()
            self.place += 1
        else:
            yield from self._prose(line)
            self.place += 1

    def _prose(self, line: str) -> Iterator[Block]:
        bullet = _BULLET.fullmatch(line) or _HYPHEN.fullmatch(line)
        if bullet or line == "-":
            yield from self._end()
            self._begin(bullet["text"] if bullet else "", in_item=True)
        elif not line:
            if self.spaced:
                yield from self._end()
        elif not self.spaced and line.endswith(" -") and self.in_item:
            self.open.append(line[:-2])
            yield from self._end()
            self._begin("", in_item=True)
        elif self._ended(line):
            yield from self._end()
            self.in_topics = self.in_topics or line == _TOPICS
            self._begin(line)
        else:
            self.open.append(line)

    def _begin(self, line: str, in_item: bool = False) -> None:
        self.open, self.start, self.in_item = [line], self.place + 1, in_item

    def _end(self) -> Iterator[Block]:
        text = joined(self.open)
        if text and self.in_item:
            yield ItemBlock(text, self.start)
        elif text:
            yield ParagraphBlock(text, self.start)
        self.open, self.in_item = [], False

    def _ended(self, following: str) -> bool:
        """Whether what is being gathered ends before this line."""
        if not any(self.open):
            return not self.in_item
        last = self.open[-1]
        if following in _ALONE or last in _ALONE or announces_notes(last):
            return not self.spaced or following in _ALONE or last in _ALONE
        if self.spaced:
            return False
        return bool(_SENTENCE_END.fullmatch(last)) and following[0].isupper()

    def _is_heading(self, line: str) -> bool:
        if not line or len(line) > 250 or "|" in line or " – " in line:
            return False
        if self._is_topic(line):
            return False
        names, said = names_in_heading(line)
        if said and not line.endswith((".", ":", ",")):
            return self._at_start(line) and not _HYPHEN.match(line)
        if names and is_bare_name(line):
            return self._at_start(line) and self._begins(self.place + 1)
        is_updates = announces_updates(line) and not line.endswith((".", ":", ","))
        return is_updates and line[0].isupper() and self._at_start(line)

    def _is_topic(self, line: str) -> bool:
        """Whether the line is below "Topics", and comes again."""
        return (self.in_topics or self.open[-1:] == [_TOPICS]) and self.last[line] > self.place

    def _at_start(self, line: str) -> bool:
        """Whether a paragraph could begin on this line."""
        return not any(self.open) or self._ended(line) or self.open[-1] in _ALONE

    def _begins(self, place: int) -> bool:
        """Whether no paragraph goes on at this place."""
        following = self.lines[place] if place < len(self.lines) else ""
        return not following or following[0].isupper() or following[0] in "{-•"

    def _json(self) -> CodeBlock:
        """The JSON that begins on this line; the place is then behind it."""
        start, depth = self.place, 0
        lines: list[str] = []
        for place in range(start, len(self.lines)):
            line = self.raw[place].rstrip("\r")
            if place > start and not _JSON_LINE.fullmatch(line):
                break
            self.place = place + 1
            for token in _IN_JSON.finditer(line):
                depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(token[0], 0)
                if depth == 0 and not line.startswith("{", token.end()):
                    self._rest(line[token.end() :].strip())
                    return CodeBlock("\n".join((*lines, line[: token.end()])), start + 1)
            lines.append(line)
        return CodeBlock("\n".join(lines).rstrip(), start + 1)

    def _rest(self, text: str) -> None:
        """Put back what is behind the JSON on its last line."""
        if text:
            self.place -= 1
            self.lines[self.place] = self.raw[self.place] = text
            self.last.setdefault(text, self.place)
