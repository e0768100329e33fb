"""The numbers by which the tables refer to each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TypeVar

from policybook.book.context import BookContext

K = TypeVar("K")


class Numbers:
    """The number of each thing of a book, from 1: its place in order."""

    def __init__(self, context: BookContext) -> None:
        self._context = context

    @cached_property
    def policies(self) -> Mapping[str, int]:
        """Of policies, by name."""
        return _numbered(self._context.book.policies)

    @cached_property
    def versions(self) -> Mapping[tuple[str, str], int]:
        """Of versions, by policy and key; newest first."""
        policies = self._context.book.policies.items()
        return _numbered((name, version.key) for name, p in policies for version in p.versions)

    @cached_property
    def sources(self) -> Mapping[str, int]:
        """Of imported sources, by name; also of those that only a version names."""
        book = self._context.book
        versions = (version for policy in book.policies.values() for version in policy.versions)
        named = {name for version in versions for name in version.facts.sources}
        return _numbered(sorted({*book.sources, *named}))

    @cached_property
    def changes(self) -> Mapping[tuple[str, str], int]:
        """Of versions and rollbacks, by policy and key; newest first."""
        histories = self._context.index.histories.items()
        return _numbered((name, found.key) for name, history in histories for found in history)

    @cached_property
    def services(self) -> Mapping[str, int]:
        """Of service prefixes: those of AWS's action list and those that documents name."""
        names = (name.partition(":")[0] for name in self.action_names)
        prefixes = {*self._context.catalogue.prefixes, *self._context.services.prefixes(), *names}
        return _numbered(sorted(prefixes))

    @cached_property
    def actions(self) -> Mapping[str, int]:
        """Of actions, by full name in lower case."""
        return _numbered(self.action_names)

    @cached_property
    def action_names(self) -> Mapping[str, str]:
        """The full names of all actions, by their lower case, in order.

        Those of AWS's action list as it spells them; those that documents name as these do.
        """
        context, found = self._context, dict[str, str]()
        for prefix in context.catalogue.prefixes:
            service = context.catalogue.service(prefix)
            for lower, action in service.actions.items() if service else ():
                found[f"{prefix}:{lower}"] = f"{prefix}:{action.name}"
        ever = context.actions.ever_granted()
        for policy in context.book.granting:
            granted = context.membership.granted(policy)
            for lower in (*granted.in_full, *granted.in_part):
                if lower not in found:
                    found[lower] = ever[lower].name if lower in ever else lower
        for prefix in context.services.prefixes():
            for lower in context.actions.granted(prefix):
                if lower not in found:
                    found[lower] = ever[lower].name if lower in ever else lower
        return dict(sorted(found.items()))

    @cached_property
    def statements(self) -> Mapping[tuple[str, int], int]:
        """Of statements of current documents of policies that grant something.

        By policy and number.
        """
        policies = self._context.book.granting.items()
        current = ((name, policy.current) for name, policy in policies)
        return _numbered(
            (name, statement.number)
            for name, version in current
            if version and version.document
            for statement in version.document.statements
        )

    @cached_property
    def action_patterns(self) -> Mapping[str, int]:
        """Of the action patterns of current documents, as written, in order."""
        uses = (use for found in self._context.index.granting.values() for use in found)
        return _numbered(sorted({pattern for use in uses for pattern in use.actions.patterns}))

    @cached_property
    def resource_patterns(self) -> Mapping[str, int]:
        """Of the resource patterns of current documents, as written, in order."""
        terms = self._context.index.resources
        return _numbered(sorted({pattern for term in terms for pattern in term.patterns}))

    @cached_property
    def condition_keys(self) -> Mapping[str, int]:
        """Of condition keys, in lower case and with tag keys replaced by `<key>`."""
        return _numbered(self._context.index.conditions)

    @cached_property
    def rules(self) -> Mapping[str, int]:
        """Of risk rules, by id, in the order of their file."""
        return _numbered(self._context.book.rules)

    def version(self, policy: str, key: str | None) -> int | None:
        """The number of a version; None without a key."""
        return None if key is None else self.versions[policy, key]


def _numbered(keys: Iterable[K]) -> Mapping[K, int]:
    return {key: number for number, key in enumerate(keys, 1)}
