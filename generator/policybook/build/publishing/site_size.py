"""The size of a built site, and the hosts whose limits it meets."""

from __future__ import annotations

import gzip
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

# The number of the largest pages that are compressed to find the heaviest one.
_TRIED = 12


class Weight(Struct, frozen=True):
    """The size of a site.

    `files` is the number of files, `size` their total and `largest` the largest size in bytes,
    `fullest` the largest number of files in one folder, and `page` the page that is largest when
    compressed.
    """

    files: int
    size: int
    largest: int
    fullest: int
    page: str
    page_size: int
    page_compressed: int


class Host(Struct, frozen=True):
    """A host with its limits, each in bytes or files; None means no limit."""

    name: str
    size: int | None = None
    files: int | None = None
    largest: int | None = None
    fullest: int | None = None


HOSTS = (
    Host("GitHub Pages", size=1_000_000_000),
    Host("Cloudflare Pages", files=20_000, largest=25 * 1024 * 1024),
    Host("Netlify", fullest=54_000),
)


Found = tuple[str, str, os.stat_result]


def walk(folder: str | os.PathLike[str], inside: str = "") -> Iterator[Found]:
    """List the files below a folder.

    Args:
        folder: The folder.
        inside: A prefix for the relative paths.

    Yields:
        The path relative to the folder, the path itself, and the status of each file, sorted by
        name in each folder.

    """
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        path = inside + entry.name
        if entry.is_dir(follow_symlinks=False):
            yield from walk(entry.path, path + "/")
        else:
            yield path, entry.path, entry.stat()


def weigh(folder: Path, files: Iterable[Found] | None = None) -> Weight:
    """Measure a built site.

    Args:
        folder: The folder of the site.
        files: The result of `walk`. Default: the folder is listed.

    Returns:
        The size of the site.

    """
    sizes = {path: status.st_size for path, _, status in files or walk(folder)}
    pages = sorted((p for p in sizes if p.endswith(".html")), key=lambda p: (-sizes[p], p))
    sent = {page: len(gzip.compress((folder / page).read_bytes(), 6)) for page in pages[:_TRIED]}
    page = max(sent, key=lambda p: sent[p], default="")
    return Weight(
        files=len(sizes),
        size=sum(sizes.values()),
        largest=max(sizes.values(), default=0),
        fullest=max(Counter(map(os.path.dirname, sizes)).values(), default=0),
        page=page,
        page_size=sizes.get(page, 0),
        page_compressed=sent.get(page, 0),
    )


def weight_lines(weight: Weight) -> Iterator[str]:
    """Yields the size in words, and for each host whether the site meets its limits."""
    yield f"{weight.files} files, {weight.size / 1e6:.1f} MB"
    yield (
        f"heaviest page: {weight.page}, {weight.page_size / 1e3:.0f} kB, "
        f"{weight.page_compressed / 1e3:.0f} kB compressed"
    )
    fits = ", ".join(f"{host.name} {'yes' if _fits(weight, host) else 'no'}" for host in HOSTS)
    yield f"fits: {fits}"


def _fits(weight: Weight, host: Host) -> bool:
    pairs = (
        (weight.size, host.size),
        (weight.files, host.files),
        (weight.largest, host.largest),
        (weight.fullest, host.fullest),
    )
    return all(limit is None or value <= limit for value, limit in pairs)
