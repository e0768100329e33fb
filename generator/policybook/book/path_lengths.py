"""Findings about names that are too long for the path of a page or of another file of the site."""

from __future__ import annotations

from collections.abc import Iterator, Set
from functools import lru_cache
from typing import Any

from policybook.analysis.index import folded
from policybook.book import addresses
from policybook.checks.elements import listed, statements
from policybook.errors import Finding, KeyPath, shown
from policybook.iam.patterns import has_wildcard
from policybook.model.book import Book
from policybook.model.documents import Term

MOST_BYTES = 200
# The longest name of a file that a page may have next to it.
_FEED = "feed-1000.json"
_ALWAYS_SHORT = 100  # A text of so many characters makes no path that is too long.


def path_lengths(book: Book, unchanged: Set[str] = frozenset()) -> Iterator[Finding]:
    """The findings about names that would make a path of more than 200 bytes.

    So every site fits every file system and archive, below any folder of a usual depth. Names of
    policies are never too long, as IAM limits them to 128 characters.

    Args:
        book: The book.
        unchanged: The names of policies whose documents were checked before and are not again.
    """
    for slug in book.groups:
        yield from _of_path(addresses.group(slug).url + _FEED, slug, f"groups/{slug}.yml")
    for slug in book.guides:
        yield from _of_path(addresses.guide(slug).file, slug, f"guides/{slug}.yml")
    for place, role in enumerate(book.roles):
        yield from _of_path(addresses.role(role).file, role, "roles.yml", ("roles", place, "name"))
    for policy, _, document in book.documents():
        if policy.name not in unchanged:
            yield from _of_document(document.source, f"policies/{policy.name}/{document.file}")


def _of_document(source: Any, file: str) -> Iterator[Finding]:
    for at, statement in statements(source):
        for key, pages in (
            ("Action", _action_pages),
            ("NotAction", _action_pages),
            ("Resource", _resource_pages),
            ("NotResource", _resource_pages),
        ):
            for path, text in listed(statement.get(key, ()), (*at, key)):
                if len(text) > _ALWAYS_SHORT:
                    for page in pages(text):
                        yield from _of_path(page, text, file, path)
        for operator, keys in statement.get("Condition", {}).items():
            for key in keys:
                path = (*at, "Condition", operator, key)
                yield from _of_path(_condition_page(key), key, file, path)


@lru_cache(maxsize=1_024)  # most statements have the same few keys
def _condition_page(key: str) -> str:
    return addresses.condition(folded(key)).file


def _action_pages(action: str) -> Iterator[str]:
    prefix, _, name = "".join(action.lower().split()).partition(":")
    yield addresses.service(prefix).url + _FEED
    if not has_wildcard(action):
        yield addresses.action(prefix, name).file


def _resource_pages(resource: str) -> Iterator[str]:
    yield addresses.resources(addresses.resource_service(Term((resource,)))).file


def _of_path(path: str, text: str, file: str, at: KeyPath = ()) -> Iterator[Finding]:
    """The finding about a text that makes the path of a file of the site, if that is too long."""
    size = len(path.encode())
    if size > MOST_BYTES:
        expected = f"a name that makes a path of at most {MOST_BYTES} bytes in the site"
        found = f"{shown(text)}, which makes one of {size}"
        yield Finding(file=file, path=at, kind="too-large", expected=expected, found=found)
