"""Markup that names no page: texts as code, long texts, and names that a browser may break."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from markupsafe import Markup, escape

from policybook.output.sentences import outcome_words
from policybook.wording import day, label, number, plural, relies_on_formats, since, words


def codes(texts: Iterable[str]) -> Markup:
    """Texts as code, separated by spaces; escaped all at once, since there are very many."""
    every = list(texts)
    joined = escape("\0".join(every))
    between = Markup("</code> <code>")
    if joined.count("\0") < len(every):
        return Markup("<code>%s</code>") % joined.replace("\0", between) if every else Markup()
    return Markup("<code>%s</code>") % between.join(every)  # a text has the separator


def long_text(text: str) -> Markup:
    """A long text between tags, where quotation marks need no escape."""
    return Markup(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))  # noqa: S704  # escaped


# Where a word of a long name ends: before a capital that begins the next one, and at signs.
_WORD_ENDS = re.compile(
    r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[_+=,.@:/-])(?=[A-Za-z0-9])"
)


# A name of more characters may be too long for a column or a phone.
LONG = 20

# A name with as many characters fits into a line of its own, on a narrow screen too.
LINE = 34


@lru_cache(maxsize=65_536)
def breakable(name: str) -> Markup:
    """A name that a browser may break between its words; what is read or copied stays the same."""
    return Markup("<wbr>").join(_WORD_ENDS.split(name))


def long_names(text: str) -> Markup:
    """A text whose long names may break between their words; a title of short words may not."""
    if len(text) <= LONG:
        return escape(text)
    return Markup(" ").join(
        breakable(part) if len(part) > LONG else escape(part) for part in text.split(" ")
    )


def line_names(text: str) -> Markup:
    """A name on a line of its own: one that fits into the line needs no places to break."""
    return escape(text) if len(text) <= LINE else long_names(text)


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def unbroken_days(text: str) -> Markup:
    """A text whose days a browser does not break at their hyphens."""
    return Markup(_DAY.sub(r"<time>\g<0></time>", str(escape(text))))  # noqa: S704  # the text is escaped


# The filters of templates that need nothing of the book.
PLAIN_FILTERS: Mapping[str, Callable[..., object]] = {
    "breakable": breakable,
    "codes": codes,
    "day": day,
    "formats": relies_on_formats,
    "label": label,
    "line_names": line_names,
    "long_names": long_names,
    "number": number,
    "outcome_words": outcome_words,
    "plural": plural,
    "since": since,
    "text": long_text,
    "unbroken_days": unbroken_days,
    "words": words,
}
