"""Converts the HTML body of a page to Markdown: headings, paragraphs, lists, tables and fences.

It only handles the elements of our templates, and is ten times as fast as the library markdownify
(1 MB of HTML a second of CPU time; all of AWS has 200 MB). Elements without an equivalent in
Markdown become plainer ones: terms and `details` become lists and paragraphs, and blocks in a cell
of a table are separated by `<br>`. Controls and drawings are left out.
"""

from __future__ import annotations

import re

from policybook.output.markdown.text import starting
from policybook.output.markdown.tokens import BREAK, DROP, END, PLOT, START, TEXT, tokens

_ANCHORS = re.compile(r'(?:<a id="[^"]*"></a>\s*)+')
_IS_SECTION = re.compile(r'(?:(?:<a id="[^"]*"></a>\s*)+\n\n)?#')
_HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}

_LISTS = frozenset({"ul", "ol", "dl"})
_CELLS = frozenset({"th", "td"})


def to_markdown(html: str, *, to_files: bool = True) -> str:
    """Convert the body of a page to Markdown.

    Args:
        html: The output of our templates: elements are closed, and text is escaped.
        to_files: Whether links to pages of the site lead to their Markdown files, as builders
            expect; else they lead to the pages.

    Returns:
        Blocks with an empty line between them, and a newline at the end. A list whose items start
        with a heading is written as sections.
    """
    return _Converter(to_files).convert(html)


class _Converter:
    """Collects the text of a block, the blocks of an item or cell, and the items of a list."""

    def __init__(self, to_files: bool) -> None:
        self._to_files = to_files
        self._text: list[str] = []
        self._blocks: list[str] = []
        self._outer: list[list[str]] = []
        self._lists: list[list[list[str]]] = []
        self._rows: list[list[str]] = []
        self._in_cell = False
        self._dropped = ""

    def convert(self, html: str) -> str:
        # Between ">" and "<" a line ends outside of text, since both are entities there.
        lines = html.replace("<wbr>", "").replace("</li><li", "</li>\n<li").strip()[1:-1]
        for line in lines.split(">\n<"):
            for kind, value in tokens(f"<{line}>", self._to_files):
                if self._dropped:
                    self._drop(kind, value)
                elif kind == TEXT:
                    self._text.append(value)
                elif kind == BREAK:
                    if self._text:
                        self._end_paragraph()
                elif kind == START:
                    self._start(value)
                elif kind == END:
                    self._end(value)
                elif kind == DROP:
                    self._dropped = value
                else:
                    self._end_block()
                    self._blocks.append(value)
            if self._text:
                self._text.append(" ")
        self._end_block()
        return "\n\n".join(self._blocks) + "\n"

    def _drop(self, kind: int, value: str) -> None:
        """Skip a token of an element that is left out, except for the text of a plot."""
        if kind == PLOT:
            self._blocks.append(value)
        elif kind == END and value == self._dropped:
            self._dropped = ""

    def _start(self, name: str) -> None:
        if name in {"li", "dt", "td", "th", "blockquote"}:
            self._end_paragraph()
            self._outer.append(self._blocks)
            self._blocks = []
            self._in_cell = self._in_cell or name in _CELLS
        elif name == "tr":
            self._rows.append([])
        elif name in _LISTS:
            self._end_block()
            self._lists.append([])
        elif name == "table":
            self._end_block()
            self._rows = []

    def _end(self, name: str) -> None:
        if name in {"li", "dd"}:
            self._lists[-1].append(self._inner_blocks())
        elif name == "blockquote":
            blocks = self._inner_blocks()
            self._blocks += blocks if self._in_cell else [_quoted("\n\n".join(blocks))]
        elif name in _CELLS:
            self._rows[-1].append("<br>".join(self._inner_blocks()))
            self._in_cell = False
        elif name in _LISTS:
            self._end_list([blocks for blocks in self._lists.pop() if blocks])
        elif name in _HEADINGS:
            self._end_heading(_HEADINGS[name])
        elif name == "table":
            self._blocks.append(_table(self._rows))
        elif name == "dt":
            self._text = [f"{_bold(self._take_text())}: "]
        elif name == "summary":
            text = self._take_text()
            self._blocks.append(text if self._in_cell else _bold(text))
        else:
            self._end_paragraph()

    def _take_text(self) -> str:
        """Remove the collected text and return it on one line."""
        if not self._text:
            return ""
        text = "".join(self._text)
        self._text = []
        if "  " in text:
            text = re.sub("  +", " ", text)
        return text.strip(" ")

    def _end_paragraph(self) -> None:
        """End the paragraph; if it has only anchors, the next one continues it."""
        text = self._take_text()
        if text and text.startswith("<a id") and _ANCHORS.fullmatch(text):
            self._text.append(text)
        elif text:
            self._blocks.append(starting(text))

    def _end_block(self) -> None:
        if text := self._take_text():
            self._blocks.append(starting(text))

    def _end_heading(self, signs: str) -> None:
        text = self._take_text()
        anchors = _ANCHORS.match(text)
        before = f"{anchors[0].strip()}\n\n" if anchors else ""
        self._blocks.append(f"{before}{signs} {text[anchors.end() if anchors else 0 :]}")

    def _inner_blocks(self) -> list[str]:
        """Remove the blocks of the item or cell that ends, and return them."""
        self._end_block()
        blocks, self._blocks = self._blocks, self._outer.pop()
        return blocks

    def _end_list(self, items: list[list[str]]) -> None:
        if self._in_cell or any(_IS_SECTION.match(blocks[0]) for blocks in items):
            self._blocks += [block for blocks in items for block in blocks]
        elif items:
            self._blocks.append(_list(items))


def _bold(text: str) -> str:
    """Return the text in bold, unless a part of it is already emphasised."""
    shown = text.strip()  # also of no-break spaces, next to which asterisks mean nothing
    return shown if "*" in shown or not shown else f"**{shown}**"


def _list(items: list[list[str]]) -> str:
    """Format a list, with empty lines between items if one of them has several paragraphs."""
    tight = all(block.startswith("- ") for blocks in items for block in blocks[1:])
    between = "\n" if tight else "\n\n"
    return between.join("- " + _indented(between.join(blocks)) for blocks in items)


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _indented(text: str) -> str:
    """Indent the blocks of an item by four spaces, as Python-Markdown requires."""
    return re.sub(r"\n(?!\n)", "\n    ", text) if "\n" in text else text


def _table(rows: list[list[str]]) -> str:
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    rule = f"|{' --- |' * len(rows[0])}"
    return "\n".join((head, rule, *body))
