"""`llms.txt`: where the site has what, as Markdown for programs that read text (llmstxt.org)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from policybook.book.addresses import API_ROOT
from policybook.book.context import BookContext
from policybook.book.prose.introduction import introduction
from policybook.book.site_file import FileFamily
from policybook.output.markdown.text import escaped

LLMS = "llms.txt"


class Chapter(Struct, frozen=True):
    """A page that others are below: its title, its address below the site's, what it shows."""

    title: str
    url: str
    description: str


def llms_text(
    context: BookContext, chapters: Iterable[Chapter], families: Iterable[FileFamily]
) -> str:
    """The text of the file.

    Args:
        context: The book.
        chapters: The top page of each section.
        families: The files for programs; those without a title are not named.

    Returns:
        A heading, the introduction as a quotation, and lists of links, as the proposal requires.
        Links are whole addresses if the address of the site is known.

    """
    facts = context.book.facts
    parts: Mapping[str, Iterator[str]] = {
        "Pages": (_line(context, c.title, c.url, c.description) for c in chapters),
        "Topics": (
            _line(context, group.title, f"groups/{slug}/", "")
            for slug, group in context.book.groups.items()
        ),
        "Data": _data(context, families),
    }
    lists = ((title, list(lines)) for title, lines in parts.items())
    return "\n\n".join(
        (
            f"# {escaped(facts.title)}",
            f"> {escaped(' '.join(introduction(context)))}",
            *(escaped(text) for text in facts.introduction),
            _PLACES + (_MARKDOWN if context.has_markdown else ""),
            *("\n".join((f"## {title}\n", *lines)) for title, lines in lists if lines),
        )
    )


_PLACES = (
    "The page of a policy is `policies/NAME/`, that of a service `services/PREFIX/`, that of an"
    " action `actions/PREFIX/NAME.html`. The same facts are JSON in `api/v1/policies/NAME.json`,"
    " `api/v1/services/PREFIX.json` and `api/v1/actions/PREFIX.json`."
)

_MARKDOWN = (
    " Beside the pages of policies, services and topics is `index.md`, which has the same as"
    " Markdown."
)


def _data(context: BookContext, families: Iterable[FileFamily]) -> Iterator[str]:
    """The files for programs; those of a family are named by the description of the API."""
    yield _line(context, "index.json", f"{API_ROOT}index.json", "all files for programs")
    for family in families:
        if family.title and "{" not in family.path:
            yield _line(context, family.path.rpartition("/")[2], family.path, family.title)


def _line(context: BookContext, title: str, url: str, description: str) -> str:
    said = f": {escaped(description)}" if description else ""
    return f"- [{escaped(title)}]({f'{context.site_url}{url}' or './'}){said}"
