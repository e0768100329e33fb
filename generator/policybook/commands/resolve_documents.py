"""Resolve arguments that name a version or a document: NAME, NAME@VERSION, NAME@DAY, or a path."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from policybook.commands.resolve import (
    resolve_doubt,
    resolve_policy,
    resolve_version,
    resolve_version_at,
)
from policybook.data.file_names import is_file_name
from policybook.errors import PolicybookError

if TYPE_CHECKING:
    from policybook.model.book import Book
    from policybook.model.documents import Document
    from policybook.model.policies import Policy, Version


class NamedVersion(NamedTuple):
    """A version that an argument names; None if no document of the policy is known.

    `day` is the one that the argument names, and `unsure` is why the version is uncertain, or "".
    """

    policy: Policy
    version: Version | None
    day: date | None = None
    unsure: str = ""


def resolve_named_version(book: Book, name: str) -> NamedVersion:
    """Find the version that an argument names.

    Args:
        book: The book to look in.
        name: NAME for the current version, NAME@VERSION as in `resolve_version`, or NAME@DAY for
            the version that was the default on that day, such as `P@2023-01-01`.

    Raises:
        PolicybookError: The book has no such policy or version, or knows none for that day.
    """
    stem, _, key = name.rpartition("@")
    if stem and name not in book.policies and re.fullmatch(r"\d{4}-\d{2}-\d{2}", key):
        policy, day = resolve_policy(book, stem), _day(name, key)
        if not policy.version(key):  # a document without a number has its day as key
            version, unsure = resolve_version_at(book, policy, day)
            return NamedVersion(policy, version, day, unsure)
    policy, current = resolve_version(book, name)
    return NamedVersion(policy, current, None, resolve_doubt(policy) if name == policy.name else "")


def _day(name: str, key: str) -> date:
    try:
        return date.fromisoformat(key)
    except ValueError:
        raise PolicybookError(f"{name}: expected a day that exists, found {key!r}") from None


class NamedDocument(NamedTuple):
    """The document that an argument names, with the policy's name and the version's key.

    For a file, `name` is its path and `version` is None. `day` and `unsure` are as in
    `NamedVersion`.
    """

    document: Document
    name: str
    version: str | None = None
    day: date | None = None
    unsure: str = ""


def are_files(names: Iterable[str]) -> bool:
    """Whether the arguments name files; they name policies of the book if none is a file's.

    Raises:
        PolicybookError: Some are names of files, and others are not.
    """
    kinds = {is_file_name(name): name for name in names}
    if len(kinds) > 1:
        raise PolicybookError(
            f"expected names of policies or of files, found {kinds[False]} and {kinds[True]}"
        )
    return True in kinds


def resolve_document(book: Callable[[], Book], name: str) -> NamedDocument:
    """Read the document that an argument names.

    Args:
        book: Loads the book; called only if the argument is not a path.
        name: The path of a file with one document, as JSON or YAML, `-` for standard input, or
            what `resolve_named_version` takes.

    Raises:
        DocumentError: The file has errors; the exception holds all of them.
        PolicybookError: There is no such file, policy or version, or its document is not known.
    """
    if is_file_name(name):
        from policybook.data.own_documents import only_document

        return NamedDocument(only_document(name), name)
    policy, version, day, unsure = resolve_named_version(book(), name)
    if name == policy.name:
        version = policy.unknown_default or version
    if version is None or version.document is None:
        which = f"version {version.key}" if version else "any version"
        raise PolicybookError(
            f"{policy.name}: expected a document of {which}, found none in the data"
        )
    return NamedDocument(version.document, policy.name, version.key, day, unsure)


def resolve_granting(book: Book, name: str) -> NamedDocument:
    """Read the document of a policy that grants something, or of a file.

    Args:
        book: The book to look in.
        name: What `resolve_document` takes.

    Raises:
        DocumentError: The file has errors; the exception holds all of them.
        PolicybookError: As `resolve_document`, or the policy only limits others.
    """
    from policybook.model.kinds import KIND_WORDS

    found = resolve_document(lambda: book, name)
    policy = book.policies[found.name] if found.version is not None else None
    if policy and not policy.grants:
        what = KIND_WORDS[policy.type]
        raise PolicybookError(
            f"{policy.name}: expected a policy that grants something, found {what}, which does not"
        )
    return found
