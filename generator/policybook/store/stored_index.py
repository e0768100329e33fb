"""The index of a stored book: what it says of a policy is made when that policy is asked about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from policybook.analysis.index import (
    Event,
    Index,
    Use,
    events_of,
    groups_of,
    index,
    limited_by,
    roles_of,
    slices,
)
from policybook.analysis.timeline import Transition, transitions, with_rollbacks
from policybook.catalogue.catalogue import Catalogue
from policybook.model.book import Book
from policybook.store.lazy_mapping import LazyMapping


class StoredIndex:
    """An index with the attributes of `Index`, each made when it is first asked for."""

    def __init__(self, book: Book, catalogue: Catalogue) -> None:
        """Set up the index; nothing is compared yet.

        Args:
            book: The book.
            catalogue: The catalogue, which decides some comparisons.

        """
        self._book, self._catalogue = book, catalogue
        self.uses = LazyMapping(book.policies, self._uses)
        self.transitions = LazyMapping(book.policies, self._transitions)
        self.histories = LazyMapping(book.policies, self._history)

    def _uses(self, name: str) -> tuple[Use, ...]:
        current = self._book.policies[name].current
        return tuple(slices(name, current.document)) if current and current.document else ()

    def _transitions(self, name: str) -> tuple[Transition, ...]:
        return transitions(self._book.policies[name], reference=self._catalogue)

    def _history(self, name: str) -> tuple[Transition, ...]:
        return with_rollbacks(self._book.policies[name], self.transitions[name], self._catalogue)

    @cached_property
    def events(self) -> Sequence[Event]:
        """All events, newest first."""
        return events_of(self._book, self.histories)

    @cached_property
    def groups_of(self) -> Mapping[str, tuple[str, ...]]:
        """The groups that list each policy."""
        return groups_of(self._book)

    @cached_property
    def roles_of(self) -> Mapping[str, tuple[str, ...]]:
        """The roles that have each policy."""
        return roles_of(self._book)

    @cached_property
    def limited_by(self) -> Mapping[str, tuple[str, ...]]:
        """The roles whose boundary each policy is."""
        return limited_by(self._book)

    @cached_property
    def _whole(self) -> Index:
        known = {n: [t.change for t in found] for n, found in self.transitions.items()}
        return index(self._book, known, self._catalogue)

    def __getattr__(self, name: str) -> Any:
        """An attribute of `Index` that needs all policies."""
        if name not in Index.__struct_fields__:
            raise AttributeError(name)
        return getattr(self._whole, name)
