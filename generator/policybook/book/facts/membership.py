"""Which actions each policy grants in full, in part, or denies: what combinations are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from policybook.analysis.attached import LEVEL_WEIGHTS, Member, Scale
from policybook.analysis.chosen import Membership
from policybook.analysis.membership import (
    Denied,
    GrantedNames,
    denied_actions,
    granted_actions,
    voided,
)
from policybook.analysis.overlap import current_documents
from policybook.analysis.risks import Rulebook
from policybook.book.derived import Facts, derived
from policybook.catalogue.catalogue import UNCATALOGUED, Catalogue
from policybook.model.book import Book
from policybook.model.documents import Document


class MembershipFacts(Facts):
    """The actions of policies as sets, by current documents."""

    def __init__(self, book: Book, catalogue: Catalogue, rulebook: Callable[[], Rulebook]) -> None:
        super().__init__()
        self._book = book
        self._catalogue = catalogue
        self._rulebook = rulebook  # made when it is needed

    @derived(kept="policy")
    def granted(self, policy: str) -> GrantedNames:
        """The effective actions of a policy's current document; none if it grants nothing."""
        document = self._document(policy)
        return granted_actions(document, self._catalogue) if document else GrantedNames((), ())

    def _document(self, policy: str) -> Document | None:
        """The current document of a policy that grants something; else None."""
        found = self._book.policies[policy]
        return found.current.document if found.grants and found.current else None

    @derived(kept="rules")
    def steps(self, policy: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The steps of risk rules that a policy allows, and those that it allows without limits.

        They are numbered among the steps of all rules.
        """
        document = self._document(policy)
        found = self._rulebook().steps(document) if document else {}
        unlimited = (place for place, limits in found.items() if limits == "none")
        return tuple(sorted(found)), tuple(sorted(unlimited))

    @derived
    def denied(self) -> Mapping[str, Denied]:
        """What the Denies of policies do to others' grants, by policy; only those that do."""
        names = self._levels()
        denied = {
            name: denied_actions(document, names, self._catalogue)
            for name, document in current_documents(self._book).items()
        }
        return {name: found for name, found in denied.items() if found != Denied()}

    @derived
    def voided(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """What a policy's Denies remove from others' grants on some resources.

        Returns:
            By the policy with the Denies, then by the other policy, the actions.

        """
        documents = current_documents(self._book)
        granted = {name: self.granted(name) for name in documents}
        every = {name: frozenset((*own.in_full, *own.in_part)) for name, own in granted.items()}
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        for denying, denied in self.denied().items():
            limited = frozenset(denied.limited)
            for name, document in documents.items():
                if name != denying and not limited.isdisjoint(every[name]):
                    own, deny = every[name], documents[denying]
                    names = voided(document, own, deny, limited, self._catalogue)
                    if names:
                        found.setdefault(denying, {})[name] = names
        return found

    @derived
    def _levels(self) -> Mapping[str, str]:
        """The access level of each action that a policy grants, by full name in lower case."""
        granted = map(self.granted, self._book.policies)
        names = {name for found in granted for name in (*found.in_full, *found.in_part)}
        known = {name: self._catalogue.action(name) for name in sorted(names)}
        return {name: entry.level if entry else UNCATALOGUED for name, entry in known.items()}

    @derived
    def all(self) -> Membership:
        """All policies as members of combinations."""
        levels = self._levels()
        place_of = {name: place for place, name in enumerate(levels)}
        by_level: dict[str, list[str]] = {level: [] for level in LEVEL_WEIGHTS}
        for name, level in levels.items():
            by_level[level].append(name)
        rules = self._rulebook().places
        return Membership(
            tuple(levels),
            self._members(place_of),
            Scale(
                {level: _bits(names, place_of) for level, names in by_level.items()},
                {rule: sum(1 << place for place in places) for rule, places in rules.items()},
            ),
        )

    def _members(self, place_of: Mapping[str, int]) -> Mapping[str, Member]:
        policies = {name: place for place, name in enumerate(self._book.policies)}
        found: dict[str, Member] = {}
        for name in current_documents(self._book):
            own, denied = self.granted(name), self.denied().get(name, Denied())
            steps, unlimited = self.steps(name)
            found[name] = Member(
                policies[name],
                _bits(own.in_full, place_of),
                _bits(own.in_part, place_of),
                _bits(denied.removed, place_of),
                _bits(denied.limited, place_of),
                {
                    policies[other]: _bits(names, place_of)
                    for other, names in self.voided().get(name, {}).items()
                },
                sum(1 << step for step in steps),
                sum(1 << step for step in unlimited),
            )
        return found


def _bits(names: tuple[str, ...] | list[str], place_of: Mapping[str, int]) -> int:
    """A set of names as the bits of an integer."""
    bits = bytearray(len(place_of) // 8 + 1)
    for name in names:
        place = place_of[name]
        bits[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(bits, "little")
