"""A file of named blobs, which is written in one step; each is read alone and has a sum."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import accumulate
from pathlib import Path
from zlib import crc32

import msgspec
from msgspec import Struct

_MAGIC = b"policybook store\n"
_NUMBERS = 12  # bytes: the length of the list of blobs, then its sum


class Damaged(Exception):
    """A blob or the whole file is not as it was written."""


class _Listed(Struct, frozen=True, array_like=True):
    """The blobs in order: their names, sizes and sums."""

    names: tuple[str, ...]
    sizes: tuple[int, ...]
    sums: tuple[int, ...]


class BlobFile:
    """An open file of blobs by name.

    Another process may put a new file in its place; this one can be read until it is closed.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        """Open the file.

        Args:
            path: The file.
            key: What the file must have been written with.

        Raises:
            Damaged: It is not a file of blobs with this key, or not a whole one.
            OSError: It cannot be read.

        """
        self._file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        weakref.finalize(self, os.close, self._file)
        head = _MAGIC + key
        content = os.read(self._file, len(head) + _NUMBERS)
        if content[: len(head)] != head or len(content) < len(head) + _NUMBERS:
            raise Damaged
        length = int.from_bytes(content[-12:-4], "little")
        if length > os.fstat(self._file).st_size:
            raise Damaged
        listed = os.read(self._file, length)
        if crc32(listed) != int.from_bytes(content[-4:], "little"):
            raise Damaged
        try:
            found = msgspec.msgpack.decode(listed, type=_Listed)
        except msgspec.MsgspecError as error:
            raise Damaged from error
        places = (len(content) + length, *accumulate(found.sizes, initial=len(content) + length))
        self._blobs = dict(
            zip(found.names, zip(places[1:], found.sizes, found.sums, strict=False), strict=True)
        )
        if os.fstat(self._file).st_size != places[-1]:
            raise Damaged

    def __iter__(self) -> Iterator[str]:
        """The names."""
        return iter(self._blobs)

    def __contains__(self, name: str) -> bool:
        """Whether there is a blob of the name."""
        return name in self._blobs

    def read(self, name: str) -> bytes:
        """The blob of a name.

        Raises:
            Damaged: It is not as it was written, or there is none.

        """
        if name not in self._blobs:
            raise Damaged
        place, size, expected = self._blobs[name]
        try:
            os.lseek(self._file, place, os.SEEK_SET)
            content = os.read(self._file, size)
        except OSError as error:
            raise Damaged from error
        if len(content) != size or crc32(content) != expected:
            raise Damaged
        return content


def write_blobs(path: Path, key: bytes, blobs: Mapping[str, bytes]) -> None:
    """Write a file of blobs in the place of an older one, in one step.

    Errors are ignored, since nothing depends on the file.

    Args:
        path: The file; its folder is made if there is none.
        key: What to open the file with.
        blobs: The blobs by name.

    """
    listed = msgspec.msgpack.encode(
        _Listed(tuple(blobs), tuple(map(len, blobs.values())), tuple(map(crc32, blobs.values())))
    )
    numbers = len(listed).to_bytes(8, "little") + crc32(listed).to_bytes(4, "little")
    part = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / ".gitignore").write_text("*\n")
        with open(part, "wb") as file:
            file.write(_MAGIC + key + numbers + listed)
            file.writelines(blobs.values())
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink()
