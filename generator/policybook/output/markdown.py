"""Pages as Markdown with real tables and code fences, for builders that know nothing of the book.

What an expression of a template gives is escaped, unless a filter made Markdown of it: text of the
data becomes neither markup nor Markdown.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from policybook.analysis.index import folded
from policybook.book import addresses
from policybook.book.addresses import Target
from policybook.book.context import BookContext
from policybook.book.limits import EVIDENCE_NAMES, EVIDENCE_ROWS, REMOVAL_ROWS
from policybook.model.documents import Clause, Term
from policybook.model.policies import Link, Source
from policybook.output.html.links import action_target, named, places, relative
from policybook.pages.page import Page
from policybook.wording import day, words

_SPECIAL = re.compile(r"([\\`*_{}\[\]|#!~^=])")

_STARTING = re.compile(r"^(\s*(?=[-+]\s|\d+[.)]\s)\d*)([-+.)])")


class MarkdownRenderer:
    """Renders pages with the templates of a folder; one page at a time."""

    def __init__(self, templates: Path, context: BookContext, pages: Iterable[Page]) -> None:
        self._context = context
        self._places = places(context, pages)
        self._page = ""
        self._env = Environment(
            loader=FileSystemLoader(templates / "html"),
            autoescape=True,
            finalize=escaped,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._env.globals.update(
            addresses=addresses,
            link=self._link,
            raw=self._raw,
            heading=_heading,
            catalogue_date=context.catalogue.date,
            most_rows=EVIDENCE_ROWS,
            most_names=EVIDENCE_NAMES,
            most_removed=REMOVAL_ROWS,
        )
        self._env.filters.update(
            action=self._action,
            code=code,
            condition=self._condition,
            day=day,
            fenced=Markup,
            key=lambda key: self._if_there(key, addresses.condition(folded(key))),
            named=lambda name: self._if_there(name, addresses.policy(name)),
            outside=_outside,
            prose=self._prose,
            resource=lambda pattern: self._if_there(pattern, addresses.resource(Term((pattern,)))),
            service=lambda prefix: self._if_there(prefix, addresses.service(prefix)),
            words=words,
        )

    def text(self, page: Page) -> str:
        """The page as Markdown."""
        self._page = page.url
        template = self._env.get_template(f"markdown/{page.template}.md")
        found = template.render(page=page, view=page.view())
        return re.sub(r"\n{3,}", "\n\n", found).strip() + "\n"

    def _raw(self, path: str) -> Markup:
        """The address of a file that is not a page."""
        return Markup(relative(self._page, path))  # noqa: S704  # quoted

    def _link(self, target: Target, label: object) -> Markup:
        return self._linked(target, escaped(label))

    def _linked(self, target: Target, label: Markup) -> Markup:
        anchor = f"#{target.anchor}" if target.anchor else ""
        address = relative(self._page, f"{target.url}index.md")
        return Markup(f"[{label}]({address}{anchor})")  # noqa: S704  # the address is quoted, the label escaped

    def _if_there(self, text: str, target: Target) -> Markup:
        """A text as code, linked where the book has the place."""
        shown = code(text)
        return self._linked(target, shown) if target.place in self._places else shown

    def _action(self, name: str) -> Markup:
        target = action_target(self._context, name)
        return self._if_there(name, target) if target else code(name)

    def _condition(self, clause: Clause) -> Markup:
        return self._if_there(clause.key, addresses.condition(folded(clause.key)))

    def _prose(self, text: str) -> Markup:
        """A text with `code` in backticks; names of the book in it become links."""
        parts = text.split("`")
        if len(parts) % 2 == 0:
            parts = [*parts[:-2], parts[-2] + "`" + parts[-1]]
        return Markup("").join(
            self._named(part) if odd % 2 else escaped(part) for odd, part in enumerate(parts)
        )

    def _named(self, text: str) -> Markup:
        target = named(text, lambda target: target.place in self._places)
        return self._linked(target, code(text)) if target else code(text)


def escaped(value: object) -> Markup:
    """The value as text that Markdown shows as it is."""
    if isinstance(value, Markup):
        return value
    plain = html.escape(" ".join(str(value).splitlines()), quote=False)
    plain = _SPECIAL.sub(r"\\\1", plain)
    return Markup(_STARTING.sub(r"\1\\\2", plain))  # noqa: S704  # escaped here


def code(text: str) -> Markup:
    """The text as code; where backticks would not do, in HTML."""
    line = " ".join(text.splitlines())
    if "`" in line or "|" in line or line != line.strip() or not line:
        inner = html.escape(line).replace("|", "&#124;").replace("`", "&#96;")
        for char in "\\*_[]":
            inner = inner.replace(char, f"&#{ord(char)};")
        return Markup(f"<code>{inner}</code>")  # noqa: S704  # escaped here
    return Markup(f"`{line}`")  # noqa: S704  # in a code span nothing is markup


def _heading(level: int, anchor: str) -> Markup:
    """The start of a heading that is found under the anchor."""
    return Markup(f'<a id="{html.escape(anchor)}"></a>\n\n{"#" * level}')  # noqa: S704  # escaped


def _outside(link: Link | Source) -> Markup:
    """A link to a page elsewhere."""
    address = re.sub(r"[()<>\s\\]", lambda found: f"%{ord(found[0]):02X}", link.url)
    return Markup(f"[{escaped(link.title)}]({address})")  # noqa: S704  # both escaped
