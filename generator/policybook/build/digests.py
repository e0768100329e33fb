"""Digests of values, files and the whole program."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec


def program_digest(templates: Path) -> bytes:
    """The digest of this program, its templates, Python's version and all installed packages."""
    return joined((code_digest(), tree_digest(templates)))


def code_digest() -> bytes:
    """The digest of what facts depend on besides the data: the program without its templates."""
    places = (place for place in map(Path, sys.path) if place.is_dir())
    packages = {name for p in places for name in os.listdir(p) if name.endswith(".dist-info")}
    program = Path(__file__).parent.parent
    code = tree_digest(program, without=program / "templates")  # which a wheel has there
    return digest((sys.version, sorted(packages), code))


def tree_digest(path: Path, without: Path | None = None) -> bytes:
    """The digest of a file, or of all files below a folder, without `__pycache__`.

    Args:
        path: The file or the folder.
        without: A folder in it that is left out. Default: none.
    """
    found = hashlib.blake2b(digest_size=16)
    if path.is_file():
        found.update(path.read_bytes())
    for place, folders, names in os.walk(path):
        folders[:] = sorted(f for f in folders if f != "__pycache__" and Path(place, f) != without)
        for name in sorted(names):
            file = os.path.join(place, name)
            with open(file, "rb", buffering=0) as opened:
                content = opened.read()
            head = f"\0{os.path.relpath(file, path)}\0{len(content)}\0"
            found.update(head.encode("utf-8", "surrogateescape"))
            found.update(content)
    return found.digest()


def digest(value: Any) -> bytes:
    """The digest of a value that consists of texts, bytes, numbers, structs, lists and mappings."""
    return hashlib.blake2b(msgspec.msgpack.encode(value), digest_size=16).digest()


def joined(parts: Iterable[bytes]) -> bytes:
    """The digest of several digests in order."""
    return hashlib.blake2b(b"".join(parts), digest_size=16).digest()
