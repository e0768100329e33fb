"""The MkDocs plugin: it handles the events of a build and delegates the work."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from jinja2 import Environment
from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import CountHandler
from mkdocs.utils.templates import TemplateContext

from policybook.build.cache import BuildCache, cache_folder
from policybook.build.digests import program_digest
from policybook.build.planner import PlannedSite, plan_site
from policybook.build.publish import (
    check_target,
    discard,
    mark,
    publish,
    reuse_files,
    reuse_identical_files,
    staging,
)
from policybook.build.site_files import PreviousSite, SiteFiles, Task
from policybook.build.timings import Timings
from policybook.errors import PolicybookError
from policybook.mkdocs_plugin.config_file import check_site
from policybook.mkdocs_plugin.joined_scripts import join_workers
from policybook.mkdocs_plugin.rendered_file import RenderedFile
from policybook.mkdocs_plugin.repository import data_url
from policybook.mkdocs_plugin.settings import BookSettings, Options
from policybook.mkdocs_plugin.theme import Theme, footer, menu, nav_links, sections, shown
from policybook.output.html.metadata import Metadata, metadata, open_graph
from policybook.output.html.templating import bytecode_cache, templates_folder
from policybook.output.html.theme_frame import Frames
from policybook.output.well_known import ROBOTS

log = logging.getLogger("mkdocs.plugins.policybook")


# The environment variable with which a preview is limited to some policies.
ONLY = "POLICYBOOK_ONLY"


class BuildAborted(Abort):
    """Aborts a build because of one of our errors, which is in `error`."""

    def __init__(self, error: PolicybookError) -> None:
        super().__init__(str(error))
        self.error = error


class PolicybookPlugin(BasePlugin[Options]):  # type: ignore[no-untyped-call]  # MkDocs' own hook
    """Adds the book's pages to a MkDocs site."""

    def __init__(self) -> None:
        self._preview = False
        self._target = Path()
        self._staged: Path | None = None
        self._spare = Path()
        self.timings = Timings()
        self.settings = b""
        self._gc_was_enabled = True
        self._cache: BuildCache | None = None
        self._site: PlannedSite | None = None
        self._files: SiteFiles | None = None
        self._theme: Theme | None = None

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Note the command. With this event MkDocs keeps the plugin for all builds of a preview."""
        self._preview = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Add the theme's files and settings, and let MkDocs build in a staging folder."""
        # The book stays in memory until the end, so that garbage collection finds nothing in it.
        self._gc_was_enabled = gc.isenabled()
        gc.disable()
        if not config.use_directory_urls:
            raise Abort("mkdocs.yml: expected use_directory_urls to be true, found false")
        folder = templates_folder()
        config.theme.dirs.insert(0, str(folder / "theme"))
        config.theme.static_templates.discard("sitemap.xml")
        config.theme.static_templates |= {"header.js", "icons.svg"}
        config.extra_css.insert(0, "assets/policybook.css")
        config.extra_javascript.append(_module("assets/policybook.js"))
        config.extra["homepage"] = "."
        config.extra["preview"] = self._preview
        config.watch += [*map(str, self.book(config).inputs()), str(folder)]
        self._target = _without_link(Path(config.site_dir))
        self._check_target(config)
        self._spare = cache_folder(config.config_file_path) / "spare"
        self._staged = staging(self._target, self._spare)
        # MkDocs empties its site_dir at first, so it gets the staging folder after that.
        config.site_dir = str(self._staged / "later")
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Plan the book, and add its files."""
        join_workers(files)
        book = self.book(config)
        program = book.digest_with_catalogue(program_digest(templates_folder()))
        site, cache = self._plan(book, cache_folder(config.config_file_path), program)
        written = {file.dest_uri: file for file in files.documentation_pages()}
        try:
            check_site(config, written.values())
        except PolicybookError as error:
            raise BuildAborted(error) from error
        days = config.extra["policybook"] = footer(site, config)
        self.settings = book.digest(
            written, program, [*nav_links(sections(site)), *sorted(days.items())]
        )
        previous = PreviousSite(self._target, cache.site(self._target), self.settings)
        # The theme gets handwritten pages only, since it iterates over all files for each frame.
        self._site, self._theme = site, Theme(config, Files(list(written.values())))
        planned = self._files = SiteFiles(site, templates_folder(), self.timings, previous)
        drawn = dict(cache.frames.get(self.settings, {}))
        described = partial(metadata, site.context, data_url=data_url(config, book.data))
        frames = self.frames = Frames(self._theme.draw, book.site_url, drawn, described)
        others = tuple(file.url for file in written.values())
        tasks = tuple(planned.tasks(lambda page: frames.whole(page, planned.body(page)), others))
        for task in tasks:
            if clash := written.get(task.path):
                raise Abort(f"{clash.src_uri}: duplicate URL: /{clash.url} is a page of the book")
        self._add_files(tasks, files, config)
        return files

    def _plan(
        self, book: BookSettings, folder: Path, program: bytes
    ) -> tuple[PlannedSite, BuildCache]:
        """Plan the site; returns it with the build cache, which a preview reads only once."""
        if not self._cache or not self._cache.belongs_to(folder, program):
            with self.timings.of("cache"):
                self._cache = BuildCache(folder, program)
        try:
            book.check_data()
            site = plan_site(
                book.data,
                self.timings,
                self._cache,
                only=(os.environ.get(ONLY, "") if self._preview else "") or book.only,
                catalogue=book.catalogue(),
                site_url=book.site_url,
                action_pages=book.action_pages,
            )
        except PolicybookError as error:
            raise BuildAborted(error) from error
        if site.loaded.left_out:
            log.info("only %d policies; the others are left out", len(site.loaded.parsed))
        if count := site.warnings.count:
            log.info("%d warnings about the data; `policybook check` lists them", count)
        return site, self._cache

    def _add_files(self, tasks: Iterable[Task], files: Files, config: MkDocsConfig) -> None:
        """Add the tasks to MkDocs' files, and let all files be written to the staging folder."""
        assert self._staged
        with self.timings.of("unchanged files"):
            reuse_files(self._staged, self._target, {t.path: t.inode for t in tasks if t.inode})
            mark(self._staged)
        config.site_dir = str(self._staged)
        for file in files:
            file.dest_dir = config.site_dir
        for task in tasks:
            file = RenderedFile(task, config)
            if replaced := files.get_file_from_path(file.src_uri):
                if file.src_uri == ROBOTS:
                    continue  # the docs folder has one of its own
                files.remove(replaced)
            files.append(file)
        if not config.site_url and (template := files.get_file_from_path("sitemap.xml")):
            files.remove(template)  # the theme's template, which MkDocs would copy unrendered

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Insert the book's sections before the nav of mkdocs.yml, which becomes a section too."""
        assert self._site
        assert self._theme
        nav.items[:] = sections(self._site, tuple(nav.items))
        config.extra["policybook_menu"] = menu(nav.items)
        self._theme.nav = nav
        return nav

    def on_page_context(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """Describe a page written by hand as those of the book are described."""
        assert self._site
        if config.site_url:
            html = open_graph(self._site.context, shown(page.title), page.url, "docs")
            page.meta["metadata"] = Metadata(html)
        return context

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Keep the environment for page frames, and add the prose to Material's search index."""
        assert self._site
        assert self._theme
        self._theme.env = env
        env.bytecode_cache = bytecode_cache()
        search = config.plugins.get("material/search")
        if search:
            for entry in self._site.prose():
                search.search_index.entries.append(
                    {"location": entry.location, "title": entry.title, "text": entry.text}
                )
        return env

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Check all links, then publish the site and store the cache."""
        assert self._site
        assert self._files
        try:
            self._files.check_links()
        except PolicybookError as error:
            raise BuildAborted(error) from error
        if self._staged and not _fails_strict(config):
            self._check_target(config)  # other files may have come there since the build began
            sizes = reuse_identical_files(self._staged, self._target)
            publish(self._staged, self._target, self._spare)
            self._staged = None
            config.site_dir = str(self._target)
            if self._cache:
                with self.timings.of("cache"):
                    self._site.keep(self._cache)
                    record = self._files.record(self._target, sizes)
                    frames = {self.settings: self.frames.drawn} if self.settings else {}
                    self._cache.keep_site(record, frames, preview=self._preview)
        self._restore_gc()

    def on_build_error(self, *, error: Exception) -> None:
        """Remove the staging folder of a failed build."""
        self.on_shutdown()
        self._restore_gc()

    def on_shutdown(self) -> None:
        """Remove the staging folder; MkDocs calls this however a build or preview ends."""
        if self._staged:
            discard(self._staged)
            self._staged = None

    def _check_target(self, config: MkDocsConfig) -> None:
        """Check that the site replaces no files but its own: nothing that a build reads."""
        own = (Path(config.config_file_path), Path(config.docs_dir))
        theme = (Path(config.theme.custom_dir),) if config.theme.custom_dir else ()
        cache = cache_folder(config.config_file_path)
        try:
            check_target(self._target, *own, *theme, cache, *self.book(config).inputs())
        except PolicybookError as error:
            raise BuildAborted(error) from error

    def _restore_gc(self) -> None:
        """Re-enable garbage collection; a single build first exempts the book from it."""
        if self._gc_was_enabled:
            if not self._preview:
                gc.freeze()
            gc.enable()

    def book(self, config: MkDocsConfig) -> BookSettings:
        """The settings of the book in mkdocs.yml."""
        return BookSettings(config, self.config)


def _without_link(target: Path) -> Path:
    """The folder that a symbolic link leads to, since publishing would replace the link."""
    return Path(os.path.realpath(target)) if target.is_symlink() else target


def _module(path: str) -> ExtraScriptValue:
    """A script that pages load as an ES module."""
    script = ExtraScriptValue(path)
    script.type = "module"
    return script


def _fails_strict(config: MkDocsConfig) -> bool:
    """Whether MkDocs will fail this build, after its last event, for warnings in strict mode."""
    counters = [h for h in logging.getLogger("mkdocs").handlers if isinstance(h, CountHandler)]
    return config.strict and any(counter.get_counts() for counter in counters)
