"""The site while it is built: a folder next to the finished site, which it then replaces."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.structure.files import Files

from policybook.build.cache import cache_folder
from policybook.build.publishing.file_tasks import Task
from policybook.build.publishing.publish import (
    check_target,
    discard,
    mark,
    publish,
    reuse_files,
    reuse_identical_files,
    staging,
)
from policybook.mkdocs_plugin.files.file_writer import FileWriter
from policybook.mkdocs_plugin.files.rendered_file import RenderedFile
from policybook.output.well_known import REPLACEABLE


class StagedSite:
    """A site that is built in a staging folder.

    Args:
        config: The settings; MkDocs is given the staging folder as its `site_dir`.
        inputs: The folders of the data and the catalogue.

    Raises:
        PolicybookError: The folder of the site has files that policybook did not make.
    """

    def __init__(self, config: MkDocsConfig, inputs: tuple[Path, ...]) -> None:
        self.target = _without_link(Path(config.site_dir))
        self._inputs = inputs
        self._check_target(config)
        self._spare = cache_folder(config.config_file_path) / "spare"
        self._folder: Path | None = staging(self.target, self._spare)
        self._linked: Mapping[str, int] = {}
        # MkDocs empties its site_dir at first, so it gets the staging folder after that.
        config.site_dir = str(self._folder / "later")

    def add_files(
        self, tasks: Iterable[Task], files: Files, config: MkDocsConfig, writer: FileWriter
    ) -> None:
        """Add the tasks to MkDocs' files, and let all files be written to the staging folder.

        Raises:
            Abort: A page written by hand has the address of one of the book's.
        """
        assert self._folder
        tasks = tuple(tasks)
        written = {file.dest_uri: file for file in files.documentation_pages()}
        for task in tasks:
            if clash := written.get(task.path):
                raise Abort(f"{clash.src_uri}: duplicate URL: /{clash.url} is a page of the book")
        self._linked = {task.path: task.inode for task in tasks if task.inode}
        reuse_files(self._folder, self.target, self._linked)
        mark(self._folder)
        config.site_dir = str(self._folder)
        for file in files:
            file.dest_dir = config.site_dir
        for task in tasks:
            if replaced := files.src_uris.get(task.path):
                if task.path in REPLACEABLE:
                    continue  # the docs folder has one of its own
                files.remove(replaced)
            files.append(RenderedFile(task, config, writer.write_all))
        if not config.site_url and (template := files.get_file_from_path("sitemap.xml")):
            files.remove(template)  # the theme's template, which MkDocs would copy unrendered

    def publish(self, config: MkDocsConfig) -> dict[str, tuple[int, int]] | None:
        """Replace the folder of the site with the staging folder.

        Returns:
            The size and modification time (ns) of every file, by relative path; None if the staging
            folder is gone.
        """
        if not self._folder:
            return None
        self._check_target(config)  # other files may have come there since the build began
        sizes = reuse_identical_files(self._folder, self.target, self._linked)
        publish(self._folder, self.target, self._spare)
        self._folder = None
        config.site_dir = str(self.target)
        return sizes

    def discard(self) -> None:
        """Remove the staging folder, if it is still there."""
        if self._folder:
            discard(self._folder)
            self._folder = None

    def _check_target(self, config: MkDocsConfig) -> None:
        """Check that the site replaces no files but its own: nothing that a build reads."""
        own = (Path(config.config_file_path), Path(config.docs_dir))
        theme = (Path(config.theme.custom_dir),) if config.theme.custom_dir else ()
        cache = cache_folder(config.config_file_path)
        check_target(self.target, *own, *theme, cache, *self._inputs)


def _without_link(target: Path) -> Path:
    """The folder that a symbolic link leads to, since publishing would replace the link."""
    return Path(os.path.realpath(target)) if target.is_symlink() else target
