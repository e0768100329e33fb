"""What the checks look at, and how they make findings about a policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from datetime import date

from msgspec import Struct

from policybook.analysis.operations import Operation, operations
from policybook.catalogue.catalogue import Catalogue
from policybook.errors import Finding, KeyPath, Level, shown
from policybook.model.book import Book
from policybook.model.policies import Policy


class CheckContext(Struct, frozen=True):
    """What the checks look at: a book and a catalogue.

    `unread` are names that exist but are not in the book, since their files have errors or they
    were left out. The documents of `unchanged` policies were checked before and are not again.
    `today` is the day in UTC, or None for a build, whose result must not hang on a clock. `max_age`
    is how many days ago the last day of the data may be.
    """

    book: Book
    catalogue: Catalogue
    unread: frozenset[str] = frozenset()
    unchanged: Set[str] = frozenset()
    today: date | None = None
    max_age: int | None = None

    @property
    def operations(self) -> Mapping[str, Operation]:
        """The API operations that are known, by name in lower case."""
        return operations(self.book.operations, self.catalogue)


Check = Callable[[CheckContext], Iterator[Finding]]


def policy_finding(
    policy: Policy,
    path: KeyPath,
    kind: str,
    expected: str,
    found: str,
    level: Level = "error",
    hint: str = "",
) -> Finding:
    """A finding about a policy's `policy.yml`.

    Args:
        policy: The policy.
        path: The key path in the file.
        kind: The finding's kind, such as `bad-arn`.
        expected: What was expected.
        found: What was found.
        level: Whether it stops a build.
        hint: A remedy, if one is known.
    """
    file = f"policies/{policy.name}/policy.yml"
    return Finding(
        file=file, path=path, kind=kind, expected=expected, found=found, level=level, hint=hint
    )


# What AWS does with a policy document of a customer; AWS's own documents are under no such rule.
REFUSED = "which IAM refuses in a customer-managed policy"
VALIDATION = "which IAM's policy validation calls an error"


def document_finding(
    path: KeyPath, kind: str, expected: str, text: str, aws: str = "", level: Level = "error"
) -> Finding:
    """A finding about a policy document, whose file is not known here.

    Args:
        path: The key path in the document.
        kind: The finding's kind, such as `bad-value`.
        expected: What was expected.
        text: The text that was found.
        aws: What AWS does with such a document, if that is documented.
        level: Whether it stops a build if the document is a customer's.
    """
    found = f"{shown(text)}, {aws}" if aws else shown(text)
    return Finding(path=path, kind=kind, expected=expected, found=found, level=level)
