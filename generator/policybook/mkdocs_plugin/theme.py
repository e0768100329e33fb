"""The frame around pages: Material's template, and the book's part of the nav."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from jinja2 import Environment
from markupsafe import escape
from mkdocs.commands.build import get_context
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Link, Navigation, Section
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.structure.toc import AnchorLink, TableOfContents

from policybook.book import addresses
from policybook.build.planner import PlannedSite
from policybook.output.html.theme_frame import Head


def sections(site: PlannedSite) -> list[Any]:
    """The book's items of the nav, which precede those of mkdocs.yml."""
    book, steps = site.context.book, site.context.growth.has_steps
    items: list[Any] = [
        Link("Policies", addresses.POLICIES.url),
        Link("Services", addresses.SERVICES.url),
        Link("Resources", addresses.RESOURCES.url),
        Link("Conditions", addresses.CONDITIONS.url),
        Link("PassRole", addresses.PASSROLE.url),
        *([Link("Risks", addresses.RISKS.url)] if book.rules else []),
        Section(
            "Changes",
            [
                Link("All changes", addresses.CHANGES.url),
                Link("Removals", addresses.REMOVALS.url),
                Link("Deprecated policies", addresses.DEPRECATED.url),
                *([Link("Actions added by AWS", addresses.NEW_ACTIONS.url)] if steps else []),
            ],
        ),
    ]
    topics = [
        Link(str(escape(group.title)), addresses.group(slug).url)
        for slug, group in book.groups.items()
    ]
    if topics:
        items.append(Section("Topics", [Link("All topics", addresses.GROUPS.url), *topics]))
    guides = [
        Link(str(escape(guide.title)), addresses.guide(slug).url)
        for slug, guide in book.guides.items()
    ]
    if book.roles:
        guides.append(Link("Roles", addresses.ROLES.url))
    if guides:
        items.append(Section("Guides", [Link("All guides", addresses.GUIDES.url), *guides]))
    return items


def nav_links(items: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Yields the title and URL of each nav item and its children; the URL of a section is ""."""
    for item in items:
        yield item.title, getattr(item, "url", "") or ""
        yield from nav_links(item.children or ())


class Theme:
    """Renders a complete page from its head and body.

    `nav` and `env` are set by the plugin's events before the first page is rendered.
    """

    nav: Navigation
    env: Environment

    def __init__(self, config: MkDocsConfig, files: Files) -> None:
        self._config = config
        self._files = files

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
            "description": head.description,
            "feed": head.feed,
            "hide": ["navigation"] if head.toc and not head.wide else ["navigation", "toc"],
            "light": head.light,
            "wide": head.wide,
        }
        marked = list(_leading_to(head.section, self.nav.items))
        for item in marked:
            item.active = True
        context = get_context(self.nav, self._files, self._config, drawn)
        html = self.env.get_template("plain.html" if head.plain else "main.html").render(context)
        for item in marked:
            item.active = False
        return html


def _leading_to(url: str, items: Iterable[Any]) -> Iterator[Any]:
    """Yields the section that contains the link with that URL, and the link."""
    for item in items:
        inner = list(_leading_to(url, item.children or ()))
        if inner or (isinstance(item, Link) and item.url == url):
            yield from (item, *inner)
