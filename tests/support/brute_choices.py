"""All choices of policies for some actions, found by trying every set of at most three policies.

What policies grant together is asked of `PlainIam`, for the statements of all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from policybook.analysis.attached import LEVEL_WEIGHTS, RISK_WEIGHTS
from policybook.analysis.risks import Rulebook
from policybook.catalogue.catalogue import UNCATALOGUED, Catalogue
from policybook.model.book import Book
from policybook.model.documents import Document

from tests.support.plain_iam import PlainIam, State


class BruteChoice(NamedTuple):
    """A choice: what it weighs, its policies in the book's order, and needed actions in part."""

    score: int
    policies: tuple[str, ...]
    in_part: frozenset[str]


class BruteForce:
    """Answers about some policies of a book.

    Args:
        book: The policies and the risk rules.
        names: The policies, in the order of the book.
        catalogue: AWS's list; only its names and formats are used.
    """

    def __init__(self, book: Book, names: Sequence[str], catalogue: Catalogue) -> None:
        self.names = names
        self._documents: dict[str, Document] = {}
        for name in names:
            current = book.policies[name].current
            assert current
            assert current.document
            self._documents[name] = current.document
        self._plain = PlainIam(catalogue)
        self._listed = {
            f"{prefix}:{key}": action.level
            for prefix in catalogue.prefixes
            if (service := catalogue.service(prefix))
            for key, action in service.actions.items()
        }
        self._levels = dict(self._listed)
        for document in self._documents.values():
            self._levels |= dict.fromkeys(_names(document, self._listed), UNCATALOGUED)
        rulebook = Rulebook(book.rules, catalogue)
        self._rules = rulebook.places
        self._steps = {name: rulebook.steps(one) for name, one in self._documents.items()}
        self._granted: dict[tuple[str, ...], Mapping[str, State]] = {}

    def granted(self, chosen: Iterable[str]) -> Mapping[str, State]:
        """What policies grant together, each action with how."""
        key = tuple(chosen)
        if key not in self._granted:
            alone = [self._alone(name) for name in key]
            denying = [name for name in key if self._denies(name)]
            if len(key) > 1 and denying:
                names = {action for one in alone for action in one}
                documents = [self._documents[name] for name in key]
                self._granted[key] = self._plain.granted(documents, sorted(names))
            else:
                self._granted[key] = _joined(alone)
        return self._granted[key]

    def _alone(self, name: str) -> Mapping[str, State]:
        if (name,) not in self._granted:
            document = self._documents[name]
            own = _names(document, self._listed)
            self._granted[name,] = self._plain.granted([document], [*self._listed, *own])
        return self._granted[name,]

    def _denies(self, name: str) -> bool:
        return any(s.effect == "Deny" for s in self._documents[name].statements)

    def choices(self, needed: Iterable[str], in_full: bool = False) -> list[BruteChoice]:
        """All choices for some actions, the best first."""
        wanted = set(needed)
        order = {name: place for place, name in enumerate(self.names)}
        found = [
            self._choice(some, wanted)
            for size in (1, 2, 3)
            for some in combinations(self.names, size)
            if self._is_choice(some, wanted, in_full)
        ]
        return sorted(
            found, key=lambda c: (c.score, len(c.policies), [order[n] for n in c.policies])
        )

    def _covers(self, some: Sequence[str], wanted: set[str], in_full: bool) -> bool:
        if not wanted <= {action for name in some for action in self._alone(name)}:
            return False
        granted = self.granted(some)
        return all(
            granted.get(n) in (("has",) if in_full else ("has", "conditional")) for n in wanted
        )

    def _is_choice(self, some: Sequence[str], wanted: set[str], in_full: bool) -> bool:
        return self._covers(some, wanted, in_full) and not any(
            self._covers(fewer, wanted, in_full)
            for size in range(1, len(some))
            for fewer in combinations(some, size)
        )

    def _choice(self, some: Sequence[str], wanted: set[str]) -> BruteChoice:
        granted = self.granted(some)
        excess = sum(LEVEL_WEIGHTS[self._levels[name]] for name in granted.keys() - wanted)
        in_part = frozenset(name for name in wanted if granted[name] == "conditional")
        return BruteChoice(excess + self._risks(some), tuple(some), in_part)

    def _risks(self, some: Sequence[str]) -> int:
        found = 0
        for places in self._rules.values():
            limits = [[self._steps[n][p] for n in some if p in self._steps[n]] for p in places]
            if all(limits):
                found += RISK_WEIGHTS[all("none" in step for step in limits)]
        return found


def _names(document: Document, listed: Mapping[str, str]) -> set[str]:
    """The actions that Allow statements name and AWS's list lacks."""
    patterns = {
        pattern.lower()
        for s in document.statements
        if s.effect == "Allow" and not s.actions.negated
        for pattern in s.actions.patterns
    }
    return {p for p in patterns - listed.keys() if not re.search(r"[*?\s]", p)}


def _joined(alone: Iterable[Mapping[str, State]]) -> Mapping[str, State]:
    """What policies without Denies grant together."""
    found: dict[str, State] = {}
    for one in alone:
        for name, state in one.items():
            if found.get(name) != "has":
                found[name] = state
    return found
