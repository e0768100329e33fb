"""The MkDocs plugin: it handles the events of a build and delegates the work."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from policybook.build.cache import BuildCache, cache_folder
from policybook.build.digests import code_digest, joined, tree_digest
from policybook.build.planner import PlannedSite, plan_site
from policybook.build.site_files import PreviousSite, SiteFiles
from policybook.build.timings import Timings
from policybook.mkdocs_plugin.aborting import BuildAborted, aborting
from policybook.mkdocs_plugin.config_file import check_site, fails_strict
from policybook.mkdocs_plugin.files.file_writer import FileWriter
from policybook.mkdocs_plugin.files.staged_site import StagedSite
from policybook.mkdocs_plugin.joined_scripts import join_workers
from policybook.mkdocs_plugin.material.appearance import add_style, add_theme, own_of, use_material
from policybook.mkdocs_plugin.material.blocked import BlockedContent
from policybook.mkdocs_plugin.material.content_policy import ContentPolicy
from policybook.mkdocs_plugin.material.own_theme import without_effect
from policybook.mkdocs_plugin.notes import notes, without_foreign_scripts
from policybook.mkdocs_plugin.own_pages.names import OwnPages
from policybook.mkdocs_plugin.preview import check_address, keep_last_site
from policybook.mkdocs_plugin.repository import data_url
from policybook.mkdocs_plugin.settings import BookSettings, Options
from policybook.mkdocs_plugin.theme import (
    Theme,
    footer,
    link_book_pages,
    menu,
    nav_links,
    sections,
    shown,
    unthemed,
)
from policybook.mkdocs_plugin.user_code import UserCode
from policybook.output.html.metadata import Metadata, metadata, open_graph
from policybook.output.html.templating import bytecode_cache, templates_folder
from policybook.output.html.theme_frame import Frames

log = logging.getLogger("mkdocs.plugins.policybook")

# The environment variable with which a preview is limited to some policies.
ONLY = "POLICYBOOK_ONLY"


class PolicybookPlugin(BasePlugin[Options]):  # type: ignore[no-untyped-call]  # MkDocs' own hook
    """Adds the book's pages to a MkDocs site."""

    def __init__(self) -> None:
        self._preview = False
        self._staged: StagedSite | None = None
        self.timings = Timings()
        self.settings = b""
        self._gc_was_enabled = True
        self._cache: BuildCache | None = None
        self._site: PlannedSite | None = None
        self._files: SiteFiles | None = None
        self._writer: FileWriter | None = None
        self._theme: Theme | None = None
        self._own: OwnPages | None = None
        self.notes: tuple[str, ...] = ()
        self._blocked: BlockedContent | None = None
        self._code = UserCode(())

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Note the command. With this event MkDocs keeps the plugin for all builds of a preview."""
        self._preview = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Add the theme's files and settings, and let MkDocs build in a staging folder."""
        self._code = UserCode.of(config)
        if self._preview and not self._site:
            with aborting():
                check_address(*config.dev_addr)
        # The book stays in memory until the end, so that garbage collection finds nothing in it.
        self._gc_was_enabled = gc.isenabled()
        gc.disable()
        folder = templates_folder()
        policy = ContentPolicy(self.config.content_security_policy, config.site_url or "")
        self._blocked = BlockedContent(config, policy)
        add_theme(config, folder / "theme", policy)
        config.extra["preview"] = self._preview
        config.extra["policybook_unthemed"] = unthemed()
        self._own = OwnPages(config, in_code=self.config.link_names)
        custom = [config.theme.custom_dir] if config.theme.custom_dir else []
        config.watch += [*map(str, self.book(config).inputs()), str(folder), *custom]
        with aborting():
            self._staged = StagedSite(config, self.book(config).inputs())
        return config

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Say at once what the site cannot do with its settings, after all plugins' own."""
        without_foreign_scripts(config)
        found = tuple(notes(config))
        for note in found if found != self.notes else ():
            log.info(note)
        self.notes = found

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Plan the book, and add its files."""
        join_workers(files)
        book = self.book(config)
        code = book.digest_with_catalogue(code_digest())
        program = joined((code, tree_digest(templates_folder())))
        site, cache = self._plan(book, code)  # facts do not depend on templates
        written = {file.dest_uri: file for file in files.documentation_pages()}
        with aborting():
            check_site(config, written.values())
            self._warn_of_own(files, config)
        if not book.folders and config.extra["homepage"] == ".":
            config.extra["homepage"] = "index.html"
        days = config.extra["policybook"] = footer(site, config)
        self.settings = book.digest(
            written, program, [*nav_links(sections(site, config)), *sorted(days.items())]
        )
        assert self._staged
        target = self._staged.target
        previous = PreviousSite(target, cache.site(target), self.settings)
        # The theme gets handwritten pages only, since it iterates over all files for each frame.
        own = own_of(config, templates_folder())
        theme = Theme(config, Files(list(written.values())), own.labels)
        self._site, self._theme = site, theme
        planned = self._files = SiteFiles(site, templates_folder(), self.timings, previous, own)
        drawn = dict(cache.frames.get(self.settings, {}))
        described = partial(metadata, site.context, data_url=data_url(config, book.data))
        frames = self.frames = Frames(theme.draw, book.site_url, drawn, described, own.labels)
        others = tuple(file.url.removeprefix("./") for file in written.values())
        with self.timings.of("unchanged files"):
            tasks = (*planned.tasks(lambda p: frames.whole(p, planned.body(p)), others),)
            writer = FileWriter(planned, frames, site.context, self.timings, book.processes)
            self._staged.add_files(tasks, files, config, writer)
            self._writer = writer
        assert self._own
        self._own.know(planned.named, config, files)
        return files

    def _warn_of_own(self, files: Files, config: MkDocsConfig) -> None:
        """Warn of what the book has of its own and browsers or Material would pass over."""
        assert self._blocked
        docs = {file.src_uri: file for file in files}
        more = without_effect(config, templates_folder(), docs)
        for line in (*self._blocked.warnings(docs), *more):
            log.warning(line)

    def _plan(self, book: BookSettings, program: bytes) -> tuple[PlannedSite, BuildCache]:
        """Plan the site; returns it with the build cache, which a preview reads only once."""
        folder = cache_folder(book.config.config_file_path)
        if not self._cache or not self._cache.belongs_to(folder, program):
            with self.timings.of("cache"):
                self._cache = BuildCache(folder, program)
        with aborting():
            book.check_data()
            site = plan_site(
                book.data,
                self.timings,
                self._cache,
                only=(os.environ.get(ONLY, "") if self._preview else "") or book.only,
                catalogue=book.catalogue(),
                site_url=book.site_url,
                folders=book.folders,
                action_pages=book.action_pages,
                database=book.database,
                markdown=book.markdown,
                aws_book=book.aws_book,
                processes=book.processes,
            )
        if site.loaded.left_out:
            log.info("only %d policies; the others are left out", len(site.loaded.parsed))
        if count := site.warnings.count:
            log.info("%d warnings about the data; `policybook check` lists them", count)
        return site, self._cache

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Insert the book's sections before the nav of mkdocs.yml, which becomes a section too."""
        assert self._site
        assert self._theme
        assert self._files
        link_book_pages(nav, self._files.titles)
        nav.items[:] = sections(self._site, config, tuple(nav.items), self._theme.labels)
        config.extra["policybook_menu"] = menu(nav.items)
        self._theme.nav = nav
        return nav

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> None:
        """Note the links of a page written by hand."""
        assert self._own
        self._own.links.add(page.file, html)

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
        assert self._writer
        self._writer.prepare(files, config.site_dir)
        self._theme.env = env
        use_material(env)
        env.globals["_text"] = self._theme.labels.text
        env.globals["_"] = self._theme.labels.html
        add_style(env, files, config)
        env.bytecode_cache = bytecode_cache()
        search = config.plugins.get("material/search")
        if search:
            for entry in self._site.prose():
                search.search_index.entries.append(
                    {"location": entry.location, "title": entry.title, "text": entry.text}
                )
        return env

    @event_priority(-100)
    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Warn of what the content security policy blocks on a page written by hand."""
        if self._blocked and page.file.abs_src_path:
            for line in self._blocked.of_page(Path(page.file.abs_src_path), output):
                log.warning(line)
        return output

    @event_priority(-1000)  # after every other plugin that writes files
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Check all links, then publish the site and store the cache."""
        assert self._site
        assert self._files
        assert self._own
        with aborting():
            self._files.check_links()
            self._own.links.warn(Path(config.site_dir))
            if self._staged and not fails_strict(config):
                sizes = self._staged.publish(config)
                if sizes is not None:
                    self._keep(self._staged.target, sizes)
        self._restore_gc()

    def _keep(self, target: Path, sizes: dict[str, tuple[int, int]]) -> None:
        """Store the published site in the cache, for the next build."""
        assert self._site
        assert self._files
        if self._cache:
            with self.timings.of("cache"):
                self._site.keep(self._cache)
                record = self._files.record(target, sizes)
                frames = {self.settings: self.frames.drawn} if self.settings else {}
                self._cache.keep_site(record, frames, preview=self._preview)

    @event_priority(-1000)  # other plugins know the builder that MkDocs gave the server
    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Callable[[], None]
    ) -> LiveReloadServer:
        """Let the preview show the last good site while a rebuild fails."""
        keep_last_site(server, config)
        return server

    def on_build_error(self, *, error: Exception) -> None:
        """Remove the staging folder of a failed build; say where a hook or a template failed."""
        self.on_shutdown()
        self._restore_gc()
        if found := self._code.error(error):
            raise BuildAborted(found) from error

    def on_shutdown(self) -> None:
        """Remove the staging folder; MkDocs calls this however a build or preview ends."""
        if self._staged:
            self._staged.discard()

    def _restore_gc(self) -> None:
        """Re-enable garbage collection; a single build first exempts the book from it."""
        if self._gc_was_enabled:
            if not self._preview:
                gc.freeze()
            gc.enable()

    def book(self, config: MkDocsConfig) -> BookSettings:
        """The settings of the book in mkdocs.yml."""
        return BookSettings(config, self.config)
