"""The HTML of a feed's entries, from the templates in `html/feeds/`."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from markupsafe import Markup

from policybook.analysis.catalogue_growth import CatalogueStep
from policybook.analysis.change_rows import ChangeRow
from policybook.book.change_lines import ChangeLine
from policybook.book.facts.removals import RemovalEntry
from policybook.book.limits import FEED_ROWS, SENTENCE_NAMES
from policybook.model.changes import Change
from policybook.output.html.templating import TemplateEnvironment, bytecode_cache
from policybook.output.sentences import row_lines
from policybook.wording import words


class FeedContent:
    """Renders the content of entries with the templates of a folder.

    `versions` has what was rendered of versions: by policy, key and service, or "".
    """

    def __init__(self, templates: Path) -> None:
        self.versions: dict[tuple[str, str, str], str] = {}
        environment = _Environment(
            loader=FileSystemLoader(templates / "html"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=bytecode_cache(),
        )
        environment.globals.update(most_rows=FEED_ROWS, most_names=SENTENCE_NAMES)
        environment.filters.update(sentences=row_lines, words=words)
        macros: Any = environment.get_template("feeds/entries.html").module
        self._macros = macros

    def version(
        self,
        line: ChangeLine,
        change: Change | None,
        rows: Sequence[ChangeRow],
    ) -> str:
        """Render what a version or rollback changed.

        Args:
            line: The event.
            change: The comparison with the version before, if both documents are known.
            rows: What the change did to the actions that the feed is about.

        Returns:
            The HTML.
        """
        return str(self._macros.version(line, change, rows))

    def tracking(self, line: ChangeLine) -> str:
        """Render that the changes of a topic's policies are on record from this day."""
        return str(self._macros.tracking(line))

    def removal(self, entry: RemovalEntry) -> str:
        """Render the permissions that a version removed, by service and kind of removal."""
        return str(self._macros.removal(entry))

    def step(self, step: CatalogueStep) -> str:
        """Render the actions that AWS added and removed, by service, and who granted them."""
        return str(self._macros.step(step))


class _Environment(TemplateEnvironment):
    """Escapes quotes as `html.escape` does, so that published entries keep their bytes."""

    @staticmethod
    def escaped(value: object) -> str:
        """Return the value as HTML."""
        return value if isinstance(value, Markup) else html.escape(str(value))
