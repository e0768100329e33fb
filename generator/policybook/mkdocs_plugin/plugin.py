"""The MkDocs plugin: the events of a build, handed to the packages that do the work."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Iterable
from pathlib import Path

from jinja2 import Environment
from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Link, Navigation
from mkdocs.utils import CountHandler

from policybook.book import addresses
from policybook.build.cache import BuildCache, cache_folder
from policybook.build.digests import program_digest
from policybook.build.planner import PlannedSite, plan_site
from policybook.build.publish import adopt, check_target, discard, publish, settle, staging, write
from policybook.build.site_files import SiteBefore, SiteFiles, Task
from policybook.build.timings import Timings
from policybook.errors import PolicybookError
from policybook.mkdocs_plugin.settings import BookSettings, Options
from policybook.mkdocs_plugin.theme import Theme, nav_links, sections
from policybook.output.html.templating import bytecode_cache, templates_folder
from policybook.output.html.theme_frame import Frames

log = logging.getLogger("mkdocs.plugins.policybook")


# The variable of the environment by which a preview is asked for some policies only.
ONLY = "POLICYBOOK_ONLY"


class Refused(Abort):
    """A build that stops for one of our own errors, which it carries."""

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
        self._collects = True
        self._cache: BuildCache | None = None
        self._site: PlannedSite | None = None
        self._files: SiteFiles | None = None
        self._theme: Theme | None = None

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """MkDocs keeps a plugin with this event for all builds of a preview."""
        self._preview = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Bring the theme's files and settings, and build beside the site rather than in it."""
        # A book is kept whole until the end: there is no garbage in it to look for.
        self._collects = gc.isenabled()
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
        self._target = Path(config.site_dir)
        try:
            check_target(self._target, self.book(config).data, Path(config.config_file_path))
        except PolicybookError as error:
            raise Refused(error) from error
        self._spare = cache_folder(config.config_file_path) / "spare"
        self._staged = staging(self._target, self._spare)
        # MkDocs would empty the folder; it is given to it after that.
        config.site_dir = str(self._staged / "later")
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Plan the book, and add a file for everything that it makes."""
        book = self.book(config)
        program = book.with_catalogues(program_digest(templates_folder()))
        site, cache = self._planned(book, cache_folder(config.config_file_path), program)
        written = {file.dest_uri: file for file in files.documentation_pages()}
        self.settings = book.digest(written, program, [*nav_links(sections(site))])
        before = SiteBefore(self._target, cache.site(self._target), self.settings)
        # The theme is told of written pages only: it goes through all files for each frame.
        self._site, self._theme = site, Theme(config, Files(list(written.values())))
        made = self._files = SiteFiles(site, templates_folder(), self.timings, before)
        drawn = dict(cache.frames.get(self.settings, {}))
        frames = self.frames = Frames(self._theme.draw, site.context.site_url, drawn)
        others = tuple(file.url for file in written.values())
        tasks = tuple(made.tasks(lambda page: frames.whole(page, made.body(page)), others))
        for task in tasks:
            if clash := written.get(task.path):
                raise Abort(f"{clash.src_uri}: expected an address of its own, found /{clash.url}")
        self._put(tasks, files, config)
        return files

    def _planned(
        self, book: BookSettings, folder: Path, program: bytes
    ) -> tuple[PlannedSite, BuildCache]:
        """The planned site, and the build cache, which a preview reads only once."""
        if not self._cache or not self._cache.is_of(folder, program):
            with self.timings.of("cache"):
                self._cache = BuildCache(folder, program)
        try:
            site = plan_site(
                book.data,
                self.timings,
                self._cache,
                only=(os.environ.get(ONLY, "") if self._preview else "") or book.only,
                catalogue=book.catalogue(),
                before=book.before(),
                site_url=book.site_url,
                action_pages=book.action_pages,
            )
        except PolicybookError as error:
            raise Refused(error) from error
        if site.loaded.left_out:
            log.info("only %d policies; the others are left out", len(site.loaded.parsed))
        if count := site.warnings.count:
            log.info("%d warnings about the data; `policybook check` lists them", count)
        return site, self._cache

    def _put(self, tasks: Iterable[Task], files: Files, config: MkDocsConfig) -> None:
        """Add the tasks to MkDocs' files, all of which go into the folder for building."""
        assert self._staged
        with self.timings.of("what is unchanged"):
            adopt(self._staged, self._target, {t.path: t.inode for t in tasks if t.inode})
        config.site_dir = str(self._staged)
        for file in files:
            file.dest_dir = config.site_dir
        for task in tasks:
            made = _MadeFile(task, config)
            if theirs := files.get_file_from_path(made.src_uri):
                files.remove(theirs)
            files.append(made)
        if not config.site_url and (template := files.get_file_from_path("sitemap.xml")):
            files.remove(template)  # it is the theme's, and MkDocs would copy it as it is

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Put the book's sections before the pages that mkdocs.yml names."""
        assert self._site
        assert self._theme
        nav.items[:] = [*sections(self._site), *nav.items, Link("About", addresses.ABOUT.url)]
        self._theme.nav = nav
        return nav

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Keep what draws the frame, and give the prose to Material's search."""
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
        """Check every link, and only then let the site take its place."""
        assert self._site
        assert self._files
        try:
            self._files.check_links()
        except PolicybookError as error:
            raise Refused(error) from error
        if self._staged and not _fails_strict(config):
            sizes = settle(self._staged, self._target)
            publish(self._staged, self._target, self._spare)
            self._staged = None
            config.site_dir = str(self._target)
            if self._cache:
                with self.timings.of("cache"):
                    self._site.keep(self._cache)
                    record = self._files.record(self._target, sizes)
                    frames = {self.settings: self.frames.drawn} if self.settings else {}
                    self._cache.keep_site(record, frames, preview=self._preview)
        self._collect_again()

    def on_build_error(self, *, error: Exception) -> None:
        """Leave nothing of a failed build behind."""
        if self._staged:
            discard(self._staged)
        self._collect_again()

    def _collect_again(self) -> None:
        """Let garbage be looked for as before; a process that ends soon need not look at a book."""
        if self._collects:
            if not self._preview:
                gc.freeze()
            gc.enable()

    def book(self, config: MkDocsConfig) -> BookSettings:
        """What mkdocs.yml says of the book."""
        return BookSettings(config, self.config)


def _module(path: str) -> ExtraScriptValue:
    """A script that pages load as an ES module."""
    script = ExtraScriptValue(path)
    script.type = "module"
    return script


def _fails_strict(config: MkDocsConfig) -> bool:
    """Whether MkDocs will fail this build, after its last event, for warnings in strict mode."""
    counters = [h for h in logging.getLogger("mkdocs").handlers if isinstance(h, CountHandler)]
    return config.strict and any(counter.get_counts() for counter in counters)


class _MadeFile(File):
    """A file of the site whose content is made when MkDocs comes to copy it.

    MkDocs takes it for a static file, so neither Markdown nor the nav ever sees it.
    """

    def __init__(self, task: Task, config: MkDocsConfig) -> None:
        super().__init__(task.path, None, config.site_dir, config.use_directory_urls)
        self._task = task

    def copy_file(self, dirty: bool = False) -> None:
        """Write the content to its place, unless the file of the earlier site stands there."""
        if not self._task.inode:
            write(self.abs_dest_path, self._task.render())
