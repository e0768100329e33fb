"""The pictures that other sites show beside a link to a page: one for each kind of page, as PNG.

Each has the kind's name in a small font, the title of the book, and bars in the colours of access
levels, which stand for nothing. They are drawn here, so that no library of pictures is needed.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from functools import partial

from policybook.book.context import BookContext
from policybook.book.site_file import Dependencies, FileFamily, SiteFile

WIDTH, HEIGHT = 1200, 630
"""The size that sites expect of a large picture, in pixels."""

KINDS = {
    "book": "POLICIES",
    "policy": "POLICY",
    "service": "SERVICE",
    "action": "ACTION",
    "resource": "RESOURCES",
    "condition": "CONDITION KEY",
    "passrole": "PASSROLE",
    "risks": "RISKS",
    "changes": "CHANGES",
    "group": "TOPIC",
    "guide": "GUIDE",
    "docs": "DOCS",
}
"""The words on the cards by their names. A template without a card of its own has `book`."""

_LIKE = {
    "deprecated": "changes",
    "removals": "changes",
    "removals_month": "changes",
    "policy_history": "policy",
    "succession": "changes",
    "year": "changes",
    "new_actions": "changes",
}

_COLOURS = ("16263c", "ffffff", "b9c4d2", "8fa3bd", "4f9be8", "e0a044", "4fb3a8", "e8695c")
_INK, _QUIET, _BARS = 1, 2, (3, 4, 5, 6, 7)
_MARGIN, _LARGEST, _SMALL, _BAR = 80, 18, 6, 14
_MOST = (WIDTH - 2 * _MARGIN) // 6  # letters in a line, of the smallest size

# Letters of 5 by 7 dots, a row of dots for each two digits. The left dot is the highest bit.
_LETTERS = """
A 0e11111f111111 B 1e11111e11111e C 0e11101010110e D 1e11111111111e E 1f10101e10101f
F 1f10101e101010 G 0e11101711110f H 1111111f111111 I 0e04040404040e J 0702020202120c
K 11121418141211 L 1010101010101f M 111b1515111111 N 11191915131311 O 0e11111111110e
P 1e11111e101010 Q 0e11111115120d R 1e11111e141211 S 0f10100e01011e T 1f040404040404
U 1111111111110e V 11111111110a04 W 11111115151b11 X 11110a040a1111 Y 1111110a040404
Z 1f01020408101f 0 0e11131519110e 1 040c040404040e 2 0e11010204081f 3 1f02040201110e
4 02060a121f0202 5 1f101e0101110e 6 0608101e11110e 7 1f010204080808 8 0e11110e11110e
9 0e11110f01020c - 0000001f000000 . 00000000000c0c & 0c12140815120d
"""
_FONT = {
    letter: tuple(int(dots[at : at + 2], 16) for at in range(0, 14, 2))
    for letter, dots in re.findall(r"(\S) (\S+)", _LETTERS)
} | {" ": (0,) * 7}


def card(template: str) -> str:
    """The path of the card of the pages with a template."""
    name = _LIKE.get(template, template)
    return f"assets/cards/{name if name in KINDS else 'book'}.png"


def drawn(word: str, title: str) -> bytes:
    """Draw a card.

    Args:
        word: Capital letters.
        title: The title of the book; left out if it is too long or has other characters than the
            font.

    Returns:
        The picture as PNG (RFC 2083), in eight colours.

    """
    rows = [bytearray(WIDTH) for _ in range(HEIGHT)]
    above = title.upper()
    if set(above) <= _FONT.keys() and 0 < len(above) <= _MOST:
        _write(rows, above, _MARGIN, _SMALL, _QUIET)
    _write(rows, word, 220, _LARGEST, _INK)
    for place, colour in enumerate(_BARS):
        top, length = 430 + place * 2 * _BAR, 1000 - place * 170
        for row in rows[top : top + _BAR]:
            row[_MARGIN : _MARGIN + length] = bytes([colour]) * length
    return _png(rows)


def _write(rows: list[bytearray], text: str, top: int, size: int, colour: int) -> None:
    """Write a text, with dots of the size or as small as the width requires."""
    dot = min(size, _MOST // len(text))
    for place, letter in enumerate(text):
        left = _MARGIN + place * 6 * dot
        for line, bits in enumerate(_FONT[letter]):
            for column in (c for c in range(5) if bits >> (4 - c) & 1):
                start = left + column * dot
                for row in rows[top + line * dot : top + (line + 1) * dot]:
                    row[start : start + dot] = bytes([colour]) * dot


def _png(rows: list[bytearray]) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    palette = bytes.fromhex("".join(_COLOURS))
    parts = ((b"IHDR", head), (b"PLTE", palette), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, data) for kind, data in parts)


def _files(context: BookContext) -> Iterator[SiteFile]:
    """Cards are only named by their full address, so a site without one has none."""
    title = context.book.facts.title
    for name, word in KINDS.items() if context.site_url else ():
        depends = Dependencies((), (title,))
        yield SiteFile(card(name), partial(drawn, word, title), depends)


FILES = (FileFamily("assets/cards/{kind}.png", "", _files),)
