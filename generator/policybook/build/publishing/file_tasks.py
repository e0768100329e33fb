"""Renders and writes files, in several processes if there are many."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from policybook.build.processes import Sharing, end_without, share
from policybook.build.publishing.publish import write

_FEWEST = 400  # tasks; for fewer a second process costs more than it saves


class Task(Struct, frozen=True):
    """A file to write: its path relative to the root, and the function that renders it.

    `inode` is the inode of the previous site's file if that is reused, or else 0.
    """

    path: str
    render: Callable[[], bytes]
    inode: int = 0


def write_files(tasks: Sequence[Task], folder: str, processes: int, sharing: Sharing) -> None:
    """Render and write files.

    Args:
        tasks: The files.
        folder: The folder of the site.
        processes: How many processes to use; one is used if there are few files.
        sharing: What the processes tell each other.

    Raises:
        PolicybookError: A file cannot be rendered, or a process was killed.

    """
    if len(tasks) < _FEWEST:
        processes = 1
    chunks = tuple(_chunks(len(tasks), processes))
    first = os.getpid()

    def write_chunk(number: int) -> None:
        for place in chunks[number]:
            end_without(first)
            write(os.path.join(folder, tasks[place].path), tasks[place].render())

    def render_chunk(number: int) -> None:
        for place in chunks[number]:
            tasks[place].render()

    share(len(chunks), write_chunk, processes, sharing, again=render_chunk)


def _chunks(count: int, processes: int) -> Iterator[range]:
    """The places of the tasks, in chunks that become smaller, so that all end at the same time."""
    start = 0
    while start < count:
        size = max((count - start) // (16 * processes), 8)
        yield range(start, min(start + size, count))
        start += size
