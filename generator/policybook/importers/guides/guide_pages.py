"""Reads AWS guide pages about managed policies: text that nobody here has written.

A page is HTML if it begins with a tag that pages begin with, Markdown if a line of it is a heading
with `#`, and text otherwise, scraped or with bullets. `guides/html_page.py`, `markdown_page.py` and
`text_page.py` (with `text_tables.py`) read each form into the same blocks. The docstring of each
has the rules. `guides/sections.py` has those by which blocks become facts, `guides/updates.py`
those of tables of updates, and `wording_of_pages.py` how AWS words headings, prefixes and
days.

The same content gives the same facts in every form, as far as a form has it: text has no headings
but those of policies and of tables of updates, and scraped text lacks the ends of paragraphs.

What looks like a part of a policy's section, of a document or of a table of updates, and could not
be read, is a line of `unread`. Sizes, depths and counts are
bounded, names are those that can be a folder's, and texts have no hidden characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from policybook.archive_files import check_regular
from policybook.data.file_names import STANDARD_INPUT
from policybook.data.standard_input import standard_input
from policybook.errors import PolicybookError, one_line
from policybook.importers.guides.blocks import MAX_BLOCKS, MAX_ROWS, PageBlocks
from policybook.importers.guides.facts import GuidePage, PageForm
from policybook.importers.guides.html_page import html_blocks
from policybook.importers.guides.markdown_page import markdown_blocks
from policybook.importers.guides.sections import Sections
from policybook.importers.guides.text_page import text_blocks
from policybook.importers.guides.updates import read_updates
from policybook.importers.snapshots import without_mark
from policybook.model.fields import Url

MAX_PAGE_BYTES = 10_000_000

_HTML = re.compile(
    r"\s*<(?:!doctype html|html|head|body|main|article|section|div|title|meta|h[1-6]|!--|\?xml)\b",
    re.I,
)
_MARKDOWN = re.compile(r"^#{1,6}[ \t]+\S", re.M)
_HOSTS = ("https://docs.aws.amazon.com/", "https://docs.amazonaws.cn/")
_FORMS: dict[PageForm, Callable[[str], PageBlocks]] = {
    "html": html_blocks,
    "markdown": markdown_blocks,
    "text": text_blocks,
}


def page_content(file: Path) -> bytes:
    """The bytes of a page, at most one more than a page may have; `-` is standard input.

    Raises:
        PolicybookError: The file cannot be read.
    """
    if str(file) == STANDARD_INPUT:
        return standard_input(MAX_PAGE_BYTES)
    try:
        check_regular(file)
        with file.open("rb") as opened:
            return opened.read(MAX_PAGE_BYTES + 1)
    except OSError as error:
        reason = error.strerror or error
        raise PolicybookError(f"{file}: expected a page, found none ({reason})") from error


def read_guide_page(content: bytes) -> GuidePage:
    """What a page says of managed policies.

    Args:
        content: The page in one of the forms above, in UTF-8.

    Raises:
        PolicybookError: The page is too large, is no text, is empty, or is nested too deeply.
    """
    form, page = page_blocks(content)
    read = Sections()
    for block in page.blocks:
        read.take(block)
    read.finish()
    if sum(len(table.rows) for table in read.tables) > MAX_ROWS:
        raise PolicybookError(f"expected at most {MAX_ROWS} updates in a page, found more")
    known = {*read.policies, *(mention.name for mention in read.mentions)}
    tables = [read_updates(table, known) for table in read.tables]
    unread = [*page.unread, *read.unread, *(line for table in tables for line in table.unread)]
    if not read.policies:
        unread.append("expected the section of a policy, found none")
    return GuidePage(
        form=form,
        title=read.title,
        address=_address(page.addresses),
        policies=tuple(read.policies.values()),
        updates=tuple(update for table in tables for update in table.updates),
        tracking=min((t.tracking for t in tables if t.tracking), default=None),
        mentions=tuple(read.mentions),
        documents=tuple(read.documents),
        unread=tuple(map(one_line, unread)),
    )


def page_blocks(content: bytes) -> tuple[PageForm, PageBlocks]:
    """The form of a page, and its blocks.

    Raises:
        PolicybookError: The page is too large, is no text, is empty, or is nested too deeply.
    """
    text = _text(content)
    form = page_form(text)
    page = _FORMS[form](text)
    if len(page.blocks) > MAX_BLOCKS:
        raise PolicybookError(f"expected at most {MAX_BLOCKS} blocks in a page, found more")
    return form, page


def page_form(text: str) -> PageForm:
    """The form that a page is in."""
    if _HTML.match(text):
        return "html"
    return "markdown" if _MARKDOWN.search(text) else "text"


def _text(content: bytes) -> str:
    if len(content) > MAX_PAGE_BYTES:
        raise PolicybookError(f"expected a page of at most {MAX_PAGE_BYTES} bytes, found more")
    try:
        text = without_mark(content).decode()
    except UnicodeDecodeError as error:
        raise PolicybookError(f"expected a page in UTF-8, found {error.reason}") from None
    if "\0" in text:
        raise PolicybookError("expected a page of text, found a null character")
    if not text.strip():
        raise PolicybookError("expected a page of text, found none")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _address(stated: Iterable[str]) -> str | None:
    """The first of AWS's addresses, with https and without the place in the page."""
    for address in stated:
        found = re.sub(r"^http:", "https:", address).partition("#")[0]
        if found.startswith(_HOSTS):
            try:
                return msgspec.convert(found, Url)
            except msgspec.ValidationError:
                continue
    return None
