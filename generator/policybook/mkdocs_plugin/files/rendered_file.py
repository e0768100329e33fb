"""A file of the book among those of MkDocs."""

from __future__ import annotations

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, InclusionLevel

from policybook.build.publish import write
from policybook.build.site_files import Task
from policybook.mkdocs_plugin.files.source_paths import source_path


class RenderedFile(File):
    """A file of the site that is rendered when MkDocs copies it.

    MkDocs treats it as a static file, so it is neither parsed as Markdown nor added to the nav on
    its own. Links and the nav can name a page as a Markdown file. It is there whatever
    `exclude_docs` says, and below `.well-known/` too.
    """

    def __init__(self, task: Task, config: MkDocsConfig) -> None:
        there = InclusionLevel.INCLUDED
        source = source_path(task.path) if task.path.endswith(".html") else task.path
        urls = config.use_directory_urls
        super().__init__(source, None, config.site_dir, urls, dest_uri=task.path, inclusion=there)
        self._task = task

    def is_documentation_page(self) -> bool:
        """Never: MkDocs would parse it."""
        return False

    def copy_file(self, dirty: bool = False) -> None:
        """Render and write the file, unless the file of the previous site is reused."""
        if not self._task.inode:
            write(self.abs_dest_path, self._task.render())
