"""Contexts of books defined in tests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from msgspec import structs
from policybook.analysis.index import index
from policybook.book.context import BookContext
from policybook.catalogue.catalogue import Catalogue
from policybook.catalogue.stored import stored
from policybook.model.book import Book, BookFile
from policybook.model.policies import Policy, PolicyFacts, Version, VersionFacts

from tests.support.books import small_catalogue
from tests.support.documents import granting


def context_of_versions(*actions: tuple[int, str], **facts: Any) -> BookContext:
    """A book with one policy, P: the number and the actions of each version, the oldest first."""
    versions = tuple(
        Version(
            f"v{number}",
            VersionFacts(id=f"v{number}", published=date(2024, 5, 10) + timedelta(number)),
            granting(text) if text else None,
        )
        for number, text in reversed(actions)
    )
    policy = Policy(PolicyFacts(name="P", arn=None, type="aws-managed", **facts), versions)
    book = Book(BookFile(title="B", introduction=()), {"P": policy})
    return BookContext(book, index(book), small_catalogue())


def context_of(book: Book, catalogue: Catalogue, *older: Catalogue) -> BookContext:
    """The context of a book with these stored catalogues."""
    files = {one.date: stored(one) for one in older}
    book = structs.replace(book, catalogues=files or book.catalogues)
    return BookContext(book, index(book), catalogue)
