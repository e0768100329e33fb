"""Writes the files of the book, once, and gathers what several processes found out meanwhile."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from mkdocs.structure.files import Files
from msgspec import Struct

from policybook.book.context import BookContext
from policybook.build.publishing.file_tasks import write_files
from policybook.build.site_files import SiteFiles
from policybook.build.timings import Timings
from policybook.mkdocs_plugin.files.rendered_file import RenderedFile
from policybook.output.html.links import Linked
from policybook.output.html.theme_frame import Frame, Frames


class _NewFact(Struct, frozen=True, array_like=True):
    """Results of a derived fact for one owner, by the rest of their key, as MessagePack."""

    subject: str
    owner: str
    name: str
    answers: dict[str, msgspec.Raw]


class _Report(Struct, frozen=True, array_like=True):
    """What one process found out, for the link check, the cache and the timings."""

    linked: Mapping[str, Linked]
    frames: Mapping[str, Frame]
    facts: tuple[_NewFact, ...]
    seconds: Mapping[str, float]


class FileWriter:
    """Writes the files of the book when MkDocs copies the first of them.

    Args:
        planned: The files of the site, for what is known of their links.
        frames: The theme's frames.
        context: The book.
        timings: The CPU time by stage.
        processes: How many processes to use.
    """

    def __init__(
        self,
        planned: SiteFiles,
        frames: Frames,
        context: BookContext,
        timings: Timings,
        processes: int,
    ) -> None:
        self._planned = planned
        self._frames = frames
        self._subjects = dict(context.subjects())
        self._timings = timings
        self._processes = processes
        self._files: Files | None = None
        self._folder = ""
        self._linked_before: frozenset[str] = frozenset()
        self._drawn_before: frozenset[str] = frozenset()

    def prepare(self, files: Files, folder: str) -> None:
        """Know all of MkDocs' files, after every plugin has changed them, and the site's folder."""
        self._files, self._folder = files, folder

    def write_all(self) -> None:
        """Write the files that are new or have changed, unless that was done before.

        Raises:
            PolicybookError: A file cannot be rendered.

        """
        if self._files is None:
            return
        tasks = [file.task for file in self._files if isinstance(file, RenderedFile)]
        self._files = None
        new = [task for task in tasks if not task.inode]
        self._linked_before = frozenset(self._planned.linked)
        self._drawn_before = frozenset(self._frames.drawn)
        write_files(new, self._folder, self._processes, self)

    def begin(self) -> None:
        """Begin to note what this process adds."""
        self._timings.seconds.clear()
        for facts in self._subjects.values():
            facts.forget_new()

    def report(self) -> bytes:
        """The links, frames, facts and CPU time that this process has added."""
        linked, drawn = self._planned.linked, self._frames.drawn
        return msgspec.msgpack.encode(
            _Report(
                {url: found for url, found in linked.items() if url not in self._linked_before},
                {key: frame for key, frame in drawn.items() if key not in self._drawn_before},
                tuple(
                    _NewFact(subject, owner, name, dict(answers))
                    for subject, facts in self._subjects.items()
                    for owner, name, answers in facts.new()
                ),
                self._timings.seconds,
            )
        )

    def accept(self, report: bytes) -> None:
        """Know what another process has added."""
        found = msgspec.msgpack.decode(report, type=_Report)
        self._planned.know_linked(found.linked)
        self._frames.drawn.update(found.frames)
        self._timings.add(found.seconds)
        for fact in found.facts:
            self._subjects[fact.subject].merge(fact.owner, fact.name, fact.answers)
