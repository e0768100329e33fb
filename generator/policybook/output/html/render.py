"""Renders pages as HTML from their views, with Jinja templates.

Nothing but templates is read from disk. Text of the data is escaped by Jinja's autoescaping, or
here before it becomes `Markup`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2.environment import TemplateModule
from markupsafe import Markup, escape
from msgspec import Struct

from policybook.analysis.index import folded
from policybook.book import addresses
from policybook.book.addresses import Target
from policybook.book.context import BookContext
from policybook.book.facts.statements import ActionItem, level_order
from policybook.errors import PolicybookError
from policybook.lists.table import ListTable
from policybook.model.documents import Clause, Term
from policybook.output.html.links import (
    NO_LINKS,
    Linked,
    Trace,
    Tracer,
    action_target,
    linked,
    named,
    places,
)
from policybook.output.html.own import NOTHING, Own
from policybook.output.html.page_environment import page_environment
from policybook.output.html.plain_markup import long_names
from policybook.pages.page import Page, TocItem


class Body(Struct, frozen=True):
    """A rendered page: its HTML, its headings, its anchors and its links."""

    html: str
    toc: tuple[TocItem, ...]
    linked: Linked


class Renderer:
    """Renders pages one at a time.

    Args:
        templates: The folder of the templates.
        context: The book.
        pages: All pages of the site, for links.
        own: What the book has of its own.
    """

    def __init__(
        self, templates: Path, context: BookContext, pages: Iterable[Page], own: Own = NOTHING
    ) -> None:
        self._context = context
        self.places = places(context, pages)
        self._page = self._steps = ""
        self._trace = Tracer()
        self._anchors: set[str] = set()
        self._parts_by_depth: dict[int, dict[tuple[str, object], _Part]] = defaultdict(dict)
        self._parts = self._parts_by_depth[0]
        self._env = page_environment(templates, context, own)
        self._own = own
        self._env.globals.update(
            href=self.href,
            raw=self.raw,
            link=self.link,
            anchor=self.anchor,
            exists=self._exists,
            reaches=self.reaches,
        )
        self._env.filters.update(
            condition=self.condition,
            action=self.action,
            action_item=self.action_item,
            each=self.each,
            keys=self.keys,
            leveled=self.leveled,
            policy=self.policy,
            prose=self.prose,
            resource=self.resource,
            resources=self.resources,
            service=self.service,
            siblings=self.siblings,
            small=self.small,
        )

    @cached_property
    def _macros(self) -> TemplateModule:
        return self._env.get_template("partials/small.html").module

    def body(self, page: Page) -> Body:
        """Render the body of a page.

        Raises:
            PolicybookError: If an anchor occurs twice.
        """
        self._page, self._trace, self._anchors = page.url, Tracer(), set()
        self._steps = "../" * page.url.count("/")
        self._parts = self._parts_by_depth[page.url.count("/")]
        view = page.view()
        template = self._own.pages.get(page.template, f"pages/{page.template}.html")
        html = self._env.get_template(template).render(page=page, view=view)
        found = Linked(tuple(sorted(self._anchors)), self._trace.of_page())
        said = str if page.template == "guide" else self._own.labels.text  # its headings are data
        toc = (TocItem(item.anchor, said(item.title)) for item in view.toc)
        return Body(html, tuple(toc), found)

    # --- functions for templates ---

    def href(self, target: Target) -> str:
        """Return the relative address of a page of the site; broken links are reported later."""
        place, address = linked(self._steps, target.url, target.anchor, self._context.folders)
        self._trace.links.add(place)
        own = target.anchor and target.url == self._page
        return address[address.index("#") :] if own else address

    def raw(self, path: str) -> str:
        """Return the relative address of a page or file of the site, without a check."""
        return linked(self._steps, path, "", self._context.folders)[1]

    def reaches(self, table: ListTable) -> str:
        """Add the links of the rows that are not on the page."""
        self._trace.links.update(target.place for target in table.targets)
        return ""

    def link(self, target: Target, label: object, style: str = "") -> Markup:
        """Create a link to a page of the site; a long name may break between its words."""
        named = f' class="{style}"' if style else ""
        shown = long_names(label) if type(label) is str else escape(label)
        return Markup(f'<a href="{self.href(target)}"{named}>{shown}</a>')  # noqa: S704  # the address is quoted, the label escaped

    def anchor(self, name: str) -> str:
        """Register an anchor of this page and return it, for an `id` attribute.

        Raises:
            PolicybookError: If the page already has the anchor.
        """
        if name in self._anchors:
            raise PolicybookError(f"page {self._page}: duplicate anchor {name!r}")
        self._anchors.add(name)
        return name

    # --- filters ---

    def service(self, prefix: str) -> Markup:
        """A service prefix as code, linked if the site has a page for it."""
        if addresses.service(prefix).url == self._page:
            return self._service(prefix)
        return self._once("service", prefix, self._service)

    def _service(self, prefix: str) -> Markup:
        return self._code(prefix, addresses.service(prefix))

    def policy(self, name: str) -> Markup:
        """A policy's name as code, linked if the book has the policy."""
        return self._code(name, addresses.policy(name))

    def condition(self, clause: Clause) -> Markup:
        """A condition key as the document spells it, linked to its page."""
        return self._code(clause.key, addresses.condition(folded(clause.key)))

    def keys(self, keys: Iterable[str]) -> Markup:
        """Condition keys as the catalogue spells them, linked to their pages."""
        return Markup(" ").join(self._once("key", key, self._key) for key in keys)

    def _key(self, key: str) -> Markup:
        return self._code(key, addresses.condition(folded(key)))

    def action(self, name: str, style: str = "") -> Markup:
        """An action's full name as code, linked to its page if there is one."""
        return self._once("link to action", (name, style), self._action)

    def _action(self, named: tuple[str, str]) -> Markup:
        name, style = named
        return self._code(name, action_target(self._context, name), style)

    def action_item(self, item: ActionItem) -> Markup:
        """An action of a long list: a link in the style of code, or code if it has no page."""
        return self._once("action item", item, self._action_item)

    def _action_item(self, item: ActionItem) -> Markup:
        style, target = f"pb-action--{item.style}", action_target(self._context, item.text)
        if not target or not self._exists(target):
            return self._code(item.text, None, style)
        return self.link(target, escape(item.text), style)

    def leveled(self, patterns: Iterable[str]) -> Markup:
        """Action patterns as code, linked, those of one access level after its name."""
        items = sorted(map(self._context.statements.item, patterns), key=level_order)
        parts: list[Markup] = []
        for _, group in groupby(items, lambda item: item.style):
            same = tuple(group)
            parts.append(self._once("level_mark", same[0]))
            parts += [self._once("leveled_action", item) for item in same]
        return Markup(" ").join(parts)

    def siblings(self, names: Iterable[str]) -> Markup:
        """Actions of this page's service, without the prefix, linked."""
        return Markup(" ").join([self._once("sibling", name, self._sibling) for name in names])

    def _sibling(self, name: str) -> Markup:
        target, short = action_target(self._context, name), name.partition(":")[2]
        if not target or not self._exists(target):
            return self._code(short, None)
        self._trace.links.add(target.place)
        last = quote(target.url.rpartition("/")[2])
        return Markup(f'<a href="{last}">{escape(short)}</a>')  # noqa: S704  # as in `link`

    def resource(self, pattern: str) -> Markup:
        """A resource pattern as code, linked if a current document has it."""
        return self._once("resource", pattern, self._resource)

    def _resource(self, pattern: str) -> Markup:
        return self._code(pattern, addresses.resource(Term((pattern,))))

    def resources(self, patterns: Iterable[str]) -> Markup:
        """Resource patterns as code, separated by spaces."""
        return Markup(" ").join(map(self.resource, patterns))

    def small(self, value: object, macro: str) -> Markup:
        """The value rendered by a macro of `partials/small.html`."""
        return self._once(macro, value)

    def each(self, values: Iterable[object], macro: str) -> Markup:
        """Each of the values rendered by a macro of `partials/small.html`."""
        return Markup("".join([self._once(macro, value) for value in values]))  # noqa: S704  # parts are Markup

    def prose(self, text: str) -> Markup:
        """A text with `code` in backticks, linked if it names a page of the site."""
        parts = text.split("`")
        if len(parts) % 2 == 0:
            parts = [*parts[:-2], parts[-2] + "`" + parts[-1]]
        return Markup("").join(
            self._code(long_names(part), named(part, self._exists)) if place % 2 else escape(part)
            for place, part in enumerate(parts)
        )

    def _once(
        self, kind: str, value: object, render: Callable[[Any], Markup] | None = None
    ) -> Markup:
        """Render a value once for all pages of equal depth.

        Args:
            kind: The name of the macro, or of the function `render`.
            value: The value.
            render: The function that renders it. Default: the macro.
        """
        part = self._parts.get((kind, value))
        if part is None:
            around, self._trace = (self._trace, self._page), Tracer()
            self._page = "*"  # none: the part is for all pages
            html = (render or getattr(self._macros, kind))(value)
            part = self._parts[kind, value] = _Part(html, self._trace.of_part())
            self._trace, self._page = around
        if part.trace is not NO_LINKS:
            self._trace.add(part.trace)
        return part.html

    def _exists(self, target: Target) -> bool:
        """Whether the site has the address; the result is added to the links of the page."""
        exists = target.place in self.places
        (self._trace.found if exists else self._trace.missed).add(target.place)
        return exists

    def _code(self, text: str, target: Target | None, style: str = "") -> Markup:
        named = f' class="{style}"' if style else ""
        code = Markup(f"<code{named}>{escape(text)}</code>")  # noqa: S704  # the text is escaped
        here = target and target.url == self._page and not target.anchor
        return self.link(target, code) if target and self._exists(target) and not here else code


class _Part(Struct, frozen=True):
    """A rendered part of pages, and its links."""

    html: Markup
    trace: Trace
