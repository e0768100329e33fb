"""Labels of pages in the language of the site, from the catalogs of `templates/labels/`.

A label is a heading, a column, a button or an entry of the navigation. Sentences are in English, as
the data is. A catalog is a file of gettext (`de.po`), which the usual editors of translations open.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from markupsafe import Markup, escape

ENGLISH = "en"


class Labels:
    """Translates labels.

    Args:
        language: The language of the site, as Material names it.
        translations: The translation of each label; a label without one stays English.
    """

    def __init__(
        self, language: str = ENGLISH, translations: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self.language = language
        self._translations = translations
        self._marked: dict[str, Markup] = {}

    @property
    def are_english(self) -> bool:
        """Whether the site is in English, as sentences are."""
        return self.language == ENGLISH

    def text(self, label: str) -> str:
        """The label as a plain text, for an attribute or a page that is in the site's language."""
        return self._translations.get(label, label)

    def html(self, label: object) -> object:
        """The label with its language, for a page whose sentences are English; others unchanged."""
        if type(label) is not str:
            return label
        if label not in self._marked:
            found = self._translations.get(label)
            shown = Markup('<span lang="{}">{}</span>').format(self.language, found)
            self._marked[label] = shown if found else escape(label)
        return self._marked[label]


def labels_of(templates: Path, language: str) -> Labels:
    """The labels of a language; they stay English if there is no catalog of it.

    Args:
        templates: The folder of the templates.
        language: The language, as Material names it: `de`, `pt-BR`.

    """
    path = templates / "labels" / f"{language}.po"
    known = re.fullmatch(r"[A-Za-z-]+", language) and path.is_file()
    return Labels(language, _catalog(path)) if known else Labels(language)


@lru_cache(maxsize=8)
def _catalog(path: Path) -> Mapping[str, str]:
    """The translations of a catalog, without those that are empty."""
    from babel.messages.pofile import read_po  # noqa: PLC0415  # most sites are in English

    with path.open("rb") as file:
        found = ((message.id, message.string) for message in read_po(file) if message.id)
        return {str(label): str(text) for label, text in found if text}
