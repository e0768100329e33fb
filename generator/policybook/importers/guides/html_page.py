"""Reads HTML of AWS's documentation into blocks, with the standard library's parser.

* `h1` to `h6` are headings, `p` and other blocks paragraphs, `li` items, `pre` code, and `table`
  tables; `dt` with its `dd` is an item as well, with a dash between.
* Paragraphs within an item or a cell are one text. A list within an item has items of its own. A
  table within a table is text of its cell.
* `br` is a space, in `pre` a new line. All other elements leave their text.
* Scripts, styles, navigation, buttons and the like are left out with all that is in them.
* The title is the first `h1`, or else the `title`; the address is that of `link rel="canonical"` or
  of `meta property="og:url"`.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from policybook.errors import PolicybookError, shown
from policybook.importers.guides.blocks import (
    MAX_BLOCKS,
    MAX_DEPTH,
    Block,
    CodeBlock,
    HeadingBlock,
    ItemBlock,
    PageBlocks,
    ParagraphBlock,
    RowBlock,
    TableBlock,
    joined,
)

_LEFT_OUT = frozenset(
    ("button", "footer", "nav", "noscript", "script", "select", "style", "svg", "template")
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    (
        *("article", "aside", "blockquote", "body", "dd", "div", "dl", "figure", "header", "main"),
        *("p", "section", "tbody", "thead", "title"),
    )
)
# Comments, declarations, and tags that nothing ends. For the last, the time of the standard
# library's parser grows with the square of their number.
_COMMENT = re.compile(r"<!--.*?(?:--!?>|\Z)|<[!?][^>]*(?:>|\Z)", re.S)
_NO_TAG = re.compile(r"<(?![^<>]{0,10000}>)")


def html_blocks(text: str) -> PageBlocks:
    """The blocks of a page in HTML.

    Raises:
        PolicybookError: The page is nested too deeply, or has too many blocks.
    """
    reader = _Reader()
    opened = [found for found in _COMMENT.findall(text) if not found.endswith(">")]
    text = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)
    reader.feed(_NO_TAG.sub("&lt;", text))
    reader.close()
    reader.end()
    open_tags = [
        *(shown(comment[:20]) for comment in opened),
        *(f"<{t}>" for t in reader.left_out[:1]),
    ]
    unread = tuple(f"expected the end of {tag}, found the end of the page" for tag in open_tags)
    blocks = tuple(reader.blocks)
    titled = any(isinstance(block, HeadingBlock) and block.level == 1 for block in blocks)
    if reader.title and not titled:
        blocks = (HeadingBlock(reader.title, 1, 1), *blocks)
    return PageBlocks(blocks, tuple(reader.addresses), unread)


class _Reader(HTMLParser):
    """Gathers text until a block ends; `kind` says which block that will be."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.addresses: list[str] = []
        self.title = ""
        self.left_out: list[str] = []
        self.kind = "p"
        self.text: list[str] = []
        self.line = 1
        self.lists = 0
        self.tables = 0
        self.rows: list[RowBlock] = []
        self.cells: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.left_out or tag in _LEFT_OUT:
            self._leave_out(tag)
        elif self.kind == "pre":
            if tag == "br":
                self.text.append("\n")
        elif tag == "table" or self.tables:
            self._in_table(tag)
        elif tag in _HEADINGS or tag in ("li", "dt", "pre"):
            self._begin(tag)
        elif tag in ("ul", "ol"):
            self._begin("p")
            self._deeper(1)
        elif tag == "dd" and self.kind == "dt":
            self.text.append(" – ")
        elif tag in _BLOCKS and not (self.kind in ("li", "dt") and tag != "title"):
            self._begin("title" if tag == "title" else "p")
        elif tag in ("link", "meta"):
            self._address(dict(attrs))
        else:
            self.text.append(" " * (tag == "br" or tag in _BLOCKS))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _LEFT_OUT:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self.left_out:
            if tag == self.left_out[-1]:
                self.left_out.pop()
        elif self.kind == "pre":
            if tag == "pre":
                self._begin("p")
        elif self.tables:
            self._end_in_table(tag)
        elif tag in ("ul", "ol"):
            self._begin("p")
            self.lists = max(0, self.lists - 1)
        elif tag in _HEADINGS or tag in ("li", "dd", "title"):
            self._begin("p")
        elif tag in _BLOCKS:
            if self.kind in ("li", "dt"):
                self.text.append(" ")
            else:
                self._begin("p")

    def handle_data(self, data: str) -> None:
        if not self.left_out:
            if not self.text:
                self.line = self.getpos()[0]
            self.text.append(data)

    def _leave_out(self, tag: str) -> None:
        if not self.left_out or tag == self.left_out[0]:
            self.left_out.append(tag)

    def _begin(self, kind: str) -> None:
        self.end()
        self.kind, self.line = kind, self.getpos()[0]

    def end(self) -> None:
        """Make what was gathered a block, also within a table that is not closed."""
        if self.tables:
            self._table()
        text, self.text = "".join(self.text), []
        if self.kind == "pre":
            self._add(CodeBlock(text, self.line))
        elif words := joined([text]):
            if self.kind == "title":
                self.title = self.title or words
            elif self.kind in _HEADINGS:
                self._add(HeadingBlock(words, _HEADINGS[self.kind], self.line))
            elif self.kind in ("li", "dt"):
                self._add(ItemBlock(words, self.line, max(1, self.lists)))
            else:
                self._add(ParagraphBlock(words, self.line))

    def _add(self, block: Block) -> None:
        self.blocks.append(block)
        if len(self.blocks) > MAX_BLOCKS:
            raise PolicybookError(f"expected at most {MAX_BLOCKS} blocks in a page, found more")

    def _deeper(self, lists: int = 0, tables: int = 0) -> None:
        self.lists += lists
        self.tables += tables
        if max(self.lists, self.tables) > MAX_DEPTH:
            raise PolicybookError(f"expected at most {MAX_DEPTH} levels of lists, found more")

    def _in_table(self, tag: str) -> None:
        if tag == "table":
            if not self.tables:
                self._begin("p")
            self._deeper(tables=1)
        elif self.tables == 1 and tag in ("td", "th", "tr"):
            self._cell()
            self.kind = "cell" if tag != "tr" else "p"
            if tag == "tr":
                self._row()
        else:
            self.text.append(" " * (tag in _BLOCKS or tag in ("br", "li", "pre", "td", "tr")))

    def _end_in_table(self, tag: str) -> None:
        if tag == "table":
            if self.tables == 1:
                self._table()
                self.line = self.getpos()[0]
            else:
                self.tables -= 1
        elif self.tables == 1 and tag in ("td", "th"):
            self._cell()
        elif self.tables == 1 and tag == "tr":
            self._cell()
            self._row()
        else:
            self.text.append(" " * (tag in _BLOCKS or tag == "li"))

    def _cell(self) -> None:
        text = joined(["".join(self.text)])
        if self.kind == "cell" or text:
            self.cells.append(text)
        self.text, self.kind = [], "p"

    def _row(self) -> None:
        if self.cells:
            self.rows.append(RowBlock(tuple(self.cells), self.getpos()[0]))
        self.cells = []

    def _table(self) -> None:
        self._cell()
        self._row()
        rows, self.rows, self.tables = self.rows, [], 0
        if rows:
            self._add(TableBlock(rows[0], tuple(rows[1:])))

    def _address(self, attributes: dict[str, str | None]) -> None:
        if "canonical" in (attributes.get("rel") or "").lower().split():
            self.addresses.append(attributes.get("href") or "")
        elif attributes.get("property") == "og:url":
            self.addresses.append(attributes.get("content") or "")
