"""The frame around pages: Material's template, and the book's part of the nav."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jinja2 import Environment
from markupsafe import Markup
from mkdocs.commands.build import get_context
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Link, Navigation, Section
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.structure.toc import AnchorLink, TableOfContents

from policybook.book import addresses
from policybook.book.addresses import Target
from policybook.build.planner import PlannedSite
from policybook.mkdocs_plugin.files.rendered_file import RenderedFile
from policybook.mkdocs_plugin.repository import report_url
from policybook.output.html.labels import Labels
from policybook.output.html.own import NOTHING
from policybook.output.html.templating import templates_folder
from policybook.output.html.theme_frame import Head


def address(target: Target, config: MkDocsConfig) -> str:
    """The address of a page of the book: of its folder, or of the file without directory URLs."""
    return target.url if config.use_directory_urls else target.file


def sections(
    site: PlannedSite,
    config: MkDocsConfig,
    written: Iterable[Any] = (),
    labels: Labels = NOTHING.labels,
) -> list[Any]:
    """The nav: the book's sections, and one with the nav of mkdocs.yml.

    Args:
        site: The planned site.
        config: The settings.
        written: The items of mkdocs.yml's nav.
        labels: The labels in the language of the site.

    Returns:
        The sections; the first entry of each is the page that its tab leads to.

    """
    about = Link(labels.text("About"), address(addresses.ABOUT, config))
    docs = Section(labels.text("Docs"), [*written, about])
    for item in docs.children:
        item.parent = docs  # so that the section is active with its pages
    own = [
        Section(
            labels.text(title),
            [Link(labels.text(name), address(at, config)) for name, at, there in entries if there],
        )
        for title, entries in _entries(site).items()
    ]
    return [*own, docs]


def _entries(site: PlannedSite) -> Mapping[str, tuple[tuple[str, Target, object], ...]]:
    """The entries of each section: the title, the page, and whether the site has it."""
    book, steps = site.context.book, site.context.growth.has_steps
    return {
        "Policies": (
            ("All policies", addresses.POLICIES, True),
            ("Boundaries and control policies", addresses.BOUNDARIES, book.limiting),
            ("Topics", addresses.GROUPS, book.groups),
            ("Guides", addresses.GUIDES, book.guides),
            ("Roles", addresses.ROLES, book.roles),
        ),
        "Services &amp; actions": (
            ("Services", addresses.SERVICES, True),
            ("Actions", addresses.ACTIONS, True),
            ("Resource patterns", addresses.RESOURCES, True),
            ("Condition keys", addresses.CONDITIONS, True),
        ),
        "Changes": (
            ("All changes", addresses.CHANGES, True),
            ("Removals", addresses.REMOVALS, True),
            ("Deprecated policies", addresses.DEPRECATED, True),
            ("Actions added by AWS", addresses.NEW_ACTIONS, steps),
        ),
        "Risks &amp; PassRole": (
            ("Risks", addresses.RISKS, book.rules),
            ("PassRole", addresses.PASSROLE, True),
        ),
        "Tools": (
            ("Compare", addresses.COMPARE, True),
            ("Choose", addresses.CHOOSE, True),
            ("Check", addresses.CHECK, True),
        ),
    }


def link_book_pages(nav: Navigation, titles: Mapping[str, str]) -> None:
    """Make links of the nav's items that are pages of the book, which MkDocs does not build.

    Args:
        nav: The nav of mkdocs.yml.
        titles: The titles of the book's pages, by the paths of their files.
    """
    _link(nav.items, titles)
    nav.pages[:] = [page for page in nav.pages if not isinstance(page.file, RenderedFile)]
    if nav.homepage not in nav.pages:
        nav.homepage = None
    around = [None, *nav.pages, None]
    for before, page, after in zip(around, nav.pages, around[2:], strict=False):
        page.previous_page, page.next_page = before, after


def _link(items: list[Any], titles: Mapping[str, str]) -> None:
    for place, item in enumerate(items):
        if isinstance(item, MkDocsPage) and isinstance(item.file, RenderedFile):
            given = vars(item).get("title")
            items[place] = Link(given or titles[item.file.dest_uri], item.file.url)
            items[place].parent, item.file.page = item.parent, None
        else:
            _link(item.children or [], titles)


def nav_links(items: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Yields the title and URL of each nav item and its children; the URL of a section is ""."""
    for item in items:
        yield item.title, getattr(item, "url", "") or ""
        yield from nav_links(item.children or ())


def shown(title: str | None) -> str:
    """A title as text; MkDocs and Material take titles for HTML."""
    return Markup(title or "").striptags()  # noqa: S704  # becomes text


def menu(items: Iterable[Any]) -> list[dict[str, Any]]:
    """The nav for `header.js`: titles as text, and URLs relative to the site's root."""
    return [
        {"title": shown(item.title)}
        | ({"items": menu(item.children)} if item.children else {"url": item.url or ""})
        for item in items
    ]


def footer(site: PlannedSite, config: MkDocsConfig) -> dict[str, str]:
    """The last days of the data and of the action list, and where to report a mistake."""
    data_to = site.context.book.data_to
    return {
        "data_to": str(data_to) if data_to else "",
        "action_list": site.context.catalogue.date,
        "report": report_url(config),
    }


def unthemed() -> dict[str, str]:
    """The style of the 404 page without the theme, and its hash for the content security policy."""
    style = (templates_folder() / "html/missing.css").read_text("utf-8")
    found = hashlib.sha256(style.encode()).digest()
    return {"style": style, "hash": "sha256-" + b64encode(found).decode()}


class Theme:
    """Renders a complete page from its head and body.

    `nav` and `env` are set by the plugin's events before the first page is rendered.
    """

    nav: Navigation
    env: Environment

    def __init__(self, config: MkDocsConfig, files: Files, labels: Labels) -> None:
        self._config = config
        self._files = files
        self.labels = labels

    def draw(self, head: Head, content: str) -> str:
        """Render Material's template for a page, or a small one without navigation.

        The page is rendered at a placeholder URL of the same depth. So links of the frame go up to
        the root and down again, and the frame fits every page of that depth.

        Args:
            head: The values for the page's head, and its depth.
            content: The body.

        Returns:
            The complete HTML.

        """
        place = File.generated(self._config, "-/" * head.depth + "index.md", content="")
        drawn = MkDocsPage(head.title, place, self._config)
        drawn.canonical_url = head.canonical if self._config.site_url else None
        drawn.content = content
        drawn.toc = TableOfContents([AnchorLink(i.title, i.anchor, 2) for i in head.toc])
        drawn.meta = {
            "policybook": True,
            "english": not self.labels.are_english,  # to be marked in another language
            "description": head.description,
            "feed": head.feed,
            "markdown": head.markdown,
            "metadata": head.metadata,
            "hide": ["navigation"] if head.toc and not head.wide else ["navigation", "toc"],
            "wide": head.wide,
            "deep": head.depth > 1,
        }
        section = address(Target(head.section), self._config)
        marked = list(_leading_to(section, self.nav.items))
        for item in marked:
            item.active = True
        context = get_context(self.nav, self._files, self._config, drawn)
        html = self.env.get_template("plain.html" if head.plain else "main.html").render(context)
        for item in marked:
            item.active = False
        return html


def _leading_to(url: str, items: Iterable[Any]) -> Iterator[Any]:
    """Yields the first section that contains a link with that URL, and the link."""
    for item in items:
        inner = list(_leading_to(url, item.children or ()))
        if inner or (isinstance(item, Link) and item.url == url):
            yield from (item, *inner)
            return
