"""Pages as HTML: views through Jinja templates.

Everything is pure but for reading templates. Text of the data is escaped by Jinja's autoescaping,
or here before it becomes `Markup`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property, lru_cache, partial
from keyword import iskeyword
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.nodes import Call, Expr, Getattr
from markupsafe import Markup, escape
from msgspec import Struct

from generator import routes
from generator.errors import PolicybookError
from generator.index import folded
from generator.model import Clause, Term
from generator.pages import Page
from generator.pages.granting import ever_granted
from generator.pages.views import Sources, TocItem
from generator.routes import Target

# So many rows and names of evidence stand on a page; the rest is in the JSON.
MOST_ROWS = 24
MOST_NAMES = 40

# Of the rows of a removal, and of the names in each, so many stand in the ledger and in lists.
MOST_REMOVED = 8

# Of a statement's resource patterns and values so many stand beside an action that it grants.
MOST_PLACES = 5


class Trace(Struct, frozen=True, array_like=True):
    """What a page or a part of one says of other places, each an address with its anchor.

    `links` are those that it links to; `found` and `missed` those that it would link to if they
    existed, and that did and did not.
    """

    links: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()


class _Tracer:
    """A trace that is being made."""

    def __init__(self) -> None:
        self.links: set[str] = set()
        self.found: set[str] = set()
        self.missed: set[str] = set()

    def add(self, part: Trace) -> None:
        """Take up what a part says."""
        if part.links:
            self.links.update(part.links)
        if part.found:
            self.found.update(part.found)
        if part.missed:
            self.missed.update(part.missed)

    def of_part(self) -> Trace:
        """The trace of a part, in no order."""
        if not (self.links or self.missed):
            return _NOWHERE
        return Trace(tuple(self.links), tuple(self.found), tuple(self.missed))

    def of_page(self) -> Trace:
        """The trace of a page, in order."""
        return Trace(*(tuple(sorted(found)) for found in (self.links, self.found, self.missed)))


_NOWHERE = Trace()


class Linked(Struct, frozen=True, array_like=True):
    """The anchors that a page has, and what it says of other places."""

    anchors: tuple[str, ...]
    trace: Trace


class Body(Struct, frozen=True):
    """A rendered page: its HTML, its headings, its anchors and its links."""

    html: str
    toc: tuple[TocItem, ...]
    linked: Linked


class Renderer:
    """Renders pages with the templates of a folder; one page at a time."""

    def __init__(self, templates: Path, sources: Sources, pages: Iterable[Page]) -> None:
        self._sources = sources
        self.places = places(sources, pages)
        self._page = ""
        self._trace = _Tracer()
        self._anchors: set[str] = set()
        self._parts_by_depth: dict[int, dict[tuple[str, object], _Part]] = defaultdict(dict)
        self._parts = self._parts_by_depth[0]
        self._env = _Environment(
            loader=FileSystemLoader(templates),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=bytecode_cache(),
        )
        self._env.globals.update(
            routes=routes,
            href=self.href,
            raw=self.raw,
            link=self.link,
            anchor=self.anchor,
            catalogue_date=sources.catalogue.date,
            most_rows=MOST_ROWS,
            most_names=MOST_NAMES,
            most_places=MOST_PLACES,
            most_removed=MOST_REMOVED,
        )
        self._env.filters.update(
            codes=_codes,
            condition=self.condition,
            action=self.action,
            day=day,
            each=self.each,
            keys=self.keys,
            monthday=monthday,
            number=number,
            policy=self.policy,
            prose=self.prose,
            resource=self.resource,
            resources=self.resources,
            service=self.service,
            siblings=self.siblings,
            small=self.small,
            words=words,
        )

    @cached_property
    def _macros(self) -> TemplateModule:
        return self._env.get_template("partials/small.html").module

    def body(self, page: Page) -> Body:
        """The page's body. Raises PolicybookError where an anchor would stand twice."""
        self._page, self._trace, self._anchors = page.url, _Tracer(), set()
        self._parts = self._parts_by_depth[page.url.count("/")]
        view = page.view()
        html = self._env.get_template(f"pages/{page.template}.html").render(page=page, view=view)
        linked = Linked(tuple(sorted(self._anchors)), self._trace.of_page())
        return Body(html, view.toc, linked)

    # --- what templates call ---

    def href(self, target: Target) -> str:
        """The address of a page of the site, relative to this one; it is checked later."""
        self._trace.links.add(target.place)
        anchor = "#" + quote(target.anchor) if target.anchor else ""
        return relative(self._page, target.url) + anchor

    def raw(self, path: str) -> str:
        """The address of a file of the site that is not a page, relative to this page."""
        return relative(self._page, path)

    def link(self, target: Target, label: object, style: str = "") -> Markup:
        """A link to a page of the site."""
        named = f' class="{style}"' if style else ""
        return Markup(f'<a href="{self.href(target)}"{named}>{escape(label)}</a>')  # noqa: S704  # the address is quoted, the label escaped

    def anchor(self, name: str) -> str:
        """An anchor of this page, for an id attribute. Raises PolicybookError for a second one."""
        if name in self._anchors:
            raise PolicybookError(
                f"page {self._page}: expected each anchor once, found {name!r} again"
            )
        self._anchors.add(name)
        return name

    # --- filters ---

    def service(self, prefix: str) -> Markup:
        """A service prefix as code, linked where the site has a page for it."""
        target = routes.service(prefix)
        if target.url == self._page:
            return self._code(prefix, target)
        return self._once("service", prefix, lambda: self._code(prefix, target))

    def policy(self, name: str) -> Markup:
        """A policy's name as code, linked where the book has it."""
        return self._code(name, routes.policy(name))

    def condition(self, clause: Clause) -> Markup:
        """A condition key as the document spells it, linked to its page."""
        return self._code(clause.key, routes.condition(folded(clause.key)))

    def keys(self, keys: Iterable[str]) -> Markup:
        """Condition keys as the catalogue spells them, linked to their pages."""
        return Markup(" ").join(self._once("key", key, partial(self._key, key)) for key in keys)

    def _key(self, key: str) -> Markup:
        return self._code(key, routes.condition(folded(key)))

    def action(self, name: str, style: str = "") -> Markup:
        """An action's full name as code, linked to its page, which it has in any case."""
        return self._once("link to action", (name, style), partial(self._action, name, style))

    def _action(self, name: str, style: str) -> Markup:
        return self._code(name, action_target(self._sources, name), style)

    def siblings(self, names: Iterable[str]) -> Markup:
        """Full names of actions of this page's service by their last part, linked."""
        return Markup(" ").join(
            [self._once("sibling", name, partial(self._sibling, name)) for name in names]
        )

    def _sibling(self, name: str) -> Markup:
        target, short = action_target(self._sources, name), name.partition(":")[2]
        if not target or not self._exists(target):
            return Markup("<code>{}</code>").format(short)
        self._trace.links.add(target.place)
        last = quote(target.url.split("/")[-2])
        return Markup('<a href="../{}/"><code>{}</code></a>').format(last, short)

    def resource(self, pattern: str) -> Markup:
        """A resource pattern as code, linked where a current document has it."""
        return self._once(
            "resource", pattern, lambda: self._code(pattern, routes.resource(Term((pattern,))))
        )

    def resources(self, patterns: Iterable[str]) -> Markup:
        """Resource patterns one after the other."""
        return Markup(" ").join(map(self.resource, patterns))

    def small(self, value: object, macro: str) -> Markup:
        """What a macro of `partials/small.html` makes of the value."""
        part = self._parts.get((macro, value)) or self._made(macro, value)
        if part.trace is not _NOWHERE:
            self._trace.add(part.trace)
        return part.html

    def each(self, values: Iterable[object], macro: str) -> Markup:
        """What a macro of `partials/small.html` makes of each of the values."""
        parts, trace = self._parts, self._trace
        found = []
        for value in values:
            part = parts.get((macro, value)) or self._made(macro, value)
            if part.trace is not _NOWHERE:
                trace.add(part.trace)
            found.append(part.html)
        return Markup("".join(found))  # noqa: S704  # parts are Markup

    def _made(self, macro: str, value: object) -> _Part:
        make: Callable[[object], Markup] = getattr(self._macros, macro)
        return self._part(macro, value, partial(make, value))

    def prose(self, text: str) -> Markup:
        """A text with `code` in backticks; names of the book in it become links."""
        parts = text.split("`")
        if len(parts) % 2 == 0:
            parts = [*parts[:-2], parts[-2] + "`" + parts[-1]]
        return Markup("").join(
            self._code(part, named(part, self._exists)) if odd % 2 else escape(part)
            for odd, part in enumerate(parts)
        )

    def _once(self, kind: str, value: object, make: Callable[[], Markup]) -> Markup:
        """What `make` makes of the value, made once for all pages of equal depth."""
        part = self._parts.get((kind, value)) or self._part(kind, value, make)
        if part.trace is not _NOWHERE:
            self._trace.add(part.trace)
        return part.html

    def _part(self, kind: str, value: object, make: Callable[[], Markup]) -> _Part:
        around, self._trace = self._trace, _Tracer()
        part = _Part(make(), self._trace.of_part())
        self._trace = around
        self._parts[kind, value] = part
        return part

    def _exists(self, target: Target) -> bool:
        """Whether the book has the place; the answer is remembered."""
        there = target.place in self.places
        (self._trace.found if there else self._trace.missed).add(target.place)
        return there

    def _code(self, text: str, target: Target | None, style: str = "") -> Markup:
        named = f' class="{style}"' if style else ""
        code = Markup(f"<code{named}>{escape(text)}</code>")  # noqa: S704  # the text is escaped
        here = target and target.url == self._page and not target.anchor
        return self.link(target, code) if target and self._exists(target) and not here else code


def bytecode_cache() -> FileSystemBytecodeCache | None:
    """Jinja's cache of compiled templates, in a folder of the user's own, where there can be one.

    It never lies in the book's folder: what is compiled is run. Its name changes with what `_Code`
    makes of templates, which Jinja does not look at.
    """
    try:
        return FileSystemBytecodeCache(pattern="__policybook_2_%s.cache")
    except (OSError, RuntimeError):
        return None


class _Code(CodeGenerator):
    """Compiles templates to plain Python where Jinja's own steps between are of no use here.

    What is Markup already is not looked at again. An attribute is an attribute, since views are
    typed, and a call is a call, since no function of ours asks for the template's context. Jinja's
    own code for the three takes a third of the time of a page.
    """

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.escaped(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def visit_Getattr(self, node: Getattr, frame: Frame) -> None:
        """An attribute, and no item in its place."""
        if iskeyword(node.attr):
            return super().visit_Getattr(node, frame)
        self.write("(")
        self.visit(node.node, frame)
        return self.write(f").{node.attr}")

    def visit_Call(self, node: Call, frame: Frame, forward_caller: bool = False) -> None:
        """A call with the arguments that stand there, and no others."""
        named = any(iskeyword(argument.key) for argument in node.kwargs)
        if named or forward_caller or node.dyn_args or node.dyn_kwargs:
            return super().visit_Call(node, frame, forward_caller)
        self.write("(")
        self.visit(node.node, frame)
        self.write(")(")
        for argument in (*node.args, *node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        return self.write(")")


# Names and patterns stand on many pages; longer texts do not.
_SHORT = 80


class _Environment(Environment):
    code_generator_class = _Code

    @staticmethod
    def escaped(value: object) -> str:
        """The value as HTML."""
        if type(value) is Markup:
            return value
        return _escaped(value) if type(value) is str and len(value) < _SHORT else escape(value)


_escaped = lru_cache(maxsize=65_536)(escape)


class _Part(Struct, frozen=True):
    """A part of pages, and what it links to."""

    html: Markup
    trace: Trace


def named(text: str, exists: Callable[[Target], bool]) -> Target | None:
    """The page that a text in backticks names, if it names one that exists."""
    prefix, colon, action = text.partition(":")
    candidates = [
        routes.policy(text),
        routes.role(text),
        routes.condition(folded(text)),
        routes.service(text),
        *([routes.action(prefix.lower(), action)] if colon and action else ()),
        *([routes.service(prefix.lower())] if colon and action else ()),
    ]
    return next(filter(exists, candidates), None)


def action_target(sources: Sources, name: str) -> Target | None:
    """The address of an action's page, if a policy ever granted it; the full name in any case."""
    known = ever_granted(sources).get(name.lower())
    prefix, _, rest = known.name.partition(":") if known else ("", "", "")
    return routes.action(prefix, rest) if known else None


def places(sources: Sources, pages: Iterable[Page]) -> frozenset[str]:
    """The places that pages link to where they exist: pages, resource patterns and roles."""
    everything = routes.service("*")
    return frozenset(
        {
            *(page.url for page in pages),
            *(routes.resource(term).place for term in sources.index.resources),
            *(routes.role(name).place for name in sources.book.roles),
            *([everything.place] if "*" in sources.index.services else ()),
        }
    )


SAFE = "/+=,@"


def relative(page: str, target: str) -> str:
    """The address of `target` as seen from `page`, both below the site's root."""
    steps = "../" * page.count("/")
    return (steps + _quoted(target)) or "./"


@lru_cache(maxsize=65_536)
def _quoted(target: str) -> str:
    return quote(target, safe=SAFE)


def broken(pages: Mapping[str, Linked]) -> tuple[str, ...]:
    """One line for each link that leads to no page, or to an anchor that its page lacks."""
    there = {f"{url}#{anchor}" for url, page in pages.items() for anchor in page.anchors}
    there.update(pages)
    return tuple(
        f"page {url or '/'}: expected something at {place}, found nothing"
        for url, page in sorted(pages.items())
        for place in page.trace.links
        if place not in there
    )


def _codes(texts: Iterable[str]) -> Markup:
    """Texts as code, one after the other; escaped in one go, as there are very many."""
    joined = "\0".join(texts)
    between = Markup("</code> <code>")
    return Markup("<code>%s</code>") % escape(joined).replace("\0", between) if joined else Markup()


def day(value: date | None) -> str:
    """A day in words."""
    return f"{value:%B} {value.day}, {value.year}" if value else "unknown"


def monthday(value: date) -> str:
    """A day of a year that is known."""
    return f"{value:%B} {value.day}"


def number(value: int) -> str:
    """A number with its thousands apart."""
    return f"{value:,}".replace(",", "\u202f")


def words(count: int, one: str, many: str = "") -> str:
    """A count with its noun."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"
