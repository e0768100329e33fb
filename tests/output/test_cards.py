"""The cards of pages: PNG pictures, read back chunk by chunk."""

from __future__ import annotations

import re
import struct
import zlib

import pytest
from policybook.output.cards import HEIGHT, KINDS, WIDTH, card, drawn

INK, QUIET = 1, 2


def rows(picture: bytes) -> list[bytes]:
    """The colours of each line of a picture, after all checks that a reader of PNG makes."""
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, at = {}, 8
    while at < len(picture):
        size, kind = struct.unpack(">I4s", picture[at : at + 8])
        data = picture[at + 8 : at + 8 + size]
        (check,) = struct.unpack(">I", picture[at + 8 + size : at + 12 + size])
        assert check == zlib.crc32(kind + data)
        chunks[kind] = data
        at += 12 + size
    assert list(chunks) == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
    assert struct.unpack(">IIBBBBB", chunks[b"IHDR"]) == (WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    pixels = zlib.decompress(chunks[b"IDAT"])
    lines = [pixels[at : at + WIDTH + 1] for at in range(0, len(pixels), WIDTH + 1)]
    assert len(lines) == HEIGHT
    assert {line[0] for line in lines} == {0}
    assert max(pixels) < len(chunks[b"PLTE"]) / 3
    return [line[1:] for line in lines]


def count(picture: bytes, colour: int) -> int:
    """The number of pixels of a colour."""
    return sum(row.count(colour) for row in rows(picture))


def test_each_kind_has_a_card_of_its_own() -> None:
    """Small ones; a page of any other kind has that of the book."""
    cards = {name: drawn(word, "Our policies") for name, word in KINDS.items()}
    assert len(set(cards.values())) == len(KINDS)
    assert max(map(len, cards.values())) < 4_000
    assert all(count(picture, INK) and count(picture, QUIET) for picture in cards.values())
    assert [card(name) for name in ("policy", "year", "roles")] == [
        "assets/cards/policy.png",
        "assets/cards/changes.png",
        "assets/cards/book.png",
    ]


@pytest.mark.parametrize("title", ["", "Über uns", "<b>", "x" * 174, "\0", "日本"])
def test_a_title_that_cannot_be_written_is_left_out(title: str) -> None:
    """The rest of the card stays."""
    picture = drawn("POLICY", title)
    assert count(picture, QUIET) == 0
    assert count(picture, INK) > 0


@pytest.mark.parametrize("title", ["A", "x" * 173, "Policies & roles 2.0"])
def test_a_title_fits_the_card(title: str) -> None:
    """However long it is; nothing is cut at the margins."""
    for row in rows(drawn("POLICY", title)):
        assert not row[:80].strip(b"\0")
        assert not row[WIDTH - 80 :].strip(b"\0")


def test_letters_have_their_shape() -> None:
    """An `L` is a stroke down and one to the right."""
    found = rows(drawn("L", ""))
    lines = [re.sub(rb"(.)\1*", rb"\1", row.strip(b"\0")) for row in found if INK in row]
    widths = {len(row.strip(b"\0")) for row in found if INK in row}
    assert set(lines) == {bytes([INK])}
    assert len(widths) == 2
    assert max(widths) == 5 * min(widths)
