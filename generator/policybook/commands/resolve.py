"""Resolve command-line arguments to a book, policy, version or document.

The functions import what they need when they run: a command that is given a data folder has no use
for MkDocs, which takes long to import.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from policybook.commands.printing import print_detail, print_note
from policybook.commands.store_option import (
    compared_with_bar,
    looked_up_with_bar,
    overlapping_with_bar,
    read_with_bar,
    uses_store,
)
from policybook.errors import PolicybookError
from policybook.wording import close_names, did_you_mean, either

if TYPE_CHECKING:
    from policybook.analysis.chosen import Membership
    from policybook.book.context import BookContext
    from policybook.catalogue.catalogue import Catalogue
    from policybook.model.book import Book
    from policybook.model.policies import Policy, Version
    from policybook.store.opening import StoredBook


def resolve_folder(
    config_file: str | None, data: Path | None, *, existing: bool = False
) -> tuple[Path, Catalogue | None]:
    """Find the data folder, and the catalogue that the configuration names.

    Args:
        config_file: The configuration file of MkDocs; `mkdocs.yml` if None.
        data: The data folder, if `--data` names it. The configuration is not read then, and the
            catalogue is None.
        existing: Whether the folder that the configuration names must exist.

    Raises:
        PolicybookError: The configuration cannot be read, or does not use the plugin, or the folder
            does not exist.
    """
    found, catalogue, _ = _folder(config_file, data, existing)
    return found, catalogue


def _folder(
    config_file: str | None, data: Path | None, existing: bool
) -> tuple[Path, Catalogue | None, bytes]:
    """The same as `resolve_folder`, and the state of the catalogue's files."""
    if data:
        print_detail(f"data folder: {data}")
        return data, None, b""
    from policybook.commands.book_places import book_places

    places = book_places(config_file, existing=existing, stored=uses_store())
    catalogue = places.open_catalogue()
    listed = f"{catalogue.source} of {catalogue.date}"
    print_detail(f"configuration: {config_file or 'mkdocs.yml'}")
    print_detail(f"data folder: {places.data}; action list: {listed}")
    return Path(places.data), catalogue, places.catalogue_state()


def resolve_site_url(config_file: str | None, data: Path | None) -> str:
    """Find the `site_url` of the configuration; "" if it has none, or if `--data` is given.

    Args:
        config_file: The configuration file of MkDocs; `mkdocs.yml` if None.
        data: The data folder, if `--data` names it.

    Raises:
        PolicybookError: The configuration cannot be read, or does not use the plugin.
    """
    if data:
        return ""
    from policybook.commands.book_places import book_places

    return book_places(config_file, existing=False, stored=uses_store()).site_url


class Resolved(NamedTuple):
    """A book and its catalogue; `stored` is the book as the store has it, or None without one.

    `state` is that of the catalogue's files.
    """

    book: Book
    catalogue: Catalogue
    stored: StoredBook | None
    state: bytes

    def context(self, overlap_about: Collection[str] | None = None) -> BookContext:
        """Make the context in which a command looks at some policies of the book.

        Args:
            overlap_about: The names of the policies whose overlaps are looked for without a store;
                None for all.
        """
        if self.stored:
            from policybook.store.histories import Histories
            from policybook.store.shared_facts import StoredOverlap

            stored = self.stored, self.catalogue, self.state
            context = Histories(*stored).context()
            context.overlap = StoredOverlap(*stored, overlapping_with_bar)
            return context
        from policybook.analysis.index import index
        from policybook.book.context import BookContext

        indexed = index(self.book, reference=self.catalogue)
        return BookContext(self.book, indexed, self.catalogue, overlap_about=overlap_about)

    def whole_context(self) -> BookContext:
        """Make the context in which a command looks at all changes, which are stored."""
        if not self.stored:
            return self.context()
        from policybook.store.histories import Histories

        return Histories(self.stored, self.catalogue, self.state).made(compared_with_bar)

    def membership(
        self, needed: Collection[str], allow: Callable[[Policy], bool]
    ) -> tuple[Membership, Collection[str]]:
        """Find what policies grant, for choosing among those that grant some actions.

        Args:
            needed: Full names of actions in lower case.
            allow: Which policies may be chosen.

        Returns:
            Policies as members of combinations, and the names of those that are to be chosen among.
        """
        if self.stored:
            from policybook.analysis.chosen import granting_some
            from policybook.store.shared_facts import stored_membership

            stored = self.stored, self.catalogue, self.state
            membership = stored_membership(*stored, looked_up_with_bar)
            names = granting_some(membership, needed)
            return membership, [name for name in names if allow(self.book.policies[name])]
        from policybook.analysis.chosen import naming_some
        from policybook.analysis.risks import Rulebook
        from policybook.book.facts.membership import MembershipFacts

        useful = naming_some(self.book, needed, self.catalogue, allow)
        rulebook = Rulebook(useful.rules, self.catalogue)
        return MembershipFacts(useful, self.catalogue, lambda: rulebook).all(), useful.policies


def resolve_book(config_file: str | None, data: Path | None) -> Resolved:
    """Load the book, and the catalogue that belongs to it.

    Args:
        config_file: The configuration file of MkDocs; `mkdocs.yml` if None.
        data: The data folder, if `--data` names it; the catalogue is the installed one then.

    Raises:
        DataError: The data has errors; the exception holds all of them.
        PolicybookError: The configuration cannot be read, or does not use the plugin.
    """
    from policybook.catalogue.catalogue import Catalogue
    from policybook.store.places import store_folder

    folder, catalogue, state = _folder(config_file, data, existing=True)
    catalogue = catalogue or Catalogue()
    place = store_folder(folder, None if data else config_file or "mkdocs.yml")
    if not uses_store() or not place:
        from policybook.data.loader import load

        return Resolved(load(folder), catalogue, None, b"")
    from policybook.store.opening import stored_book

    stored = stored_book(folder, place, read_with_bar)
    return Resolved(stored.book, catalogue, stored, state)


def resolve_policy(book: Book, name: str) -> Policy:
    """Find the policy with this name.

    Args:
        book: The book to look in.
        name: The exact name, in the same case.

    Raises:
        PolicybookError: The book has no such policy; the message has similar names.
    """
    policy = book.policies.get(name)
    if policy is None:
        hint = did_you_mean(close_names(name, book.policies))
        raise PolicybookError(f"expected the name of a policy, found {name!r}{hint}")
    return policy


def resolve_version(book: Book, name: str) -> tuple[Policy, Version | None]:
    """Find a policy and one of its versions.

    Args:
        book: The book to look in.
        name: NAME@VERSION, or NAME for the current version, which is None if none is known.
            `v3` without a life means that of the newest life, and a line says so where the policy
            has had more than one; `v3~1` means the one of the first life.

    Raises:
        PolicybookError: The book has no such policy or version; the message has those it has.
    """
    key = ""
    if "@" in name and name not in book.policies:  # a policy's own name may contain an @
        name, at, key = name.rpartition("@")
        if not key:
            raise PolicybookError(f"{name}{at}: expected a version or a day after @, found none")
    policy = resolve_policy(book, name)
    if not key:
        return policy, policy.current
    version = policy.version(key.removesuffix("~1"))
    if re.fullmatch("v[0-9]+", key) and any((v.life or 1) > 1 for v in policy.versions):
        version = next((v for v in policy.versions if v.number == int(key[1:])), None)
        if version:
            _say_which_life(policy, key, version)
    if version is None:
        known = either([v.key for v in policy.versions])
        expected = f"version {known}" if known else "no version, since none is known"
        raise PolicybookError(f"{name}: expected {expected}, found {key!r}")
    return policy, version


def _say_which_life(policy: Policy, key: str, found: Version) -> None:
    exact = f"{policy.name}@{key}~{found.life}"
    others = [v for v in policy.versions if v.number == found.number and v is not found]
    print_note(
        f"{policy.name} was deleted and re-created; {key} is taken to be {exact}"
        + "".join(f", not {policy.name}@{key}~{other.life}" for other in others)
    )


def resolve_version_at(book: Book, policy: Policy, day: date) -> tuple[Version, str]:
    """Find the version that was a policy's default on a day.

    Args:
        book: The book with the policy.
        policy: The policy.
        day: The day, in UTC.

    Returns:
        The version, and why it is not certain; "" if it is.

    Raises:
        PolicybookError: No version is known for that day; the message has the first known day.
    """
    from policybook.analysis.default_version import after_data, default_at

    version, why = default_at(policy, day)
    if version is None:
        days = [v.day for v in policy.versions if v.day]
        known = f"{min(days)} or a later day" if days else "a policy whose versions have dates"
        because = f"; {why}" if why else ""
        raise PolicybookError(f"{policy.name}: expected {known}, found {day}{because}")
    return version, "; ".join(filter(None, (why, after_data(book.data_to, day))))


def resolve_doubt(policy: Policy) -> str:
    """Say why it is uncertain what the policy grants now, and what is shown instead; or ""."""
    from policybook.analysis.default_version import default_now

    _, why = default_now(policy)
    instead = f"; {policy.current.key} is the newest known document" if policy.current else ""
    return why + instead if why else ""


def resolve_policies(book: Book, names: Iterable[str]) -> tuple[Policy, ...]:
    """Find the policies with these names, in the order of the names.

    Args:
        book: The book to look in.
        names: Names without versions; all policies of the book if there are none.

    Raises:
        PolicybookError: The book has no such policy; the message has similar names.
    """
    return tuple(resolve_policy(book, name) for name in names) or tuple(book.policies.values())
