"""What every form of a guide page is made into: blocks of plain text, in order, with their lines.

A text has no markup: code, bold and links are their words alone. White space is one space, and a
character that is not printable is shown as its escape. Only code keeps its lines and characters.
"""

from __future__ import annotations

import re

from msgspec import Struct

from policybook.errors import one_line

MAX_BLOCKS = 100_000
MAX_ROWS = 10_000
MAX_DEPTH = 50
MAX_CELLS = 12

# Titles of notices, which no form tells from headings or paragraphs in the same way.
NOTICES = frozenset(("Caution", "Important", "Note", "Tip", "Warning"))


class HeadingBlock(Struct, frozen=True):
    """A heading; the level is 1 for the page's title."""

    text: str
    level: int
    line: int


class ParagraphBlock(Struct, frozen=True):
    """A paragraph."""

    text: str
    line: int


class ItemBlock(Struct, frozen=True):
    """An item of a list; the depth is 1 outside other lists."""

    text: str
    line: int
    depth: int = 1


class CodeBlock(Struct, frozen=True):
    """Code, with its characters as they are."""

    text: str
    line: int


class RowBlock(Struct, frozen=True):
    """One row of a table: the texts of its cells."""

    cells: tuple[str, ...]
    line: int


class TableBlock(Struct, frozen=True):
    """A table: the row of its headings, and the other rows."""

    head: RowBlock
    rows: tuple[RowBlock, ...]


Block = HeadingBlock | ParagraphBlock | ItemBlock | CodeBlock | TableBlock


class PageBlocks(Struct, frozen=True):
    """A page in blocks.

    Attributes:
        blocks: The blocks in order.
        addresses: What the page says of its own address, as it says it.
        unread: A line for each part of the page that could not be read.
    """

    blocks: tuple[Block, ...]
    addresses: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def plain(text: str) -> str:
    """The text on one line, each run of white space one space, and nothing hidden in it."""
    return one_line(" ".join(text.split()))


def joined(lines: list[str]) -> str:
    """Lines as one text, without a space in front of punctuation that a form put on a new line."""
    return re.sub(r" +([.,;:!?)\]])(?=[\s\"”’]|$)", r"\1", plain(" ".join(lines)))
