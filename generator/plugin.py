"""The MkDocs plugin: a build's events handed to `site.py`, and the theme's frame handed back."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import escape
from mkdocs.commands.build import build, get_context
from mkdocs.commands.serve import serve
from mkdocs.config import base, load_config
from mkdocs.config import config_options as options
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, MkDocsException
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Link, Navigation, Section
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.structure.toc import AnchorLink, TableOfContents
from mkdocs.utils import CountHandler
from msgspec import Struct

from generator import routes
from generator.errors import PolicybookError
from generator.memory import Memory, Seen, digest, memory_folder, program_digest, seen, tree_digest
from generator.pages import Page
from generator.pages.topics import prose
from generator.press import Before, Press, Site, Task, Timings, remember
from generator.publish import (
    check_target,
    clear,
    discard,
    publish,
    settle,
    staging,
    take_over,
    write,
)
from generator.render import Frames, Head, bytecode_cache
from generator.site import plan_site, templates_folder

log = logging.getLogger("mkdocs.plugins.policybook")


class Options(base.Config):  # type: ignore[no-untyped-call]  # MkDocs leaves its hook untyped
    """The plugin's options in mkdocs.yml."""

    data_dir = options.Type(str, default="data")


class _Refused(Abort):
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
        self._theme: _Theme | None = None

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
        config.extra_css.insert(0, "assets/policybook.css")
        config.extra_javascript.append("assets/policybook.js")
        config.extra["homepage"] = "."
        config.extra["preview"] = self._preview
        config.watch += [str(self.data(config)), str(folder)]
        self._target = Path(config.site_dir)
        try:
            check_target(self._target, self.data(config), Path(config.config_file_path))
        except PolicybookError as error:
            raise _Refused(error) from error
        self._spare = memory_folder(config.config_file_path) / "spare"
        self._staged = staging(self._target, self._spare)
        # MkDocs would empty the folder; it is given to it after that.
        config.site_dir = str(self._staged / "later")
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Plan the book, and add a file for everything that it makes."""
        program = program_digest(templates_folder())
        folder = memory_folder(config.config_file_path)
        if not self._memory or not self._memory.is_of(folder, program):
            with self.timings.of("memory"):
                self._memory = Memory(folder, program)
        try:
            site = plan_site(self.data(config), self.timings, self._memory)
        except PolicybookError as error:
            raise _Refused(error) from error
        if site.notes:
            log.info("%d notes on the data; `policybook check` lists them", site.notes)
        site_url = config.site_url or ""
        written = {file.dest_uri: file for file in files.documentation_pages()}
        self.settings = _settings(config, written, program, [*_links(_sections(site))])
        before = Before(self._target, self._memory.site(self._target), self.settings)
        self._site, self._theme = site, _Theme(config, files)
        self._press = Press(site, templates_folder(), site_url, self.timings, before)
        self.frames = Frames(self._theme.draw, site_url)
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
            clear(self._staged, {task.path for task in tasks if task.old})
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
        nav.items[:] = [*_sections(self._site), *nav.items, Link("About", routes.ABOUT.url)]
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
            for entry in prose(self._site.sources):
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
            raise _Refused(error) from error
        if self._staged and not _fails_strict(config):
            sizes = settle(self._staged, self._target)
            publish(self._staged, self._target, self._spare)
            self._staged = None
            config.site_dir = str(self._target)
            if self._memory:
                with self.timings.of("memory"):
                    remember(self._site, self._memory)
                    self._memory.keep_site(self._press.made(self._target, sizes))
        if self._collects:
            if not self._preview:
                gc.freeze()
            gc.enable()

    def on_build_error(self, *, error: Exception) -> None:
        """Leave nothing of a failed build behind."""
        if self._staged:
            discard(self._staged)

    def data(self, config: MkDocsConfig) -> Path:
        """The data folder that mkdocs.yml names."""
        return Path(config.config_file_path).parent / self.config.data_dir


def _fails_strict(config: MkDocsConfig) -> bool:
    """Whether MkDocs will fail this build, after its last event, for warnings in strict mode."""
    counters = [h for h in logging.getLogger("mkdocs").handlers if isinstance(h, CountHandler)]
    return config.strict and any(counter.get_counts() for counter in counters)


def _sections(site: Site) -> list[Any]:
    book = site.sources.book
    items: list[Any] = [
        Link("Policies", routes.POLICIES.url),
        Link("Services", routes.SERVICES.url),
        Link("Resources", routes.RESOURCES.url),
        Link("Conditions", routes.CONDITIONS.url),
        Link("Changes", routes.CHANGES.url),
    ]
    topics = [
        Link(str(escape(group.title)), routes.group(slug).url)
        for slug, group in book.groups.items()
    ]
    if topics:
        items.append(Section("Topics", [Link("All topics", routes.GROUPS.url), *topics]))
    guides = [
        Link(str(escape(guide.title)), routes.guide(slug).url)
        for slug, guide in book.guides.items()
    ]
    if book.roles:
        guides.append(Link("Roles", routes.ROLES.url))
    if guides:
        items.append(Section("Guides", [Link("All guides", routes.GUIDES.url), *guides]))
    return items


def _links(items: Iterable[Any]) -> Iterator[tuple[str, str]]:
    for item in items:
        yield item.title, getattr(item, "url", "") or ""
        yield from _links(item.children or ())


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
        """Write the content to its place, or take over the file of the earlier site."""
        if self._task.old:
            take_over(self._task.old, self.abs_dest_path)
        else:
            write(self.abs_dest_path, self._task.make())


class _Theme:
    """The theme as a function from a page's head and body to the whole page.

    `nav` and `env` are set by the events that bring them, before the first page is made.
    """

    nav: Navigation
    env: Environment

    def __init__(self, config: MkDocsConfig, files: Files) -> None:
        self._config = config
        self._files = files

    def draw(self, page: Page, head: Head, content: str) -> str:
        """Render Material's own template for the page.

        It is drawn as if it stood at a place of its own, as deep as the page's: links of the frame
        then lead up to the root and down again, and hold for every page of that depth.
        """
        place = File.generated(self._config, "-/" * page.url.count("/") + "index.md", content="")
        drawn = MkDocsPage(head.title, place, self._config)
        drawn.canonical_url = head.canonical if self._config.site_url else None
        drawn.content = content
        drawn.toc = TableOfContents([AnchorLink(i.title, i.anchor, 2) for i in head.toc])
        drawn.meta = {
            "policybook": True,
            "description": head.description,
            "feed": head.feed,
            "hide": ["navigation"] if head.toc else ["navigation", "toc"],
        }
        marked = list(_leading_to(page.section, self.nav.items))
        for item in marked:
            item.active = True
        context = get_context(self.nav, self._files, self._config, drawn)
        html = self.env.get_template("main.html").render(context)
        for item in marked:
            item.active = False
        return html


def _leading_to(url: str, items: Iterable[Any]) -> Iterator[Any]:
    """The nav's link with that address, and the section around it."""
    for item in items:
        inner = list(_leading_to(url, item.children or ()))
        if inner or (isinstance(item, Link) and item.url == url):
            yield from (item, *inner)


# --- the command line's way in -------------------------------------------------------------------


class BuiltSite(Struct, frozen=True):
    """A site's folder, where the time went, and where nothing else decided on it, what was read."""

    folder: Path
    timings: Timings
    roots: tuple[str, ...] = ()
    inputs: Seen | None = None


def build_site(config_file: str | None, site_dir: str | None, strict: bool) -> BuiltSite:
    """Build as `mkdocs build` does.

    Raises PolicybookError where mkdocs.yml, the data or the build has faults.
    """
    given: dict[str, Any] = {"site_dir": site_dir, "strict": strict or None}
    warnings = CountHandler()
    warnings.setLevel(logging.WARNING)
    logging.getLogger("mkdocs").addHandler(warnings)
    try:
        config = load_config(config_file, **{k: v for k, v in given.items() if v is not None})
        roots = _roots(config)
        inputs = seen(roots)
        config.plugins.on_startup(command="build", dirty=False)
        try:
            build(config)
        finally:
            config.plugins.on_shutdown()
    except _Refused as refused:
        raise refused.error from refused
    except MkDocsException as error:
        raise PolicybookError(getattr(error, "message", None) or str(error)) from error
    finally:
        logging.getLogger("mkdocs").removeHandler(warnings)
    folder, plugin = Path(config.site_dir), config.plugins.get("policybook")
    if not isinstance(plugin, PolicybookPlugin):
        return BuiltSite(folder, Timings())
    if not plugin.settings or warnings.get_counts() or "pymdownx.snippets" in config.mdx_configs:
        return BuiltSite(folder, plugin.timings)
    return BuiltSite(folder, plugin.timings, roots, inputs)


def _roots(config: MkDocsConfig) -> tuple[str, ...]:
    """The files and folders that a build reads beside the program's own."""
    plugin = config.plugins.get("policybook")
    data = plugin.data(config) if isinstance(plugin, PolicybookPlugin) else None
    found = (config.config_file_path, config.docs_dir, data, config.theme.custom_dir)
    return tuple(str(path) for path in found if path)


def serve_site(config_file: str | None, address: str | None) -> None:
    """Serve as `mkdocs serve` does. Raises PolicybookError where mkdocs.yml has faults."""
    try:
        given: dict[str, Any] = {"dev_addr": address} if address else {}
        serve(config_file, **given)
    except MkDocsException as error:
        raise PolicybookError(getattr(error, "message", None) or str(error)) from error


def book_settings(config_file: str | None) -> tuple[Path, str]:
    """The data folder and the site's address that mkdocs.yml names.

    Raises PolicybookError where there is no mkdocs.yml, or none with the plugin.
    """
    try:
        config = load_config(config_file)
    except MkDocsException as error:
        raise PolicybookError(getattr(error, "message", None) or str(error)) from error
    plugin = config.plugins.get("policybook")
    if not isinstance(plugin, PolicybookPlugin):
        raise PolicybookError("mkdocs.yml: expected policybook among the plugins, found none")
    return Path(config.config_file_path).parent / plugin.config.data_dir, config.site_url or ""
