"""Names of the book in handwritten Markdown: in backticks and in references they lead to pages.

An extension of Python-Markdown. It writes each link as one to a Markdown file, which MkDocs then
resolves and checks as it does for links between handwritten pages.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import REFERENCE_RE, ReferenceInlineProcessor
from markdown.treeprocessors import Treeprocessor
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from policybook.book.addresses import Target
from policybook.mkdocs_plugin.files.source_paths import named_nav, named_path, source_path
from policybook.mkdocs_plugin.own_pages.links import OwnLinks

# Finds the page of the book that a text names, or None.
Named = Callable[[str], Target | None]

# A heading is a place to link to, and code blocks and links stay what they are.
_LEFT = {"a", "pre", "h1", "h2", "h3", "h4", "h5", "h6"}
_NAME = re.compile(r"[A-Za-z][\w+=,.@:*/-]*", re.ASCII)
# Without a space before it, as `[--option] [FILE]` has one.
_ID = re.compile(r"\[([^\]]*)\]")


class OwnPages:
    """Lets handwritten pages and the nav lead to pages of the book, and checks their links.

    Args:
        config: The settings, whose Markdown gets an extension.
        in_code: Whether names in backticks lead to pages.
    """

    def __init__(self, config: MkDocsConfig, *, in_code: bool) -> None:
        docs = os.path.relpath(config.docs_dir, os.path.dirname(config.config_file_path))
        self.links = OwnLinks(config.site_url or "", docs)
        self._find: Named = lambda text: None
        resolved_elsewhere = "autorefs" in config.plugins
        broken = None if resolved_elsewhere else self.links.broken_reference
        names = BookNames(self._named, broken, in_code=in_code)
        config.markdown_extensions.append(names)

    def know(self, named: Named, config: MkDocsConfig, files: Files) -> None:
        """Take over what the book has, once it is planned.

        Args:
            named: Finds the page that a text names.
            config: The settings; their nav may have addresses of the book.
            files: All files, with those of the book.
        """
        self._find = named
        config.nav = named_nav(config.nav, lambda path: files.get_file_from_path(path) is not None)

    def _named(self, text: str) -> Target | None:
        return self._find(text) if _NAME.fullmatch(text) else None


class BookNames(Extension):  # type: ignore[misc]  # Python-Markdown has no types
    """Lets names of the book lead to their pages.

    Args:
        named: Finds the page that a text names.
        broken: Is called with the file and the name of a reference to nothing. Default: nothing
            is, since another plugin resolves references.
        in_code: Whether names in backticks lead to pages.
    """

    def __init__(
        self,
        named: Named,
        broken: Callable[[File, str], None] | None = None,
        *,
        in_code: bool = True,
    ) -> None:
        super().__init__()
        self._named = named
        self._broken = broken
        self._in_code = in_code

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the processors: after Markdown's own references, and before MkDocs' links."""
        references = _References(md, self._named, self._broken)
        md.inlinePatterns.register(references, "policybook_references", 169)
        in_code: Named = self._named if self._in_code else lambda text: None
        md.treeprocessors.register(_Links(md, in_code), "policybook_links", 3)


def _link_processor(md: Markdown) -> Any:
    """MkDocs' processor of links, which knows the page and all files; None without MkDocs."""
    known = md.treeprocessors
    return known["relpath"] if "relpath" in known else None  # noqa: SIM401  # it is no dictionary


def _path_to(md: Markdown, target: Target) -> str:
    """The target as a link from the page's Markdown file; its address outside of MkDocs."""
    links, path = _link_processor(md), source_path(target.file)
    if links is not None:
        path = posixpath.relpath(path, posixpath.dirname(links.file.src_uri) or ".")
    return urlunsplit(("", "", quote(path, safe="/+=,@:"), "", quote(target.anchor)))


class _References(ReferenceInlineProcessor):  # type: ignore[misc]  # has no types
    """`[text][Name]` and `[Name][]`, unless the page itself defines the reference."""

    def __init__(
        self, md: Markdown, named: Named, broken: Callable[[File, str], None] | None
    ) -> None:
        super().__init__(REFERENCE_RE, md)
        self._named = named
        self._broken = broken

    def handleMatch(self, m: re.Match[str], data: str) -> Any:
        """Return the link, or nothing, so that the text stays as it is."""
        text, index, ended = self.getText(data, m.end(0))
        found = _ID.match(data, pos=index) if ended else None
        if not found:
            return None, None, None
        name = " ".join(self.unescape(found.group(1) or text).replace("`", "").split())
        target = self._named(name)
        if not target:
            self._report(name)
            return None, None, None
        link = Element("a", {"href": _path_to(self.md, target)})
        link.text = text
        return link, m.start(0), found.end(0)

    def _report(self, name: str) -> None:
        links = _link_processor(self.md)
        if self._broken and links is not None and _NAME.fullmatch(name):
            self._broken(links.file, name)


class _Links(Treeprocessor):  # type: ignore[misc]  # has no types
    """Names in backticks, and links whose paths are other forms of those of pages."""

    def __init__(self, md: Markdown, named: Named) -> None:
        super().__init__(md)
        self._named = named

    def run(self, root: Element) -> None:
        """Change the links and the code below an element."""
        links = _link_processor(self.md)
        for link in root.iter("a") if links is not None else ():
            link.set("href", _canonical(link.get("href", ""), links))
        self._in(root)

    def _in(self, parent: Element) -> None:
        for place, child in enumerate(list(parent)):
            if child.tag in _LEFT:
                continue
            target = self._named(child.text or "") if child.tag == "code" else None
            if not target or len(child):
                self._in(child)
                continue
            link = Element("a", {"href": _path_to(self.md, target)})
            link.tail, child.tail = child.tail, None
            parent[place] = link
            link.append(child)


def _canonical(href: str, links: Any) -> str:
    """A link that names a file in another way than MkDocs knows it, as one that MkDocs knows.

    That is an address relative to that of the page, or `index.md` in the folder of a page.
    """
    parts = urlsplit(href)
    if parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/"):
        return href

    def exists(path: str) -> bool:
        return links.files.get_file_from_path(path) is not None

    folder = posixpath.dirname(links.file.src_uri)
    inside = posixpath.normpath(posixpath.join(folder, unquote(parts.path)))
    if exists(inside):
        return href
    below = posixpath.join("/", links.file.url.removeprefix("./"))
    address = urljoin(below, unquote(parts.path)).removeprefix("/")
    # A Markdown file is named as MkDocs names it, everything else as browsers do.
    known = named_path(inside if parts.path.endswith(".md") else address, exists)
    if not exists(known):
        return href
    changed = quote(posixpath.relpath(known, folder or "."), safe="/+=,@:")
    return urlunsplit(parts._replace(path=changed))
