"""The actions that a document's wildcards match in one catalogue and not in another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from policybook.catalogue.catalogue import Catalogue
from policybook.iam.conditions import no_stricter
from policybook.iam.denies import granted
from policybook.iam.patterns import compiled, has_wildcard
from policybook.iam.terms import term_covers
from policybook.model.documents import Document, Statement, Term

EVERY_ACTION = ("*", "*:*")
"""The patterns that match the actions of all services."""


class ListedAction(Struct, frozen=True):
    """An action of a catalogue: its full name in the catalogue's spelling, and its access level."""

    name: str
    level: str


class Growth(Struct, frozen=True):
    """The actions that a pattern of an Allow statement gains and loses with a newer catalogue.

    `pattern` is spelled as in the document; it is None for a statement with `not_action`. Both
    lists are ordered by name.
    """

    statement: int
    pattern: str | None
    not_action: tuple[str, ...] | None
    added: tuple[ListedAction, ...]
    gone: tuple[ListedAction, ...]

    @property
    def covers_all(self) -> bool:
        """Whether the pattern is about all services: `*` or NotAction."""
        return self.pattern is None or self.pattern in EVERY_ACTION


# --- actions of only one catalogue ----------------------------------------------------------------


class OnlyIn:
    """The actions that only one of two catalogues has; `actions` are all, by name in lower case.

    Args:
        one: The catalogue that has the actions.
        other: The catalogue that lacks them.
        services: Only actions of these prefixes count; empty for all.
    """

    def __init__(self, one: Catalogue, other: Catalogue, services: Collection[str]) -> None:
        self._catalogue = one
        self._by_prefix = {
            prefix: found
            for prefix in one.prefixes
            if not services or prefix in services
            if (found := _missing(prefix, one, other))
        }
        self.actions: Mapping[str, ListedAction] = {
            name: known for part in self._by_prefix.values() for name, known in part.items()
        }
        self._named: dict[Term, Mapping[str, ListedAction]] = {}

    @property
    def prefixes(self) -> Collection[str]:
        """The services that have such actions."""
        return self._by_prefix.keys()

    def of(self, prefix: str) -> tuple[ListedAction, ...]:
        """The actions of one service, in order of name."""
        return tuple(self._by_prefix.get(prefix, {}).values())

    def name(self, prefix: str) -> str | None:
        """The name of a service in the catalogue that has the actions; None if it lacks it."""
        return self._catalogue.name(prefix)

    def named(self, actions: Term) -> Mapping[str, ListedAction]:
        """The actions that a term names, by full name in lower case; cached."""
        found = self._named.get(actions)
        if found is None:
            patterns = map(str.lower, actions.patterns)
            found = {name: known for p in patterns for name, known in self._matching(p)}
            if actions.negated:
                found = {name: known for name, known in self.actions.items() if name not in found}
            self._named[actions] = found
        return found

    def granted(
        self, actions: Term, allow: Statement, denies: Sequence[Statement]
    ) -> Mapping[str, ListedAction]:
        """The actions of an Allow that a term names, without those that it does not grant."""
        left = granted(allow, denies, self._catalogue, actions)
        return {name: known for name, known in self.named(actions).items() if name in left}

    def _matching(self, pattern: str) -> Iterable[tuple[str, ListedAction]]:
        if pattern in EVERY_ACTION:
            return self.actions.items()
        prefix, _, name = pattern.partition(":")
        matches, skip = compiled(name).fullmatch, len(prefix) + 1
        actions = self._by_prefix.get(prefix, {}).items()
        return [(full, known) for full, known in actions if matches(full[skip:])]


def _missing(prefix: str, one: Catalogue, other: Catalogue) -> dict[str, ListedAction]:
    here, there = one.service(prefix), other.service(prefix)
    known = there.actions if there else {}
    return {
        f"{prefix}:{key}": ListedAction(f"{prefix}:{action.name}", action.level)
        for key, action in (here.actions if here else {}).items()
        if key not in known
    }


# --- which of them a document's patterns name -----------------------------------------------------


def growths(document: Document, added: OnlyIn, gone: OnlyIn) -> Iterator[Growth]:
    """The growth of each pattern of each Allow statement, in the document's order.

    Args:
        document: The policy document.
        added: The actions that only the newer catalogue has.
        gone: The actions that only the older catalogue has.
    """
    denies = [s for s in document.statements if s.effect == "Deny"]
    for statement in document.statements:
        for term in _wildcards(statement) if statement.effect == "Allow" else ():
            if not added.named(term) and not gone.named(term):
                continue  # true for nearly all patterns
            literal = _named_literally(document, statement)
            found = added.granted(term, statement, denies)
            more = {name: known for name, known in found.items() if name not in literal}
            less = gone.granted(term, statement, denies)
            if more or less:
                yield Growth(
                    statement.number,
                    None if term.negated else term.patterns[0],
                    term.patterns if term.negated else None,
                    tuple(more[name] for name in sorted(more)),
                    tuple(less[name] for name in sorted(less)),
                )


def _wildcards(statement: Statement) -> tuple[Term, ...]:
    """The statement's patterns with wildcards, each once; a NotAction counts as one."""
    if statement.actions.negated:
        return (statement.actions,)
    patterns = dict.fromkeys(filter(has_wildcard, statement.actions.patterns))
    return tuple(Term((pattern,)) for pattern in patterns)


def _named_literally(document: Document, allowing: Statement) -> set[str]:
    """The actions that the document names without wildcards on all resources of the Allow."""
    return {
        pattern.lower()
        for statement in document.statements
        if statement.effect == "Allow" and not statement.actions.negated
        if term_covers(statement.resources, allowing.resources)
        if no_stricter(statement.condition, allowing.condition)[0]
        for pattern in statement.actions.patterns
        if not has_wildcard(pattern)
    }
