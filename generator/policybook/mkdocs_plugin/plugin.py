"""The MkDocs plugin: a build's events handed to `site.py`, and the theme's frame handed back."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from jinja2 import Environment
from mkdocs.config import base
from mkdocs.config import config_options as options
from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Link, Navigation
from mkdocs.utils import CountHandler

from policybook.book import addresses
from policybook.build.cache import (
    Memory,
    digest,
    joined,
    memory_folder,
    program_digest,
    tree_digest,
)
from policybook.build.planner import plan_site, templates_folder
from policybook.build.publish import adopt, check_target, discard, publish, settle, staging, write
from policybook.build.site_files import Before, Press, Site, Task, Timings, remember
from policybook.catalogue.catalogue import Catalogue
from policybook.catalogue.locate import catalogue_in
from policybook.errors import PolicybookError
from policybook.mkdocs_plugin.theme import Theme, nav_links, sections
from policybook.output.html.templating import bytecode_cache
from policybook.output.html.theme_frame import Frames
from policybook.pages.topics import prose

log = logging.getLogger("mkdocs.plugins.policybook")


# The variable of the environment by which a preview is asked for some policies only.
ONLY = "POLICYBOOK_ONLY"


class Options(base.Config):  # type: ignore[no-untyped-call]  # MkDocs leaves its hook untyped
    """The plugin's options in mkdocs.yml."""

    data_dir = options.Type(str, default="data")
    only = options.Type(str, default="*")
    catalogue = options.Type(str, default="")
    catalogue_date = options.Type((str, date), default="")
    catalogue_before = options.Type(str, default="")
    catalogue_before_date = options.Type((str, date), default="")
    action_pages = options.ListOfItems(options.Type(str), default=["*"])


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
        self._memory: Memory | None = None
        self._site: Site | None = None
        self._press: Press | None = None
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
        config.watch += [*map(str, self.inputs(config)), str(folder)]
        self._target = Path(config.site_dir)
        try:
            check_target(self._target, self.data(config), Path(config.config_file_path))
        except PolicybookError as error:
            raise Refused(error) from error
        self._spare = memory_folder(config.config_file_path) / "spare"
        self._staged = staging(self._target, self._spare)
        # MkDocs would empty the folder; it is given to it after that.
        config.site_dir = str(self._staged / "later")
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Plan the book, and add a file for everything that it makes."""
        program = program_digest(templates_folder())
        for name, found, day in self._catalogues(config):
            if found:
                program = joined((program, name.encode(), tree_digest(found), day.encode()))
        folder = memory_folder(config.config_file_path)
        if not self._memory or not self._memory.is_of(folder, program):
            with self.timings.of("memory"):
                self._memory = Memory(folder, program)
        try:
            site = plan_site(
                self.data(config),
                self.timings,
                self._memory,
                only=self._only(),
                catalogue=self.catalogue(config),
                before=self.before(config),
                action_pages=tuple(self.config.action_pages),
            )
        except PolicybookError as error:
            raise Refused(error) from error
        if site.loaded.left_out:
            log.info("only %d policies; the others are left out", len(site.loaded.known))
        if site.notes:
            log.info("%d notes on the data; `policybook check` lists them", site.notes)
        site_url = config.site_url or ""
        written = {file.dest_uri: file for file in files.documentation_pages()}
        self.settings = _settings(config, written, program, [*nav_links(sections(site))])
        before = Before(self._target, self._memory.site(self._target), self.settings)
        # The theme is told of written pages only: it goes through all files for each frame.
        self._site, self._theme = site, Theme(config, Files(list(written.values())))
        self._press = Press(site, templates_folder(), site_url, self.timings, before)
        drawn = dict(self._memory.frames.get(self.settings, {}))
        self.frames = Frames(self._theme.draw, site_url, drawn)
        others = tuple(file.url for file in written.values())
        press, frames = self._press, self.frames
        tasks = tuple(press.tasks(lambda page: frames.whole(page, press.body(page)), others))
        for task in tasks:
            if clash := written.get(task.path):
                raise Abort(f"{clash.src_uri}: expected an address of its own, found /{clash.url}")
        self._put(tasks, files, config)
        return files

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
            for entry in prose(self._site.context):
                search.search_index.entries.append(
                    {"location": entry.location, "title": entry.title, "text": entry.text}
                )
        return env

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Check every link, and only then let the site take its place."""
        assert self._site
        assert self._press
        try:
            self._press.check_links()
        except PolicybookError as error:
            raise Refused(error) from error
        if self._staged and not _fails_strict(config):
            sizes = settle(self._staged, self._target)
            publish(self._staged, self._target, self._spare)
            self._staged = None
            config.site_dir = str(self._target)
            if self._memory:
                with self.timings.of("memory"):
                    remember(self._site, self._memory)
                    made = self._press.made(self._target, sizes)
                    frames = {self.settings: self.frames.drawn} if self.settings else {}
                    self._memory.keep_site(made, frames, preview=self._preview)
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

    def _only(self) -> str:
        """The pattern of the policies to show; a preview may be asked for fewer."""
        asked = os.environ.get(ONLY, "") if self._preview else ""
        return asked or self.config.only

    def data(self, config: MkDocsConfig) -> Path:
        """The data folder that mkdocs.yml names."""
        return Path(config.config_file_path).parent / self.config.data_dir

    def inputs(self, config: MkDocsConfig) -> tuple[Path, ...]:
        """The folders that the book is made from."""
        named = (folder for _, folder, _ in self._catalogues(config) if folder)
        return (self.data(config), *named)

    def catalogue(self, config: MkDocsConfig) -> Catalogue:
        """The catalogue that mkdocs.yml names. Raises PolicybookError where there is none."""
        return self._catalogue(config, "catalogue") or Catalogue()

    def before(self, config: MkDocsConfig) -> Catalogue | None:
        """The older catalogue, if mkdocs.yml names one. Raises PolicybookError as `catalogue`."""
        return self._catalogue(config, "catalogue_before")

    def _catalogue(self, config: MkDocsConfig, option: str) -> Catalogue | None:
        for name, folder, day in self._catalogues(config):
            if name == option and folder:
                return catalogue_in(folder, day, f"{name}_date as YYYY-MM-DD")
        return None

    def _catalogues(self, config: MkDocsConfig) -> Iterator[tuple[str, Path | None, str]]:
        """Each option that names a catalogue, its folder, if one is named, and the given day."""
        root, own = Path(config.config_file_path).parent, self.config
        for name, folder, day in (
            ("catalogue", own.catalogue, own.catalogue_date),
            ("catalogue_before", own.catalogue_before, own.catalogue_before_date),
        ):
            yield name, root / folder if folder else None, str(day)


def _module(path: str) -> ExtraScriptValue:
    """A script that pages load as an ES module."""
    script = ExtraScriptValue(path)
    script.type = "module"
    return script


def _fails_strict(config: MkDocsConfig) -> bool:
    """Whether MkDocs will fail this build, after its last event, for warnings in strict mode."""
    counters = [h for h in logging.getLogger("mkdocs").handlers if isinstance(h, CountHandler)]
    return config.strict and any(counter.get_counts() for counter in counters)


def _settings(
    config: MkDocsConfig, written: Mapping[str, File], program: bytes, nav: Sequence[object]
) -> bytes:
    """The digest of all that decides how a page looks but the data; b"" where that is not known.

    What other plugins and hooks do cannot be known, nor what stands behind `!ENV` and `INHERIT`.
    """
    given = Path(config.config_file_path).read_text("utf-8")
    if config.hooks or set(config.plugins) - {"search", "material/search", "policybook"}:
        return b""
    if "!ENV" in given or "INHERIT" in given:
        return b""
    pages = {uri: tree_digest(Path(file.abs_src_path or "")) for uri, file in written.items()}
    custom = config.theme.custom_dir
    theme = tree_digest(Path(custom)) if custom else b""
    own = (config.site_url, config.theme.name, config.extra["preview"])
    return digest((program, given, pages, theme, nav, own))


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
            write(self.abs_dest_path, self._task.make())
