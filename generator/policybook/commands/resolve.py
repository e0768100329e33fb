"""What a command is asked about: a book, a policy in it, a version, a document.

What is not always needed is imported when it is: a command that answers from a file of its own has
no use for MkDocs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from policybook.errors import PolicybookError
from policybook.model.book import Book
from policybook.model.documents import Document
from policybook.model.policies import Policy, Version
from policybook.wording import close_names, did_you_mean

if TYPE_CHECKING:
    from policybook.catalogue.catalogue import Catalogue


def folder_asked(config_file: str | None, data: Path | None) -> tuple[Path, Catalogue | None]:
    """The data folder, and the catalogue that mkdocs.yml names beside it, unless data is given."""
    if data:
        return data, None
    from policybook.mkdocs_plugin.run import book_settings

    book = book_settings(config_file)
    return book.data, book.catalogue


def address_asked(config_file: str | None, data: Path | None) -> str:
    """The address of the site that mkdocs.yml names, or ""."""
    if data:
        return ""
    from policybook.mkdocs_plugin.run import book_settings

    return book_settings(config_file).site_url


def book_asked(config_file: str | None, data: Path | None) -> tuple[Book, Catalogue]:
    """The book of that folder, and its catalogue. Raises DataError with every fault of the data."""
    from policybook.catalogue.catalogue import Catalogue
    from policybook.data.loader import load

    folder, catalogue = folder_asked(config_file, data)
    return load(folder), catalogue or Catalogue()


def version_asked(book: Book, name: str) -> tuple[Policy, Version | None]:
    """The policy and the version that NAME or NAME@VERSION names, else its current one.

    Raises PolicybookError, with near names, where the book has none.
    """
    key = ""
    if name not in book.policies:
        name, _, key = name.rpartition("@") if "@" in name else (name, "", "")
    policy = book.policies.get(name)
    if policy is None:
        hint = did_you_mean(close_names(name, book.policies))
        raise PolicybookError(f"expected a policy of the book, found {name!r}{hint}")
    version = policy.version(key) if key else policy.current
    if key and version is None:
        known = ", ".join(v.key for v in policy.versions) or "none"
        raise PolicybookError(f"{name}: expected a known version ({known}), found {key!r}")
    return policy, version


def version_at(policy: Policy, day: date) -> tuple[Version, str]:
    """The version that was the policy's default on the day, and what makes that unsure, or "".

    Raises PolicybookError where none is known to have been.
    """
    from policybook.analysis.action_grants import default_at

    version, why = default_at(policy, day)
    if version is None:
        days = [v.day for v in policy.versions if v.day]
        known = f"a day from {min(days)} on" if days else "a policy with dated versions"
        because = f"; {why}" if why else ""
        raise PolicybookError(f"{policy.name}: expected {known}, found {day}{because}")
    return version, why


def policies_asked(book: Book, names: Iterable[str]) -> tuple[Policy, ...]:
    """The policies with these names, and without names all.

    Raises PolicybookError, with near names, for one that the book has not.
    """
    named = tuple(version_asked(book, name) for name in names)
    for policy, version in named:
        if version and version is not policy.current:
            found = f"{policy.name}@{version.key}"
            raise PolicybookError(f"expected a policy's name without a version, found {found}")
    return tuple(policy for policy, _ in named) or tuple(book.policies.values())


def document_asked(book: Callable[[], Book], name: str) -> Document:
    """The document that a path, NAME or NAME@VERSION names; the book is read only if needed.

    Raises PolicybookError where there is none.
    """
    from policybook.data.loader import read_document

    if Path(name).suffix in (".json", ".yml", ".yaml") or "/" in name:
        return read_document(Path(name))
    policy, version = version_asked(book(), name)
    if version is None or version.document is None:
        which = f"version {version.key}" if version else "any version"
        raise PolicybookError(
            f"{policy.name}: expected a document of {which}, found none in the data"
        )
    return version.document
