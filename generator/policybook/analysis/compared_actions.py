"""The actions of a statement, prepared for comparison."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from policybook.iam.grants import compared
from policybook.iam.patterns import covers, has_wildcard, overlaps
from policybook.model.documents import Term


class ComparedActions:
    """The actions of a statement, normalised for comparison."""

    def __init__(self, actions: Term) -> None:
        self.actions = actions
        self.patterns = [compared(pattern) for pattern in actions.patterns]
        self.named = frozenset() if actions.negated else frozenset(self.patterns)
        self.term = Term(tuple(self.patterns), actions.negated)
        self._about: dict[str, Term | None] = {"": self.term}

    @cached_property
    def _by_prefix(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for pattern in self.patterns:
            found.setdefault(_prefix(pattern), []).append(pattern)
        return found

    def about(self, action: Term) -> Term | None:
        """The part that the service prefixes leave open to name one of some actions, too.

        None if there is none.
        """
        prefix = only_prefix(action)
        if prefix not in self._about:
            found = tuple(self._near(prefix))
            any_left = found or self.actions.negated
            self._about[prefix] = Term(found, self.actions.negated) if any_left else None
        return self._about[prefix]

    def may_name(self, prefix: str) -> bool:
        """Whether it may name actions of a service, as far as the service prefixes tell."""
        return self.actions.negated or prefix in self._by_prefix or "" in self._by_prefix

    def _near(self, prefix: str) -> Iterable[str]:
        """The patterns with a service prefix, and those without one."""
        return (*self._by_prefix.get(prefix, ()), *self._by_prefix.get("", ()))

    def terms(self, left: frozenset[str]) -> Iterator[tuple[Term, Term]]:
        """The action terms as written and as compared: each pattern in `left`, or the NotAction."""
        if self.actions.negated:
            yield self.actions, Term(tuple(self.patterns), negated=True)
            return
        for written, plain in zip(self.actions.patterns, self.patterns, strict=True):
            if plain in left:
                yield Term((written,)), Term((plain,))

    def meeting(self, pattern: str) -> Iterator[str]:
        """The patterns of an Action element, as written, that overlap with one as compared."""
        if self.actions.negated:
            return
        prefix = _prefix(pattern)
        if has_wildcard(pattern):
            near = self._near(prefix) if prefix else self.patterns
            yield from (self._written[plain] for plain in near if overlaps(plain, pattern))
            return
        if pattern in self._written:
            yield self._written[pattern]
        for only, term in self.wide:
            if only in ("", prefix) and covers(term.patterns[0], pattern):
                yield self._written[term.patterns[0]]

    @cached_property
    def _written(self) -> Mapping[str, str]:
        return dict(zip(self.patterns, self.actions.patterns, strict=True))

    @cached_property
    def wide(self) -> tuple[tuple[str, Term], ...]:
        """The terms that can name more than one action, each with its only service prefix or ""."""
        if self.actions.negated:
            return (("", self.term),)
        return tuple((_prefix(p), Term((p,))) for p in self.patterns if has_wildcard(p))


ActionsCache = dict[Term, ComparedActions]


def only_prefix(action: Term) -> str:
    """The only service prefix of the actions that the term can name, or ""."""
    return "" if action.negated else _prefix(action.patterns[0])


def _prefix(pattern: str) -> str:
    prefix, colon, _ = pattern.partition(":")
    return "" if not colon or "*" in prefix or "?" in prefix else prefix
