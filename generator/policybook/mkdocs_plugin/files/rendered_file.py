"""A file of the book among those of MkDocs."""

from __future__ import annotations

from collections.abc import Callable

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, InclusionLevel

from policybook.build.publishing.file_tasks import Task
from policybook.mkdocs_plugin.files.source_paths import source_path


class RenderedFile(File):
    """A file of the site that is rendered when MkDocs copies the first of them.

    Args:
        task: The file.
        config: The settings of MkDocs.
        write_all: Writes all files of the book when it is called for the first time.

    MkDocs treats it as a static file, so it is neither parsed as Markdown nor added to the nav on
    its own. Links and the nav can name a page as a Markdown file. It is there whatever
    `exclude_docs` says, and below `.well-known/` too.
    """

    def __init__(self, task: Task, config: MkDocsConfig, write_all: Callable[[], None]) -> None:
        there = InclusionLevel.INCLUDED
        source = source_path(task.path)
        urls = config.use_directory_urls
        super().__init__(source, None, config.site_dir, urls, dest_uri=task.path, inclusion=there)
        self.task = task
        self._write_all = write_all

    def is_documentation_page(self) -> bool:
        """Never: MkDocs would parse it."""
        return False

    def copy_file(self, dirty: bool = False) -> None:
        """Let all files of the book be written, if they are not yet."""
        self._write_all()
